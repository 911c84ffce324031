extension PageRank {
    /// PageRank as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "pagerank", family: .centrality,
        summary: "Importance by links: how often a random walker meets each node.",
        parameters: [
            ParameterDescriptor(
                "damping", .number(dampingRange), default: "0.85",
                help: "The probability of following an edge instead of jumping anywhere."),
            ParameterDescriptor(
                "tolerance", .number(toleranceRange), default: "1e-6",
                help: "Stop once a round would move the ranks by less than this in total."),
            ParameterDescriptor(
                "max-iterations", .integer(iterationRange), default: "100",
                help: "Stop after this many rounds even if they still move."),
            ParameterDescriptor(
                "iterations", .integer(iterationRange),
                help: "Do exactly this many synchronous rounds, whatever the tolerance."),
            ParameterDescriptor(
                "weighted", .boolean, default: "false",
                help: "Follow edges in proportion to their weights."),
            ParameterDescriptor(
                "restart", .nodes,
                help: "Jump to these nodes, joined by commas, instead of anywhere."),
            ParameterDescriptor(
                "mode", .choice(Mode.allCases.map(\.rawValue)), default: Mode.standard.rawValue,
                help: "Whether rank without an outgoing edge jumps, or is lost as in GAP."),
        ],
        needs: .init(weights: .optional, .summable, incoming: .required),
        columns: [.init("rank", "The rank; in the standard mode all sum to 1.")],
        summaryFields: [
            .init("iterations", "How many rounds were done."),
            .init("l1_delta", "By how much a last round moves the ranks in total, at most."),
            .init("converged", "Whether that is below the tolerance."),
            .init("sum", "The sum of all ranks."),
            .init("max_node", "The node of highest rank; of equals the lowest."),
            .init("max_rank", "Its rank."),
        ],
        complexity: "O((nodes + edges) × iterations) time, O(nodes) space",
        citation:
            "Page, Brin, Motwani, Winograd (1999); LDBC Graphalytics PR; Golub, Varga (1961); "
            + "Gleich, Zhukov, Berkhin (2004)",
        memory: MemoryNeed(perNode: 124, perArc: 6)
    ) { graph, values, options throws(AlgorithmError) in
        var kernel = PageRank(isWeighted: values.boolean("weighted"))
        kernel.damping = values.number("damping") ?? kernel.damping
        kernel.tolerance = values.number("tolerance") ?? kernel.tolerance
        kernel.maxIterations = values.integer("max-iterations") ?? kernel.maxIterations
        kernel.iterations = values.integer("iterations")
        let restart = values.nodes("restart")
        kernel.restart = restart.isEmpty ? nil : restart.map(\.index)
        kernel.mode = values.word("mode").flatMap(Mode.init(rawValue:)) ?? .standard
        let result = try kernel.run(on: graph, options: options)
        return AlgorithmOutput(
            columns: [OutputColumn("rank", .doubles(result.ranks))],
            summary: [
                SummaryEntry("iterations", .count(result.iterations)),
                SummaryEntry("l1_delta", .double(result.delta)),
                SummaryEntry("converged", .boolean(result.delta < kernel.tolerance)),
                SummaryEntry("sum", .double(result.ranks.reduce(0, +))),
            ] + greatestEntries(result.ranks, "rank"))
    }
}
