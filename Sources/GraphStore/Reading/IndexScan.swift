internal import LMDB
internal import PropertyGraph

// Reading an ordered index. Keys hold the value in order; a key that was cut at its limit says
// only where to look, and the entity itself is read to decide.

extension GraphView {
    /// The entities whose properties equal the values; exact even where keys were cut.
    func ids(equal values: [PropertyValue], in entry: SchemaEntry) throws -> [UInt64] {
        let (key, isExact) = OrderedKey.encode(values)
        var found: [UInt64] = []
        switch entry.kind {
        case .inlineProperty, .existence, .type: return []
        case .unique, .key:
            var full = ByteWriter()
            full.appendBE32(entry.number)
            full.append(key.rawSpan)
            guard let ids = try bytes.get(tables.unique, full.span) else { return [] }
            appendIDs(in: ids, to: &found)
        case .index:
            try forEachEntry(of: entry, from: key, isDescending: false) { entryKey, ids in
                guard entryKey.compare(key.rawSpan) == 0 else { return false }
                found.append(contentsOf: ids)
                return true
            }
        }
        // Keys of NaN and of cut values may hold what is not equal.
        if isExact, !values.contains(where: { $0.isNotEqualToItself }) { return found }
        return try found.filter { try entity(entry.entity, $0, entry.properties, equal: values) }
    }

    /// The lowest entity whose one property equals a value.
    ///
    /// A unique constraint and a value whose key is whole need one lookup and nothing else.
    func firstID(equal value: PropertyValue, in order: OrderedProperty) throws -> UInt64? {
        if order.isUnique {
            switch try holders(of: value, inUnique: order.number) {
            case .none: return nil
            case .one(let id): return id
            case .unknown: break
            }
        }
        return try ids(equal: [value], in: catalog.entries[order.place]).min()
    }

    /// Who has a value, as one lookup tells.
    enum Holders {
        case none
        case one(UInt64)
        /// There are several, or the key does not decide.
        case unknown
    }

    /// Who has a value, by the number of a unique constraint over one property.
    func holders(of value: PropertyValue, inUnique number: UInt32) throws -> Holders {
        guard !value.isNotEqualToItself else { return .unknown }
        var key = ByteWriter(capacity: 64)
        key.appendBE32(number)
        OrderedKey.append(value, to: &key)
        guard key.count <= OrderedKey.cutLength + 4 else { return .unknown }
        guard let ids = try bytes.get(tables.unique, key.span) else { return .none }
        return ids.byteCount == 8 ? .one(ids.loadLE64(at: 0)) : .unknown
    }

    /// The answer through an index.
    func idsByIndex(_ scan: PropertyScan, _ entry: SchemaEntry) throws -> [UInt64] {
        if case .equals(let value) = scan.predicate {
            var ids = try ids(equal: [value], in: entry).sorted()
            // Equal values may differ in orderability only by nothing: ties go by id.
            if scan.order == .descending { ids.reverse() }
            return Array(ids.prefix(scan.limit))
        }
        guard let bounds = IndexBounds(scan.predicate) else { return [] }
        let isDescending = scan.order == .descending
        var collector = OrderedCollector(
            limit: scan.order == .byID ? .max : scan.limit, isDescending: isDescending)
        let start = isDescending ? bounds.seekUpper : bounds.seekLower
        try forEachEntry(of: entry, from: start, isDescending: isDescending) { key, ids in
            switch bounds.place(of: key) {
            case .before: return !isDescending
            case .behind: return isDescending
            case .inside:
                guard key.byteCount >= OrderedKey.maximumLength else {
                    return try collector.add(ids, self, scan)
                }
                // A cut key: read the entities, keep those that satisfy, and order them by value.
                return try collector.addCut(ids, key, self, scan)
            }
        }
        let ids = try collector.finish(self, scan)
        return scan.order == .byID ? Array(ids.sorted().prefix(scan.limit)) : ids
    }

    /// Calls `body` with (value part of the key, ids) for each entry of an index from a key on.
    func forEachEntry(
        of entry: SchemaEntry, from start: [UInt8], isDescending: Bool,
        _ body: (RawSpan, [UInt64]) throws -> Bool
    ) throws {
        let prefix = FixedKey(be32: entry.number)
        var seekKey = ByteWriter()
        seekKey.append(prefix.span)
        seekKey.append(start.rawSpan)
        let table = entry.kind.isUnique ? tables.unique : tables.index
        let tail = entry.kind.isUnique ? 0 : 8
        var cursor = try bytes.cursor(table)
        var found: Bool
        if isDescending {
            // Above every key with that start: values never begin with eight 0xFF bytes.
            seekKey.append([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF].rawSpan)
            found = try cursor.seek(atOrBefore: seekKey.span)
        } else {
            found = try cursor.seek(atOrAfter: seekKey.span)
        }
        while found, cursor.key.hasPrefix(prefix.span) {
            let key = cursor.key
            guard key.byteCount >= 4 + tail else { throw GraphStoreError.corrupted("index key") }
            var ids = try self.ids(at: key, cursor.value, of: entry)
            if isDescending { ids.reverse() }
            guard try body(key.extracting(4..<(key.byteCount - tail)), ids) else { return }
            found = isDescending ? try cursor.previous() : try cursor.next()
        }
    }

    func appendIDs(in bytes: RawSpan, to ids: inout [UInt64]) {
        for offset in stride(from: 0, to: bytes.byteCount - 7, by: 8) {
            ids.append(bytes.loadLE64(at: offset))
        }
    }
}

extension PropertyValue {
    /// Whether `value = value` is not true: NaN, alone or inside of a value.
    var isNotEqualToItself: Bool {
        switch self {
        case .double(let value): value.isNaN
        case .vector(let values): values.contains { $0.isNaN }
        case .point(let point): point.x.isNaN || point.y.isNaN || point.z.isNaN
        case .list(let values): values.contains { $0.isNotEqualToItself }
        default: false
        }
    }
}

/// The part of an index in which a predicate can be true, in encoded values.
struct IndexBounds {
    enum Place { case before, inside, behind }

    private let lower: [UInt8]
    private let lowerIsInside: Bool
    private let upper: [UInt8]
    private let upperIsInside: Bool
    /// What all values in it begin with, where they are all that do.
    let prefix: [UInt8]?

    init?(_ predicate: PropertyPredicate) {
        var (low, high): ([UInt8], [UInt8]) = ([], [0xFF])
        var (lowIn, highIn) = (true, false)
        var prefix: [UInt8]?
        switch predicate {
        case .exists: break
        case .equals: return nil
        case .startsWith(let text):
            let start = OrderedKey.encodePrefix(ofString: text, after: [])
            low = start
            prefix = start
        case .range(let from, let to):
            guard let anchor = from?.value ?? to?.value else { return nil }
            if let from, let to, !Self.sharesRange(from.value, to.value) { return nil }
            // NaN alone is comparable with nothing; inside of a list it has its place in the order.
            if case .double(let number) = anchor, number.isNaN { return nil }
            (low, high) = OrderedKey.comparableRange(of: anchor)
            if let from { (low, lowIn) = (Self.encode(from.value), from.isInclusive) }
            if let to { (high, highIn) = (Self.encode(to.value), to.isInclusive) }
        }
        (lower, lowerIsInside, upper, upperIsInside) = (low, lowIn, high, highIn)
        self.prefix = prefix
    }

    private static func encode(_ value: PropertyValue) -> [UInt8] {
        var writer = ByteWriter()
        OrderedKey.append(value, to: &writer)
        return writer.bytes
    }

    private static func sharesRange(_ lhs: PropertyValue, _ rhs: PropertyValue) -> Bool {
        OrderedKey.comparableRange(of: lhs).lower == OrderedKey.comparableRange(of: rhs).lower
    }

    /// Where to start upwards: a cut key may stand before the full bound, so start at its cut.
    var seekLower: [UInt8] { Array(lower.prefix(OrderedKey.cutLength)) }
    /// Where to start downwards.
    var seekUpper: [UInt8] {
        if let prefix { return Array(prefix.prefix(OrderedKey.cutLength)) }
        return Array(upper.prefix(OrderedKey.cutLength))
    }

    /// Where a key stands; a cut key near a bound counts as inside, to be decided by its value.
    func place(of key: RawSpan) -> Place {
        let isCut = key.byteCount >= OrderedKey.maximumLength
        if let prefix {
            let wanted = isCut ? Array(prefix.prefix(OrderedKey.cutLength)) : prefix
            if key.hasPrefix(wanted.rawSpan) { return .inside }
            return key.compare(wanted.rawSpan) < 0 ? .before : .behind
        }
        if isCut {
            let head = key.extracting(0..<OrderedKey.cutLength)
            if head.compare(lower.rawSpan.extracting(first: OrderedKey.cutLength)) < 0 {
                return .before
            }
            if head.compare(upper.rawSpan.extracting(first: OrderedKey.cutLength)) > 0 {
                return .behind
            }
            return .inside
        }
        let low = key.compare(lower.rawSpan)
        if low < 0 || (low == 0 && !lowerIsInside) { return .before }
        let high = key.compare(upper.rawSpan)
        if high > 0 || (high == 0 && !upperIsInside) { return .behind }
        return .inside
    }
}

/// Gathers ids in index order, and puts entities behind cut keys in the order of their values.
struct OrderedCollector {
    private let limit: Int
    private let isDescending: Bool
    private var ids: [UInt64] = []
    private var cut: [(value: PropertyValue, id: UInt64)] = []
    private var cutHead: [UInt8] = []

    init(limit: Int, isDescending: Bool) {
        self.limit = limit
        self.isDescending = isDescending
    }

    /// Adds ids whose key decides; false when the limit is reached.
    mutating func add(_ new: [UInt64], _ view: borrowing GraphView, _ scan: PropertyScan) throws
        -> Bool
    {
        flush()
        ids.append(contentsOf: new)
        return ids.count < limit
    }

    /// Adds ids whose value must be read.
    mutating func addCut(
        _ new: [UInt64], _ key: RawSpan, _ view: borrowing GraphView, _ scan: PropertyScan
    ) throws -> Bool {
        let head = key.bytes(at: 0, count: OrderedKey.cutLength)
        if head != cutHead {
            flush()
            cutHead = head
            if ids.count >= limit { return false }
        }
        for id in new {
            guard let value = try view.value(scan.entity, id, scan.property),
                scan.predicate.isSatisfied(by: value)
            else { continue }
            cut.append((value, id))
        }
        return true
    }

    /// The ids, at most `limit`.
    mutating func finish(_ view: borrowing GraphView, _ scan: PropertyScan) throws -> [UInt64] {
        flush()
        return Array(ids.prefix(limit))
    }

    private mutating func flush() {
        guard !cut.isEmpty else { return }
        cut.sort {
            let order = OrderedKey.compare($0.value, $1.value)
            return order == 0 ? $0.id < $1.id : order < 0
        }
        if isDescending { cut.reverse() }
        ids.append(contentsOf: cut.map { $0.id })
        cut.removeAll()
        cutHead = []
    }
}
