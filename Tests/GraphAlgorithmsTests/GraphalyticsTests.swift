import Foundation
import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

/// The validation graphs of LDBC Graphalytics, when they stand beside the package.
private struct GraphalyticsFiles {
    let folder: URL

    /// Nil, after saying so, when the folder is not there.
    init?() {
        folder =
            URL(fileURLWithPath: #filePath)
            .appending(path: "../../../../shared/datasets/graphalytics-validation")
            .standardizedFileURL
        guard FileManager.default.fileExists(atPath: folder.path) else {
            print("Skipped: the Graphalytics validation graphs are not at \(folder.path).")
            return nil
        }
    }

    private func rows(_ path: String) throws -> [[String]] {
        try String(contentsOf: folder.appending(path: path), encoding: .utf8)
            .split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    }

    /// A graph from adjacency lines; an undirected one lists each edge in both rows.
    func adjacency(_ path: String, isDirected: Bool) throws -> CSRGraph {
        var edges: [(UInt64, UInt64, Double)] = []
        var ids: Set<UInt64> = []
        for row in try rows(path) {
            let numbers = try row.map { try #require(UInt64($0)) }
            ids.formUnion(numbers)
            for target in numbers.dropFirst() where isDirected || numbers[0] <= target {
                edges.append((numbers[0], target, 1))
            }
        }
        return try graph(ids, edges, isDirected: isDirected, isWeighted: false)
    }

    /// A weighted graph from a vertex and an edge file.
    func edgeList(_ path: String, isDirected: Bool) throws -> CSRGraph {
        let ids = Set(try rows(path + ".v").map { try #require(UInt64($0[0])) })
        let edges = try rows(path + ".e").map { row in
            (
                try #require(UInt64(row[0])), try #require(UInt64(row[1])),
                try #require(Double(row[2]))
            )
        }
        return try graph(ids, edges, isDirected: isDirected, isWeighted: true)
    }

    private func graph(
        _ ids: Set<UInt64>, _ edges: [(UInt64, UInt64, Double)], isDirected: Bool, isWeighted: Bool
    ) throws -> CSRGraph {
        let sorted = ids.sorted()
        var index: [UInt64: UInt32] = [:]
        for (position, id) in sorted.enumerated() { index[id] = UInt32(position) }
        return try CSRGraphBuilder(isDirected: isDirected).build(
            nodeCount: sorted.count, sources: edges.map { index[$0.0] ?? .max },
            targets: edges.map { index[$0.1] ?? .max },
            weights: isWeighted ? edges.map(\.2) : nil, nodeIDs: CSRBuffer(sorted))
    }

    /// The expected value of each node, in the order of dense indexes.
    func expected(_ path: String, _ graph: CSRGraph) throws -> [String] {
        var values = [String](repeating: "", count: graph.nodeCount)
        for row in try rows(path) {
            let id = try #require(UInt64(row[0]))
            let index = try #require(graph.index(ofID: id))
            values[Int(index)] = row[1]
        }
        return values
    }
}

@Suite struct `Graphalytics validation graphs` {
    @Test(arguments: [
        ("bfs/dir-input", "bfs/dir-output", true, UInt64(1)),
        ("example/example-undirected-input", "example/example-undirected-BFS", false, 2),
    ])
    func `give the depths expected`(
        input: String, output: String, isDirected: Bool, source: UInt64
    ) throws {
        guard let files = GraphalyticsFiles() else { return }
        let graph = try files.adjacency(input, isDirected: isDirected)
        let start = try #require(graph.index(ofID: source))
        let depths = try BreadthFirstSearch(sources: [start]).run(on: graph)[0].depths
        let texts = depths.map { $0 < 0 ? String(Int64.max) : String($0) }
        #expect(texts == (try files.expected(output, graph)))
    }

    @Test(arguments: [
        ("pr/undir-input", "pr/undir-output", false, 26),
        ("example/example-directed-input", "example/example-directed-PR", true, 2),
    ])
    func `give the ranks expected`(
        input: String, output: String, isDirected: Bool, rounds: Int
    ) throws {
        guard let files = GraphalyticsFiles() else { return }
        let graph = try files.adjacency(input, isDirected: isDirected)
        let ranks = try PageRank(damping: 0.85, iterations: rounds).run(on: graph).ranks
        for (rank, text) in zip(ranks, try files.expected(output, graph)) {
            let right = try #require(Double(text))
            #expect(abs(rank - right) <= 1e-4 * right)
        }
    }

    @Test(arguments: [
        ("sssp/dir-input", "sssp/dir-output", true, UInt64(1)),
        ("example/example-undirected", "example/example-undirected-SSSP", false, 2),
    ])
    func `give the distances expected`(
        input: String, output: String, isDirected: Bool, source: UInt64
    ) throws {
        guard let files = GraphalyticsFiles() else { return }
        let graph = try files.edgeList(input, isDirected: isDirected)
        let start = try #require(graph.index(ofID: source))
        let found = try SingleSourceShortestPaths(sources: [start]).run(on: graph)[0]
        for (distance, text) in zip(found.distances, try files.expected(output, graph)) {
            let right = try #require(Double(text))
            #expect(distance == right || abs(distance - right) <= 1e-4 * right)
        }
    }

    @Test(arguments: [
        ("wcc/undir-input", "wcc/undir-output", false),
        ("example/example-directed-input", "example/example-directed-WCC", true),
    ])
    func `give the components expected`(input: String, output: String, isDirected: Bool) throws {
        guard let files = GraphalyticsFiles() else { return }
        let graph = try files.adjacency(input, isDirected: isDirected)
        let labels = try ConnectedComponents().run(on: graph).labels
        let expected = try files.expected(output, graph)
        // Only the partition matters: labels must correspond one to one.
        var there: [UInt32: String] = [:]
        var back: [String: UInt32] = [:]
        for (label, text) in zip(labels, expected) {
            #expect(there[label, default: text] == text && back[text, default: label] == label)
            there[label] = text
            back[text] = label
        }
    }

    @Test(arguments: [
        ("cdlp/undir-input", "cdlp/undir-output", false, 5),
        ("example/example-directed-input", "example/example-directed-CDLP", true, 2),
    ])
    func `give the labels expected`(
        input: String, output: String, isDirected: Bool, rounds: Int
    ) throws {
        guard let files = GraphalyticsFiles() else { return }
        let graph = try files.adjacency(input, isDirected: isDirected)
        let labels = try SynchronousLabelPropagation(iterations: rounds).run(on: graph).labels
        #expect(labels.map { String(graph.id(of: $0)) } == (try files.expected(output, graph)))
    }

    @Test(arguments: [
        ("lcc/dir-input", "lcc/dir-output", true),
        ("example/example-undirected-input", "example/example-undirected-LCC", false),
    ])
    func `give the clustering expected`(input: String, output: String, isDirected: Bool) throws {
        guard let files = GraphalyticsFiles() else { return }
        let graph = try files.adjacency(input, isDirected: isDirected)
        let found = try LocalClustering().run(on: graph).coefficients
        for (coefficient, text) in zip(found, try files.expected(output, graph)) {
            let right = try #require(Double(text))
            #expect(abs(coefficient - right) <= 1e-4 * right)
        }
    }
}
