import Foundation
import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

/// A graph and what another program answered about it.
struct GoldenGraph: Sendable, CustomStringConvertible {
    var name: String
    var graph: EdgeListGraph
    var answers: [(kind: String, values: [Double])] = []

    var description: String { name }

    /// Reads the file that `Fixtures/make_networkx_answers.py` wrote.
    static func networkX() throws -> [GoldenGraph] {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/networkx-answers.txt")
        var graphs: [GoldenGraph] = []
        for line in try String(contentsOf: path, encoding: .utf8).split(separator: "\n") {
            let fields = line.split(separator: " ")
            if fields[0] == "graph" {
                let model = EdgeListGraph(
                    nodeCount: try #require(Int(fields[3])), isDirected: fields[2] == "directed",
                    isWeighted: true, edges: [])
                graphs.append(GoldenGraph(name: String(fields[1]), graph: model))
                continue
            }
            let numbers = try fields.dropFirst().map { try #require(Double($0)) }
            let last = graphs.count - 1
            if fields[0] == "edge" {
                graphs[last].graph.edges.append(
                    .init(Int(numbers[0]), Int(numbers[1]), weight: numbers[2]))
            } else {
                graphs[last].answers.append((kind: String(fields[0]), values: numbers))
            }
        }
        return graphs
    }
}

@Suite struct `Agreeing with networkx` {
    @Test func `on published and generated graphs`() throws {
        let graphs = try GoldenGraph.networkX()
        #expect(graphs.count == 8)
        for golden in graphs {
            let graph = try golden.graph.frozen()
            for answer in golden.answers {
                try check(answer.kind, answer.values, graph, golden.name)
            }
        }
    }

    private func check(
        _ kind: String, _ values: [Double], _ graph: CSRGraph, _ name: String
    ) throws {
        let comment = Comment(rawValue: "\(kind) of \(name)")
        switch kind {
        case "pagerank", "wpagerank":
            let kernel = PageRank(
                tolerance: 1e-13, maxIterations: 2000, isWeighted: kind == "wpagerank")
            let ranks = try kernel.run(on: graph).ranks
            #expect(ranks.count == values.count, comment)
            #expect(zip(ranks, values).allSatisfy { abs($0 - $1) < 1e-11 }, comment)
        case "bfs":
            let kernel = BreadthFirstSearch(sources: [UInt32(values[0])])
            let depths = try kernel.run(on: graph)[0].depths
            #expect(depths.map { Double($0) } == Array(values.dropFirst()), comment)
        case "sssp":
            let source = UInt32(values[0])
            let found = try SingleSourceShortestPaths(sources: [source]).run(on: graph)[0]
            #expect(found.distances == Array(values.dropFirst()), comment)
            let pairs = (0..<UInt32(graph.nodeCount)).map { (source: source, target: $0) }
            let costs = try ShortestPath(pairs: pairs).run(on: graph).map { $0?.cost ?? .infinity }
            #expect(costs == Array(values.dropFirst()), comment)
        case "wcc":
            let labels = try ConnectedComponents().run(on: graph).labels
            #expect(labels.map { Double($0) } == values, comment)
        case "scc":
            let labels = try StronglyConnectedComponents().run(on: graph).labels
            #expect(labels.map { Double($0) } == values, comment)
        case "order":
            #expect(
                try TopologicalSort().run(on: graph).order.map { Double($0) } == values, comment)
        default:
            Issue.record("unknown record \(kind)")
        }
    }
}
