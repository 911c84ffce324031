import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

@Suite struct `Counting a graph` {
    @Test func `agrees with sets on any small graph`() throws {
        for seed in UInt64(0)..<300 {
            let model = EdgeListGraph.random(seed: seed)
            let result = try GraphStatistics().run(on: try model.frozen())
            var degrees = [Int](repeating: 0, count: model.nodeCount)
            for arc in model.arcs { degrees[arc.source] += 1 }
            var touched: Set<Int> = []
            var distinct: Set<[Int]> = []
            for edge in model.edges {
                touched.formUnion([edge.source, edge.target])
                let ends = [edge.source, edge.target]
                distinct.insert(model.isDirected ? ends : ends.sorted())
            }
            let between = distinct.count { $0[0] != $0[1] }
            let ordered = model.nodeCount * (model.nodeCount - 1)
            let possible = model.isDirected ? ordered : ordered / 2
            #expect(result.nodes == model.nodeCount)
            #expect(result.edges == model.edges.count)
            #expect(result.loops == model.edges.count { $0.source == $0.target }, "seed \(seed)")
            #expect(
                result.parallelEdges == model.edges.count - distinct.count, "seed \(seed): \(model)"
            )
            #expect(result.minimumDegree == degrees.min() ?? 0, "seed \(seed)")
            #expect(result.maximumDegree == degrees.max() ?? 0, "seed \(seed)")
            let best = degrees.firstIndex(of: degrees.max() ?? 0)
            #expect(result.maximumDegreeNode.map { Int($0) } == best, "seed \(seed)")
            #expect(result.isolated == model.nodeCount - touched.count, "seed \(seed)")
            let density = possible > 0 ? Double(between) / Double(possible) : 0
            #expect(abs(result.density - density) < 1e-12, "seed \(seed): \(model)")
        }
    }
}
