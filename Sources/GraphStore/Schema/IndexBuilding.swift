internal import LMDB
internal import PropertyGraph

/// How a new index is filled with what is there already.
public enum IndexBuilding: Hashable, Sendable {
    /// In the transaction that creates it: it is online when that commits, and other writes wait.
    case atOnce
    /// In slices, each a transaction of its own, between other writes. Until it is online no read
    /// uses it. A unique or key constraint already holds new values to what is in it; should it
    /// meet equal values among those that were there, it fails and names them, and nothing else
    /// does. An interrupted build goes on when the database is opened for writing again.
    case inSlices
}

// The slices go up the ids that have the label or type. At any moment an entity is in the index
// when its id is at most `done`, which the slices reached, or at least `end`, the first id that was
// not given when the building began; every write keeps these up, and no write enters the others.
// So a slice and a write never do the same work, and the last slice ends it for good.

extension WriteTransaction {
    mutating func beginBuilding(_ entry: inout SchemaEntry) throws -> SchemaObject {
        let counters = state.counters
        entry.building = .underWay(
            done: 0, end: entry.entity == .node ? counters.nextNode : counters.nextEdge)
        let begun = entry
        state.changeCatalog { $0.add(begun) }
        try putEntry(entry)
        // No position: the graph is as before, and the object is in the feed once it is online.
        state.mustStore = true
        return try view.describe(entry)
    }

    /// Does the next slice of what is to be built, or to be removed since its building failed.
    ///
    /// - Returns: The number of what it worked at; nil when there is nothing to do.
    /// - Throws: `.uniqueViolation` or `.existenceViolation`, at the end of the closure.
    mutating func buildSlice(atMost count: Int) throws -> UInt32? {
        for entry in state.catalog.entries {
            switch entry.building {
            case .online: continue
            case .failed:
                guard try removeKeys(of: entry, atMost: count) else { continue }
            case .underWay(let done, let end):
                try build(entry, from: done, to: end, atMost: count)
            }
            state.mustStore = true
            return entry.number
        }
        return nil
    }

    private mutating func build(
        _ entry: SchemaEntry, from done: UInt64, to end: UInt64, atMost count: Int
    ) throws {
        let ids = try view.members(
            entry.entity, entry.symbol, after: done, before: end, atMost: count)
        try enter(ids, entry)
        var next = entry
        if ids.count == count, let last = ids.last {
            next.building = .underWay(done: last, end: end)
        } else {
            next.building = .online
        }
        let changed = next
        state.changeCatalog { $0.replace(changed) }
        if next.isOfVersion1 { try deleteEntry(entry) }
        try putEntry(next)
        if entry.kind == .key {
            for id in ids { state.doubts.insert(Doubt(entry: entry.number, id: id)) }
        }
        if next.isOnline { try logSchema(next, isCreated: true) }
    }

    /// Gives up a building; its keys are removed by the next slices.
    mutating func failBuilding(_ number: UInt32, _ reason: String) throws {
        guard var entry = state.catalog.entry(number), case .underWay = entry.building else {
            return
        }
        entry.building = .failed(String(decoding: reason.utf8.prefix(2_000), as: UTF8.self))
        let failed = entry
        state.changeCatalog { $0.replace(failed) }
        try putEntry(failed)
        state.mustStore = true
    }
}

extension GraphView {
    /// The next ids of a label or type, ascending.
    func members(
        _ entity: EntityKind, _ symbol: UInt32, after done: UInt64, before end: UInt64,
        atMost count: Int
    ) throws -> [UInt64] {
        let prefix = FixedKey.memberPrefix(entity, symbol)
        var ids: [UInt64] = []
        var lows: [UInt16] = []
        var cursor = try bytes.cursor(tables.member)
        var found = try cursor.seek(atOrAfter: FixedKey.member(entity, symbol, done).span)
        while found, cursor.key.hasPrefix(prefix.span), cursor.key.byteCount == 13 {
            let base = cursor.key.loadBE64(at: 5) << UInt64(IDContainer.bits)
            lows.removeAll(keepingCapacity: true)
            guard IDContainer.decode(cursor.value, into: &lows) else {
                throw GraphStoreError.corrupted("members of \(entity) symbol \(symbol)")
            }
            for low in lows {
                let id = base | UInt64(low)
                if id <= done { continue }
                if id >= end || ids.count == count { return ids }
                ids.append(id)
            }
            found = try cursor.next()
        }
        return ids
    }
}
