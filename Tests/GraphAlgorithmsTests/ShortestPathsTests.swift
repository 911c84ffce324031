import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

@Suite struct `Finding shortest paths` {
    @Test func `distances agree with the obvious ones on any small graph`() throws {
        for seed in UInt64(0)..<400 {
            let model = EdgeListGraph.random(seed: seed)
            guard model.nodeCount > 0 else { continue }
            let source = UInt32(seed % UInt64(model.nodeCount))
            let kernel = SingleSourceShortestPaths(sources: [source], hasParents: true)
            let result = try #require(try kernel.run(on: try model.frozen()).first)
            let expected = model.oracleDistances(from: Int(source))
            #expect(result.distances == expected, "seed \(seed): \(model)")
            let reached = expected.filter { $0 < .infinity }
            #expect(result.reached == reached.count, "seed \(seed)")
            #expect(result.maxDistance == reached.max(), "seed \(seed)")
            #expect(abs(result.sumDistance - reached.reduce(0, +)) < 1e-6, "seed \(seed)")
            try verifyParents(result, model, seed)
        }
    }

    /// Every parent has an arc of just the right weight, and following parents ends at the source.
    private func verifyParents(
        _ result: SingleSourceShortestPaths.Result, _ model: EdgeListGraph, _ seed: UInt64
    ) throws {
        let parents = try #require(result.parents)
        let arcs = model.arcs
        for node in 0..<model.nodeCount {
            guard result.distances[node] < .infinity else {
                #expect(parents[node] == .max, "seed \(seed)")
                continue
            }
            if node != Int(result.source) {
                let parent = Int(parents[node])
                let isTight = arcs.contains {
                    $0.source == parent && $0.target == node
                        && result.distances[parent] + (model.isWeighted ? $0.weight : 1)
                            == result.distances[node]
                }
                #expect(isTight, "seed \(seed), node \(node): \(model)")
            }
            var walker = node
            for _ in 0..<model.nodeCount { walker = Int(parents[walker]) }
            #expect(
                walker == Int(result.source), "seed \(seed): parents of \(node) run in a circle")
        }
    }

    @Test func `weights of very different sizes are no trouble`() throws {
        for seed in UInt64(0)..<40 {
            var model = EdgeListGraph.random(seed: seed, isWeighted: true)
            guard model.nodeCount > 0 else { continue }
            for index in model.edges.indices where index % 7 == 0 {
                model.edges[index].weight = index % 2 == 0 ? 1e12 : 1e-300
            }
            if model.edges.count > 3 { model.edges[3].weight = .infinity }
            let result = try SingleSourceShortestPaths(sources: [0]).run(on: try model.frozen())
            #expect(result[0].distances == model.oracleDistances(from: 0), "seed \(seed): \(model)")
        }
    }

    @Test func `distances agree on graphs with hubs and long chains`() throws {
        let hubs = EdgeListGraph.hubs(
            seed: 5, nodeCount: 400, edgeCount: 3000, isDirected: false, isWeighted: true)
        // A chain of heavy edges among light ones: the ring of buckets goes round many times.
        var chain = EdgeListGraph(nodeCount: 300, isDirected: true, isWeighted: true, edges: [])
        for node in 0..<299 {
            chain.edges.append(.init(node, node + 1, weight: node % 3 == 0 ? 900 : 1))
            chain.edges.append(.init(node, node, weight: 1))
        }
        for model in [hubs, chain] {
            let graph = try model.frozen()
            let expected = model.oracleDistances(from: 0)
            for threads in RunOptions.threadCounts {
                let result = try SingleSourceShortestPaths(sources: [0])
                    .run(on: graph, options: .eager(threads: threads))
                #expect(result[0].distances == expected)
            }
        }
    }

    @Test func `a path between two nodes is as short as any on any small graph`() throws {
        for seed in UInt64(0)..<400 {
            let model = EdgeListGraph.random(seed: seed)
            guard model.nodeCount > 0 else { continue }
            let graph = try model.frozen()
            let source = Int(seed) % model.nodeCount
            let expected = model.oracleDistances(from: source)
            let pairs = (0..<model.nodeCount).map {
                (source: UInt32(source), target: UInt32($0))
            }
            let paths = try ShortestPath(pairs: pairs).run(on: graph)
            for (target, path) in paths.enumerated() {
                guard let path else {
                    #expect(expected[target] == .infinity, "seed \(seed), \(target): \(model)")
                    continue
                }
                let slack = 1e-9 * max(1, expected[target])
                #expect(abs(path.cost - expected[target]) <= slack, "seed \(seed): \(model)")
                verify(path, graph, from: source, to: target, "seed \(seed): \(model)")
            }
        }
    }

    private func verify(
        _ path: ShortestPath.Path, _ graph: CSRGraph, from source: Int, to target: Int,
        _ comment: Comment
    ) {
        #expect(path.nodes.first == UInt32(source) && path.nodes.last == UInt32(target), comment)
        #expect(path.arcs.count == path.nodes.count - 1, comment)
        var cost = 0.0
        for (index, arc) in path.arcs.enumerated() {
            #expect(graph.outgoing.range(of: path.nodes[index]).contains(arc), comment)
            #expect(graph.outgoing.targets[arc] == path.nodes[index + 1], comment)
            cost += graph.outgoing.weights?[arc] ?? 1
        }
        #expect(cost == path.cost, comment)
    }

    @Test func `a negative weight is refused by the name of its edge`() throws {
        let model = EdgeListGraph(
            nodeCount: 3, isWeighted: true,
            edges: [.init(0, 1, weight: 1), .init(1, 2, weight: -2)])
        let graph = try model.frozen()
        #expect {
            try SingleSourceShortestPaths(sources: [0]).run(on: graph)
        } throws: { error in
            guard let error = error as? AlgorithmError else { return false }
            return error.code == .negativeWeight
                && error.message.contains("from node 1 to node 2")
        }
        let ranks = failure { try PageRank(isWeighted: true).run(on: graph) }
        #expect(
            ranks?.message.contains("but pagerank needs weights of 0 or more") == true,
            "\(ranks?.message ?? "")")
        let paths = failure { try BetweennessCentrality(isWeighted: true).run(on: graph) }
        #expect(
            paths?.message.contains("betweenness needs weights above 0") == true,
            "\(paths?.message ?? "")")
        #expect(failureCode { try ShortestPath(from: 0, to: 1).run(on: graph) } == .negativeWeight)
    }
}
