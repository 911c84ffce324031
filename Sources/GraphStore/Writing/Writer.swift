internal import LMDB
internal import Synchronization

/// Lets the closures of a process write, one after another, and the queue in front of them.
///
/// All closures that wait are run in one LMDB transaction and made durable by one flush. Each is
/// isolated: it sees those before it, and one that fails is undone alone, from an undo journal,
/// while the others commit. What is acknowledged was committed.
///
/// LMDB binds a write transaction to its thread, so one thread at a time has the *turn*. A caller
/// that finds nobody writing and nobody waiting takes it and runs its closure itself: no thread
/// need be woken, neither for the work nor for the answer. All others queue up for the writer's own
/// thread, which takes everything that waits at once.
final class Writer: Sendable {
    /// The writer's own thread, which is started when the first closure queues up: a program that
    /// only reads, or writes from one thread, does without.
    private enum Queueing: Sendable {
        case notYet
        case by(DedicatedThread)
        case closed
    }

    private let turns: WriterTurns
    private let queueing = Monitor(Queueing.notYet)

    init(_ committer: GroupCommitter, _ durability: Durability) {
        turns = WriterTurns(committer, durability)
    }

    /// Whether the caller is inside a closure of this writer.
    var isCurrentThread: Bool { turns.isCurrentThread }

    /// Puts a closure into the queue.
    func submit(_ request: WriteRequest) {
        do {
            try startThread()
        } catch {
            return request.finish(GraphStoreError(error))
        }
        turns.enqueue(request)
    }

    private func startThread() throws(LMDBError) {
        let turns = turns
        try queueing.withLock { queueing throws(LMDBError) in
            guard case .notYet = queueing else { return }
            queueing = .by(try DedicatedThread { turns.run() })
        }
    }

    /// Runs a closure on the calling thread when nobody writes or waits; else queues it.
    func perform(_ request: WriteRequest) {
        if !turns.runHere(request) { submit(request) }
    }

    /// Finishes what waits, then ends the thread.
    func close() {
        // Closures that come from now on are refused, and no thread is started for them.
        turns.close()
        let last = queueing.withLock { queueing in
            defer { queueing = .closed }
            return queueing
        }
        if case .by(let thread) = last { thread.join() }
    }
}

/// Whose turn it is to write, and who waits.
private final class WriterTurns: Sendable {
    private let queue = Monitor(WriteQueue())
    private let committer: Mutex<GroupCommitter>
    /// The thread that has the turn; 0 when none has.
    private let holder = Atomic<UInt>(0)
    private let durability: Durability

    init(_ committer: GroupCommitter, _ durability: Durability) {
        var committer = committer
        committer.willAnswer = { [queue] in queue.withLock { $0.noteClients() } }
        self.committer = Mutex(committer)
        self.durability = durability
    }

    // Only the caller itself can have stored its own number.
    var isCurrentThread: Bool { holder.load(ordering: .relaxed) == ThreadIdentity.current }

    func enqueue(_ request: WriteRequest) {
        let (isRefused, isAwaited) = queue.withLock { queue in
            if queue.isClosed { return (true, false) }
            queue.add(request)
            return (false, queue.isAwaited)
        }
        // Waking the thread earlier would only take the time of those who still come.
        if isAwaited { queue.notify() }
        if isRefused {
            request.finish(
                GraphStoreError(.closed, "The database is closed. Open it again to write."))
        }
    }

    /// Takes the turn and runs one closure; false when somebody writes or waits.
    func runHere(_ request: WriteRequest) -> Bool {
        // Whoever gathers wants company.
        if case .grouped = durability { return false }
        let isTaken = queue.withLock { queue in
            guard !queue.isClosed, !queue.isTaken, queue.isEmpty else { return false }
            queue.take()
            return true
        }
        guard isTaken else { return false }
        commit([request])
        let isAwaited = queue.withLock { queue in
            queue.isTaken = false
            return !queue.isEmpty || queue.isClosed
        }
        if isAwaited { queue.notify() }
        return true
    }

    func close() {
        queue.update { $0.isClosed = true }
    }

    // MARK: The writer's thread

    func run() {
        var gathering = Gathering(durability)
        while takeTurn() {
            gathering.wait(for: queue)
            let group = queue.withLock { $0.next() }
            let flush = commit(group)
            gathering.note(flush: flush)
            queue.withLock { $0.isTaken = false }
        }
    }

    /// Waits until somebody waits and nobody writes; false when the queue is closed and empty.
    private func takeTurn() -> Bool {
        queue.wait { queue -> Bool? in
            if queue.isTaken { return nil }
            if queue.isEmpty { return queue.isClosed ? false : nil }
            queue.isTaken = true
            return true
        }
    }

    /// Runs closures with the turn; returns how long the last flush took, in nanoseconds.
    @discardableResult
    private func commit(_ group: [WriteRequest]) -> UInt64 {
        holder.store(ThreadIdentity.current, ordering: .relaxed)
        let (heavy, flush) = committer.withLock { ($0.run(group), $0.lastFlushNanoseconds) }
        holder.store(0, ordering: .relaxed)
        if !heavy.isEmpty { queue.withLock { $0.addHeavy(heavy) } }
        return flush
    }
}

/// Who waits for the turn to write.
struct WriteQueue: Sendable {
    /// At most so many closures share a flush.
    static let maximumGroup = 1_024

    private var small: [WriteRequest] = []
    private var heavy: [WriteRequest] = []
    private var isHeavyNext = false
    /// How many closures have the turn.
    private var running = 0
    /// How many clients there were when the last group was about to be answered: those it answered
    /// and those that waited.
    private(set) var clients = 0
    /// Whether somebody runs closures.
    var isTaken = false
    var isClosed = false
    /// While the writer's thread gathers: how many it waits for.
    var gathered: Int?

    var isEmpty: Bool { small.isEmpty && heavy.isEmpty }
    var smallCount: Int { small.count }

    /// Whether the thread that waits should look now.
    var isAwaited: Bool {
        if let gathered { return small.count >= gathered || !heavy.isEmpty || isClosed }
        return !isTaken
    }

    mutating func add(_ request: WriteRequest) {
        if request.isHeavy { heavy.append(request) } else { small.append(request) }
    }

    /// Gives the turn to the one closure of a caller.
    mutating func take() {
        isTaken = true
        running = 1
    }

    /// Called before anybody is answered, and comes back.
    mutating func noteClients() {
        clients = min(running + small.count, Self.maximumGroup)
    }

    /// Puts closures that proved heavy where the heavy ones wait.
    mutating func addHeavy(_ requests: [WriteRequest]) { heavy.append(contentsOf: requests) }

    /// The closures of the next turn: all small ones, or one heavy one.
    ///
    /// The two take turns, so that a small one waits for at most one heavy one that has begun, and a
    /// heavy one for at most one group of small ones.
    mutating func next() -> [WriteRequest] {
        let group = takeNext()
        running = group.count
        return group
    }

    private mutating func takeNext() -> [WriteRequest] {
        if !heavy.isEmpty, isHeavyNext || small.isEmpty {
            isHeavyNext = false
            return [heavy.removeFirst()]
        }
        isHeavyNext = true
        if small.count <= Self.maximumGroup {
            defer { small.removeAll(keepingCapacity: true) }
            return small
        }
        let group = Array(small.prefix(Self.maximumGroup))
        small.removeFirst(group.count)
        return group
    }
}
