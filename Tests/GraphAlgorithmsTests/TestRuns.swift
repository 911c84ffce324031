import PropertyGraph

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

/// The algorithms that say something of every node or edge; `KernelRun` has the others.
let namesOfNodeKernels = AlgorithmCatalog.all
    .filter { [.centrality, .community, .cohesion, .components].contains($0.family) }
    .map(\.name)

/// Parameters with which an algorithm runs on any graph of 3,000 nodes whose ids are its indexes.
func parametersToTry(_ algorithm: AlgorithmDescriptor) -> [String: String] {
    let names = Set(algorithm.parameters.map(\.name))
    if names.contains("community") { return groups }
    if names.contains("pairs") { return ["pairs": "1:2,2:2999,3:2900,4:2800"] }
    if algorithm.family == .paths, names.contains("sources") { return ["sources": "1,2,3"] }
    if names.contains("terminals") { return ["terminals": "1,2,2900"] }
    if names.contains("source"), names.contains("target") {
        return ["source": "1", "target": "2900"]
    }
    if names.contains("sample") { return ["sample": "70"] }
    return [:]
}

/// Names the column of `grouped`.
let groups = ["community": "group"]

extension CSRGraph {
    /// The graph with a group for each node.
    var grouped: CSRGraph {
        with(nodeColumns: ["group": CSRColumn(integers: (0..<nodeCount).map { Int64($0 % 7) })])
    }
}
