import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

@Suite struct `Biconnected components` {
    @Test func `agree with leaving out each node and edge in turn`() throws {
        for seed in UInt64(1)...1000 {
            let model = EdgeListGraph.random(seed: seed, maxNodes: 9)
            let graph = try model.frozen()
            let found = try BiconnectedComponents().run(on: graph)
            let points = found.membershipCounts.indices.filter { found.membershipCounts[$0] > 1 }
            #expect(points == model.oracleArticulationPoints(), "\(seed): \(model)")
            #expect(found.articulationCount == points.count)
            let bridges = model.oracleBridges()
            #expect(found.bridgeCount == bridges.count, "\(seed): \(model)")
            let components = model.oracleBiconnectedComponents()
            var numbers: [Int: UInt32] = [:]
            for (place, edge) in model.edges.enumerated() {
                let arc = try #require(
                    graph.outgoing.firstArc(from: UInt32(edge.source), to: UInt32(edge.target)))
                #expect(
                    found.isBridge[arc] == bridges.contains(place), "\(edge), \(seed): \(model)")
                if edge.source == edge.target {
                    #expect(found.components[arc] == .max)
                    continue
                }
                let number = numbers[components[place]] ?? found.components[arc]
                numbers[components[place]] = number
                #expect(found.components[arc] == number, "\(edge), \(seed): \(model)")
            }
            #expect(Set(numbers.values).count == numbers.count, "\(seed): \(model)")
            #expect(found.componentCount == numbers.count, "\(seed): \(model)")
        }
    }

    @Test func `need no stack on a long path`() throws {
        let nodes = 200_000
        let graph = try EdgeListGraph(
            nodeCount: nodes, isDirected: false, (1..<nodes).map { ($0 - 1, $0) }
        ).frozen()
        let found = try BiconnectedComponents().run(on: graph)
        #expect(found.bridgeCount == nodes - 1 && found.articulationCount == nodes - 2)
        #expect(found.components.first == 0 && found.components.last == UInt32(nodes - 2))
    }
}
