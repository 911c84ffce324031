extension BiconnectedComponents {
    private static let complexity = "O(nodes + edges) time and space"
    private static let citation = "Hopcroft, Tarjan (1973)"
    private static let memory = MemoryNeed(perNode: 64, perArc: 24)

    /// Biconnected components as the catalog lists them.
    static let descriptor = AlgorithmDescriptor(
        name: "biconnected", family: .components,
        summary: "Sets of edges that stay connected without any one node.",
        needs: .init(incoming: .required),
        columns: [
            .init("component", "The number of the edge's component; missing for a loop."),
            .init("source", "Where the edge starts; of an undirected one the lower end."),
            .init("target", "Where it ends."),
        ],
        summaryFields: [
            .init("components", "How many components there are."),
            .init("largest", "How many edges the largest has."),
            .init("bridges", "How many edges are bridges."),
            .init("articulation_points", "How many nodes are articulation points."),
        ],
        complexity: complexity, citation: citation,
        memory: MemoryNeed(perNode: 96, perArc: 36)
    ) { graph, _, options throws(AlgorithmError) in
        let result = try BiconnectedComponents().run(on: graph, options: options)
        let edges = EdgeRecords(graph)
        var sizes = [Int](repeating: 0, count: result.componentCount)
        let components = edges.arcs.map { arc in
            let component = result.components[arc]
            guard component != noNode else { return Int64.min }
            sizes[Int(component)] += 1
            return Int64(component)
        }
        return AlgorithmOutput(
            rows: .records(components.count),
            columns: [OutputColumn("component", .integers(components))] + edges.columns,
            summary: [
                SummaryEntry("components", .count(result.componentCount)),
                SummaryEntry("largest", .count(sizes.max() ?? 0)),
                SummaryEntry("bridges", .count(result.bridgeCount)),
                SummaryEntry("articulation_points", .count(result.articulationCount)),
            ])
    }

    /// Bridges as the catalog lists them.
    static let bridgesDescriptor = AlgorithmDescriptor(
        name: "bridges", family: .components,
        summary: "Edges without which their ends are not connected.",
        needs: .init(incoming: .required),
        columns: [
            .init("source", "Where the bridge starts; of an undirected one the lower end."),
            .init("target", "Where it ends."),
        ],
        summaryFields: [.init("bridges", "How many there are.")],
        complexity: complexity, citation: citation, memory: memory
    ) { graph, _, options throws(AlgorithmError) in
        let result = try BiconnectedComponents().run(on: graph, options: options)
        let edges = EdgeRecords(graph) { result.isBridge[$0] }
        return AlgorithmOutput(
            rows: .records(edges.arcs.count), columns: edges.columns,
            summary: [SummaryEntry("bridges", .count(result.bridgeCount))])
    }

    /// Articulation points as the catalog lists them.
    static let articulationDescriptor = AlgorithmDescriptor(
        name: "articulation-points", family: .components,
        summary: "Nodes without which some of their neighbours are not connected.",
        needs: .init(incoming: .required),
        columns: [
            .init(
                "components",
                "In how many biconnected components the node has an edge; from 2 on it is an "
                    + "articulation point.")
        ],
        summaryFields: [
            .init("articulation_points", "How many there are."),
            .init("max_node", "The node in most components; of equals the lowest."),
            .init("max_components", "In how many it is."),
        ],
        complexity: complexity, citation: citation, memory: memory
    ) { graph, _, options throws(AlgorithmError) in
        let result = try BiconnectedComponents().run(on: graph, options: options)
        let counts = result.membershipCounts
        let most = counts.indices.max { (counts[$0], $1) < (counts[$1], $0) }
        return AlgorithmOutput(
            columns: [OutputColumn("components", .integers(counts.map { Int64($0) }))],
            summary: [
                SummaryEntry("articulation_points", .count(result.articulationCount)),
                SummaryEntry("max_node", most.map { .node(UInt32(truncatingIfNeeded: $0)) }),
                SummaryEntry("max_components", most.map { .count(Int(counts[$0])) }),
            ])
    }
}
