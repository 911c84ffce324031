internal import LMDB

/// Decides how long the writer waits for company before it begins a group.
///
/// Clients that were just answered mostly come back at once. Beginning with those who happened to
/// wait would halve the groups: one half would always wait for the flush of the other. So a group
/// is held back until all clients of the last one wait, for at most a quarter of the time of a flush;
/// where they do not come back, less and less often.
struct Gathering {
    private let maxDelay: Duration?
    /// How long the last flush took, in nanoseconds.
    private var flush: UInt64 = 0
    /// Groups to begin at once before gathering is tried again, and how many times it failed.
    private var skips = 0
    private var misses = 0

    /// However slow the disk is, a group is not held back for longer.
    private static let longest: UInt64 = 2_000_000

    init(_ durability: Durability) {
        if case .grouped(let maxDelay) = durability {
            self.maxDelay = maxDelay
        } else {
            maxDelay = nil
        }
    }

    mutating func note(flush: UInt64) { self.flush = flush }

    /// Waits for company; the caller has the turn, so that nobody else takes it.
    mutating func wait(for queue: Monitor<WriteQueue>) {
        let expected = queue.withLock { $0.clients }
        let isAlone = expected < 2
        if let maxDelay {
            // One that was alone so far waits for whoever comes.
            _ = wait(for: queue, isAlone ? WriteQueue.maximumGroup : expected, atMost: maxDelay)
            return
        }
        guard !isAlone else { return }
        if skips > 0 {
            skips -= 1
            return
        }
        let limit = Duration.nanoseconds(Int64(min(flush / 4, Self.longest)))
        if wait(for: queue, expected, atMost: limit) {
            misses = 0
        } else {
            misses = min(misses + 1, 6)
            skips = 1 << misses
        }
    }

    /// Whether so many small closures wait before the time is over.
    private func wait(for queue: Monitor<WriteQueue>, _ count: Int, atMost limit: Duration) -> Bool
    {
        queue.withLock { $0.gathered = count }
        let isComplete = queue.wait(atMost: limit) { queue -> Bool? in
            if queue.smallCount >= count { return true }
            return queue.isAwaited ? false : nil
        }
        queue.withLock { $0.gathered = nil }
        return isComplete ?? false
    }
}
