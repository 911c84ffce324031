extension SteinerTree {
    /// The Steiner tree as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "steiner-tree", family: .flow,
        summary: "A tree that joins some nodes, of less than twice the least weight.",
        parameters: [
            ParameterDescriptor(
                "terminals", .nodes, isRequired: true,
                help: "Ids or keys of the nodes to join, joined by commas.")
        ],
        needs: .init(weights: .optional, isDirected: false),
        columns: treeColumns,
        summaryFields: [
            .init("edges", "How many edges the tree has."),
            .init("weight", "The sum of their weights."),
            .init("trees", "How many trees there are: one for each component with terminals."),
            .init("bound", "The weight is at most so many times the least."),
        ],
        complexity: "O(edges × log nodes) time, O(nodes + edges) space",
        citation: "Mehlhorn (1988)",
        memory: MemoryNeed(perNode: 64, perArc: 17)
    ) { graph, values, options throws(AlgorithmError) in
        let kernel = SteinerTree(terminals: values.nodes("terminals").map(\.index))
        let result = try kernel.run(on: graph, options: options)
        return AlgorithmOutput(
            rows: .records(result.edges.count), columns: treeOutput(result.edges),
            summary: [
                SummaryEntry("edges", .count(result.edges.count)),
                SummaryEntry("weight", .double(result.weight)),
                SummaryEntry("trees", .count(result.treeCount)),
                SummaryEntry("bound", .double(result.bound)),
            ])
    }
}
