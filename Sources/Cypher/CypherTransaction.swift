internal import Dispatch
public import GraphStore
internal import Synchronization

/// Queries that become visible together, or not at all.
///
/// ```swift
/// let transaction = db.beginTransaction()
/// _ = try transaction.query("CREATE (:Concept {title: 'Limits'})")
/// _ = try transaction.query("MATCH (c:Concept) RETURN count(c)")   // sees it
/// try transaction.commit()
/// ```
///
/// While it is open nothing else can be written to the database, in any process; readers go on
/// with what was there before. A query that fails ends the transaction, and nothing of it stays.
/// One that is let go without a commit is rolled back. Calls block their thread.
public final class CypherTransaction: Sendable {
    private let session: TransactionSession

    fileprivate init(_ session: TransactionSession) { self.session = session }

    deinit { session.abandon() }

    /// Whether it neither committed, nor failed, nor was rolled back.
    public var isOpen: Bool { session.isOpen }

    /// Runs a query inside.
    ///
    /// - Throws: `CypherError`, `GraphStoreError`; the transaction is over then. `.misuse` when it
    ///   was over before.
    public func query(
        _ text: String, parameters: [String: CypherValue] = [:]
    ) throws -> QueryResult {
        try session.perform(.query(text, parameters)) ?? QueryResult(columns: [], rows: [])
    }

    /// Makes all of it durable and visible.
    ///
    /// - Throws: `GraphStoreError` when it breaks a constraint, cannot be written, or was over.
    public func commit() throws { _ = try session.perform(.commit) }

    /// Undoes all of it; nothing happens when it is over.
    public func rollBack() { session.abandon() }
}

extension GraphDatabase {
    /// Opens a transaction that takes queries one by one until it is committed.
    public func beginTransaction(options: QueryOptions = QueryOptions()) -> CypherTransaction {
        let session = TransactionSession(options)
        // The closure waits on the writer's own thread; the task only waits for its end.
        Task.detached { [self] in
            do {
                try await writeAlone { txn in try session.serve(&txn) }
                session.end(nil)
            } catch {
                session.end(error)
            }
        }
        return CypherTransaction(session)
    }
}

/// What the caller of a transaction and the closure that writes it say to each other.
///
/// The closure may run again (when the file must grow): then it repeats what was done before it
/// goes on. Only its last run is answered for.
private final class TransactionSession: Sendable {
    enum Order: Sendable {
        case query(String, [String: CypherValue])
        case commit
        case rollback
    }

    private struct RolledBack: Error {}

    private struct State {
        var done: [(text: String, values: [String: CypherValue])] = []
        var pending: Order?
        var answer: Result<QueryResult?, any Error>?
        var isOver = false
    }

    private let options: QueryOptions
    private let state = Mutex(State())
    private let asked = DispatchSemaphore(value: 0)
    private let answered = DispatchSemaphore(value: 0)
    private let turn = DispatchSemaphore(value: 1)

    init(_ options: QueryOptions) { self.options = options }

    var isOpen: Bool { state.withLock { !$0.isOver } }

    // MARK: The caller's side

    func perform(_ order: Order) throws -> QueryResult? {
        turn.wait()
        defer { turn.signal() }
        let isOver = state.withLock { state in
            if !state.isOver { state.pending = order }
            return state.isOver
        }
        if isOver {
            throw GraphStoreError(
                .misuse, "The transaction is over. Begin another with `beginTransaction`.")
        }
        asked.signal()
        answered.wait()
        return try state.withLock { state in
            defer { state.answer = nil }
            return try state.answer?.get()
        }
    }

    func abandon() {
        if isOpen { _ = try? perform(.rollback) }
    }

    // MARK: The writer's side

    func serve(_ txn: inout WriteTransaction) throws {
        for (text, values) in state.withLock({ $0.done }) { _ = try run(text, values, &txn) }
        while true {
            let order = state.withLock { $0.pending }
            switch order {
            case nil: asked.wait()
            case .query(let text, let values)?:
                let result = try run(text, values, &txn)
                state.withLock { state in
                    state.done.append((text, values))
                    state.pending = nil
                    state.answer = .success(result)
                }
                answered.signal()
            case .commit?: return
            case .rollback?: throw RolledBack()
            }
        }
    }

    private func run(
        _ text: String, _ values: [String: CypherValue], _ txn: inout WriteTransaction
    ) throws -> QueryResult {
        let prepared = try PreparedQuery(text, options)
        let values = values.mapValues { Value($0) }
        switch prepared.kind {
        case .schema(let command):
            try prepared.refuseChange(if: command.isChanging, options)
            return try SchemaCommands.run(command, in: &txn)
        case .query where prepared.isUpdating:
            try prepared.refuseChange(if: true, options)
            return try prepared.update(values, options, &txn)
        case .query: return try prepared.read(values, options, txn)
        }
    }

    func end(_ error: (any Error)?) {
        let isAwaited = state.withLock { state in
            state.isOver = true
            state.done = []
            guard state.pending != nil else { return false }
            state.pending = nil
            if let error, !(error is RolledBack) {
                state.answer = .failure(error)
            } else {
                state.answer = .success(nil)
            }
            return true
        }
        if isAwaited { answered.signal() }
    }
}
