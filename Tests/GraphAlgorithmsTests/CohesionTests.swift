import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

@Suite struct `Counting triangles, clustering and cores` {
    /// Graphs of every small kind, and some with hubs, for which triangles are searched by bits.
    private static func graphs() -> [EdgeListGraph] {
        (UInt64(1)...1000).map { EdgeListGraph.random(seed: $0) }
            + (UInt64(1)...12).map { seed in
                var graph = EdgeListGraph.hubs(
                    seed: seed, nodeCount: 150, edgeCount: 100 * Int(seed),
                    isDirected: seed.isMultiple(of: 2))
                graph.nodeCount += Int(seed % 3)
                // One node joined with all makes the degrees uneven enough.
                graph.edges += (1..<150).map { .init(0, $0) }
                return graph
            }
    }

    @Test func `agrees with the obvious way on graphs of every kind`() throws {
        for (place, model) in Self.graphs().enumerated() {
            let graph = try model.frozen()
            let triangles = model.oracleTriangles()
            let options = RunOptions.eager(threads: [1, 2, 7][place % 3])
            let counted = try TriangleCount().run(on: graph, options: options)
            #expect(counted.counts.map { Int($0) } == triangles, "\(model)")
            #expect(counted.total * 3 == triangles.reduce(0, +), "\(model)")
            #expect(abs(counted.transitivity - model.oracleTransitivity()) < 1e-12, "\(model)")
            let total = try TriangleCount(hasCounts: false).run(on: graph, options: options)
            #expect(total.total == counted.total && total.counts.isEmpty)

            let clustering = model.oracleClustering()
            let local = try LocalClustering().run(on: graph, options: options)
            #expect(
                zip(local.coefficients, clustering).allSatisfy { abs($0 - $1) < 1e-12 }, "\(model)")
            #expect(local.coefficients.count == model.nodeCount)
            #expect(local.triangles == counted.total)
        }
    }

    @Test func `peels the same cores as the obvious way`() throws {
        for model in Self.graphs() {
            let cores = model.oracleCores()
            for threads in [1, 2, 3, 8] {
                let result = try CoreDecomposition().run(
                    on: model.frozen(), options: .eager(threads: threads))
                #expect(result.cores.map { Int($0) } == cores, "\(model)")
                #expect(result.degeneracy == cores.max() ?? 0)
                #expect(
                    result.innermostSize == cores.count { $0 == result.degeneracy }, "\(model)")
            }
        }
    }

    @Test(arguments: [2, 3, 8])
    func `peels in parts what it peels whole, however the threads meet`(threads: Int) throws {
        for seed in UInt64(0)..<6 {
            let model = EdgeListGraph.hubs(
                seed: seed, nodeCount: 2_000, edgeCount: 4_000 << Int(seed % 4), isDirected: false)
            let graph = try model.frozen()
            let whole = try CoreDecomposition().run(on: graph, options: RunOptions(threads: 1))
            #expect(whole.cores.map { Int($0) } == model.oracleCores())
            for _ in 0..<10 {
                let parts = try CoreDecomposition().run(
                    on: graph, options: .eager(threads: threads))
                #expect(parts.cores == whole.cores)
                #expect(parts.innermostSize == whole.innermostSize)
            }
        }
    }

    @Test func `peels in parts when no other thread comes`() throws {
        let graph = try EdgeListGraph.hubs(
            seed: 9, nodeCount: 1_000, edgeCount: 6_000, isDirected: false
        ).frozen()
        let whole = try CoreDecomposition().run(on: graph, options: RunOptions(threads: 1))
        // Work handed out from within work is done by whoever is free, often by one thread alone.
        let cores = try RunOptions.eager(threads: 4).mapTasks(8, workers: 4) {
            _ throws(AlgorithmError) in
            try CoreDecomposition().run(on: graph, options: .eager(threads: 4)).cores
        }
        #expect(cores.allSatisfy { $0 == whole.cores })
    }

    @Test func `peels many nodes of a level, and long ways that fall at once`() throws {
        let model = EdgeListGraph.hubs(
            seed: 3, nodeCount: 4000, edgeCount: 9000, isDirected: false)
        let found = try CoreDecomposition().run(on: model.frozen())
        #expect(found.cores.map { Int($0) } == model.oracleCores())
        // A path with a ring at its end falls up to the ring.
        let nodes = 100_000
        let path = EdgeListGraph(
            nodeCount: nodes + 1, isDirected: false,
            (1..<nodes).map { ($0 - 1, $0) } + [(nodes - 1, nodes - 10)])
        let peeled = try CoreDecomposition().run(on: path.frozen())
        #expect(peeled.degeneracy == 2 && peeled.innermostSize == 10)
        #expect(peeled.cores.prefix(nodes - 10).allSatisfy { $0 == 1 })
        #expect(peeled.cores[nodes] == 0)
    }

    @Test func `peels the same trusses as the obvious way`() throws {
        for model in Self.graphs() where model.edges.count < 500 {
            let graph = try model.frozen()
            let result = try TrussDecomposition().run(on: graph)
            let expected = model.oracleTrusses()
            for node in 0..<UInt32(model.nodeCount) {
                for arc in graph.outgoing.range(of: node) {
                    let pair = [Int(node), Int(graph.outgoing.targets[arc])].sorted()
                    #expect(Int(result.trusses[arc]) == expected[pair] ?? 0, "\(pair), \(model)")
                }
            }
            #expect(result.largest == expected.values.max() ?? 0)
            #expect(result.innermostSize == expected.values.count { $0 == result.largest })
        }
    }

    @Test func `knows complete graphs and wheels`() throws {
        let complete = EdgeListGraph(
            nodeCount: 40, isDirected: false,
            (0..<40).flatMap { node in (0..<node).map { ($0, node) } })
        let triangles = try TriangleCount().run(on: complete.frozen())
        #expect(triangles.total == 40 * 39 * 38 / 6)
        #expect(triangles.transitivity == 1)
        #expect(try CoreDecomposition().run(on: complete.frozen()).degeneracy == 39)
        #expect(try TrussDecomposition().run(on: complete.frozen()).largest == 40)
        let rim = (1...500).map { ($0, $0 % 500 + 1) }
        let wheel = EdgeListGraph(
            nodeCount: 501, isDirected: false, rim + (1...500).map { (0, $0) })
        let turned = try TriangleCount().run(on: wheel.frozen())
        #expect(turned.total == 500 && turned.counts[0] == 500 && turned.counts[7] == 2)
    }

    @Test(arguments: ["triangles", "lcc", "kcore", "ktruss", "biconnected"])
    func `needs incoming rows of a directed graph, and says so`(name: String) throws {
        let graph = try EdgeListGraph(nodeCount: 2, [(0, 1)]).frozen(hasIncoming: false)
        let algorithm = try AlgorithmCatalog.descriptor(named: name)
        #expect(failureCode { try algorithm.run(on: graph) } == .missingIncoming)
    }
}
