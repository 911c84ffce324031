/// How a kernel runs: the same for all of them, and without effect on the answer.
public struct RunOptions: Sendable {
    /// How many threads may work; 0 means one for each processor. Answers do not depend on it.
    public var threads: Int
    /// Asked often during a run, from any of its threads; true ends the run with `.cancelled`.
    public var isCancelled: @Sendable () -> Bool
    /// Told now and then how far the run is, from the thread that called it.
    public var progress: (@Sendable (Progress) -> Void)?
    /// Where random choices start; kernels without any ignore it.
    public var seed: UInt64

    /// Below this many arcs a second thread costs more than it gives. Tests lower it.
    var parallelThreshold = 1 << 20
    /// How many arcs and rows one block of work holds. Fixed, for blocks decide how sums round.
    var blockSize = 1 << 16

    /// Makes options; each has a sensible default.
    public init(
        threads: Int = 0, seed: UInt64 = 0, isCancelled: @escaping @Sendable () -> Bool = { false },
        progress: (@Sendable (Progress) -> Void)? = nil
    ) {
        self.threads = threads
        self.seed = seed
        self.isCancelled = isCancelled
        self.progress = progress
    }
}

/// How far a run is.
public struct Progress: Hashable, Sendable {
    /// What is being done, in one or two words.
    public let phase: String
    /// How many steps (rounds, sources, blocks) are done.
    public let completed: Int
    /// How many there will be; nil when nobody knows yet.
    public let total: Int?

    /// Makes a report.
    public init(phase: String, completed: Int, total: Int? = nil) {
        self.phase = phase
        self.completed = completed
        self.total = total
    }
}

extension RunOptions {
    /// Ends the run when the caller asked for it.
    func checkCancellation() throws(AlgorithmError) {
        if isCancelled() { throw Self.cancelled }
    }

    static var cancelled: AlgorithmError {
        AlgorithmError(.cancelled, "The run was cancelled before it ended; there is no result.")
    }

    /// Tells the caller how far the run is.
    func report(_ phase: String, _ completed: Int, of total: Int? = nil) {
        progress?(Progress(phase: phase, completed: completed, total: total))
    }
}

/// Counts work in a serial loop and asks for cancellation about every 65,536 units.
struct CancellationTicker: Sendable {
    private let options: RunOptions
    private var work = 0

    init(_ options: RunOptions) { self.options = options }

    @inline(__always)
    mutating func tick(_ units: Int) throws(AlgorithmError) {
        work &+= units
        if work >= 1 << 16 { try ask() }
    }

    @inline(never)
    private mutating func ask() throws(AlgorithmError) {
        work = 0
        try options.checkCancellation()
    }
}
