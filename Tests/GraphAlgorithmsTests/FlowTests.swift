import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

@Suite struct `Trees and flows` {
    /// The weight of a lightest forest by Prim's method on a matrix.
    private func forestWeight(_ model: EdgeListGraph) -> Double {
        var rest = Set(0..<model.nodeCount)
        var weight = 0.0
        while let root = rest.min() {
            var tree: Set<Int> = [root]
            rest.remove(root)
            while let best = model.arcs.filter({
                tree.contains($0.source) && rest.contains($0.target)
            }).min(by: { $0.weight < $1.weight }) {
                tree.insert(best.target)
                rest.remove(best.target)
                weight += best.weight
            }
        }
        return weight
    }

    @Test func `a forest weighs as little as that of the obvious method`() throws {
        for seed in UInt64(0)..<120 {
            var model = EdgeListGraph.random(seed: seed, isDirected: false, isWeighted: true)
            for index in model.edges.indices where index % 5 == 0 { model.edges[index].weight -= 3 }
            let result = try MinimumSpanningForest().run(on: try model.frozen())
            #expect(abs(result.weight - forestWeight(model)) < 1e-6, "seed \(seed): \(model)")
            let labels = Set(model.oracleComponents())
            #expect(result.treeCount == labels.count, "seed \(seed)")
        }
    }

    @Test func `weights of very different sizes are sorted right`() throws {
        let weights: [Double] = [
            0, -0.0, 1e-300, -1e300, .leastNonzeroMagnitude, .infinity, -.infinity, 3, -3, 1e17,
        ]
        // A ring whose edges are spokes apart: all but the heaviest are taken.
        let model = EdgeListGraph(
            nodeCount: 10, isDirected: false, isWeighted: true,
            edges: weights.enumerated().map { .init($0, ($0 + 1) % 10, weight: $1) })
        let result = try MinimumSpanningForest().run(on: try model.frozen())
        #expect(result.edges.count == 9)
        #expect(!result.edges.contains { $0.weight == .infinity })
    }

    @Test func `a Steiner tree keeps its promise against the best of all`() throws {
        for seed in UInt64(0)..<80 {
            let model = EdgeListGraph.random(seed: seed, isDirected: false, maxNodes: 9)
            guard model.nodeCount > 2 else { continue }
            let labels = model.oracleComponents()
            let terminals = (0..<model.nodeCount).filter {
                labels[$0] == labels[0] && ($0 == 0 || $0 % 3 != 0)
            }
            var unit = model
            if !model.isWeighted { for i in unit.edges.indices { unit.edges[i].weight = 1 } }
            // The best tree is the lightest spanning tree of some set of nodes.
            var least = Double.infinity
            for mask in 0..<(1 << model.nodeCount) {
                guard terminals.allSatisfy({ mask >> $0 & 1 == 1 }) else { continue }
                var part = unit
                part.edges = unit.edges.filter { mask >> $0.source & mask >> $0.target & 1 == 1 }
                let joined = part.oracleComponents()
                guard terminals.allSatisfy({ joined[$0] == joined[terminals[0]] }) else { continue }
                least = min(least, forestWeight(part))
            }
            let kernel = SteinerTree(terminals: terminals.map { UInt32($0) })
            let result = try kernel.run(on: try model.frozen())
            #expect(result.weight >= least - 1e-6, "seed \(seed): \(model)")
            #expect(result.weight <= result.bound * least + 1e-6, "seed \(seed): \(model)")
            #expect(result.treeCount == 1)
        }
    }

    @Test func `terminals apart get trees of their own`() throws {
        let graph = try EdgeListGraph(nodeCount: 6, isDirected: false, [(0, 1), (1, 2), (4, 5)])
            .frozen()
        let result = try SteinerTree(terminals: [0, 2, 2, 3, 5, 4]).run(on: graph)
        #expect(result.treeCount == 3 && result.weight == 3)
        let none = try SteinerTree(terminals: []).run(on: graph)
        #expect(none.treeCount == 0 && none.edges.isEmpty)
    }

    @Test func `a flow is as large as the smallest cut of all`() throws {
        for seed in UInt64(0)..<120 {
            let model = EdgeListGraph.random(seed: seed, maxNodes: 9)
            guard model.nodeCount > 1 else { continue }
            let target = model.nodeCount - 1
            var smallest = Double.infinity
            for mask in 0..<(1 << model.nodeCount) where mask & 1 == 1 && mask >> target & 1 == 0 {
                let cut = model.arcs.filter {
                    mask >> $0.source & 1 == 1 && mask >> $0.target & 1 == 0
                }
                smallest = min(
                    smallest, cut.reduce(0) { $0 + (model.isWeighted ? $1.weight : 1) })
            }
            let graph = try model.frozen()
            let result = try MaximumFlow(from: 0, to: UInt32(target)).run(on: graph)
            #expect(abs(result.value - smallest) < 1e-6, "seed \(seed): \(model)")
            let crossing = result.cut.reduce(0) { $0 + (graph.outgoing.weights?[$1] ?? 1) }
            #expect(abs(crossing - smallest) < 1e-6, "seed \(seed): \(model)")
            #expect(result.isOnSourceSide[0] && !result.isOnSourceSide[target])
        }
    }

    @Test func `what makes no sense is refused`() throws {
        let directed = try EdgeListGraph(nodeCount: 2, [(0, 1)]).frozen()
        #expect(failureCode { try MinimumSpanningForest().run(on: directed) } == .notSymmetric)
        #expect(
            failureCode { try SteinerTree(terminals: [0]).run(on: directed) } == .notSymmetric)
        #expect(
            failureCode { try MaximumFlow(from: 1, to: 1).run(on: directed) } == .invalidParameter)
        for (weight, code) in [
            (-1.0, AlgorithmError.Code.negativeWeight), (.infinity, .invalidWeight),
        ] {
            let graph = try EdgeListGraph(
                nodeCount: 2, isWeighted: true, edges: [.init(0, 1, weight: weight)]
            ).frozen()
            #expect(failureCode { try MaximumFlow(from: 0, to: 1).run(on: graph) } == code)
        }
    }
}
