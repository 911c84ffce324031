import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Threads that stay awake for a moment after a piece of work, for the next mostly comes soon: a
/// kernel that goes level by level hands out hundreds, and waking a thread each time costs as much
/// as many of them take (measured: 100 µs).
///
/// One caller at a time has the pool; others, and work handed out from within work, are served by
/// Dispatch. A thread that waits offers its processor to others all the while.
final class WorkerPool: Sendable {
    static let shared = WorkerPool()

    private let isTaken = Atomic<Bool>(false)
    private let work = Mutex<(@Sendable (Int) -> Void)?>(nil)
    /// The numbers below this are still to be called.
    private let left = Atomic<Int>(0)
    /// How many calls have not ended.
    private let unfinished = Atomic<Int>(0)
    /// How many threads are awake, or asked for.
    private let helpers = Atomic<Int>(0)
    private let isCallerAsleep = Atomic<Bool>(false)
    private let wake = DispatchSemaphore(value: 0)

    /// How often a thread looks for work, offering its processor to others in between, before it
    /// goes: about 200 µs where nobody takes the offer.
    private static let patience = 600

    /// Calls `body` once with each number below `count`, on several threads, and returns when all
    /// calls have ended.
    func perform(_ count: Int, _ body: @Sendable (Int) -> Void) {
        guard
            isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
        else {
            DispatchQueue.concurrentPerform(iterations: count, execute: body)
            return
        }
        defer { isTaken.store(false, ordering: .releasing) }
        withoutActuallyEscaping(body) { body in
            work.withLock { $0 = body }
            unfinished.store(count, ordering: .relaxed)
            // Releasing: whoever takes a number sees the work and the count.
            left.store(count, ordering: .releasing)
            askForHelp(count - 1)
            while takeOne() {}
            waitForOthers()
            work.withLock { $0 = nil }
        }
    }

    private func askForHelp(_ count: Int) {
        while true {
            let awake = helpers.load(ordering: .relaxed)
            guard awake < count else { return }
            guard
                helpers.compareExchange(
                    expected: awake, desired: awake + 1, ordering: .relaxed
                ).exchanged
            else { continue }
            DispatchQueue.global().async { self.help() }
        }
    }

    /// A thread's stay in the pool.
    private func help() {
        var looks = 0
        while looks < Self.patience {
            if takeOne() {
                looks = 0
            } else {
                looks += 1
                sched_yield()
            }
        }
        helpers.wrappingSubtract(1, ordering: .relaxed)
    }

    /// Takes the next number and calls the work with it; false when none is left.
    ///
    /// Whoever has taken a number has the work of just that number: it cannot end, nor can other
    /// work begin, before the call has ended.
    private func takeOne() -> Bool {
        var known = left.load(ordering: .relaxed)
        while known > 0 {
            let (isMine, now) = left.weakCompareExchange(
                expected: known, desired: known - 1, ordering: .acquiring)
            if isMine {
                call(known - 1)
                finishOne()
                return true
            }
            known = now
        }
        return false
    }

    /// Apart, so that no reference to the work outlives the call.
    @inline(never)
    private func call(_ number: Int) {
        let body = work.withLock { $0 }
        body?(number)
    }

    private func finishOne() {
        // Sequentially consistent, as in `waitForOthers`: either the caller sees that all calls have
        // ended, or the last one sees that the caller sleeps. It also publishes what was written.
        guard unfinished.wrappingSubtract(1, ordering: .sequentiallyConsistent).newValue == 0,
            isCallerAsleep.exchange(false, ordering: .sequentiallyConsistent)
        else { return }
        wake.signal()
    }

    private func waitForOthers() {
        for _ in 0..<Self.patience {
            if unfinished.load(ordering: .sequentiallyConsistent) == 0 { return }
            sched_yield()
        }
        while true {
            isCallerAsleep.store(true, ordering: .sequentiallyConsistent)
            if unfinished.load(ordering: .sequentiallyConsistent) == 0,
                isCallerAsleep.exchange(false, ordering: .sequentiallyConsistent)
            {
                return
            }
            // Whoever took the flag away signals: the last call, or, very late, that of the work
            // before.
            wake.wait()
            if unfinished.load(ordering: .sequentiallyConsistent) == 0 { return }
        }
    }
}
