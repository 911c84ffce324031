import PropertyGraph
import Synchronization
import TestSupport
import Testing

@testable import GraphAlgorithms

@Suite struct `Cancelling a run` {
    /// Answers "no" a number of times and then "yes".
    private final class Patience: Sendable {
        private let left: Atomic<Int>
        init(_ count: Int) { left = Atomic(count) }
        func isExhausted() -> Bool { left.wrappingSubtract(1, ordering: .relaxed).oldValue <= 0 }
    }

    @Test(arguments: namesOfNodeKernels + ["bfs", "sssp", "shortest-path", "stats"], [1, 2, 7])
    func `ends every kernel with an error of its own`(name: String, threads: Int) throws {
        let graph = try EdgeListGraph.hubs(
            seed: 1, nodeCount: 3000, edgeCount: 100_000, isDirected: false, isWeighted: true
        ).frozen().grouped
        let algorithm = try AlgorithmCatalog.descriptor(named: name)
        let parameters = parametersToTry(algorithm)
        var options = RunOptions.eager(threads: threads)
        for count in [0, 1] {
            let patience = Patience(count)
            options.isCancelled = { patience.isExhausted() }
            let code = failureCode {
                try algorithm.run(on: graph, parameters: parameters, options: options)
            }
            #expect(code == .cancelled, "after \(count) questions")
        }
    }

    @Test(arguments: ["louvain", "leiden"], [1, 2, 7])
    func `ends each phase of a search for communities`(name: String, threads: Int) throws {
        let graph = try EdgeListGraph.hubs(
            seed: 1, nodeCount: 3000, edgeCount: 20_000, isDirected: false, isWeighted: true
        ).frozen()
        let algorithm = try AlgorithmCatalog.descriptor(named: name)
        var options = RunOptions.eager(threads: threads)
        for count in [3, 30, 100, 300, 600] {
            let patience = Patience(count)
            options.isCancelled = { patience.isExhausted() }
            let code = failureCode { try algorithm.run(on: graph, options: options) }
            #expect(code == .cancelled, "after \(count) questions")
        }
    }

    @Test func `ends a long sort`() throws {
        let graph = try EdgeListGraph(
            nodeCount: 70_000, edges: (0..<69_999).map { .init($0, $0 + 1) }
        ).frozen()
        let options = RunOptions(isCancelled: { true })
        #expect(
            failureCode { try TopologicalSort().run(on: graph, options: options) } == .cancelled)
    }

    @Test func `reports progress in order`() throws {
        let graph = try EdgeListGraph(nodeCount: 3, [(0, 1), (1, 2)]).frozen()
        let seen = Mutex<[Progress]>([])
        let options = RunOptions(progress: { report in seen.withLock { $0.append(report) } })
        _ = try PageRank(iterations: 4).run(on: graph, options: options)
        let expected = (1...4).map { Progress(phase: "rounds", completed: $0, total: 4) }
        #expect(seen.withLock { $0 } == expected)
    }
}
