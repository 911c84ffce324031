extension BreadthFirstSearch {
    /// Breadth-first search as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "bfs", family: .paths,
        summary: "Distances in edges from one or several nodes, and a tree of shortest paths.",
        parameters: [
            .source, .sources,
            ParameterDescriptor(
                "max-depth", .integer(depthRange), help: "How far to search, in edges."),
            .parents,
        ],
        needs: .init(incoming: .optional),
        columns: [
            .init("depth", "The distance in edges; missing where the node was not reached."),
            .init("parent", "With `parents=true`: the node before, the lowest of several."),
        ],
        summaryFields: [
            .init("source", "Where the search started."),
            .init("reached", "How many nodes were reached, the source included."),
            .init("max_depth", "The largest distance."),
        ],
        complexity: "O(nodes + edges) time a source, O(nodes) space",
        citation: "Beamer, Asanović, Patterson (SC 2012)",
        memory: MemoryNeed(perNode: 8, perNodeAndSource: 24)
    ) { graph, values, options throws(AlgorithmError) in
        let sources = try values.sourceNodes()
        let kernel = BreadthFirstSearch(
            sources: sources.map(\.index), maxDepth: values.integer("max-depth"),
            hasParents: values.boolean("parents"))
        let results = try kernel.run(on: graph, options: options)
        var output = AlgorithmOutput(columns: [], summary: [])
        for (source, result) in zip(sources, results) {
            output.columns.append(
                result.depthValues.depthColumn(columnName("depth", source, of: sources.count)))
            if let parents = result.parentValues {
                output.columns.append(
                    parents.column(columnName("parent", source, of: sources.count)) { .nodes($0) })
            }
            let facts: [(String, OutputValue)] = [
                ("source", .node(result.source)), ("reached", .count(result.reached)),
                ("max_depth", .count(result.maxDepth)),
            ]
            for (name, value) in facts {
                output.summary.append(
                    SummaryEntry(summaryName(name, source, of: sources.count), value))
            }
        }
        return output
    }
}
