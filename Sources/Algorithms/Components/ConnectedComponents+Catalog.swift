extension ConnectedComponents {
    /// Weak components as the catalog lists them.
    static let descriptor = AlgorithmDescriptor(
        name: "wcc", family: .components,
        summary: "Which nodes hang together when directions are ignored.",
        needs: .init(incoming: .optional),
        columns: [.init("component", "The lowest node of the component.")],
        summaryFields: [
            .init("components", "How many components there are."),
            .init("largest", "How many nodes the largest has."),
            .init("largest_component", "The lowest node of the largest."),
        ],
        complexity: "O((nodes + edges) × log nodes) time, O(nodes) space",
        citation: "Sutton, Ben-Nun, Barak, Afforest (IPDPS 2018)",
        memory: MemoryNeed(perNode: 12)
    ) { graph, _, options throws(AlgorithmError) in
        let result = try ConnectedComponents().run(on: graph, options: options)
        return AlgorithmOutput(
            columns: [OutputColumn("component", .nodes(result.labels))],
            summary: [
                SummaryEntry("components", .count(result.componentCount)),
                SummaryEntry("largest", .count(result.largestSize)),
                SummaryEntry("largest_component", result.largestLabel.map { .node($0) }),
            ])
    }
}
