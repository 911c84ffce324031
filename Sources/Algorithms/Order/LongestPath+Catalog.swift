import PropertyGraph

extension LongestPath {
    /// The longest path as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "longest-path", family: .order,
        summary: "The longest (critical) path of an acyclic graph, and the slack beside it.",
        needs: .init(weights: .optional, .finite, isDirected: true),
        columns: [
            .init("earliest", "The length of the longest path that ends at the node."),
            .init("latest", "By when it must begin for the whole to take no longer."),
            .init("slack", "The difference; 0 on every longest path."),
        ],
        summaryFields: [
            .init("length", "The sum of the weights of a longest path; its edges without weights."),
            .init("path", "Its nodes in order; absent in a graph without nodes."),
        ],
        complexity: "O(nodes + edges) time, O(nodes) space",
        citation: "Kelley, Walker (1959)",
        memory: MemoryNeed(perNode: 64)
    ) { graph, _, options throws(AlgorithmError) in
        let result = try LongestPath().run(on: graph, options: options)
        let nodes = 0..<UInt32(truncatingIfNeeded: graph.nodeCount)
        return AlgorithmOutput(
            columns: [
                OutputColumn("earliest", .doubles(result.earliest)),
                OutputColumn("latest", .doubles(result.latest)),
                OutputColumn("slack", .doubles(nodes.map { result.slack(of: $0) })),
            ],
            summary: [
                SummaryEntry("length", .double(result.length)),
                SummaryEntry("path", result.path.isEmpty ? nil : .nodes(result.path)),
            ])
    }
}
