extension BetweennessCentrality {
    /// Betweenness as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "betweenness", family: .centrality,
        summary: "How many shortest paths between other nodes lead through each node.",
        parameters: parameters("pairs of other nodes"),
        needs: .init(weights: .optional, .positive, incoming: .optional),
        columns: [.init("betweenness", "The betweenness.")],
        summaryFields: [.init("sources", "From how many nodes paths were counted.")]
            + greatestFields("betweenness", "betweenness"),
        complexity: "O((nodes + edges) × sources) time, with weights × log nodes; O(nodes) space "
            + "a thread",
        citation: "Brandes (2001); Brandes, Pich (2007)",
        memory: MemoryNeed(perNode: 40, perNodeAndThread: 340)
    ) { graph, values, options throws(AlgorithmError) in
        let kernel = BetweennessCentrality(
            sources: sources(values), sampleSize: values.integer("sample"),
            isNormalized: values.boolean("normalized"), isWeighted: values.boolean("weighted"))
        let result = try kernel.run(on: graph, options: values.seeded(options))
        return AlgorithmOutput(
            columns: [OutputColumn("betweenness", .doubles(result.values))],
            summary: [SummaryEntry("sources", .count(result.sourceCount))]
                + greatestEntries(result.values, "betweenness"))
    }

    /// The parameters that betweenness of nodes and of edges share.
    static func parameters(_ pairs: String) -> [ParameterDescriptor] {
        [
            ParameterDescriptor(
                "sources", .nodes,
                help: "Count only paths from these nodes, joined by commas; without it from all."),
            ParameterDescriptor(
                "sample", .integer(sampleRange), excludes: "sources",
                help: "Draw so many sources and scale up to what all would give on average."),
            ParameterDescriptor(
                "normalized", .boolean, default: "false",
                help: "Divide by the number of \(pairs)."),
            ParameterDescriptor(
                "weighted", .boolean, default: "false",
                help: "Paths are shortest by weight; weights must be above 0."),
            .seed,
        ]
    }

    static func sources(_ values: ParameterValues) -> [UInt32]? {
        let named = values.nodes("sources")
        return named.isEmpty ? nil : named.map(\.index)
    }
}

extension EdgeBetweenness {
    /// Betweenness of edges as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "edge-betweenness", family: .centrality,
        summary: "How many shortest paths between nodes lead along each edge.",
        parameters: BetweennessCentrality.parameters("pairs of nodes"),
        needs: .init(weights: .optional, .positive, incoming: .optional),
        columns: [
            .init("betweenness", "The betweenness of the edge."),
            .init("source", "Where the edge starts; of an undirected one the lower end."),
            .init("target", "Where it ends."),
        ],
        summaryFields: [
            .init("edges", "How many edges there are."),
            .init("max_betweenness", "The greatest betweenness."),
        ],
        complexity: "O((nodes + edges) × sources) time, with weights × log nodes; "
            + "O(nodes + edges) space",
        citation: "Girvan, Newman (2002); Brandes (2008)",
        memory: MemoryNeed(perNode: 24, perArc: 28, perNodeAndThread: 32)
    ) { graph, values, options throws(AlgorithmError) in
        let kernel = EdgeBetweenness(
            sources: BetweennessCentrality.sources(values), sampleSize: values.integer("sample"),
            isNormalized: values.boolean("normalized"), isWeighted: values.boolean("weighted"))
        let sums = try kernel.run(on: graph, options: values.seeded(options))
        let edges = EdgeRecords(graph)
        let values = edges.arcs.map { sums[$0] }
        return AlgorithmOutput(
            rows: .records(values.count),
            columns: [OutputColumn("betweenness", .doubles(values))] + edges.columns,
            summary: [
                SummaryEntry("edges", .count(values.count)),
                SummaryEntry("max_betweenness", values.max().map { .double($0) }),
            ])
    }
}
