internal import LMDB

/// The one thread of a process that writes, and the queue in front of it.
///
/// All closures that wait are run in one LMDB transaction and made durable by one flush. Each is
/// isolated: it sees those before it, and one that fails is undone alone, from an undo journal,
/// while the others commit. What is acknowledged was committed.
final class Writer: Sendable {
    private struct Queue {
        var requests: [WriteRequest] = []
        var isClosed = false
    }

    /// At most so many closures share a flush.
    private static let maximumGroup = 1_024

    private let queue = Monitor(Queue())
    private let thread: DedicatedThread

    init(_ committer: GroupCommitter, _ durability: Durability) throws {
        let queue = queue
        thread = try DedicatedThread {
            var committer = committer
            while let group = Self.next(queue, durability) { committer.run(group) }
        }
    }

    /// Whether the caller is the writer itself, inside a closure.
    var isCurrentThread: Bool { thread.isCurrent }

    /// Puts a closure into the queue.
    func submit(_ request: WriteRequest) {
        let isRefused = queue.update { queue in
            if !queue.isClosed { queue.requests.append(request) }
            return queue.isClosed
        }
        if isRefused {
            request.finish(
                GraphStoreError(.closed, "The database is closed. Open it again to write."))
        }
    }

    /// Finishes what waits, then ends the thread.
    func close() {
        queue.update { $0.isClosed = true }
        thread.join()
    }

    /// The closures of the next group; nil when the queue is closed and empty.
    private static func next(_ queue: Monitor<Queue>, _ durability: Durability) -> [WriteRequest]? {
        let isEnded = queue.wait { queue -> Bool? in
            if !queue.requests.isEmpty { return false }
            return queue.isClosed ? true : nil
        }
        if isEnded { return nil }
        if case .grouped(let maxDelay) = durability {
            _ = queue.wait(atMost: maxDelay) { queue -> Bool? in
                queue.isClosed || queue.requests.count >= maximumGroup ? true : nil
            }
        }
        return queue.withLock { queue in
            let group = Array(queue.requests.prefix(maximumGroup))
            queue.requests.removeFirst(group.count)
            return group
        }
    }
}
