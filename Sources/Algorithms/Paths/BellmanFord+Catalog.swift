extension BellmanFord {
    /// Bellman and Ford's search as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "bellman-ford", family: .paths,
        summary: "Distances where weights may be negative, and a negative cycle if there is one.",
        parameters: [.source, .sources],
        needs: .init(weights: .optional, .aboveMinusInfinity),
        columns: [
            .init(
                "distance",
                "The smallest sum of weights; -Infinity behind a negative cycle; missing where not "
                    + "reached."),
            .init("parent", "The node before on a shortest path; missing behind a negative cycle."),
        ],
        summaryFields: [
            .init("source", "Where the search started."),
            .init("reached", "How many nodes were reached, the source included."),
            .init(
                "negative_cycle",
                "A cycle of negative weight that the source reaches; absent if there is none."),
        ],
        complexity:
            "O(nodes × edges) time a source, typically a few times the edges; O(nodes) space",
        citation: "Bellman (1958); Cherkassky, Goldberg (1999)",
        memory: MemoryNeed(perNode: 16, perNodeAndSource: 24)
    ) { graph, values, options throws(AlgorithmError) in
        let sources = try values.sourceNodes()
        let results = try BellmanFord(sources: sources.map(\.index))
            .run(on: graph, options: options)
        var output = AlgorithmOutput(columns: [], summary: [])
        for (source, result) in zip(sources, results) {
            let distances = result.distances.map { $0 == .infinity ? .nan : $0 }
            output.columns.append(
                OutputColumn(
                    columnName("distance", source, of: sources.count), .doubles(distances)))
            output.columns.append(
                OutputColumn(
                    columnName("parent", source, of: sources.count), .nodes(result.parents)))
            let facts: [(String, OutputValue?)] = [
                ("source", .node(result.source)), ("reached", .count(result.reached)),
                ("negative_cycle", result.negativeCycle.map { .nodes($0) }),
            ]
            for (name, value) in facts {
                output.summary.append(
                    SummaryEntry(summaryName(name, source, of: sources.count), value))
            }
        }
        return output
    }
}
