internal import LMDB
internal import PropertyGraph

/// An earlier moment of a database.
public enum PastMoment: Hashable, Sendable {
    /// As it was after this position was committed.
    case position(UInt64)
    /// As it was at this time: microseconds since 1970 UTC.
    case time(microsecondsSinceEpoch: Int64)
}

/// How a database keeps its earlier states.
public struct HistoryInfo: Hashable, Sendable {
    /// What is kept.
    public let retention: HistoryRetention
    /// The first position that can be read.
    public let firstPosition: UInt64
    /// When that was, in microseconds since 1970 UTC; nil when it is the beginning.
    public let firstMicrosecondsSinceEpoch: Int64?
}

extension GraphDatabase {
    /// Begins to keep earlier states for as-of reads, changes how long they are kept, or (with
    /// nil) ends it and drops them.
    ///
    /// The setting is part of the store: every process that writes follows it. From then on each
    /// change also stores what was before, once for every node and edge that a transaction
    /// touches. Ordinary reads pay nothing.
    ///
    /// - Throws: As `write`.
    public func setHistory(_ retention: HistoryRetention?) throws {
        try writeAlone { try $0.setHistory(retention) }
    }

    /// Returns how earlier states are kept; nil when they are not.
    public func history() throws -> HistoryInfo? {
        try read { transaction in
            let view = transaction.view
            guard let state = try view.historyState() else { return nil }
            return HistoryInfo(
                retention: state.retention, firstPosition: state.floor,
                firstMicrosecondsSinceEpoch: try view.moment(state.floor).flatMap {
                    $0.time == 0 ? nil : $0.time
                })
        }
    }

    /// Runs `body` on the graph as it was, on the calling thread.
    ///
    /// Nodes, edges, labels, properties, neighbours, counts, scans and projections are those of
    /// the moment. Names, indexes and constraints are today's: an index only says where to look.
    /// Byte tables and the change log are today's as well.
    ///
    /// - Throws: `.historyUnavailable` when earlier states are not kept or do not reach so far,
    ///   saying from where on they do, and for a position that is yet to come; what `body` throws.
    /// - Complexity: A point costs one more lookup; a scan also O(changes since that moment).
    public func read<R>(
        asOf moment: PastMoment, _ body: (borrowing ReadTransaction) throws -> R
    ) throws -> R {
        guard let slow = options.slowTransactions else { return try readUntimed(moment, body) }
        return try slow.timing { try readUntimed(moment, body) }
    }

    private func readUntimed<R>(
        _ moment: PastMoment, _ body: (borrowing ReadTransaction) throws -> R
    ) throws -> R {
        do {
            let transaction = try beginRead(asOf: moment)
            return try body(transaction)
        } catch let error as LMDBError {
            throw GraphStoreError(error)
        }
    }

    private func beginRead(asOf moment: PastMoment) throws -> ReadTransaction {
        let transaction = try environment.startRead(isScoped: true)
        let snapshot = try catalog(of: transaction)
        let past = try past(at: moment, transaction, snapshot)
        return ReadTransaction(transaction, snapshot, tables, past: past)
    }

    private func past(
        at moment: PastMoment, _ transaction: borrowing LMDB.ReadTransaction,
        _ snapshot: CatalogSnapshot
    ) throws -> PastSnapshot? {
        try GraphView(transaction.view, snapshot, tables).past(at: moment)
    }
}

extension GraphView {
    /// The earlier position of a moment; nil when it is the newest.
    fileprivate func past(at moment: PastMoment) throws -> PastSnapshot? {
        let counters = try counters()
        let state = try historyState()
        switch moment {
        case .position(let position) where position == counters.position: return nil
        case .position(let position) where position > counters.position:
            throw GraphStoreError(
                .historyUnavailable,
                "Position \(position) is yet to come: the newest is \(counters.position). Wait for "
                    + "it with `read(atLeast:)`, or name an earlier one.")
        case .time(let time) where time >= counters.lastCommitTime: return nil
        default: break
        }
        guard let state else {
            throw GraphStoreError(
                .historyUnavailable,
                "This database keeps no earlier states. Switch it on with `setHistory`, or "
                    + "`cairn history on`; it then answers for all moments from there on.")
        }
        let position =
            switch moment {
            case .position(let position): position
            case .time(let time): try self.position(at: time, state, counters)
            }
        guard position >= state.floor, let then = try self.moment(position) else {
            throw GraphStoreError(
                .historyUnavailable,
                "Earlier states are kept from position \(state.floor) on, which the moment asked "
                    + "for precedes. Ask for a later one, or keep them longer from now on.")
        }
        return position == counters.position ? nil : PastSnapshot(position, then)
    }

    /// The last position committed at or before a time; one below the floor when there is none.
    private func position(
        at time: Int64, _ state: HistoryState, _ counters: Counters
    ) throws -> UInt64 {
        var low = state.floor
        var high = counters.position
        guard let first = try moment(low), first.time <= time else {
            return state.floor &- 1
        }
        while low < high {
            let middle = low + (high - low + 1) / 2
            guard let then = try moment(middle) else {
                throw GraphStoreError.corrupted("the history has no position \(middle)")
            }
            if then.time <= time { low = middle } else { high = middle - 1 }
        }
        return low
    }
}
