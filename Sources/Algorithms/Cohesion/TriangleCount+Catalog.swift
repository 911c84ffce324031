extension TriangleCount {
    /// Triangles as the catalog lists them.
    static let descriptor = AlgorithmDescriptor(
        name: "triangles", family: .cohesion,
        summary: "How many triples of nodes are pairwise joined, in all and at each node.",
        needs: .init(incoming: .required),
        columns: [.init("triangles", "How many triangles the node is a corner of.")],
        summaryFields: [
            .init("triangles", "How many triangles there are."),
            .init("transitivity", "Three times that as a share of all pairs of neighbours."),
            .init("max_node", "The node in most triangles; of equals the lowest."),
            .init("max_triangles", "In how many it is."),
        ],
        complexity: "O(edges × √edges) time, O(nodes + edges) space",
        citation: "Latapy (2008); GAP TC (2015)",
        memory: MemoryNeed(perNode: 16, perArc: 8)
    ) { graph, _, options throws(AlgorithmError) in
        let result = try TriangleCount().run(on: graph, options: options)
        let counts = result.counts.map { Int64(clamping: $0) }
        var most = counts.indices.first
        for node in counts.indices {
            if let known = most, counts[node] > counts[known] { most = node }
        }
        return AlgorithmOutput(
            columns: [OutputColumn("triangles", .integers(counts))],
            summary: [
                SummaryEntry("triangles", .count(result.total)),
                SummaryEntry("transitivity", .double(result.transitivity)),
                SummaryEntry("max_node", most.map { .node(UInt32(truncatingIfNeeded: $0)) }),
                SummaryEntry("max_triangles", most.map { .integer(counts[$0]) }),
            ])
    }
}
