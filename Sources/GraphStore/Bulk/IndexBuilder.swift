internal import LMDB

/// Makes index entries out of sorted keys.
struct IndexBuilder {
    /// Whether every key follows those in its table, so that it is appended.
    let isAppending: Bool
    private var key = ByteWriter()
    private var ids: [UInt64] = []
    private var lows: [UInt16] = []
    /// The index of the entry before, most often that of the next as well.
    private var known: SchemaEntry?
    private var scratch = ByteWriter()

    /// Ids of one key that are gathered before they are written.
    private static let batch = 1 << 16

    /// - Parameter entry: The index of the first keys, where it may not be in the catalog yet.
    init(isAppending: Bool, entry: SchemaEntry? = nil) {
        self.isAppending = isAppending
        known = entry
    }

    /// Adds (index · key, id), which follows the one before.
    mutating func add(_ new: RawSpan, _ id: UInt64, _ txn: inout WriteTransaction) throws {
        if !new.hasSameBytes(as: key.span) {
            try finish(&txn)
            key.removeAll()
            key.append(new)
        } else if ids.count >= Self.batch, let last = ids.last, Self.chunk(last) != Self.chunk(id) {
            // Between containers, so that none is written twice.
            try finish(&txn)
        }
        ids.append(id)
    }

    /// Writes the entry under way.
    mutating func finish(_ txn: inout WriteTransaction) throws {
        guard !ids.isEmpty else { return }
        defer { ids.removeAll(keepingCapacity: true) }
        let number = key.span.loadBE32(at: 0)
        if known?.number != number {
            known = txn.state.catalog.entries.first { $0.number == number }
        }
        guard let entry = known else { return }
        if entry.kind.isUnique {
            try finishUnique(entry, &txn)
        } else {
            try finishContainers(&txn)
        }
    }

    private mutating func finishUnique(
        _ entry: SchemaEntry, _ txn: inout WriteTransaction
    ) throws {
        if isAppending, ids.count == 1 {
            scratch.removeAll()
            scratch.appendLE64(ids[0])
            return try txn.lmdb.append(txn.tables.unique, key.span, scratch.span)
        }
        let value = key.span.extracting(4..<key.count).bytes()
        for id in ids { try txn.addKey(value, id, entry) }
    }

    private mutating func finishContainers(_ txn: inout WriteTransaction) throws {
        let keyBytes = key.count
        var start = 0
        while start < ids.count {
            let chunk = Self.chunk(ids[start])
            lows.removeAll(keepingCapacity: true)
            while start < ids.count, Self.chunk(ids[start]) == chunk {
                lows.append(UInt16(truncatingIfNeeded: ids[start] & (1 << IDContainer.bits - 1)))
                start += 1
            }
            key.appendBE64(chunk)
            if isAppending {
                scratch.removeAll()
                IDContainer.encode(lows, into: &scratch)
                try txn.lmdb.append(txn.tables.index, key.span, scratch.span)
            } else {
                try txn.union(lows, table: txn.tables.index, key: key.span)
            }
            key.truncate(to: keyBytes)
        }
    }

    private static func chunk(_ id: UInt64) -> UInt64 { id >> UInt64(IDContainer.bits) }
}

extension WriteTransaction {
    /// Whether all keys of an index would follow those of the others in their table, and it has
    /// none yet.
    func isLast(_ entry: SchemaEntry) throws -> Bool {
        var cursor = try lmdb.view.cursor(entry.kind.isUnique ? tables.unique : tables.index)
        guard try cursor.last() else { return true }
        return cursor.key.byteCount >= 4 && cursor.key.loadBE32(at: 0) < entry.number
    }
}

extension GraphView {
    /// Adds the keys under which an index holds entities that have its label or type; those
    /// without all its properties have none.
    ///
    /// - Parameter ids: Ascending.
    func addKeys(of ids: [UInt64], _ entry: SchemaEntry, to keys: inout KeyList) throws {
        guard entry.entity == .node else {
            for id in ids {
                keys.begin(index: entry.number)
                var isWhole = true
                for property in entry.properties where isWhole {
                    if let value = try value(.edge, id, property) {
                        OrderedKey.append(value, to: &keys.bytes)
                    } else {
                        isWhole = false
                    }
                }
                if isWhole { keys.end(id: id) } else { keys.cancel() }
            }
            return
        }
        var walk = try AscendingWalk(bytes.cursor(tables.node))
        for id in ids {
            guard try walk.advance(to: id) else {
                throw GraphStoreError.corrupted("node \(id) is listed but has no record")
            }
            keys.begin(index: entry.number)
            if try appendKey(entry, of: walk.value, .node, id, to: &keys.bytes) {
                keys.end(id: id)
            } else {
                keys.cancel()
            }
        }
    }

    /// Appends the key under which an index holds a record, however long; false, where some may
    /// have been appended, if the record has not all its properties.
    func appendKey(
        _ entry: SchemaEntry, of bytes: RawSpan, _ entity: EntityKind, _ id: UInt64,
        to writer: inout ByteWriter
    ) throws -> Bool {
        guard let record = RecordView(bytes) else {
            throw GraphStoreError.corrupted("record of \(entity) \(id)")
        }
        for property in entry.properties {
            guard let place = record.find(property) else { return false }
            if let range = record.valueRange(at: place),
                OrderedKey.append(storedText: bytes.extracting(range), to: &writer)
            {
                continue
            }
            OrderedKey.append(
                try value(at: place, of: property, in: record, entity, id), to: &writer)
        }
        return true
    }
}
