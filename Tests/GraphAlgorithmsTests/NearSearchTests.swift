import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

/// A search that reaches few nodes of many keeps only theirs.
@Suite struct `Searching near by` {
    /// Two paths of ten nodes and one of eight thousand, by themselves.
    private static func paths() throws -> CSRGraph {
        var edges: [(Int, Int)] = []
        for node in 0..<8_020 where ![9, 8_009].contains(node) && node < 8_019 {
            edges.append((node, node + 1))
        }
        return try EdgeListGraph(nodeCount: 8_020, edges).frozen()
    }

    @Test(arguments: [1, 2, 7])
    func `tells depths and parents of all nodes`(threads: Int) throws {
        let graph = try Self.paths()
        let sources: [UInt32] = [0, 8_010, 10, 3]
        let found = try BreadthFirstSearch(sources: sources).run(
            on: graph, options: .eager(threads: threads))
        let ends = [9, 8_019, 8_009, 9]
        for (result, end) in zip(found, ends) {
            let source = Int(result.source)
            let depths = (0..<8_020).map { $0 >= source && $0 <= end ? Int32($0 - source) : -1 }
            #expect(result.depths == depths)
            let parents = (0..<8_020).map { node -> UInt32 in
                guard depths[node] >= 0 else { return .max }
                return UInt32(max(node - 1, source))
            }
            #expect(result.parents == parents)
            #expect(result.reached == end - source + 1)
            #expect(result.maxDepth == end - source)
        }
    }

    @Test func `gives a column whose other rows are missing`() throws {
        let graph = try Self.paths()
        for name in ["bfs", "sssp"] {
            let output = try AlgorithmCatalog.descriptor(named: name).run(
                on: graph, parameters: ["source": "4", "parents": "true"])
            for column in output.columns {
                #expect(column.count == 8_020)
                let all = OutputColumn(column.name, column.values)
                for row in 0..<8_020 { #expect(column[row] == all[row]) }
                #expect(column[3] == nil && column[5] != nil && column[10] == nil)
            }
        }
    }

    @Test func `counts paths the same on any number of threads`() throws {
        let graph = try EdgeListGraph.hubs(
            seed: 9, nodeCount: 2_000, edgeCount: 3_000, isDirected: true, isWeighted: false
        ).frozen()
        let kernel = BetweennessCentrality(sources: Array(0..<40))
        let runs = try RunOptions.threadCounts.map {
            try kernel.run(on: graph, options: .eager(threads: $0)).values.map(\.bitPattern)
        }
        for run in runs { #expect(run == runs[0]) }
    }

    @Test func `finds paths by buckets as cheap as by a heap`() throws {
        var pairsFound = 0
        for seed in UInt64(1)...400 {
            let model = EdgeListGraph.random(seed: seed, isWeighted: true)
            let graph = try model.frozen()
            let incoming = try #require(graph.incoming)
            let weights = try #require(graph.outgoing.weights)
            let range = try WeightRange(weights, graph.outgoing.offsets, options: .init())
            guard let width = range.bucketWidth(over: graph) else { continue }
            var ticker = CancellationTicker(RunOptions())
            var buckets = BucketMeeting(graph.outgoing, incoming, width: width)
            var heap = WeightedMeeting(graph.outgoing, incoming)
            for source in 0..<UInt32(graph.nodeCount) {
                let target = UInt32(graph.nodeCount) - 1 - source
                let found = try buckets.path(from: source, to: target, &ticker)
                let right = try heap.path(from: source, to: target, &ticker)
                #expect((found == nil) == (right == nil), "seed \(seed): \(model)")
                guard let found, let right else { continue }
                pairsFound += 1
                #expect(found.first == source && found.last == target)
                let cost = ShortestPath.path(along: found, in: graph.outgoing)
                #expect(cost.arcs.count == found.count - 1)
                let least = ShortestPath.path(along: right, in: graph.outgoing).cost
                #expect(abs(cost.cost - least) <= 1e-9, "seed \(seed): \(model)")
            }
        }
        #expect(pairsFound > 500)
    }

    /// The pair in the middle ends what is searched before other threads are woken.
    @Test(arguments: RunOptions.threadCounts)
    func `finds the way through a large grid`(threads: Int) throws {
        // Rows of 160; every edge to the right costs 2, downward 3, and none is missing.
        let side = 160
        var edges: [EdgeListGraph.Edge] = []
        for place in 0..<(side * side) {
            if place % side < side - 1 { edges.append(.init(place, place + 1, weight: 2)) }
            if place + side < side * side {
                edges.append(.init(place, place + side, weight: 3))
            }
        }
        let graph = try EdgeListGraph(
            nodeCount: side * side, isDirected: false, isWeighted: true, edges: edges
        ).frozen()
        let corner = UInt32(side * side - 1)
        let kernel = ShortestPath(
            pairs: [
                (source: 3, target: 7), (source: 0, target: corner), (source: corner, target: 0),
                (source: 5, target: 5),
            ])
        let paths = try kernel.run(on: graph, options: .eager(threads: threads))
        #expect(paths[0]?.cost == 8)
        #expect(paths[1]?.cost == Double(5 * (side - 1)))
        #expect(paths[2]?.cost == Double(5 * (side - 1)))
        #expect(paths[3]?.cost == 0)
        #expect(try kernel.run(on: graph) == paths)
    }
}
