import PropertyGraph

extension GraphStatistics {
    /// The counts as the catalog lists them.
    static let descriptor = AlgorithmDescriptor(
        name: "stats", family: .statistics,
        summary: "Counts of the graph: nodes, edges, loops, degrees, density.",
        summaryFields: [
            .init("nodes", "How many nodes there are."),
            .init("edges", "How many edges there are; an undirected one counts once."),
            .init("directed", "Whether edges have a direction."),
            .init("weighted", "Whether edges have weights."),
            .init("loops", "How many edges lead from a node to itself."),
            .init("parallel_edges", "How many edges there are beyond the first between two nodes."),
            .init("min_degree", "The smallest number of arcs of a node."),
            .init("max_degree", "The largest."),
            .init("max_degree_node", "The node that has it; of equals the lowest."),
            .init("mean_degree", "The mean."),
            .init("isolated", "How many nodes have no edge at all."),
            .init("density", "Pairs joined by an edge as a share of all pairs."),
        ],
        complexity: "O(nodes + edges) time, O(nodes) space", citation: "Counting",
        memory: MemoryNeed(perNode: 8)
    ) { graph, _, options throws(AlgorithmError) in
        let result = try GraphStatistics().run(on: graph, options: options)
        return AlgorithmOutput(
            rows: .records(0), columns: [],
            summary: [
                SummaryEntry("nodes", .count(result.nodes)),
                SummaryEntry("edges", .count(result.edges)),
                SummaryEntry("directed", .boolean(graph.isDirected)),
                SummaryEntry("weighted", .boolean(graph.isWeighted)),
                SummaryEntry("loops", .count(result.loops)),
                SummaryEntry("parallel_edges", .count(result.parallelEdges)),
                SummaryEntry("min_degree", .count(result.minimumDegree)),
                SummaryEntry("max_degree", .count(result.maximumDegree)),
                SummaryEntry("max_degree_node", result.maximumDegreeNode.map { .node($0) }),
                SummaryEntry("mean_degree", .double(result.meanDegree)),
                SummaryEntry("isolated", .count(result.isolated)),
                SummaryEntry("density", .double(result.density)),
            ])
    }
}
