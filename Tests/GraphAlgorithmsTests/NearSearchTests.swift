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
}
