extension KShortestPaths {
    /// The k shortest simple paths as the catalog lists them.
    static let descriptor = AlgorithmDescriptor(
        name: "k-shortest-paths", family: .paths,
        summary: "The k cheapest paths between two nodes that visit no node twice.",
        parameters: [
            .source, .target,
            ParameterDescriptor(
                "k", .integer(countRange), default: "3", help: "How many paths to find at most."),
        ],
        needs: .init(weights: .optional, incoming: .required),
        columns: pathListColumns,
        summaryFields: [.init("found", "How many paths were found.")],
        complexity: "O(k × length × (edges + nodes × log nodes)) time at worst, "
            + "O(nodes + k × length) space",
        citation: "Yen (1971); Lawler (1972)",
        // A path is its nodes and arcs (12 bytes a node, in two arrays) and its row in the answer.
        // While few are found, twice as many parts wait as are wanted, each with its nodes and a set
        // of what is forbidden.
        memory: MemoryNeed(
            perNode: 32, perArc: 4, lists: .init("k", perList: 480, perNode: 12))
    ) { graph, values, options throws(AlgorithmError) in
        let ends = try values.pathEnds(for: "k-shortest-paths")
        let kernel = KShortestPaths(
            from: ends.source, to: ends.target, count: values.integer("k") ?? 3)
        let paths = try kernel.run(on: graph, options: options)
        return AlgorithmOutput(
            rows: .records(paths.count), columns: pathListOutput(paths),
            summary: [SummaryEntry("found", .count(paths.count))])
    }
}

/// The columns of an answer that has several paths between two nodes.
let pathListColumns: [AlgorithmDescriptor.Field] = [
    .init("cost", "The sum of its weights."),
    .init("length", "How many edges it has."),
    .init("path", "Its nodes in order."),
]

/// Those columns.
func pathListOutput(_ paths: [ShortestPath.Path]) -> [OutputColumn] {
    [
        OutputColumn("cost", .doubles(paths.map(\.cost))),
        OutputColumn("length", .integers(paths.map { Int64($0.arcs.count) })),
        OutputColumn("path", .nodeLists(paths.map(\.nodes))),
    ]
}
