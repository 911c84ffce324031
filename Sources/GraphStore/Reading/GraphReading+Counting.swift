internal import LMDB
public import PropertyGraph

extension GraphReading where Self: ~Copyable {
    /// Returns how many nodes of a label have a property that satisfies a predicate: the count of
    /// `nodeIDs(label:where:)`, without listing them.
    ///
    /// - Complexity: with an index O(log entries + entries in the range), without O(nodes of the
    ///   label).
    public func nodeCount(
        label: Label, where key: PropertyKey, _ predicate: PropertyPredicate,
        using access: IndexAccess = .automatic
    ) throws -> Int {
        let view = view
        guard let label = view.catalog.number(of: label), let key = view.catalog.number(of: key)
        else { return 0 }
        let scan = PropertyScan(
            entity: .node, symbol: label, property: key, predicate: predicate, order: .byID,
            limit: .max)
        if view.past == nil, access == .automatic, let bounds = IndexBounds(predicate),
            let entry = view.catalog.orderedIndex(.node, symbol: label, properties: [key])
        {
            return try view.count(scan, in: entry, within: bounds)
        }
        return try view.ids(scan, access).count
    }
}

extension GraphView {
    /// How many entities an index holds between bounds; behind cut keys each is read and decided.
    fileprivate func count(
        _ scan: PropertyScan, in entry: SchemaEntry, within bounds: IndexBounds
    ) throws -> Int {
        if let start = bounds.prefix { return try count(scan, in: entry, beginningWith: start) }
        let isUnique = entry.kind.isUnique
        let prefix = FixedKey(be32: entry.number)
        var start = ByteWriter()
        start.append(prefix.span)
        start.append(bounds.seekLower.rawSpan)
        let tail = isUnique ? 0 : 8
        var cursor = try bytes.cursor(isUnique ? tables.unique : tables.index)
        var found = try cursor.seek(atOrAfter: start.span)
        var count = 0
        while found, cursor.key.hasPrefix(prefix.span) {
            guard cursor.key.byteCount >= 4 + tail else {
                throw GraphStoreError.corrupted("index key")
            }
            let key = cursor.key.extracting(4..<(cursor.key.byteCount - tail))
            switch bounds.place(of: key) {
            case .before: break
            case .behind: return count
            case .inside:
                count += try self.count(
                    scan, at: cursor.key, cursor.value, of: entry,
                    isCut: key.byteCount >= OrderedKey.maximumLength)
            }
            found = try cursor.next()
        }
        return count
    }

    /// As `count(_:in:within:)`, where one comparison tells of each key.
    private func count(
        _ scan: PropertyScan, in entry: SchemaEntry, beginningWith prefix: [UInt8]
    ) throws -> Int {
        let isUnique = entry.kind.isUnique
        var start = ByteWriter(capacity: 64)
        start.appendBE32(entry.number)
        start.append(prefix.rawSpan)
        let tail = isUnique ? 0 : 8
        var cursor = try bytes.cursor(isUnique ? tables.unique : tables.index)
        var found = try cursor.seek(atOrAfter: start.span)
        var count = 0
        while found, cursor.key.hasPrefix(start.span) {
            let length = cursor.key.byteCount - 4 - tail
            guard length >= 0 else { throw GraphStoreError.corrupted("index key") }
            // A shorter value only seems to begin so, with the id behind it.
            if length >= prefix.count {
                count += try self.count(
                    scan, at: cursor.key, cursor.value, of: entry,
                    isCut: length >= OrderedKey.maximumLength)
            }
            found = try cursor.next()
        }
        return count
    }

    /// How many of the entities of one entry count: all, but where the key was cut.
    @inline(__always)
    private func count(
        _ scan: PropertyScan, at key: RawSpan, _ value: RawSpan, of entry: SchemaEntry, isCut: Bool
    ) throws -> Int {
        if isCut {
            return try ids(at: key, value, of: entry).count { id in
                try self.value(scan.entity, id, scan.property)
                    .map(scan.predicate.isSatisfied) ?? false
            }
        }
        let isUnique = entry.kind.isUnique
        guard let count = isUnique ? value.byteCount / 8 : IDContainer.count(value) else {
            throw GraphStoreError.corrupted("entries of index \(entry.name)")
        }
        return count
    }

    /// The entities of one entry of an index, ascending.
    func ids(at key: RawSpan, _ value: RawSpan, of entry: SchemaEntry) throws -> [UInt64] {
        var ids: [UInt64] = []
        guard !entry.kind.isUnique else {
            // In the order they came, where NaN or a cut key lets there be several.
            appendIDs(in: value, to: &ids)
            return ids.sorted()
        }
        let base = key.loadBE64(at: key.byteCount - 8) << UInt64(IDContainer.bits)
        var lows: [UInt16] = []
        guard IDContainer.decode(value, into: &lows) else {
            throw GraphStoreError.corrupted("entries of index \(entry.name)")
        }
        ids.reserveCapacity(lows.count)
        for low in lows { ids.append(base | UInt64(low)) }
        return ids
    }
}
