internal import LMDB
internal import PropertyGraph

// What `analyze` found, in `meta`. Numbers that grow with the graph are varints, shares are doubles
// of 8 bytes, a value is its length (varint) and its `ValueCodec` bytes, a list its count and items.
//
// | key                                            | value                                       |
// |------------------------------------------------|---------------------------------------------|
// | analysis                                       | version u8, 1 · position · time u64 · nodes |
// |                                                | · edges · list of (type · edges) · list of  |
// |                                                | (label · type · label · edges)              |
// | analysis · kind u8 · symbol u32 · property u32 | version u8, 1 · count · present · distinct ·|
// |                                                | flags u8 (1: distinct is exact, 2: the      |
// |                                                | sample is complete) · list of extremes ·    |
// |                                                | list of (value · share) · list of bounds ·  |
// |                                                | share                                       |
//
// It only guides, so an older program may ignore it, and a newer form is as if there were none.

/// Edges of a type between nodes of two labels.
struct LabelTriple: Hashable, Sendable {
    let source, type, target: UInt32
}

/// The property of a label or an edge type, by numbers.
struct AnalysedProperty: Hashable, Sendable {
    let entity: EntityKind
    let symbol, property: UInt32

    var key: FixedKey {
        var key = FixedKey(ascii: MetaKey.analysis)
        key.append(entity.rawValue)
        key.appendBE32(symbol)
        key.appendBE32(property)
        return key
    }

    init(_ entity: EntityKind, _ symbol: UInt32, _ property: UInt32) {
        self.entity = entity
        self.symbol = symbol
        self.property = property
    }

    init?(_ key: RawSpan) {
        let start = MetaKey.analysis.utf8.count
        guard key.byteCount == start + 9,
            let entity = EntityKind(rawValue: key.loadUInt8(at: start))
        else { return nil }
        self.init(entity, key.loadBE32(at: start + 1), key.loadBE32(at: start + 5))
    }
}

/// What was found out about the graph as a whole.
struct AnalysisHead: Equatable, Sendable {
    var position: UInt64 = 0
    var microsecondsSinceEpoch: Int64 = 0
    var nodes: UInt64 = 0
    var edges: UInt64 = 0
    var types: [UInt32: UInt64] = [:]
    var triples: [LabelTriple: UInt64] = [:]

    func encode(into writer: inout ByteWriter) {
        writer.append(1 as UInt8)
        writer.appendVarint(position)
        writer.appendLE64(UInt64(bitPattern: microsecondsSinceEpoch))
        writer.appendVarint(nodes)
        writer.appendVarint(edges)
        writer.appendVarint(UInt64(types.count))
        for (type, count) in types.sorted(by: { $0.key < $1.key }) {
            writer.appendVarint(UInt64(type))
            writer.appendVarint(count)
        }
        writer.appendVarint(UInt64(triples.count))
        let sorted = triples.sorted {
            ($0.key.source, $0.key.type, $0.key.target)
                < ($1.key.source, $1.key.type, $1.key.target)
        }
        for (triple, count) in sorted {
            writer.appendVarint(UInt64(triple.source))
            writer.appendVarint(UInt64(triple.type))
            writer.appendVarint(UInt64(triple.target))
            writer.appendVarint(count)
        }
    }

    init() {}

    /// Nil when the bytes are damaged, or of a later form.
    init?(_ bytes: RawSpan) {
        var reader = ByteReader(bytes)
        guard reader.byte() == 1, let position = reader.varint(), let start = reader.skip(8),
            let nodes = reader.varint(), let edges = reader.varint(),
            let typeCount = reader.count()
        else { return nil }
        self.position = position
        microsecondsSinceEpoch = Int64(bitPattern: bytes.loadLE64(at: start))
        self.nodes = nodes
        self.edges = edges
        for _ in 0..<typeCount {
            guard let type = reader.number32(), let count = reader.varint() else { return nil }
            types[type] = count
        }
        guard let count = reader.count() else { return nil }
        for _ in 0..<count {
            guard let source = reader.number32(), let type = reader.number32(),
                let target = reader.number32(), let count = reader.varint()
            else { return nil }
            triples[LabelTriple(source: source, type: type, target: target)] = count
        }
    }
}

extension PropertyStatistics {
    func encode(into writer: inout ByteWriter) {
        writer.append(1 as UInt8)
        writer.appendVarint(UInt64(count))
        writer.appendVarint(UInt64(present))
        writer.appendVarint(UInt64(distinct))
        writer.append((isDistinctExact ? 1 : 0) | (isSampleComplete ? 2 : 0) as UInt8)
        let extremes = [minimum, maximum].compactMap { $0 }
        writer.appendVarint(UInt64(extremes.count))
        for value in extremes { Self.append(value, to: &writer) }
        writer.appendVarint(UInt64(common.count))
        for item in common {
            Self.append(item.value, to: &writer)
            writer.appendLE64(item.share.bitPattern)
        }
        writer.appendVarint(UInt64(bounds.count))
        for bound in bounds { Self.append(bound, to: &writer) }
        writer.appendLE64(histogramShare.bitPattern)
    }

    private static func append(_ value: PropertyValue, to writer: inout ByteWriter) {
        var encoded = ByteWriter()
        ValueCodec.encode(value, into: &encoded)
        writer.appendVarint(UInt64(encoded.count))
        writer.append(encoded.span)
    }

    /// Nil when the bytes are damaged, or of a later form.
    init?(_ bytes: RawSpan) {
        var reader = ByteReader(bytes)
        guard reader.byte() == 1, let count = reader.varint(), let present = reader.varint(),
            let distinct = reader.varint(), let flags = reader.byte(),
            let extremes = Self.values(&reader, bytes), extremes.count % 2 == 0,
            let commonCount = reader.count()
        else { return nil }
        var common: [CommonValue] = []
        for _ in 0..<commonCount {
            guard let value = Self.value(&reader, bytes), let share = reader.share(bytes) else {
                return nil
            }
            common.append(CommonValue(value: value, share: share))
        }
        guard let bounds = Self.values(&reader, bytes), let histogramShare = reader.share(bytes),
            present <= count
        else { return nil }
        self.init(
            count: Int(clamping: count), present: Int(clamping: present),
            distinct: Int(clamping: distinct), isDistinctExact: flags & 1 != 0,
            minimum: extremes.first, maximum: extremes.last, common: common, bounds: bounds,
            histogramShare: histogramShare, isSampleComplete: flags & 2 != 0)
    }

    private static func values(_ reader: inout ByteReader, _ bytes: RawSpan) -> [PropertyValue]? {
        guard let count = reader.count() else { return nil }
        var values: [PropertyValue] = []
        for _ in 0..<count {
            guard let value = value(&reader, bytes) else { return nil }
            values.append(value)
        }
        return values
    }

    private static func value(_ reader: inout ByteReader, _ bytes: RawSpan) -> PropertyValue? {
        guard let length = reader.count(), let start = reader.skip(length) else { return nil }
        return ValueCodec.decode(bytes.extracting(start..<(start + length)))
    }
}

extension ByteReader {
    fileprivate mutating func number32() -> UInt32? { varint().flatMap { UInt32(exactly: $0) } }

    fileprivate mutating func share(_ bytes: RawSpan) -> Double? {
        guard let start = skip(8) else { return nil }
        let share = Double(bitPattern: bytes.loadLE64(at: start))
        return share >= 0 && share <= 1.000_001 ? share : nil
    }
}
