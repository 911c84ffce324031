extension SingleSourceShortestPaths {
    /// Single-source shortest paths as the catalog lists them.
    static let descriptor = AlgorithmDescriptor(
        name: "sssp", family: .paths,
        summary: "Distances by weight from one or several nodes.",
        parameters: [
            .source, .sources, .parents,
        ],
        needs: .init(weights: .optional, incoming: .optional),
        columns: [
            .init("distance", "The smallest sum of weights; missing where not reached."),
            .init("parent", "With `parents=true`: the node before on a shortest path."),
        ],
        summaryFields: [
            .init("source", "Where the search started."),
            .init("reached", "How many nodes were reached, the source included."),
            .init("max_distance", "The largest distance."),
            .init("sum_distance", "The sum of all distances."),
        ],
        complexity: "O(edges + nodes × log nodes) time a source, O(nodes) space",
        citation: "Dijkstra (1959); Meyer, Sanders (2003)",
        memory: MemoryNeed(perNode: 16, perNodeAndSource: 24)
    ) { graph, values, options throws(AlgorithmError) in
        let sources = try values.sourceNodes()
        let kernel = SingleSourceShortestPaths(
            sources: sources.map(\.index), hasParents: values.boolean("parents"))
        let results = try kernel.run(on: graph, options: options)
        var output = AlgorithmOutput(columns: [], summary: [])
        for (source, result) in zip(sources, results) {
            output.columns.append(
                result.distanceValues.distanceColumn(
                    columnName("distance", source, of: sources.count)))
            if let parents = result.parentValues {
                output.columns.append(
                    parents.column(columnName("parent", source, of: sources.count)) { .nodes($0) })
            }
            let facts: [(String, OutputValue)] = [
                ("source", .node(result.source)), ("reached", .count(result.reached)),
                ("max_distance", .double(result.maxDistance)),
                ("sum_distance", .double(result.sumDistance)),
            ]
            for (name, value) in facts {
                output.summary.append(
                    SummaryEntry(summaryName(name, source, of: sources.count), value))
            }
        }
        return output
    }
}
