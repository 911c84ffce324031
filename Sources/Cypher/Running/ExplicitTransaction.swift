internal import Dispatch
public import GraphStore
internal import Synchronization

/// A transaction that stays open between queries, as `:begin`, `:commit` and `:rollback` of a shell
/// need it.
///
/// ```swift
/// let transaction = db.beginTransaction()
/// _ = try transaction.query("CREATE (:Person {name: 'Ada'})")
/// try transaction.commit()
/// ```
///
/// It holds the turn to write: nobody else writes until it ends, so end it soon. Where a closure
/// will do, `GraphDatabase.write` is better. Used from one thread at a time.
public final class ExplicitTransaction: Sendable {
    private enum Order: Sendable {
        case run(PreparedQuery, [String: CypherValue], QueryOptions)
        case commit
        case rollback
    }

    private struct RolledBack: Error {}

    /// What was run so far, and what runs now.
    private final class Done: Sendable {
        let orders = Mutex<[Order]>([])
        /// The order that was taken and has no answer yet: the closure may be run again under it.
        let waiting = Mutex<Order?>(nil)
    }

    /// Hands one value from one thread to another.
    private final class Handover<Item: Sendable>: Sendable {
        private let item = Mutex<[Item]>([])
        private let isThere = DispatchSemaphore(value: 0)

        func put(_ value: Item) {
            item.withLock { $0.append(value) }
            isThere.signal()
        }

        /// Waits for the next value.
        func take() -> Item? {
            isThere.wait()
            return item.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        }
    }

    private let orders = Handover<Order>()
    private let answers = Handover<Result<QueryResult, any Error>>()
    private let isOver = Mutex(false)

    init(_ database: GraphDatabase) {
        let (orders, answers) = (orders, answers)
        let done = Done()
        DispatchQueue(label: "cairn.transaction").async {
            do {
                try database.writeAlone { txn in
                    // The store may run a closure again when its map grows: then what was done is
                    // done again, and nobody waits for the answers.
                    for case .run(let query, let parameters, let options) in done.orders.withLock({
                        $0
                    }) {
                        _ = try txn.run(query, parameters, options)
                    }
                    while let order = done.waiting.withLock({ $0 }) ?? orders.take() {
                        done.waiting.withLock { $0 = order }
                        switch order {
                        case .commit: return
                        case .rollback: throw RolledBack()
                        case .run(let query, let parameters, let options):
                            let result = Result { try txn.run(query, parameters, options) }
                            if case .failure(let error) = result { throw error }
                            done.orders.withLock { $0.append(order) }
                            done.waiting.withLock { $0 = nil }
                            answers.put(result)
                        }
                    }
                }
                answers.put(.success(QueryResult(columns: [], rows: [])))
            } catch is RolledBack {
                answers.put(.success(QueryResult(columns: [], rows: [])))
            } catch {
                answers.put(.failure(error))
            }
        }
    }

    deinit { if !isOver.withLock({ $0 }) { orders.put(.rollback) } }

    /// Whether it was neither committed nor rolled back, and no query of it failed.
    public var isOpen: Bool { !isOver.withLock { $0 } }

    /// Runs a query, which sees what earlier ones of the transaction did.
    ///
    /// - Throws: `CypherError`, `GraphStoreError`. A query that throws while it runs ends the
    ///   transaction, and nothing of it stays; one whose text is wrong does not.
    public func query(
        _ text: String, parameters: [String: CypherValue] = [:],
        options: QueryOptions = QueryOptions()
    ) throws -> QueryResult {
        try requireOpen()
        let prepared = try PreparedQuery(text, options)
        if case .query = prepared.kind { try prepared.requirePlain() }
        orders.put(.run(prepared, parameters, options))
        do {
            return try answer()
        } catch {
            isOver.withLock { $0 = true }
            throw error
        }
    }

    /// Makes everything that the queries did durable and visible.
    ///
    /// - Throws: `GraphStoreError` when a constraint is broken; then nothing stays.
    public func commit() throws { try end(.commit) }

    /// Undoes everything that the queries did.
    public func rollback() throws { try end(.rollback) }

    private func end(_ order: Order) throws {
        try requireOpen()
        isOver.withLock { $0 = true }
        orders.put(order)
        _ = try answer()
    }

    private func answer() throws -> QueryResult {
        try answers.take()?.get() ?? QueryResult(columns: [], rows: [])
    }

    private func requireOpen() throws {
        guard isOver.withLock({ $0 }) else { return }
        throw CypherError(
            .semanticError, .runtime, CypherError.Detail(rawValue: "TransactionOver"),
            "This transaction has ended. Begin another.")
    }
}

extension GraphDatabase {
    /// Begins a transaction that stays open between queries; it waits for its turn to write.
    public func beginTransaction() -> ExplicitTransaction { ExplicitTransaction(self) }
}
