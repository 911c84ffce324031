extension DegreeCentrality {
    /// Degrees as the catalog lists them.
    static let descriptor = AlgorithmDescriptor(
        name: "degree", family: .centrality,
        summary: "How many edges each node has, and how much they weigh.",
        needs: .init(weights: .optional, .any, incoming: .required),
        columns: [
            .init("degree", "How many ends of edges are at the node; a loop has two."),
            .init("in_degree", "How many edges lead to it."),
            .init("out_degree", "How many edges lead away from it."),
            .init("strength", "The weight of all ends; without weights each weighs 1."),
        ],
        summaryFields: [
            .init("mean_degree", "The mean degree."),
            .init("max_node", "The node of greatest degree; of equals the lowest."),
            .init("max_degree", "Its degree."),
        ],
        complexity: "O(nodes + edges) time, O(nodes) space", citation: "Freeman (1978)",
        memory: MemoryNeed(perNode: 88)
    ) { graph, _, options throws(AlgorithmError) in
        let result = try DegreeCentrality().run(on: graph, options: options)
        let degrees = result.degrees.map { Int64($0) }
        let most = degrees.indices.max { (degrees[$0], $1) < (degrees[$1], $0) }
        let mean = Double(degrees.reduce(0, +)) / Double(max(degrees.count, 1))
        return AlgorithmOutput(
            columns: [
                OutputColumn("degree", .integers(degrees)),
                OutputColumn("in_degree", .integers(result.incoming.map { Int64($0) })),
                OutputColumn("out_degree", .integers(result.outgoing.map { Int64($0) })),
                OutputColumn("strength", .doubles(result.strengths)),
            ],
            summary: [
                SummaryEntry("mean_degree", .double(mean)),
                SummaryEntry("max_node", most.map { .node(UInt32(truncatingIfNeeded: $0)) }),
                SummaryEntry("max_degree", most.map { .integer(degrees[$0]) }),
            ])
    }
}
