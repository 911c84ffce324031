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
                let threads = RunOptions.threadCounts[Int(seed % 3)]
                let found = try kernel.run(on: graph, options: .eager(threads: threads))
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

    /// So large that a core is made in many parts, and there is something before and behind it.
    @Test(arguments: [false, true])
    func `gives the same ranks in parts, which rounds approach`(isWeighted: Bool) throws {
        var model = EdgeListGraph.hubs(
            seed: 11, nodeCount: 3_000, edgeCount: 9_000, isDirected: true, isWeighted: true)
        // A chain leads into the middle, another one out of it.
        for node in 0..<200 {
            model.edges.append(.init(node, node + 1, weight: 2))
            model.edges.append(.init(2_799 + node, 2_800 + node, weight: 0.5))
        }
        let graph = try model.frozen()
        var kernel = PageRank(tolerance: 1e-12, isWeighted: isWeighted)
        let runs = try RunOptions.threadCounts.map {
            try kernel.run(on: graph, options: .eager(threads: $0))
        }
        for run in runs { #expect(run.ranks == runs[0].ranks && run.delta == runs[0].delta) }
        #expect(try kernel.run(on: graph).iterations == runs[0].iterations)
        kernel.iterations = 300
        let exact = try kernel.run(on: graph).ranks
        let distance = zip(runs[0].ranks, exact).reduce(0) { $0 + abs($1.0 - $1.1) }
        #expect(distance < 1e-10)
    }

    @Test func `incoming rows without the weights of outgoing ones are refused`() throws {
        let model = EdgeListGraph.hubs(
            seed: 3, nodeCount: 50, edgeCount: 200, isDirected: true, isWeighted: true)
        let whole = try model.frozen()
        let bare = try #require(whole.incoming)
        let graph = CSRGraph(
            nodeCount: 50, edgeCount: whole.edgeCount, isDirected: true, outgoing: whole.outgoing,
            incoming: CSRRows(offsets: bare.offsets, targets: bare.targets))
        #expect(
            failureCode { try PageRank(isWeighted: true).run(on: graph) } == .damagedGraph)
    }

    /// Undirected and directed, to a tolerance that lets floats travel and one that does not, and by
    /// rounds.
    @Test func `ranks do not depend on the unit of the weights`() throws {
        for isDirected in [false, true] {
            let model = EdgeListGraph.hubs(
                seed: 8, nodeCount: 100, edgeCount: 400, isDirected: isDirected, isWeighted: true)
            var kernels = [1e-4, 1e-9].map { PageRank(tolerance: $0, isWeighted: true) }
            kernels.append(PageRank(iterations: 20, isWeighted: true))
            for kernel in kernels {
                let usual = try kernel.run(on: model.frozen()).ranks
                for unit in [0x1p-160, 0x1p160] {
                    var scaled = model
                    for edge in scaled.edges.indices { scaled.edges[edge].weight *= unit }
                    #expect(try kernel.run(on: scaled.frozen()).ranks == usual)
                }
            }
        }
    }

    @Test func `a node whose weights are too small to divide by hands nothing on`() throws {
        for isDirected in [false, true] {
            let model = EdgeListGraph(
                nodeCount: 4, isDirected: isDirected, isWeighted: true,
                edges: [
                    .init(0, 1), .init(1, 0), .init(0, 2),
                    .init(2, 3, weight: .leastNonzeroMagnitude), .init(3, 0),
                ])
            for kernel in [PageRank(isWeighted: true), PageRank(iterations: 50, isWeighted: true)] {
                let ranks = try kernel.run(on: model.frozen()).ranks
                #expect(ranks.allSatisfy { $0 > 0 && $0.isFinite })
                #expect(abs(ranks.reduce(0, +) - 1) < 1e-9)
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
