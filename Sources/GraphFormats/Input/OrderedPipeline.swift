import Dispatch
import Synchronization

/// Blocks go out to worker threads and come back in the order they were read.
///
/// The calling thread reads and delivers, so neither step needs a lock; at most
/// `2 × threads` blocks are in memory. With one thread everything runs on the caller.
///
/// ```
/// next ─► block 7 ──► worker 1 ─┐
///         block 6 ──► worker 0 ─┤ (waits for its turn)
///         block 5 ──► worker 1 ─┴─► deliver
/// ```
enum OrderedPipeline {
    private final class Slot<Output: Sendable>: Sendable {
        let result = Mutex<Output?>(nil)
        let isDone = DispatchSemaphore(value: 0)
    }

    /// Runs blocks through `work`, delivering results in the order of reading.
    ///
    /// When reading fails, blocks read before are delivered first, so that the first error in the
    /// file wins. No work is left running when it returns or throws.
    static func run<Input: Sendable, Output: Sendable>(
        threads: Int, next: () throws -> Input?, work: @escaping @Sendable (Input) -> Output,
        deliver: (Output) throws -> Void
    ) throws {
        guard threads > 1 else {
            while let input = try next() { try deliver(work(input)) }
            return
        }
        let queues = (0..<threads).map { DispatchQueue(label: "cairn.formats.\($0)") }
        var pending: [Slot<Output>] = []
        var oldest = 0
        var submitted = 0
        defer { while oldest < pending.count { pending[oldest].isDone.wait(); oldest += 1 } }

        func deliverOldest() throws {
            let slot = pending[oldest]
            oldest += 1
            slot.isDone.wait()
            if oldest > 64 {
                pending.removeFirst(oldest)
                oldest = 0
            }
            if let output = slot.result.withLock({ $0.take() }) { try deliver(output) }
        }

        var failure: (any Error)?
        while true {
            let input: Input?
            do { input = try next() } catch {
                failure = error
                break
            }
            guard let input else { break }
            let slot = Slot<Output>()
            pending.append(slot)
            queues[submitted % threads].async {
                let output = work(input)
                slot.result.withLock { $0 = output }
                slot.isDone.signal()
            }
            submitted += 1
            if pending.count - oldest >= 2 * threads { try deliverOldest() }
        }
        while oldest < pending.count { try deliverOldest() }
        if let failure { throw failure }
    }
}
