extension LocalClustering {
    /// Local clustering as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "lcc", family: .cohesion,
        summary: "How close the neighbours of each node come to being all joined.",
        needs: .init(incoming: .required),
        columns: [.init("coefficient", "Joined pairs of neighbours as a share of all.")],
        summaryFields: [
            .init("mean", "The mean coefficient."),
            .init("triangles", "How many triangles there are."),
        ],
        complexity: "O(edges × √edges) time, O(nodes + edges) space",
        citation: "Watts, Strogatz (1998); LDBC Graphalytics LCC",
        memory: MemoryNeed(perNode: 16, perArc: 8)
    ) { graph, _, options throws(AlgorithmError) in
        let result = try LocalClustering().run(on: graph, options: options)
        return AlgorithmOutput(
            columns: [OutputColumn("coefficient", .doubles(result.coefficients))],
            summary: [
                SummaryEntry("mean", .double(result.mean)),
                SummaryEntry("triangles", .count(result.triangles)),
            ])
    }
}
