internal import LMDB
public import PropertyGraph

/// What the rows of one kind look like: labels or a type, and which property each value is.
///
/// It encodes rows into bytes on any thread; a `BulkLoader` takes the bytes.
public struct RecordLayout: Sendable {
    let isEdge: Bool
    /// The edge type by number; 0 for nodes.
    let type: UInt32
    /// Which labels go together, for counting; meaningless for edges.
    var labelSet: Int
    let inlineProperty: UInt32?
    private let inlineColumn: Int?
    private let columns: Columns

    /// Behind one reference, for layouts are handed on with every row.
    private final class Columns: Sendable {
        /// Labels by number, ascending; empty for edges.
        let labels: [UInt32]
        let keys: [PropertyKey]
        let numbers: [UInt32]
        /// Column indexes in ascending order of property numbers.
        let order: [Int]

        init(labels: [UInt32], keys: [PropertyKey], numbers: [UInt32]) {
            self.labels = labels
            self.keys = keys
            self.numbers = numbers
            order = numbers.indices.sorted { numbers[$0] < numbers[$1] }
        }
    }

    /// Labels by number, ascending; empty for edges.
    var labels: [UInt32] { columns.labels }

    init(
        isEdge: Bool, labels: [UInt32], type: UInt32, labelSet: Int, keys: [PropertyKey],
        numbers: [UInt32], inlineProperty: UInt32?
    ) {
        self.isEdge = isEdge
        self.type = type
        self.labelSet = labelSet
        self.inlineProperty = inlineProperty
        inlineColumn = numbers.firstIndex { $0 == inlineProperty }
        columns = Columns(labels: labels, keys: keys, numbers: numbers)
    }

    /// Appends the stored form of one row.
    ///
    /// - Parameter values: One for each key of the layout, nil where absent.
    /// - Throws: `.invalidValue` for values a property cannot hold; `.misuse` for a wrong count.
    public func encode(_ values: [PropertyValue?], into bytes: inout [UInt8]) throws {
        guard values.count == columns.keys.count else {
            throw GraphStoreError(
                .misuse,
                "A row has \(values.count) values; its layout has \(columns.keys.count) "
                    + "keys.")
        }
        if isEdge, try encodeInline(values, into: &bytes) { return }
        var inline = InlineValue.absent
        var properties: NumberedProperties = []
        properties.reserveCapacity(values.count)
        for column in columns.order {
            guard let value = values[column] else { continue }
            guard value.isStorable else {
                throw GraphStoreError(
                    .invalidValue,
                    "Property '\(columns.keys[column])' got a list of mixed or nested values. A stored "
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
            properties.append((columns.numbers[column], value))
        }
        encode(properties, inline, into: &bytes)
    }

    /// Appends the row of an edge whose one value, if any, goes inline; false for other edges.
    private func encodeInline(
        _ values: [PropertyValue?], into bytes: inout [UInt8]
    ) throws -> Bool {
        var inline = InlineValue.absent
        for column in values.indices {
            switch values[column] {
            case nil: continue
            case .integer(let value) where column == inlineColumn: inline = .integer(value)
            case .double(let value) where column == inlineColumn: inline = .double(value)
            default: return false
            }
        }
        Self.append(inline, to: &bytes)
        bytes.append(0)
        bytes.append(0)
        return true
    }

    private static func append(_ inline: InlineValue, to bytes: inout [UInt8]) {
        var number: UInt64
        switch inline {
        case .absent: return bytes.append(0)
        case .elsewhere: return bytes.append(1)
        case .integer(let value):
            bytes.append(2)
            number = UInt64(bitPattern: value)
        case .double(let value):
            bytes.append(3)
            number = value.bitPattern
        }
        for _ in 0..<8 {
            bytes.append(UInt8(truncatingIfNeeded: number))
            number &>>= 8
        }
    }

    private static func append(varint value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest &>>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// inline tag u8 [· 8 bytes] · record length varint · record · blob count varint ·
    /// (property varint · length varint · bytes)…; an edge without properties has an empty record.
    private func encode(
        _ properties: NumberedProperties, _ inline: InlineValue, into bytes: inout [UInt8]
    ) {
        var writer = ByteWriter()
        Self.append(inline, to: &bytes)
        var record = ByteWriter(capacity: 256)
        var spilled: [(key: UInt32, bytes: [UInt8])] = []
        if !isEdge || !properties.isEmpty {
            RecordEncoder.encode(
                labels: labels, since: nil, properties: properties, into: &record,
                spilled: &spilled)
        }
        Self.append(varint: UInt64(record.count), to: &bytes)
        let span = record.span
        for offset in 0..<span.byteCount { bytes.append(span.loadUInt8(at: offset)) }
        if spilled.isEmpty {
            bytes.append(0)
            return
        }
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
