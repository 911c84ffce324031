public import GraphStore
internal import PropertyGraph
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
    /// A text by its bytes: one that is composed otherwise is another literal.
    private struct Text: Hashable {
        let text: String

        static func == (left: Text, right: Text) -> Bool {
            UTF8Order.equal(left.text, right.text)
        }

        func hash(into hasher: inout Hasher) { text.hash(into: &hasher) }
    }

    private struct Cache {
        var queries: [Text: PreparedQuery] = [:]
        /// The texts in the order they came in, for leaving out the oldest.
        var order: [Text] = []
        var next = 0
        /// Some that were asked for lately, which are found without their hash.
        var recents: [(text: Text, query: PreparedQuery)] = []
        var nextRecent = 0
        static let mostRecents = 8

        mutating func query(_ text: Text) -> PreparedQuery? {
            for recent in recents where recent.text == text { return recent.query }
            guard let query = queries[text] else { return nil }
            if recents.count < Self.mostRecents {
                recents.append((text, query))
            } else {
                recents[nextRecent] = (text, query)
                nextRecent = (nextRecent + 1) % Self.mostRecents
            }
            return query
        }

        mutating func keep(_ query: PreparedQuery, _ text: Text, atMost most: Int) {
            guard queries.updateValue(query, forKey: text) == nil else { return }
            if order.count < most { return order.append(text) }
            queries[order[next]] = nil
            order[next] = text
            next = (next + 1) % most
        }
    }

    private struct State {
        /// Few at a time, in no order.
        var runs: [(id: UInt64, run: QuerySetting)] = []
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
        let text = Text(text: Self.normalised(query))
        if let known = cache.withLock({ $0.query(text) }) { return known }
        let prepared = try PreparedQuery(query, options)
        cache.withLock { $0.keep(prepared, text, atMost: Self.cacheSize) }
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

    func begin(_ run: QuerySetting) {
        state.withLock { state in
            state.lastID += 1
            state.runs.append((state.lastID, run))
        }
    }

    func end(_ run: QuerySetting) {
        let told = state.withLock { state -> (SlowQuery, @Sendable (SlowQuery) -> Void)? in
            if let place = state.runs.firstIndex(where: { $0.run === run }) {
                state.runs.swapAt(place, state.runs.count - 1)
                state.runs.removeLast()
            }
            // The clock is asked only where somebody wants to know.
            guard let threshold = state.threshold else { return nil }
            let elapsed = ContinuousClock.now - run.start
            guard elapsed >= threshold else { return nil }
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
                RunningQuery(
                    id: $0.id, text: $0.run.text, elapsed: ContinuousClock.now - $0.run.start)
            }
        }
    }

    func stop(_ id: UInt64) -> Bool {
        guard let run = state.withLock({ $0.runs.first { $0.id == id }?.run }) else {
            return false
        }
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
