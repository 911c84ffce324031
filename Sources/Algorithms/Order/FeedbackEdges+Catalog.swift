import PropertyGraph

extension FeedbackEdges {
    /// Feedback edges as the catalog lists them.
    static let descriptor = AlgorithmDescriptor(
        name: "feedback-edges", family: .order,
        summary: "A light set of edges without which a directed graph has no cycle.",
        needs: .init(weights: .optional, .summable, incoming: .required, isDirected: true),
        columns: [
            .init("source", "Where an edge of the set starts."),
            .init("target", "Where it ends."),
            .init("weight", "Its weight; 1 without weights."),
        ],
        summaryFields: [
            .init("edges", "How many edges the set has."),
            .init("weight", "The sum of their weights."),
            .init("lower_bound", "No set weighs less; equal to the weight when it is proven best."),
        ],
        complexity: "O(nodes × edges) time at worst, typically a few times the edges on cycles; "
            + "O(nodes + edges) space",
        citation: "Demetrescu, Finocchi (2003); Eades, Lin, Smyth (1993)",
        memory: MemoryNeed(perNode: 96, perArc: 24)
    ) { graph, _, options throws(AlgorithmError) in
        let result = try FeedbackEdges().run(on: graph, options: options)
        let rows = graph.outgoing
        return AlgorithmOutput(
            rows: .records(result.arcs.count),
            columns: [
                OutputColumn("source", .nodes(rows.sources(of: result.arcs))),
                OutputColumn("target", .nodes(result.arcs.map { rows.targets[$0] })),
                OutputColumn("weight", .doubles(result.arcs.map { rows.weights?[$0] ?? 1 })),
            ],
            summary: [
                SummaryEntry("edges", .count(result.arcs.count)),
                SummaryEntry("weight", .double(result.weight)),
                SummaryEntry("lower_bound", .double(result.lowerBound)),
            ])
    }
}
