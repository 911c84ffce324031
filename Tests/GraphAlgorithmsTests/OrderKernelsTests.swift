import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

@Suite struct `Orders and cycles` {
    private func acyclic(_ seed: UInt64) -> EdgeListGraph {
        var model = EdgeListGraph.random(seed: seed, isDirected: true)
        model.edges = model.edges.filter { $0.source != $0.target }.map {
            .init(max($0.source, $0.target), min($0.source, $0.target), weight: $0.weight)
        }
        return model
    }

    @Test func `the longest path is as long as the obvious search finds`() throws {
        for seed in UInt64(0)..<200 {
            let model = acyclic(seed)
            var best = [Double](repeating: 0, count: model.nodeCount)
            // Edges lead from higher to lower nodes.
            for node in (0..<model.nodeCount).reversed() {
                for edge in model.edges where edge.target == node {
                    let weight = model.isWeighted ? edge.weight : 1
                    best[node] = max(best[node], best[edge.source] + weight)
                }
            }
            let result = try LongestPath().run(on: try model.frozen())
            #expect(result.earliest == best, "seed \(seed): \(model)")
            #expect(result.length == best.max() ?? 0, "seed \(seed)")
            #expect(result.path.allSatisfy { result.slack(of: $0) == 0 }, "seed \(seed): \(model)")
        }
    }

    @Test func `the reduction leads to the same nodes, and no edge can go`() throws {
        for seed in UInt64(0)..<150 {
            let model = acyclic(seed)
            let graph = try model.frozen()
            let arcs = try TransitiveReduction().run(on: graph)
            var reduced = model
            reduced.edges = zip(graph.outgoing.sources(of: arcs), arcs).map {
                .init(Int($0), Int(graph.outgoing.targets[$1]))
            }
            let reaches = model.oracleReachability()
            #expect(reduced.oracleReachability() == reaches, "seed \(seed): \(model)")
            for index in reduced.edges.indices {
                var less = reduced
                less.edges.remove(at: index)
                #expect(less.oracleReachability() != reaches, "seed \(seed): \(model)")
            }
        }
    }

    @Test func `the closure is what can be reached`() throws {
        for seed in UInt64(0)..<150 {
            let model = EdgeListGraph.random(seed: seed, isDirected: true)
            let reaches = model.oracleReachability()
            let rows = try TransitiveClosure().run(on: try model.frozen())
            for node in 0..<model.nodeCount {
                let right = (0..<model.nodeCount).filter { reaches[node][$0] }
                let found = rows.range(of: UInt32(node)).map { Int(rows.targets[$0]) }
                #expect(found == right, "seed \(seed), \(node): \(model)")
            }
        }
        let chain = try EdgeListGraph(nodeCount: 40, (0..<39).map { ($0, $0 + 1) }).frozen()
        #expect(try TransitiveClosure(maxPairs: 780).run(on: chain).arcCount == 780)
        #expect(failureCode { try TransitiveClosure(maxPairs: 779).run(on: chain) } == .tooLarge)
    }

    /// Every cycle, found by walking from its lowest node.
    private func allCycles(_ model: EdgeListGraph) -> [[UInt32]] {
        var cycles: [[UInt32]] = []
        var targets = [Set<Int>](repeating: [], count: model.nodeCount)
        for edge in model.edges { targets[edge.source].insert(edge.target) }
        func extend(_ path: [Int]) {
            for next in targets[path[path.count - 1]].sorted() {
                if next == path[0] { cycles.append(path.map { UInt32($0) }) }
                if next > path[0], !path.contains(next) { extend(path + [next]) }
            }
        }
        for start in 0..<model.nodeCount { extend([start]) }
        return cycles
    }

    @Test func `all cycles are found in order, or the first of them`() throws {
        for seed in UInt64(0)..<200 {
            let model = EdgeListGraph.random(seed: seed, isDirected: true, maxNodes: 7)
            let graph = try model.frozen()
            let right = allCycles(model).sorted { $0.lexicographicallyPrecedes($1) }
            let all = try SimpleCycles(limit: 100_000).run(on: graph)
            #expect(all.cycles == right && all.isComplete, "seed \(seed): \(model)")
            let some = try SimpleCycles(limit: 3).run(on: graph)
            #expect(some.cycles == Array(right.prefix(3)), "seed \(seed)")
            #expect(some.isComplete == (right.count <= 3), "seed \(seed)")
            let short = try SimpleCycles(limit: 100_000, maxLength: 3).run(on: graph)
            #expect(short.cycles == right.filter { $0.count <= 3 }, "seed \(seed): \(model)")
        }
    }

    @Test func `feedback edges leave no cycle, none too many, and bound the least`() throws {
        for seed in UInt64(0)..<150 {
            let model = EdgeListGraph.random(seed: seed, isDirected: true, maxNodes: 7)
            let graph = try model.frozen()
            let result = try FeedbackEdges().run(on: graph)
            #expect(isAcyclic(graph, without: result.arcs), "seed \(seed): \(model)")
            for arc in result.arcs {
                let less = result.arcs.filter { $0 != arc }
                #expect(!isAcyclic(graph, without: less), "seed \(seed): \(model)")
            }
            guard model.edges.count <= 11 else { continue }
            var least = Double.infinity
            for mask in 0..<(1 << model.edges.count) {
                let arcs = (0..<model.edges.count).filter { mask >> $0 & 1 == 1 }
                let weight = arcs.reduce(0) { $0 + (graph.outgoing.weights?[$1] ?? 1) }
                if weight < least, isAcyclic(graph, without: arcs) { least = weight }
            }
            #expect(result.lowerBound <= least + 1e-9, "seed \(seed): \(model)")
            #expect(result.weight >= least - 1e-9, "seed \(seed): \(model)")
        }
    }

    private func isAcyclic(_ graph: CSRGraph, without arcs: [Int]) -> Bool {
        let sources = graph.outgoing.sources(of: 0..<graph.outgoing.arcCount)
        let left = Set(0..<graph.outgoing.arcCount).subtracting(arcs)
        let model = EdgeListGraph(
            nodeCount: graph.nodeCount,
            left.map { (Int(sources[$0]), Int(graph.outgoing.targets[$0])) })
        return model.oracleTopologicalOrder().count == graph.nodeCount
    }

    @Test func `a cycle is named where there may be none`() throws {
        let graph = try EdgeListGraph(nodeCount: 4, [(0, 1), (1, 2), (2, 1), (2, 3)]).frozen()
        for error in [
            failure { try LongestPath().run(on: graph) },
            failure { try TransitiveReduction().run(on: graph) },
        ] {
            #expect(error?.code == .cyclic)
            #expect(error?.message.contains("1 → 2 → 1") == true, "\(error?.message ?? "")")
        }
    }

    @Test func `undirected graphs and bad numbers are refused`() throws {
        let undirected = try EdgeListGraph(nodeCount: 2, isDirected: false, [(0, 1)]).frozen()
        #expect(failureCode { try LongestPath().run(on: undirected) } == .notDirected)
        #expect(failureCode { try SimpleCycles().run(on: undirected) } == .notDirected)
        #expect(failureCode { try FeedbackEdges().run(on: undirected) } == .notDirected)
        #expect(failureCode { try TransitiveClosure().run(on: undirected) } == .notDirected)
        #expect(failureCode { try TransitiveReduction().run(on: undirected) } == .notDirected)
        let graph = try EdgeListGraph(
            nodeCount: 2, isWeighted: true, edges: [.init(0, 1, weight: .infinity)]
        ).frozen()
        #expect(failureCode { try LongestPath().run(on: graph) } == .invalidWeight)
        #expect(failureCode { try FeedbackEdges().run(on: graph) } == .invalidWeight)
        #expect(failureCode { try SimpleCycles(limit: -1).run(on: graph) } == .invalidParameter)
        #expect(try SimpleCycles(limit: 0).run(on: graph).isComplete)
        #expect(failureCode { try SimpleCycles(maxLength: 0).run(on: graph) } == .invalidParameter)
    }
}
