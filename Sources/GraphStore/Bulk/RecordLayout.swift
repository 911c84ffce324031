internal import LMDB
public import PropertyGraph

/// What the rows of one kind look like: labels or a type, and which property each value is.
///
/// It encodes rows into bytes on any thread; a `BulkLoader` takes the bytes.
public struct RecordLayout: Sendable {
    let isEdge: Bool
    /// Labels by number, ascending; empty for edges.
    let labels: [UInt32]
    /// The edge type by number; 0 for nodes.
    let type: UInt32
    /// Which labels go together, for counting; meaningless for edges.
    var labelSet: Int
    private let keys: [PropertyKey]
    private let numbers: [UInt32]
    /// Column indexes in ascending order of property numbers, the inline one left out.
    private let order: [Int]
    let inlineProperty: UInt32?
    private let inlineColumn: Int?
    private let limits: StoreLimits

    init(
        isEdge: Bool, labels: [UInt32], type: UInt32, labelSet: Int, keys: [PropertyKey],
        numbers: [UInt32], inlineProperty: UInt32?, limits: StoreLimits
    ) {
        self.isEdge = isEdge
        self.labels = labels
        self.type = type
        self.labelSet = labelSet
        self.keys = keys
        self.numbers = numbers
        self.limits = limits
        self.inlineProperty = inlineProperty
        inlineColumn = numbers.firstIndex { $0 == inlineProperty }
        order = numbers.indices.sorted { numbers[$0] < numbers[$1] }
    }

    /// Appends the stored form of one row.
    ///
    /// - Parameter values: One for each key of the layout, nil where absent.
    /// - Throws: `.invalidValue` for values a property cannot hold; `.misuse` for a wrong count.
    public func encode(_ values: [PropertyValue?], into bytes: inout [UInt8]) throws {
        guard values.count == keys.count else {
            throw GraphStoreError(
                .misuse, "A row has \(values.count) values; its layout has \(keys.count) keys.")
        }
        var inline = InlineValue.absent
        var properties: NumberedProperties = []
        properties.reserveCapacity(values.count)
        for column in order {
            guard let value = values[column] else { continue }
            guard value.isStorable else {
                throw GraphStoreError(
                    .invalidValue,
                    "Property '\(keys[column])' got a list of mixed or nested values. A stored "
                        + "list holds scalars of one type.")
            }
            if column == inlineColumn {
                switch value {
                case .integer(let value):
                    inline = .integer(value)
                    continue
                case .double(let value):
                    inline = .double(value)
                    continue
                default: inline = .elsewhere
                }
            }
            properties.append((numbers[column], value))
        }
        encode(properties, inline, into: &bytes)
    }

    /// inline tag u8 [· 8 bytes] · record length varint · record · blob count varint ·
    /// (property varint · length varint · bytes)…; an edge without properties has an empty record.
    private func encode(
        _ properties: NumberedProperties, _ inline: InlineValue, into bytes: inout [UInt8]
    ) {
        var writer = ByteWriter()
        switch inline {
        case .absent: writer.append(0 as UInt8)
        case .elsewhere: writer.append(1 as UInt8)
        case .integer(let value):
            writer.append(2 as UInt8)
            writer.appendLE64(UInt64(bitPattern: value))
        case .double(let value):
            writer.append(3 as UInt8)
            writer.appendLE64(value.bitPattern)
        }
        var record = ByteWriter()
        var spilled: [(key: UInt32, bytes: [UInt8])] = []
        if !isEdge || !properties.isEmpty {
            RecordEncoder.encode(
                labels: labels, since: nil, properties: properties, into: &record,
                spilled: &spilled)
        }
        writer.appendVarint(UInt64(record.count))
        writer.append(record.span)
        writer.appendVarint(UInt64(spilled.count))
        for (key, blob) in spilled {
            writer.appendVarint(UInt64(key))
            writer.appendVarint(UInt64(blob.count))
            writer.append(blob)
        }
        bytes.append(contentsOf: writer.bytes)
    }
}

/// One row as a layout encoded it.
struct EncodedRow: ~Escapable {
    let inline: InlineValue
    let record: RawSpan
    private var blobs: VarintReader
    let blobCount: Int

    @_lifetime(copy bytes)
    init?(_ bytes: RawSpan) {
        var reader = VarintReader(bytes)
        guard let tag = reader.nextByte() else { return nil }
        switch tag {
        case 0: inline = .absent
        case 1: inline = .elsewhere
        case 2, 3:
            guard let bits = reader.nextLE64() else { return nil }
            inline =
                tag == 2 ? .integer(Int64(bitPattern: bits)) : .double(Double(bitPattern: bits))
        default: return nil
        }
        guard let length = reader.nextInt(), let record = reader.nextBytes(length),
            let blobCount = reader.nextInt(atMost: 1 << 20)
        else { return nil }
        self.record = record
        self.blobCount = blobCount
        blobs = reader
    }

    /// The next long value.
    @_lifetime(self: copy self)
    mutating func nextBlob() -> (key: UInt32, bytes: [UInt8])? {
        guard let key = blobs.next(), let length = blobs.nextInt(),
            let bytes = blobs.nextBytes(length)
        else { return nil }
        return (UInt32(truncatingIfNeeded: key), bytes.bytes())
    }
}
