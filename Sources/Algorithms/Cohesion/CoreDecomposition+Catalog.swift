extension CoreDecomposition {
    /// Cores as the catalog lists them.
    static let descriptor = AlgorithmDescriptor(
        name: "kcore", family: .cohesion,
        summary: "The largest k for which a node is in a part whose nodes all have k neighbours.",
        needs: .init(incoming: .required),
        columns: [.init("core", "The core number.")],
        summaryFields: [
            .init("degeneracy", "The largest core number."),
            .init("innermost", "How many nodes have it."),
        ],
        complexity: "O(nodes + edges) time and space",
        citation: "Seidman (1983); Batagelj, Zaveršnik (2003)",
        memory: MemoryNeed(perNode: 20, perArc: 6)
    ) { graph, _, options throws(AlgorithmError) in
        let result = try CoreDecomposition().run(on: graph, options: options)
        return AlgorithmOutput(
            columns: [OutputColumn("core", .integers(result.cores.map { Int64($0) }))],
            summary: [
                SummaryEntry("degeneracy", .count(result.degeneracy)),
                SummaryEntry("innermost", .count(result.innermostSize)),
            ])
    }
}
