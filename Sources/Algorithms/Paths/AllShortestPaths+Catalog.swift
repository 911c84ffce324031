extension AllShortestPaths {
    /// All shortest paths between two nodes as the catalog lists them.
    static let descriptor = AlgorithmDescriptor(
        name: "all-shortest-paths", family: .paths,
        summary: "Every path of least cost between two nodes.",
        parameters: [
            .source, .target,
            ParameterDescriptor(
                "limit", .integer(limitRange), default: "1000",
                help: "How many paths to list at most."),
        ],
        needs: .init(weights: .optional, incoming: .required),
        columns: pathListColumns,
        summaryFields: [
            .init("found", "How many paths are listed."),
            .init("is_complete", "Whether these are all."),
        ],
        complexity:
            "O(edges + nodes × log nodes + paths × length) time, O(nodes) space and the paths",
        citation: "Dijkstra (1959)",
        // A path is its nodes and arcs (12 bytes a node, in two arrays) and its row in the answer.
        memory: MemoryNeed(
            perNode: 32, lists: .init("limit", perList: 180, perNode: 12))
    ) { graph, values, options throws(AlgorithmError) in
        let ends = try values.pathEnds(for: "all-shortest-paths")
        let kernel = AllShortestPaths(
            from: ends.source, to: ends.target, limit: values.integer("limit") ?? 1000)
        let result = try kernel.run(on: graph, options: options)
        return AlgorithmOutput(
            rows: .records(result.paths.count), columns: pathListOutput(result.paths),
            summary: [
                SummaryEntry("found", .count(result.paths.count)),
                SummaryEntry("is_complete", .boolean(result.isComplete)),
            ])
    }
}
