import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

@Suite struct `Memory of a run` {
    @Test func `is estimated from nodes, arcs, sources and threads`() {
        let need = MemoryNeed(
            perNode: 8, perArc: 4, perNodeAndThread: 2, perNodeAndSource: 16, perPair: 1)
        #expect(
            need.bytes(nodes: 10, arcs: 30, sources: 2, threads: 3) == 80 + 120 + 60 + 320 + 100)
        #expect(need.bytes(nodes: 0, arcs: 0) == 0)
        #expect(
            need.description
                == "8 bytes a node, 4 an arc, 2 a node and thread, 16 a node and source and 1 a "
                + "pair of nodes")
        #expect(MemoryNeed().description == "next to nothing")
    }

    @Test func `grows with parameters, and with the nodes that are named where some are`() throws {
        let need = MemoryNeed(
            perPair: 2, pairLimit: "most",
            terms: [.init(4, "walks", "length", isOfStarts: true), .init(8, "k")])
        let values = ["walks": 3.0, "length": 5, "most": 50]
        #expect(need.bytes(nodes: 10, arcs: 0) { values[$0] } == 100 + 10 * 4 * 15 + 10 * 8)
        #expect(need.bytes(nodes: 10, arcs: 0, sources: 2) { values[$0] } == 100 + 2 * 60 + 80)
        #expect(
            need.description
                == "2 bytes a pair of nodes, at most most, 4 a node × walks × length and 8 a node × k"
        )
        let graph = try EdgeListGraph(nodeCount: 100, isDirected: false, [(0, 1)]).frozen()
        let walks = try AlgorithmCatalog.descriptor(named: "random-walks")
        let usual = walks.estimatedBytes(on: graph)
        let long = walks.estimatedBytes(on: graph, parameters: ["length": "800"])
        #expect(long > 5 * usual)
        #expect(walks.estimatedBytes(on: graph, parameters: ["source": "1"]) < usual / 5)
    }

    @Test func `counts the paths and cycles that may be asked for, each of a bounded length`()
        throws
    {
        let need = MemoryNeed(
            perNode: 2, lists: .init("limit", perList: 100, perNode: 4, mostNodes: 50))
        #expect(need.bytes(nodes: 10, arcs: 0) { _ in 1000 } == 20 + 1000 * (100 + 10 * 4))
        #expect(need.bytes(nodes: 80, arcs: 0) { _ in 1000 } == 160 + 1000 * (100 + 50 * 4))
        #expect(need.bytes(nodes: 80, arcs: 0) { _ in 1e30 } == .max)
        #expect(
            need.description == "2 bytes a node and 100 + 4 × min(nodes, 50) for each of limit")
        let edges = (0..<100_000).map { ($0, $0 + 1) }
        let graph = try EdgeListGraph(nodeCount: 100_001, isDirected: true, edges).frozen()
        for (name, parameter) in [
            ("k-shortest-paths", "k"), ("all-shortest-paths", "limit"), ("cycles", "limit"),
        ] {
            let algorithm = try AlgorithmCatalog.descriptor(named: name)
            let usual = algorithm.estimatedBytes(on: graph)
            #expect(usual < 40_000_000, "\(name) takes \(usual) bytes")
            let many = algorithm.estimatedBytes(on: graph, parameters: [parameter: "100000"])
            #expect(many > 100_000_000, "\(name) takes \(many) bytes")
        }
    }

    @Test func `that no machine has is the largest number`() {
        #expect(MemoryNeed(perPair: 8).bytes(nodes: 1 << 40, arcs: 0) == .max)
    }

    @Test func `counts rows of both directions and the sources that are named`() throws {
        let directed = try EdgeListGraph(nodeCount: 3, isDirected: true, [(0, 1), (1, 2)]).frozen()
        let bfs = try AlgorithmCatalog.descriptor(named: "bfs")
        let one = bfs.estimatedBytes(on: directed, parameters: ["source": "0"])
        let three = bfs.estimatedBytes(on: directed, parameters: ["source": "0", "sources": "1,2"])
        #expect(three - one == 2 * 3 * bfs.memory.perNodeAndSource)
        #expect(bfs.memory.perNodeAndSource > 0)
        let need = MemoryNeed(perArc: 1)
        let copy = AlgorithmDescriptor(
            name: "x", family: .paths, summary: "", complexity: "", citation: "", memory: need
        ) { _, _, _ in AlgorithmOutput(columns: [], summary: []) }
        #expect(copy.estimatedBytes(on: directed) == 4)
        let undirected = try EdgeListGraph(nodeCount: 3, isDirected: false, [(0, 1), (1, 2)])
            .frozen()
        #expect(copy.estimatedBytes(on: undirected) == 4)
    }
}
