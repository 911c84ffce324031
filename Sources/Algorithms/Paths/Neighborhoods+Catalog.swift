extension Neighborhoods {
    /// Neighbourhoods as the catalog lists them.
    static let descriptor = AlgorithmDescriptor(
        name: "k-hop", family: .paths,
        summary: "The nodes within a number of steps of one or several others.",
        parameters: [
            .source, .sources,
            ParameterDescriptor(
                "hops", .integer(hopRange), default: "2", help: "How many edges a path may have."),
            ParameterDescriptor(
                "direction", .choice(Direction.allCases.map(\.rawValue)), default: "out",
                help: "Follow edges as they point, against it, or either way."),
        ],
        needs: .init(incoming: .optional),
        columns: [
            .init("source", "Where the neighbourhood starts."),
            .init("node", "A node of it, the source included; nearest first."),
            .init("depth", "Its distance in edges."),
        ],
        summaryFields: [
            .init("source", "Where the neighbourhood starts."),
            .init("size", "How many nodes it has, the source included."),
            .init("depth", "The largest distance."),
        ],
        complexity: "O(nodes found + their arcs) time a source, O(nodes) space",
        citation: "Moore (1959)"
    ) { graph, values, options throws(AlgorithmError) in
        let sources = try values.sourceNodes()
        let kernel = Neighborhoods(
            sources: sources.map(\.index), hops: values.integer("hops") ?? 2,
            direction: values.word("direction").flatMap(Direction.init(rawValue:)) ?? .out)
        let results = try kernel.run(on: graph, options: options)
        var (starts, nodes, depths): ([UInt32], [UInt32], [Int64]) = ([], [], [])
        var summary: [SummaryEntry] = []
        for (source, result) in zip(sources, results) {
            for (depth, size) in result.sizes.enumerated() {
                let found = result.nodes[(depth > 0 ? result.sizes[depth - 1] : 0)..<size]
                nodes += found
                starts += found.map { _ in result.source }
                depths += found.map { _ in Int64(depth) }
            }
            let facts: [(String, OutputValue)] = [
                ("source", .node(result.source)), ("size", .count(result.nodes.count)),
                ("depth", .count(result.sizes.count - 1)),
            ]
            for (name, value) in facts {
                summary.append(SummaryEntry(summaryName(name, source, of: sources.count), value))
            }
        }
        return AlgorithmOutput(
            rows: .records(nodes.count),
            columns: [
                OutputColumn("source", .nodes(starts)), OutputColumn("node", .nodes(nodes)),
                OutputColumn("depth", .integers(depths)),
            ],
            summary: summary)
    }
}
