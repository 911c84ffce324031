internal import LMDB

extension GraphDatabase {
    /// The number of the newest transaction.
    public func position() throws -> UInt64 { try read { try $0.position() } }

    /// Runs `body` on a snapshot that contains a position, waiting until there is one.
    ///
    /// A process that was told the position of its own write by another can so read what it wrote.
    ///
    /// - Throws: `.positionTimeout` when the position has not come in time; as `read`.
    public func read<R>(
        atLeast position: UInt64, timeout: Duration = .seconds(5),
        _ body: (borrowing ReadTransaction) throws -> R
    ) throws -> R {
        let deadline = ContinuousClock.now + timeout
        var pause = Duration.microseconds(200)
        while true {
            let (isThere, newest, result) = try read { transaction -> (Bool, UInt64, R?) in
                let newest = try transaction.position()
                guard newest >= position else { return (false, newest, nil) }
                return (true, newest, try body(transaction))
            }
            if isThere, let result { return result }
            guard ContinuousClock.now < deadline else { throw late(position, newest) }
            BlockingPause.pause(for: pause)
            pause = min(pause * 2, .milliseconds(10))
        }
    }

    /// As the synchronous `read(atLeast:)`, suspending instead of blocking.
    public func read<R: Sendable>(
        atLeast position: UInt64, timeout: Duration = .seconds(5),
        _ body: @escaping @Sendable (borrowing ReadTransaction) throws -> R
    ) async throws -> R {
        let deadline = ContinuousClock.now + timeout
        var pause = Duration.milliseconds(1)
        while true {
            let (newest, result) = try await read { transaction -> (UInt64, R?) in
                let newest = try transaction.position()
                return (newest, newest >= position ? try body(transaction) : nil)
            }
            if let result { return result }
            guard ContinuousClock.now < deadline else { throw late(position, newest) }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(20))
        }
    }

    private func late(_ position: UInt64, _ newest: UInt64) -> GraphStoreError {
        GraphStoreError(
            .positionTimeout,
            "Position \(position) has not come; the newest is \(newest). Its writer may still be "
                + "at work: wait longer, or read without it.")
    }

    /// Returns what later transactions changed, as they come, in this process and in others.
    ///
    /// It ends when the task is cancelled, and never blocks a thread while it waits. Positions are
    /// gapless and durable.
    ///
    /// ```swift
    /// for try await set in db.follow(after: try db.position()) { print(set.changes) }
    /// ```
    ///
    /// - Parameters:
    ///   - position: The last one already known; 0 to begin with the first.
    ///   - token: The token of that position, to be sure that it is of this history; nil trusts it.
    ///   - interval: How long to wait between looks where nothing has come.
    public func follow(
        after position: UInt64, token: UInt64? = nil, every interval: Duration = .milliseconds(50)
    ) -> ChangeFeed {
        ChangeFeed(database: self, position: position, token: token, interval: interval)
    }
}

/// The transactions behind a position, as they come; made by `GraphDatabase.follow`.
public struct ChangeFeed: AsyncSequence, Sendable {
    /// What one transaction did.
    public typealias Element = ChangeSet

    let database: GraphDatabase
    let position: UInt64
    let token: UInt64?
    let interval: Duration

    /// Begins at the position.
    public func makeAsyncIterator() -> Iterator { Iterator(feed: self) }

    /// A place in the feed.
    public struct Iterator: AsyncIteratorProtocol {
        private let feed: ChangeFeed
        private var next: UInt64
        private var token: UInt64?
        private var waiting: ArraySlice<ChangeSet> = []

        init(feed: ChangeFeed) {
            self.feed = feed
            next = feed.position + 1
            token = feed.token
        }

        /// The next transaction; nil when the task is cancelled.
        ///
        /// - Throws: As `GraphReading.changes(after:token:limit:)`.
        public mutating func next() async throws -> ChangeSet? {
            while waiting.isEmpty {
                if Task.isCancelled { return nil }
                let (after, token) = (next - 1, token)
                let sets = try await feed.database.read { transaction in
                    try transaction.changes(after: after, token: token, limit: 256)
                }
                waiting = sets[...]
                if sets.isEmpty {
                    do { try await Task.sleep(for: feed.interval) } catch { return nil }
                }
            }
            let set = waiting.removeFirst()
            next = set.position + 1
            token = set.token
            return set
        }
    }
}
