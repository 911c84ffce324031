@testable import GraphAlgorithms

extension RunOptions {
    /// Options under which even a small graph is cut into many blocks and shared among threads.
    static func eager(threads: Int) -> RunOptions {
        var options = RunOptions(threads: threads)
        options.parallelThreshold = 0
        options.blockSize = 64
        return options
    }

    /// One, two and more threads than there are processors.
    static let threadCounts = [1, 2, 7]
}

/// The error of ours that a body throws; nil when it throws none or another.
func failure<Result>(_ body: () throws -> Result) -> AlgorithmError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? AlgorithmError
    }
}

/// The code of the error that a body throws; nil when it throws none.
func failureCode<Result>(_ body: () throws -> Result) -> AlgorithmError.Code? {
    failure(body)?.code
}
