internal import LMDB
internal import PropertyGraph

/// Does again, in a store that nobody sees yet, what the positions of an increment did: with the same
/// ids, positions, tokens and times, through the code that did it first. Indexes, counts, history and
/// change log come out as they were.
struct ChangeReplay {
    private let environment: Environment
    private let tables: Tables
    private var state: WriteState
    /// Positions done.
    private(set) var count = 0
    /// Byte tables that were changed, and are to be replaced at the end of the increment.
    private var byteTables: Set<PropertyKey> = []

    /// Changes put in one transaction.
    private static let changesPerCommit = 10_000

    init(_ environment: Environment, _ tables: Tables) throws {
        self.environment = environment
        self.tables = tables
        state = try environment.read { transaction in
            let catalog = CatalogSnapshot(try Catalog(reading: transaction.view, tables))
            let view = GraphView(transaction.view, catalog, tables)
            return WriteState(
                counters: try view.counters(), catalog: catalog.catalog,
                history: try view.historyState(), sizeLimit: try view.sizeLimit())
        }
    }

    /// Does the positions of an increment that follow the last one done.
    mutating func run(_ source: borrowing ReadTransaction, until stop: RestorePlan.Stop) throws {
        let view = source.view
        let end = try view.counters().position
        byteTables.removeAll()
        var batch: [ChangeSet] = []
        var changes = 0
        var next = state.counters.position + 1
        while next <= end {
            let set = try view.changeSet(next)
            guard stop.includes(set) else { break }
            batch.append(set)
            changes += set.changes.count
            next += 1
            if changes >= Self.changesPerCommit {
                try commit { try Self.apply(batch, to: &$0) }
                noteByteTables(batch)
                batch.removeAll()
                changes = 0
            }
        }
        try commit { try Self.apply(batch, to: &$0) }
        noteByteTables(batch)
        count = Int(clamping: state.counters.position)
        if next <= end {
            try requireUnchanged(view, from: next, through: end)
        } else {
            try takeOverIDs(try view.counters())
            try takeOverHistory(try view.historyState()?.retention)
            try takeOverSizeLimit(try view.sizeLimit())
        }
        try replaceByteTables(source)
    }

    /// Checks that the moment asked for was met.
    func finish(at stop: RestorePlan.Stop) throws {
        guard case .position(let position) = stop, state.counters.position != position else {
            return
        }
        throw GraphStoreError(
            .backup, "Position \(position) is missing in the backup.")
    }

    // MARK: One transaction

    private mutating func commit(_ body: (inout WriteTransaction) throws -> Void) throws {
        state = try environment.commitGrowing(state, tables, body)
    }

    private static func apply(_ sets: [ChangeSet], to txn: inout WriteTransaction) throws {
        for set in sets {
            guard set.position == txn.state.counters.position + 1 else {
                throw GraphStoreError(
                    .backup,
                    "Position \(txn.state.counters.position + 1) is missing in the backup.")
            }
            txn.state.beginClosure()
            for change in set.changes { try txn.apply(change) }
            try txn.checkConstraints()
            try txn.finishPosition(time: set.microsecondsSinceEpoch, token: set.token)
        }
    }

    // MARK: What the log does not say

    /// Ids that were given and deleted again within an aborted load are not given again.
    private mutating func takeOverIDs(_ counters: Counters) throws {
        try commit { txn in
            txn.state.counters.nextNode = max(txn.state.counters.nextNode, counters.nextNode)
            txn.state.counters.nextEdge = max(txn.state.counters.nextEdge, counters.nextEdge)
        }
    }

    /// Switching history on or off is no change of the graph.
    private mutating func takeOverHistory(_ retention: HistoryRetention?) throws {
        guard retention != state.history?.retention else { return }
        try commit { try $0.setHistory(retention) }
    }

    private mutating func takeOverSizeLimit(_ limit: Int?) throws {
        guard limit != state.sizeLimit else { return }
        try commit { try $0.setSizeLimit(limit) }
    }

    private mutating func noteByteTables(_ sets: [ChangeSet]) {
        for set in sets {
            for case .byteTableChanged(let name) in set.changes {
                byteTables.insert(PropertyKey(name))
            }
        }
    }

    /// A byte table is in the increment as it was at its end: what changed it later cannot be undone.
    private func requireUnchanged(
        _ view: borrowing GraphView, from first: UInt64, through end: UInt64
    ) throws {
        guard !byteTables.isEmpty else { return }
        for position in first...end {
            for case .byteTableChanged(let name) in try view.changeSet(position).changes
            where byteTables.contains(PropertyKey(name)) {
                throw GraphStoreError(
                    .backup,
                    "The byte table '\(name)' was changed before and after position "
                        + "\(first - 1), and the backup has it only as it was at position \(end). "
                        + "Restore that position, or one before the increment.")
            }
        }
    }

    private mutating func replaceByteTables(_ source: borrowing ReadTransaction) throws {
        for name in byteTables.map({ $0.name }).sorted() {
            guard let old = source.existingByteTable(name) else { continue }
            try commit { txn in
                let table = try txn.byteTable(name)
                let prefix = FixedKey(be32: table.number)
                var stale: [[UInt8]] = []
                do {
                    var cursor = try txn.lmdb.view.cursor(txn.tables.bytes)
                    var found = try cursor.seek(atOrAfter: prefix.span)
                    while found, cursor.key.hasPrefix(prefix.span) {
                        stale.append(cursor.key.bytes())
                        found = try cursor.next()
                    }
                }
                for key in stale { _ = try txn.lmdb.delete(txn.tables.bytes, key.rawSpan) }
                try source.forEachEntry(of: old) { key, value in
                    var full = ByteWriter()
                    full.appendBE32(table.number)
                    full.append(key)
                    try txn.lmdb.put(txn.tables.bytes, full.span, value)
                    return true
                }
            }
        }
    }
}
