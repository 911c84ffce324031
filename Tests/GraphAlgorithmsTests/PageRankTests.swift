import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

@Suite struct `Ranking pages` {
    @Test(arguments: [false, true])
    func `agrees with the obvious rounds on any small graph`(isWeighted: Bool) throws {
        for seed in UInt64(0)..<300 {
            let model = EdgeListGraph.random(seed: seed, isWeighted: isWeighted ? true : nil)
            let rounds = 1 + Int(seed % 20)
            let kernel = PageRank(damping: 0.7, iterations: rounds, isWeighted: isWeighted)
            let result = try kernel.run(on: try model.frozen())
            let expected = model.oraclePageRank(
                damping: 0.7, rounds: rounds, isWeighted: isWeighted)
            #expect(result.ranks.count == expected.count)
            for (rank, right) in zip(result.ranks, expected) {
                #expect(abs(rank - right) <= 1e-12, "seed \(seed): \(model)")
            }
            #expect(result.iterations == (model.nodeCount == 0 ? 0 : rounds))
        }
    }

    @Test(arguments: [1e-3, 1e-4, 1e-6, 1e-10])
    func `sums to one and is a fixed point whatever the tolerance`(tolerance: Double) throws {
        for seed in UInt64(0)..<60 {
            let model = EdgeListGraph.random(seed: seed)
            guard model.nodeCount > 0 else { continue }
            let result = try PageRank(tolerance: tolerance, maxIterations: 1000)
                .run(on: try model.frozen())
            #expect(abs(result.ranks.reduce(0, +) - 1) < 1e-12, "seed \(seed)")
            #expect(result.delta < tolerance, "seed \(seed)")
            let exact = model.oraclePageRank(damping: 0.85, rounds: 200, isWeighted: false)
            let distance = zip(result.ranks, exact).reduce(0) { $0 + abs($1.0 - $1.1) }
            // A contraction by 0.85 a round is at most this far from its fixed point.
            #expect(distance <= tolerance * 0.85 / 0.15 + 1e-6, "seed \(seed): \(model)")
        }
    }

    /// networkit loses the rank of isolated nodes; GAP that of nodes without outgoing edges.
    @Test func `keeps the rank of isolated and dangling nodes`() throws {
        let isolated = try EdgeListGraph(nodeCount: 5, isDirected: false, [(0, 1)]).frozen()
        let ranks = try PageRank(tolerance: 1e-12, maxIterations: 1000).run(on: isolated).ranks
        #expect(abs(ranks.reduce(0, +) - 1) < 1e-12)
        #expect(ranks[2] > 0 && ranks[2] == ranks[4])
        let none = try EdgeListGraph(nodeCount: 4, []).frozen()
        #expect(try PageRank().run(on: none).ranks == [0.25, 0.25, 0.25, 0.25])
    }

    @Test(arguments: [1e-4, 1e-9])
    func `gives the same bits on any number of threads`(tolerance: Double) throws {
        let model = EdgeListGraph.hubs(
            seed: 3, nodeCount: 1000, edgeCount: 5000, isDirected: true, isWeighted: true)
        let graph = try model.frozen()
        for isWeighted in [false, true] {
            let kernel = PageRank(tolerance: tolerance, isWeighted: isWeighted)
            let runs = try RunOptions.threadCounts.map {
                try kernel.run(on: graph, options: .eager(threads: $0))
            }
            for run in runs {
                #expect(run.ranks.map(\.bitPattern) == runs[0].ranks.map(\.bitPattern))
                #expect(run.delta.bitPattern == runs[0].delta.bitPattern)
                #expect(run.iterations == runs[0].iterations)
            }
        }
    }

    @Test func `refuses what it cannot rank with`() throws {
        let graph = try EdgeListGraph(nodeCount: 2, [(0, 1)]).frozen(hasIncoming: false)
        #expect(failureCode { try PageRank().run(on: graph) } == .missingIncoming)
        let complete = try EdgeListGraph(nodeCount: 2, [(0, 1)]).frozen()
        #expect(failureCode { try PageRank(damping: 1).run(on: complete) } == .invalidParameter)
        #expect(failureCode { try PageRank(tolerance: -1).run(on: complete) } == .invalidParameter)
        #expect(failureCode { try PageRank(iterations: 0).run(on: complete) } == .invalidParameter)
        #expect(failureCode { try PageRank(isWeighted: true).run(on: complete) } == .missingWeights)
    }
}
