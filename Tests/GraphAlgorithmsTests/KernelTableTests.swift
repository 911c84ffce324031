import PropertyGraph
import Synchronization
import TestSupport
import Testing

@testable import GraphAlgorithms

/// A kernel as the catalog runs it, and a graph that keeps it busy.
struct KernelRun: Sendable, CustomStringConvertible {
    var name: String
    var parameters: [String: String]
    var isDirected: Bool
    var isAcyclic: Bool

    init(
        _ name: String, _ parameters: [String: String] = [:], isDirected: Bool = false,
        isAcyclic: Bool = false
    ) {
        self.name = name
        self.parameters = parameters
        self.isDirected = isDirected || isAcyclic
        self.isAcyclic = isAcyclic
    }

    var description: String { "\(name) \(parameters.sorted { $0.key < $1.key })" }

    func graph(nodes: Int, edges: Int) throws -> CSRGraph {
        var model = EdgeListGraph.hubs(
            seed: 11, nodeCount: nodes, edgeCount: edges, isDirected: isDirected, isWeighted: true)
        if isAcyclic {
            model.edges = model.edges.filter { $0.source != $0.target }.map { edge in
                EdgeListGraph.Edge(
                    min(edge.source, edge.target), max(edge.source, edge.target),
                    weight: edge.weight)
            }
        }
        return try model.frozen()
    }

    func run(_ graph: CSRGraph, _ options: RunOptions) throws -> AlgorithmOutput {
        try AlgorithmCatalog.descriptor(named: name)
            .run(on: graph, parameters: parameters, options: options)
    }

    static let all = [
        KernelRun("bfs", ["sources": "1,2"]), KernelRun("sssp", ["sources": "1,2"]),
        KernelRun("sssp", ["source": "1", "parents": "true"], isDirected: true),
        KernelRun("shortest-path", ["pairs": "1:2,7:190"]),
        KernelRun("astar", ["pairs": "1:2,7:190"]), KernelRun("landmarks", ["count": "5"]),
        KernelRun("landmarks", isDirected: true), KernelRun("bellman-ford", ["sources": "1,2"]),
        KernelRun("k-shortest-paths", ["source": "1", "target": "190", "k": "8"]),
        KernelRun("all-shortest-paths", ["source": "1", "target": "190"]),
        KernelRun("all-pairs"), KernelRun("k-hop", ["sources": "1,2", "hops": "3"]),
        KernelRun("random-walks", ["walks": "3", "length": "20", "p": "0.5", "q": "2"]),
        KernelRun("topological-sort", isAcyclic: true), KernelRun("longest-path", isAcyclic: true),
        KernelRun("transitive-reduction", isAcyclic: true),
        KernelRun("transitive-closure", isDirected: true),
        KernelRun("cycles", ["limit": "500"], isDirected: true),
        KernelRun("cycles", ["limit": "500", "max-length": "4"], isDirected: true),
        KernelRun("feedback-edges", isDirected: true),
        KernelRun("fastrp", ["dimension": "20", "normalization": "-0.5", "self-weight": "1"]),
        KernelRun("node2vec", ["dimension": "10", "walks": "2", "length": "8"]),
        KernelRun("knn", ["k": "4", "dimension": "16", "metric": "euclidean"]),
        KernelRun("jaccard"), KernelRun("overlap", ["pairs": "1:2,3:150"]),
        KernelRun("cosine", ["direction": "out", "top-k": "3"], isDirected: true),
        KernelRun("adamic-adar", ["new-only": "true"]), KernelRun("resource-allocation"),
        KernelRun("minimum-spanning-forest"),
        KernelRun("steiner-tree", ["terminals": "1,50,199,20"]),
        KernelRun("maximum-flow", ["source": "1", "target": "190"]),
        KernelRun("minimum-cut", ["source": "1", "target": "190"], isDirected: true),
    ]
}

@Suite struct `Kernels of the catalog` {
    @Test func `are all in one of the tables that tests go through`() {
        // `stats` is in the table of cancelled runs, and has no answer that threads could change.
        let tested = Set(namesOfNodeKernels + KernelRun.all.map(\.name) + ["stats"])
        #expect(tested == Set(AlgorithmCatalog.all.map(\.name)))
    }

    @Test(arguments: KernelRun.all)
    func `give the same bytes on any number of threads`(kernel: KernelRun) throws {
        let graph = try kernel.graph(nodes: 200, edges: 1500)
        let outputs = try RunOptions.threadCounts.map { threads in
            var options = RunOptions.eager(threads: threads)
            options.seed = 42
            return "\(try kernel.run(graph, options))"
        }
        #expect(Set(outputs).count == 1)
    }

    @Test(arguments: KernelRun.all)
    func `end when they are cancelled, whenever that is`(kernel: KernelRun) throws {
        let graph = try kernel.graph(nodes: 200, edges: 1500)
        for patience in [0, 1, 3] {
            for threads in RunOptions.threadCounts {
                let asked = Atomic<Int>(0)
                var options = RunOptions.eager(threads: threads)
                options.isCancelled = {
                    asked.wrappingAdd(1, ordering: .relaxed).oldValue >= patience
                }
                let code = failureCode { try kernel.run(graph, options) }
                // A run that asks less often than that is over by then.
                let isOver = asked.load(ordering: .relaxed) <= patience
                #expect(code == (isOver ? nil : .cancelled), "after \(patience) questions")
                #expect(patience > 0 || !isOver, "It never asks.")
            }
        }
    }

    @Test(arguments: KernelRun.all)
    func `answer on a graph of one node, and refuse nodes that do not exist`(
        kernel: KernelRun
    ) throws {
        let one = try EdgeListGraph(
            nodeCount: 1, isDirected: kernel.isDirected, isWeighted: true, edges: []
        ).frozen()
        var single = kernel
        for (name, value) in kernel.parameters {
            if value.contains(":") { single.parameters[name] = "0:0" }
            if ["source", "target", "sources", "terminals"].contains(name) {
                single.parameters[name] = "0"
            }
        }
        let code = failureCode { try single.run(one, RunOptions()) }
        #expect(code == nil || (code == .invalidParameter && kernel.refusesOneNode))
        guard single.parameters != kernel.parameters else { return }
        #expect(failureCode { try kernel.run(one, RunOptions()) } == .nodeNotFound)
    }

    @Test(arguments: KernelRun.all)
    func `answer on a graph without nodes`(kernel: KernelRun) throws {
        let none = try EdgeListGraph(
            nodeCount: 0, isDirected: kernel.isDirected, isWeighted: true, edges: []
        ).frozen()
        let names = Set(["source", "target", "sources", "pairs", "terminals"])
        let needsNodes = !names.isDisjoint(with: kernel.parameters.keys)
        let code = failureCode { try kernel.run(none, RunOptions()) }
        #expect(code == (needsNodes ? .nodeNotFound : nil))
    }
}

extension KernelRun {
    /// Whether a single node is no question: there is no flow from a node to itself.
    var refusesOneNode: Bool { ["maximum-flow", "minimum-cut"].contains(name) }
}
