import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

@Suite struct `The catalog of algorithms` {
    private func graph() throws -> CSRGraph {
        try CSRGraphBuilder().build(
            nodeCount: 4, sources: [0, 1, 2], targets: [1, 2, 0], weights: [1, 2, 3],
            nodeIDs: CSRBuffer([10, 20, 30, 40]))
    }

    @Test func `lists every algorithm once, described in full`() {
        let names = AlgorithmCatalog.all.map(\.name)
        let core = [
            "bfs", "pagerank", "scc", "shortest-path", "sssp", "stats", "topological-sort", "wcc",
        ]
        #expect(Set(names).isSuperset(of: core))
        #expect(Set(names).count == names.count)
        for algorithm in AlgorithmCatalog.all {
            #expect(algorithm.summary.hasSuffix("."))
            #expect(!algorithm.complexity.isEmpty && !algorithm.citation.isEmpty)
            let parameters = algorithm.parameters.map(\.name)
            #expect(Set(parameters).count == parameters.count, "\(algorithm.name)")
            #expect(algorithm.parameters.allSatisfy { $0.help.hasSuffix(".") })
        }
    }

    @Test func `answers with the columns and summary it promises`() throws {
        let cyclic = try graph()
        let acyclic = try CSRGraphBuilder().build(
            nodeCount: 4, sources: [0, 1, 2], targets: [1, 2, 3], weights: [1, 2, 3],
            nodeIDs: CSRBuffer([10, 20, 30, 40]))
        let texts = [
            "source": "10", "target": "30", "parents": "true", "terminals": "10,30",
            "levels": "true", "community": "group",
        ]
        for algorithm in AlgorithmCatalog.all where algorithm.needs.isDirected != false {
            let parameters = texts.filter { name, _ in
                algorithm.parameters.contains { UTF8Order.equal($0.name, name) }
            }
            let graph = (algorithm.family == .order ? acyclic : cyclic).grouped
            let output = try algorithm.run(on: graph, parameters: parameters)
            #expect(output.columns.map(\.name) == algorithm.columns.map(\.name))
            #expect(output.summary.map(\.name) == algorithm.summaryFields.map(\.name))
            let rows = if case .records(let count) = output.rows { count } else { graph.nodeCount }
            #expect(output.columns.allSatisfy { $0.count == rows }, "\(algorithm.name)")
        }
    }

    @Test func `reads defaults that lie within their ranges`() throws {
        for algorithm in AlgorithmCatalog.all {
            let defaults = algorithm.parameters.compactMap { parameter in
                parameter.defaultValue.map { (parameter.name, $0) }
            }
            _ = try ParameterValues(
                texts: Dictionary(uniqueKeysWithValues: defaults),
                descriptors: algorithm.parameters.filter { !$0.isRequired },
                algorithm: algorithm.name, resolve: { _ in 0 })
        }
    }

    @Test func `resolves nodes by id, or as the caller says`() throws {
        let bfs = try AlgorithmCatalog.descriptor(named: "bfs")
        let byID = try bfs.run(on: graph(), parameters: ["source": "20", "parents": "true"])
        #expect(byID.summary("source") == .node(1))
        #expect(byID.column("depth")?[0] == .integer(2))
        #expect(byID.column("depth")?[3] == nil)
        #expect(byID.column("parent")?[0] == .node(2))
        let byKey = try bfs.run(on: graph(), parameters: ["source": "start"]) {
            UTF8Order.equal($0, "start") ? 2 : nil
        }
        #expect(byKey.summary("source") == .node(2))
    }

    @Test func `gives each of several sources columns of its own`() throws {
        let sssp = try AlgorithmCatalog.descriptor(named: "sssp")
        let output = try sssp.run(on: graph(), parameters: ["sources": "10,30"])
        #expect(output.columns.map(\.name) == ["distance_10", "distance_30"])
        #expect(output.column("distance_30")?[1] == .double(4))
        #expect(output.summary("reached_10") == .integer(3))
    }

    @Test func `finds paths for pairs, and says where there is none`() throws {
        let path = try AlgorithmCatalog.descriptor(named: "shortest-path")
        let output = try path.run(on: graph(), parameters: ["pairs": "10:30,10:40"])
        #expect(output.rows == .records(2))
        #expect(output.column("cost")?[0] == .double(3))
        #expect(output.column("path")?[0] == .nodes([0, 1, 2]))
        #expect(output.column("cost")?[1] == nil)
        #expect(output.column("path")?[1] == nil)
        #expect(output.summary("found") == .integer(1))
        let single = try path.run(on: graph(), parameters: ["source": "10", "target": "40"])
        #expect(single.summary("found") == .integer(0))
        #expect(single.summary("cost") == nil)
    }

    @Test func `suggests the algorithm or parameter that was meant`() throws {
        let algorithm = failure {
            try AlgorithmCatalog.descriptor(named: "pagernak")
        }
        #expect(algorithm?.code == .unknownAlgorithm)
        #expect(algorithm?.message.contains("Did you mean 'pagerank'?") == true)
        let graph = try graph()
        let pageRank = try AlgorithmCatalog.descriptor(named: "pagerank")
        let parameter = failure {
            try pageRank.run(on: graph, parameters: ["dampening": "0.5"])
        }
        #expect(parameter?.code == .unknownParameter)
        #expect(parameter?.message.contains("Did you mean 'damping'?") == true)
        let strange = failure {
            try pageRank.run(on: graph, parameters: ["zzz": "1"])
        }
        #expect(strange?.message.contains("It takes: damping, tolerance") == true)
    }

    @Test(arguments: [
        ("pagerank", "damping", "1", "[0, 1)"), ("pagerank", "damping", "x", "[0, 1)"),
        ("pagerank", "damping", "nan", "a number"), ("pagerank", "iterations", "0", "[1, 1000000]"),
        ("pagerank", "iterations", "1.5", "a whole number"),
        ("pagerank", "weighted", "yes", "true or false"),
        ("shortest-path", "pairs", "10-20", "pairs like 1:9,2:7"),
    ])
    func `refuses a value outside its range by naming the range`(
        algorithm: String, parameter: String, value: String, advice: String
    ) throws {
        let graph = try graph()
        let descriptor = try AlgorithmCatalog.descriptor(named: algorithm)
        let error = failure {
            try descriptor.run(on: graph, parameters: [parameter: value])
        }
        #expect(error?.code == .invalidParameter)
        #expect(error?.message.contains("'\(parameter)'") == true)
        #expect(error?.message.contains(advice) == true, "\(error?.message ?? "")")
    }

    @Test(arguments: ["betweenness", "edge-betweenness"])
    func `refuses two parameters of which one would go unheard`(name: String) throws {
        let descriptor = try AlgorithmCatalog.descriptor(named: name)
        let error = failure {
            try descriptor.check(parameters: ["sample": "2", "sources": "10"])
        }
        #expect(error?.code == .invalidParameter)
        #expect(error?.message.contains("'sample' and 'sources' exclude each other") == true)
    }

    @Test func `refuses nodes that do not exist and parameters that are missing`() throws {
        let graph = try graph()
        let bfs = try AlgorithmCatalog.descriptor(named: "bfs")
        #expect(
            failure {
                try bfs.run(on: graph, parameters: ["source": "11"])
            }?.code == .nodeNotFound)
        #expect(
            failure {
                try bfs.run(on: graph)
            }?.code == .missingParameter)
        let path = try AlgorithmCatalog.descriptor(named: "shortest-path")
        #expect(
            failure {
                try path.run(on: graph, parameters: ["source": "10"])
            }?.code == .missingParameter)
    }

    @Test func `tells what is wrong with parameters before there is a graph`() throws {
        let bfs = try AlgorithmCatalog.descriptor(named: "bfs")
        try bfs.check(parameters: ["sources": "1,nobody"])
        #expect(failure { try bfs.check(parameters: [:]) }?.code == .missingParameter)
        #expect(
            failure { try bfs.check(parameters: ["sorce": "1"]) }?.code == .unknownParameter)
        #expect(
            failure { try bfs.check(parameters: ["source": "1", "max-depth": "x"]) }?.code
                == .invalidParameter)
    }

    @Test func `refuses graphs that are not what an algorithm needs`() throws {
        let undirected = try EdgeListGraph(nodeCount: 2, isDirected: false, [(0, 1)]).frozen()
        let sort = try AlgorithmCatalog.descriptor(named: "topological-sort")
        #expect(
            failure {
                try sort.run(on: undirected)
            }?.code == .notDirected)
    }
}
