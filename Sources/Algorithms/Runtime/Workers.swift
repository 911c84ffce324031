import PropertyGraph
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Hands out the numbers below `count`, each once, to whichever thread asks next.
final class TaskDispenser: Sendable {
    // Relaxed suffices: the counter only hands out numbers; what the threads wrote is published by
    // the end of the loop that they all work in.
    private let next = Atomic<Int>(0)
    private let count: Int
    private let options: RunOptions

    init(count: Int, options: RunOptions) {
        self.count = count
        self.options = options
    }

    /// The next number; nil when there is none left.
    ///
    /// - Throws: `.cancelled`.
    func take() throws(AlgorithmError) -> Int? {
        try options.checkCancellation()
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
        return number < count ? number : nil
    }
}

extension RunOptions {
    /// How many threads a piece of work is worth.
    ///
    /// - Parameters:
    ///   - work: In arcs looked at, or what costs as much.
    ///   - tasks: Into how many parts it can be cut.
    func workerCount(work: Int, tasks: Int) -> Int {
        guard work >= parallelThreshold else { return 1 }
        return max(1, min(threadCount, tasks))
    }

    /// How many threads may work.
    var threadCount: Int { threads <= 0 ? Self.processorCount : min(threads, 1024) }

    /// Asked once: the system opens a file to answer.
    private static let processorCount = max(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1)

    /// Calls `body` on several threads at once and returns what each gave, in their order.
    ///
    /// Every body has ended when this returns; of several errors the first worker's is thrown.
    func onWorkers<Result: Sendable>(
        _ count: Int, _ body: @Sendable (Int) throws(AlgorithmError) -> Result
    ) throws(AlgorithmError) -> [Result] {
        guard count > 1 else { return [try body(0)] }
        let outcomes = Mutex<[Swift.Result<Result, AlgorithmError>?]>(
            [Swift.Result<Result, AlgorithmError>?](repeating: nil, count: count))
        WorkerPool.shared.perform(count) { worker in
            let outcome: Swift.Result<Result, AlgorithmError>
            do throws(AlgorithmError) {
                outcome = .success(try body(worker))
            } catch {
                outcome = .failure(error)
            }
            outcomes.withLock { $0[worker] = outcome }
        }
        var results: [Result] = []
        for outcome in outcomes.withLock({ $0 }) {
            if let outcome { results.append(try outcome.get()) }
        }
        return results
    }

    /// Calls `body` for each number below `count`, on as many threads as asked, and returns what
    /// it gave, in the order of the numbers.
    func mapTasks<Result: Sendable>(
        _ count: Int, workers: Int, _ body: @Sendable (Int) throws(AlgorithmError) -> Result
    ) throws(AlgorithmError) -> [Result] {
        if workers <= 1 || count <= 1 {
            var results: [Result] = []
            for task in 0..<count {
                try checkCancellation()
                results.append(try body(task))
            }
            return results
        }
        let dispenser = TaskDispenser(count: count, options: self)
        let parts = try onWorkers(min(workers, count)) {
            _ throws(AlgorithmError) -> [(Int, Result)] in
            var part: [(Int, Result)] = []
            while let task = try dispenser.take() { part.append((task, try body(task))) }
            return part
        }
        return parts.flatMap(\.self).sorted { $0.0 < $1.0 }.map(\.1)
    }
}

extension RunOptions {
    /// How searches that do not depend on one another are shared out: on several threads when
    /// there are several, each search then alone on its thread.
    ///
    /// - Parameter arcsPerUnit: How many arcs a search follows in the time of a unit of work.
    func sharing(
        _ count: Int, over graph: CSRGraph, arcsPerUnit: Int = 1
    ) -> (inner: RunOptions, workers: Int) {
        let size = (graph.outgoing.arcCount + graph.nodeCount) / arcsPerUnit
        let work = size.multipliedReportingOverflow(by: count)
        let workers =
            count > 1
            ? workerCount(work: work.overflow ? .max : work.partialValue, tasks: count) : 1
        guard workers > 1 else { return (self, 1) }
        var inner = self
        inner.threads = 1
        inner.progress = nil
        return (inner, workers)
    }

    /// As `mapTasks`, with memory that each thread makes for itself and uses for all its tasks.
    func mapTasks<Scratch: ~Copyable, Result: Sendable>(
        _ count: Int, workers: Int, scratch: @Sendable () -> Scratch,
        _ body: @Sendable (inout Scratch, Int) throws(AlgorithmError) -> Result
    ) throws(AlgorithmError) -> [Result] {
        guard count > 0 else { return [] }
        let dispenser = TaskDispenser(count: count, options: self)
        let parts = try onWorkers(max(min(workers, count), 1)) {
            _ throws(AlgorithmError) -> [(Int, Result)] in
            var memory = scratch()
            var part: [(Int, Result)] = []
            while let task = try dispenser.take() { part.append((task, try body(&memory, task))) }
            return part
        }
        return parts.flatMap(\.self).sorted { $0.0 < $1.0 }.map(\.1)
    }
}

/// Stretches of about equal count that cover the numbers below `count`.
func stretches(_ count: Int, of size: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: max(size, 1)).map { $0..<min($0 + max(size, 1), count) }
}
