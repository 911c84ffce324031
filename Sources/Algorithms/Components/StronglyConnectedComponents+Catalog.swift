extension StronglyConnectedComponents {
    /// Strong components as the catalog lists them.
    static let descriptor = AlgorithmDescriptor(
        name: "scc", family: .components,
        summary: "Which nodes can reach each other along directions.",
        needs: .init(incoming: .optional),
        columns: [.init("component", "The lowest node of the component.")],
        summaryFields: [
            .init("components", "How many components there are."),
            .init("largest", "How many nodes the largest has."),
        ],
        complexity: "O(nodes + edges) time, O(nodes) space",
        citation: "Tarjan (SIAM J. Comput. 1972); Pearce (2016)",
        memory: MemoryNeed(perNode: 40)
    ) { graph, _, options throws(AlgorithmError) in
        let result = try StronglyConnectedComponents().run(on: graph, options: options)
        return AlgorithmOutput(
            columns: [OutputColumn("component", .nodes(result.labels))],
            summary: [
                SummaryEntry("components", .count(result.componentCount)),
                SummaryEntry("largest", .count(result.largestSize)),
            ])
    }
}
