import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

/// To a tolerance ranks are solved for, not walked to; enough synchronous rounds are the oracle.
@Suite struct `Solving for ranks` {
    @Test(arguments: [false, true])
    func `gives what synchronous rounds approach`(isDirected: Bool) throws {
        for seed in UInt64(0)..<300 {
            let model = EdgeListGraph.random(seed: seed, isDirected: isDirected)
            guard model.nodeCount > 0 else { continue }
            let graph = try model.frozen()
            var kernel = PageRank(
                damping: 0.5 + Double(seed % 5) / 10, tolerance: 1e-11, maxIterations: 10_000,
                isWeighted: model.isWeighted && seed % 2 == 0,
                mode: seed % 3 == 0 ? .gap : .standard)
            if seed % 4 == 1 { kernel.restart = [UInt32(model.nodeCount / 2)] }
            var rounds = kernel
            rounds.iterations = 400
            let exact = try rounds.run(on: graph).ranks
            for tolerance in [1e-3, 1e-5, 1e-11] {
                kernel.tolerance = tolerance
                let found = try kernel.run(on: graph)
                let distance = zip(found.ranks, exact).reduce(0) { $0 + abs($1.0 - $1.1) }
                // A contraction by the damping is at most this far from its fixed point; floats of
                // 32 bits add a little.
                let slack = tolerance >= 1e-4 ? 1e-5 : 1e-12
                let reach = kernel.damping / (1 - kernel.damping)
                #expect(distance <= tolerance * reach + slack, "seed \(seed): \(model)")
                #expect(found.delta < tolerance, "seed \(seed)")
            }
        }
    }

    @Test func `takes fewer rounds where walking is slow`() throws {
        let path = try EdgeListGraph(
            nodeCount: 2_000, isDirected: false, (0..<1_999).map { ($0, $0 + 1) }
        ).frozen()
        let found = try PageRank(tolerance: 1e-9).run(on: path)
        #expect(found.delta < 1e-9)
        // Walking takes some 90.
        #expect(found.iterations < 40)
    }

    @Test func `takes fewer sweeps where cycles are slow`() throws {
        let path = try EdgeListGraph(
            nodeCount: 2_000, (0..<1_999).flatMap { [($0, $0 + 1), ($0 + 1, $0)] }
        ).frozen()
        let found = try PageRank(tolerance: 1e-9).run(on: path)
        #expect(found.delta < 1e-9)
        // Sweeps from where the last one ended take 67.
        #expect(found.iterations < 34)
    }

    @Test(arguments: [0.5, 0.85, 0.99, 0.9999], [1, 2, 3, 5, 1_000])
    func `mixes the results of sweeps, and no rank falls below what jumps give`(
        damping: Double, rounds: Int
    ) throws {
        for seed in UInt64(0)..<6 {
            let model = EdgeListGraph.hubs(
                seed: seed, nodeCount: 400, edgeCount: 1_200, isDirected: true, isWeighted: false)
            let tolerance = seed % 2 == 0 ? 1e-2 : 1e-9
            let found = try PageRank(
                damping: damping, tolerance: tolerance, maxIterations: rounds, mode: .gap
            ).run(on: try model.frozen())
            let jump = (1 - damping) / 400
            #expect(found.ranks.allSatisfy { $0 >= jump * (1 - 1e-12) })
            #expect(rounds < 1_000 || found.delta < tolerance)
            var next = [Double](repeating: jump, count: 400)
            let outgoing = Dictionary(grouping: model.edges, by: \.source)
            for edge in model.edges {
                let share = found.ranks[edge.source] / Double(outgoing[edge.source]?.count ?? 1)
                next[edge.target] += damping * share
            }
            let moved = zip(found.ranks, next).reduce(0) { $0 + abs($1.0 - $1.1) }
            #expect(moved <= found.delta * (1 + 1e-9) + 1e-14, "seed \(seed)")
        }
    }

    @Test(arguments: 1...12)
    func `ends where its rounds do, with ranks as near as it says`(rounds: Int) throws {
        let path = try EdgeListGraph(
            nodeCount: 2_000, isDirected: false, (0..<1_999).map { ($0, $0 + 1) }
        ).frozen()
        let found = try PageRank(tolerance: 1e-12, maxIterations: rounds).run(on: path)
        #expect(found.iterations == rounds)
        let ranks = found.ranks
        var moved = 0.0
        for node in ranks.indices {
            var rank = 0.15 / Double(ranks.count)
            for other in [node - 1, node + 1] where ranks.indices.contains(other) {
                let isEnd = other == 0 || other == ranks.count - 1
                rank += 0.85 * ranks[other] / (isEnd ? 1 : 2)
            }
            moved += abs(rank - ranks[node])
        }
        #expect(moved <= found.delta * (1 + 1e-9) + 1e-14)
    }

    @Test func `looks once at each edge of a graph without cycles`() throws {
        let graph = try EdgeListGraph(
            nodeCount: 500, (0..<499).flatMap { [($0, $0 + 1), ($0, min($0 + 7, 499))] }
        ).frozen()
        let found = try PageRank(tolerance: 1e-15).run(on: graph)
        #expect(found.iterations == 1)
        #expect(found.delta == 0)
        #expect(abs(found.ranks.reduce(0, +) - 1) < 1e-12)
    }

    @Test(arguments: [1e-4, 1e-9])
    func `gives the same bits on any number of threads`(tolerance: Double) throws {
        let graph = try EdgeListGraph.hubs(
            seed: 5, nodeCount: 1000, edgeCount: 5000, isDirected: false, isWeighted: true
        ).frozen()
        for isWeighted in [false, true] {
            let kernel = PageRank(tolerance: tolerance, isWeighted: isWeighted)
            let runs = try RunOptions.threadCounts.map {
                try kernel.run(on: graph, options: .eager(threads: $0))
            }
            for run in runs {
                #expect(run.ranks.map(\.bitPattern) == runs[0].ranks.map(\.bitPattern))
                #expect(run.delta.bitPattern == runs[0].delta.bitPattern)
            }
        }
    }

    @Test func `ends when it is cancelled`() throws {
        for isDirected in [false, true] {
            let graph = try EdgeListGraph.hubs(
                seed: 5, nodeCount: 20_000, edgeCount: 100_000, isDirected: isDirected,
                isWeighted: false
            ).frozen()
            let options = RunOptions(isCancelled: { true })
            #expect(failureCode { try PageRank().run(on: graph, options: options) } == .cancelled)
        }
    }
}
