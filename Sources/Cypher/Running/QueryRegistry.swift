public import GraphStore
internal import Synchronization

/// A query that is running.
public struct RunningQuery: Sendable {
    /// Its number, by which it can be stopped.
    public let id: UInt64
    /// Its text.
    public let text: String
    /// How long it has run.
    public let elapsed: Duration
}

/// A query that took long.
public struct SlowQuery: Sendable {
    /// Its text.
    public let text: String
    /// How long it ran.
    public let elapsed: Duration
}

/// What the queries of one database share: parsed texts with their plans, and what runs.
final class QueryRegistry: Sendable {
    /// One run.
    final class Run: Sendable {
        let id: UInt64
        let text: String
        let start = ContinuousClock.now
        private let stopped = Atomic(false)

        init(id: UInt64, text: String) {
            self.id = id
            self.text = text
        }

        var isStopped: Bool { stopped.load(ordering: .relaxed) }

        func stop() { stopped.store(true, ordering: .relaxed) }
    }

    private struct Cache {
        var queries: [String: PreparedQuery] = [:]
        /// The texts in the order they came in, for leaving out the oldest.
        var order: [String] = []
        var next = 0
    }

    private struct State {
        /// Few at a time, in no order.
        var runs: [Run] = []
        var lastID: UInt64 = 0
        var slow: [SlowQuery] = []
        var threshold: Duration?
        var handler: (@Sendable (SlowQuery) -> Void)?
    }

    /// Rows and columns that queries search.
    let derived = DerivedGraphs()
    private let cache = Mutex(Cache())
    private let state = Mutex(State())
    /// How many texts are kept, and how long the longest of them is, in bytes.
    private static let cacheSize = 1_000
    private static let longestText = 64 << 10
    private static let slowCount = 100

    // MARK: The plan cache

    /// The query of a text, parsed before if it was asked before.
    func prepared(_ query: String, _ options: QueryOptions) throws -> PreparedQuery {
        guard !options.isNaive, options.procedures.isStandard,
            query.utf8.count <= Self.longestText
        else { return try PreparedQuery(query, options) }
        let key = Self.normalised(query)
        if let known = cache.withLock({ $0.queries[key] }) { return known }
        let prepared = try PreparedQuery(query, options)
        cache.withLock { cache in
            guard cache.queries.updateValue(prepared, forKey: key) == nil else { return }
            if cache.order.count < Self.cacheSize { return cache.order.append(key) }
            cache.queries[cache.order[cache.next]] = nil
            cache.order[cache.next] = key
            cache.next = (cache.next + 1) % Self.cacheSize
        }
        return prepared
    }

    /// The text without the blanks and the semicolon at its end. What stands inside is kept, for columns
    /// are named by it.
    private static func normalised(_ query: String) -> String {
        let semicolon = UInt8(ascii: ";")
        let bytes = query.utf8
        // Blanks before would move the places that errors name, so only those behind are cut.
        guard let last = bytes.last, last <= 0x20 || last == semicolon else { return query }
        var rest = query[...]
        while let last = rest.utf8.last, last <= 0x20 { rest = Substring(rest.utf8.dropLast()) }
        guard rest.utf8.last == semicolon else { return String(rest) }
        rest = Substring(rest.utf8.dropLast())
        while let last = rest.utf8.last, last <= 0x20 { rest = Substring(rest.utf8.dropLast()) }
        return String(rest)
    }

    // MARK: What runs

    func begin(_ text: String) -> Run {
        state.withLock { state in
            state.lastID += 1
            let run = Run(id: state.lastID, text: text)
            state.runs.append(run)
            return run
        }
    }

    func end(_ run: Run) {
        let elapsed = ContinuousClock.now - run.start
        let told = state.withLock { state -> (SlowQuery, @Sendable (SlowQuery) -> Void)? in
            if let place = state.runs.firstIndex(where: { $0 === run }) {
                state.runs.swapAt(place, state.runs.count - 1)
                state.runs.removeLast()
            }
            guard let threshold = state.threshold, elapsed >= threshold else { return nil }
            let slow = SlowQuery(text: run.text, elapsed: elapsed)
            if state.slow.count == Self.slowCount { state.slow.removeFirst() }
            state.slow.append(slow)
            return state.handler.map { (slow, $0) }
        }
        if let (slow, handler) = told { handler(slow) }
    }

    var running: [RunningQuery] {
        state.withLock { state in
            state.runs.sorted { $0.id < $1.id }.map {
                RunningQuery(id: $0.id, text: $0.text, elapsed: ContinuousClock.now - $0.start)
            }
        }
    }

    func stop(_ id: UInt64) -> Bool {
        guard let run = state.withLock({ $0.runs.first { $0.id == id } }) else { return false }
        run.stop()
        return true
    }

    var slow: [SlowQuery] { state.withLock { $0.slow } }

    func logSlow(_ threshold: Duration?, _ handler: (@Sendable (SlowQuery) -> Void)?) {
        state.withLock { state in
            state.threshold = threshold
            state.handler = handler
        }
    }
}

extension GraphDatabase {
    var queries: QueryRegistry { companion { QueryRegistry() } }

    /// The queries that run now, the oldest first.
    public var runningQueries: [RunningQuery] { queries.running }

    /// Stops a running query, which then throws `QueryCancelled` and leaves nothing behind.
    ///
    /// - Returns: Whether it was still running.
    @discardableResult
    public func stopQuery(_ id: UInt64) -> Bool { queries.stop(id) }

    /// The last hundred queries that took as long as `logSlowQueries` says, the oldest first.
    public var slowQueries: [SlowQuery] { queries.slow }

    /// Keeps queries that take at least so long, and tells of each; nil keeps none.
    ///
    /// - Parameter handler: Called on the thread of the query, when it has ended.
    public func logSlowQueries(
        atLeast threshold: Duration?, handler: (@Sendable (SlowQuery) -> Void)? = nil
    ) {
        queries.logSlow(threshold, handler)
    }
}
