extension SimpleCycles {
    /// The cycles of a graph as the catalog lists them.
    static let descriptor = AlgorithmDescriptor(
        name: "cycles", family: .order,
        summary: "The cycles of a directed graph, one after the other up to a limit.",
        parameters: [
            ParameterDescriptor(
                "limit", .integer(limitRange), default: "1000",
                help: "How many cycles to list at most."),
            ParameterDescriptor(
                "max-length", .integer(lengthRange), help: "How many edges a cycle may have."),
        ],
        needs: .init(incoming: .required, isDirected: true),
        columns: [
            .init("length", "How many edges the cycle has."),
            .init("cycle", "Its nodes in order, the lowest first."),
        ],
        summaryFields: [
            .init("found", "How many cycles are listed."),
            .init("is_complete", "Whether these are all."),
        ],
        complexity: "O((nodes + edges) × (cycles + nodes on cycles)) time, O(nodes + edges) space",
        citation: "Johnson (1975)",
        // A cycle is an array of its nodes, and its row in the answer. Those that a search finds
        // first are nearly as long as their component is large, far longer than shortest paths.
        memory: MemoryNeed(
            perNode: 64, perArc: 16,
            lists: .init("limit", perList: 80, perNode: 4, mostNodes: 4096))
    ) { graph, values, options throws(AlgorithmError) in
        let kernel = SimpleCycles(
            limit: values.integer("limit") ?? 1000, maxLength: values.integer("max-length"))
        let result = try kernel.run(on: graph, options: options)
        return AlgorithmOutput(
            rows: .records(result.cycles.count),
            columns: [
                OutputColumn("length", .integers(result.cycles.map { Int64($0.count) })),
                OutputColumn("cycle", .nodeLists(result.cycles)),
            ],
            summary: [
                SummaryEntry("found", .count(result.cycles.count)),
                SummaryEntry("is_complete", .boolean(result.isComplete)),
            ])
    }
}
