internal import LMDB
internal import PropertyGraph

/// Writes an increment: a store with everything that is needed to tell what the positions behind
/// another one changed, and nothing else.
///
/// Head, names, schema and counts are copied whole; of the change log the positions asked for; of the
/// byte tables those that were changed, as they are now, for the log does not say how they changed.
struct IncrementWriter {
    private let environment: Environment
    private let tables: Tables

    /// Records put in one transaction.
    private static let recordsPerCommit = 20_000

    init(_ environment: Environment, _ tables: Tables) {
        self.environment = environment
        self.tables = tables
    }

    /// Why no increment can follow a position.
    struct Obstacle: Error {
        let reason: String
    }

    /// - Throws: `Obstacle`, before anything is written.
    func write(_ source: borrowing ReadTransaction, after position: UInt64) throws {
        let from = source.tables
        let byteTables = try changedByteTables(source, after: position)
        for (old, new) in [
            (from.meta, tables.meta), (from.symbol, tables.symbol), (from.schema, tables.schema),
            (from.stat, tables.stat),
        ] {
            try copy(source, old, to: new, from: FixedKey(), prefix: FixedKey())
        }
        try copy(
            source, from.log, to: tables.log, from: FixedKey.log(position + 1, 0),
            prefix: FixedKey())
        for number in byteTables {
            let prefix = FixedKey(be32: number)
            try copy(source, from.bytes, to: tables.bytes, from: prefix, prefix: prefix)
        }
    }

    /// The numbers of the byte tables that a range of the log names; the log must list everything else.
    private func changedByteTables(
        _ source: borrowing ReadTransaction, after position: UInt64
    ) throws -> [UInt32] {
        let view = source.view
        var numbers: Set<UInt32> = []
        let counters = try view.counters()
        guard counters.firstLoggedPosition <= position + 1 else {
            throw Obstacle(
                reason:
                    "The change log begins at position \(counters.firstLoggedPosition), and the "
                    + "backup ends at \(position): what lies between is no longer logged.")
        }
        for position in stride(from: position + 1, through: counters.position, by: 1) {
            for change in try view.changeSet(position).changes {
                switch change {
                case .byteTableChanged(let name):
                    if let number = view.catalog.number(.byteTable, name) {
                        numbers.insert(number)
                    }
                case .bulkLoaded:
                    throw Obstacle(
                        reason: "Position \(position) was a bulk load, whose rows are not in the "
                            + "change log.")
                default: break
                }
            }
        }
        return numbers.sorted()
    }

    /// Copies the records from a key on, as long as they have the prefix.
    private func copy(
        _ source: borrowing ReadTransaction, _ old: Table, to new: Table, from start: FixedKey,
        prefix: FixedKey
    ) throws {
        var next: [UInt8]? = start.span.bytes()
        while let start = next {
            next = try environment.write { txn in
                var done = 0
                var cursor = try source.lmdb.view.cursor(old)
                var found =
                    start.isEmpty
                    ? try cursor.first() : try cursor.seek(atOrAfter: start.rawSpan)
                while found, cursor.key.hasPrefix(prefix.span) {
                    if done == Self.recordsPerCommit { return cursor.key.bytes() }
                    try txn.put(new, cursor.key, cursor.value)
                    done += 1
                    found = try cursor.next()
                }
                return nil
            }
        }
    }
}
