import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

@Suite struct `Reaching from node to node` {
    @Test func `finds what the distances say, search after search`() throws {
        for seed in UInt64(0)..<150 {
            let model = EdgeListGraph.random(seed: seed)
            guard model.nodeCount > 0 else { continue }
            var reach = Reach(over: try model.frozen().outgoing)
            for round in 0..<4 {
                let source = (Int(seed) + round) % model.nodeCount
                let depths = model.oracleDepths(from: source)
                let steps = round == 3 ? Int.max : round
                try reach.search(from: [UInt32(source), UInt32(source)], within: steps)
                let expected = depths.indices.filter { (depths[$0] ?? .max) <= steps }
                    .filter { depths[$0] != nil }
                #expect(reach.nodes.map { Int($0) }.sorted() == expected, "seed \(seed)")
                #expect(reach.count == expected.count)
                #expect(reach.nodes.first == UInt32(source))
                let found = reach.nodes.map { depths[Int($0)] ?? -1 }
                #expect(found == found.sorted(), "nearest first, seed \(seed)")
                for node in depths.indices {
                    #expect(reach.contains(UInt32(node)) == expected.contains(node))
                }
            }
        }
    }

    @Test func `forgets a search that was cancelled`() throws {
        let model = EdgeListGraph.hubs(
            seed: 3, nodeCount: 4_000, edgeCount: 200_000, isDirected: true)
        let graph = try model.frozen()
        var reach = Reach(over: graph.outgoing)
        let code = failureCode {
            try reach.search(from: [1], options: RunOptions(isCancelled: { true }))
        }
        #expect(code == .cancelled && reach.count == 0 && reach.nodes.isEmpty)
        #expect(!(0..<4_000).contains { reach.contains(UInt32($0)) })
        try reach.search(from: [1])
        #expect(reach.count == model.oracleDepths(from: 1).count { $0 != nil })
    }

    @Test func `refuses nodes beyond the graph`() throws {
        let graph = try EdgeListGraph(nodeCount: 2, [(0, 1)]).frozen()
        var reach = Reach(over: graph.outgoing)
        #expect(failureCode { try reach.search(from: [0, 2]) } == .nodeNotFound)
        #expect(!reach.contains(9))
        try reach.search(from: [])
        #expect(reach.count == 0)
        var search = try PathSearch(in: graph)
        #expect(failureCode { try search.path(from: 0, to: 2) } == .nodeNotFound)
    }

    @Test func `takes paths as short as the distances, and none longer than asked`() throws {
        for seed in UInt64(0)..<150 {
            let model = EdgeListGraph.random(seed: seed)
            guard model.nodeCount > 0 else { continue }
            let graph = try model.frozen()
            var search = try PathSearch(in: graph)
            for source in 0..<min(model.nodeCount, 4) {
                let depths = model.oracleDepths(from: source)
                for target in depths.indices {
                    for steps in [0, 1, 2, Int.max] {
                        let path = try search.path(
                            from: UInt32(source), to: UInt32(target), within: steps)
                        let expected = depths[target].flatMap { $0 <= steps ? $0 : nil }
                        #expect(path.map { $0.count - 1 } == expected, "seed \(seed)")
                        guard let path else { continue }
                        #expect(path.first == UInt32(source) && path.last == UInt32(target))
                        for (from, to) in zip(path, path.dropFirst()) {
                            #expect(graph.outgoing.firstArc(from: from, to: to) != nil)
                        }
                    }
                }
            }
        }
    }
}
