extension RandomWalks {
    /// Random walks as the catalog lists them.
    static let descriptor = AlgorithmDescriptor(
        name: "random-walks", family: .paths,
        summary: "Walks that follow edges at random, the same for the same seed.",
        parameters: [
            .source,
            ParameterDescriptor(
                "sources", .nodes,
                help: "Ids or keys of nodes to start from, joined by commas; all when not given."),
            ParameterDescriptor(
                "walks", .integer(walkRange), default: "1", help: "How many start from each node."),
            ParameterDescriptor(
                "length", .integer(lengthRange), default: "80",
                help: "How many steps a walk makes at most."),
        ] + biasParameters + [.usesWeights, .seed],
        needs: .init(weights: .optional, .summable),
        columns: [
            .init("source", "Where the walk starts."),
            .init("walk", "Its nodes in order; it ends early where no edge leads on."),
        ],
        summaryFields: [
            .init("walks", "How many walks were made."),
            .init("steps", "How many steps they made together."),
        ],
        complexity: "O(steps × log degree) time, O(steps) space, O(edges) more with weights",
        citation: "Grover, Leskovec (KDD 2016)",
        memory: MemoryNeed(
            perNode: 24,
            terms: [
                .init(96, "walks", isOfStarts: true),
                .init(16, "walks", "length", isOfStarts: true),
            ])
    ) { graph, values, options throws(AlgorithmError) in
        let sources = values.nodes("source") + values.nodes("sources")
        let kernel = RandomWalks(
            sources: sources.isEmpty ? nil : sources.map(\.index),
            walksPerNode: values.integer("walks") ?? 1, length: values.integer("length") ?? 80,
            returning: values.number("p") ?? 1, leaving: values.number("q") ?? 1,
            isWeighted: values.boolean("weighted"))
        let result = try kernel.run(on: graph, options: values.seeded(options))
        let walks = (0..<result.count).map { Array(result[$0]) }
        return AlgorithmOutput(
            rows: .records(walks.count),
            columns: [
                OutputColumn("source", .nodes(walks.map { $0.first ?? noNode })),
                OutputColumn("walk", .nodeLists(walks)),
            ],
            summary: [
                SummaryEntry("walks", .count(walks.count)),
                SummaryEntry("steps", .count(result.nodes.count - walks.count)),
            ])
    }

    /// How walks mind where they came from.
    static let biasParameters = [
        ParameterDescriptor(
            "p", .number(biasRange), default: "1",
            help: "How unlikely a step back to the node before is."),
        ParameterDescriptor(
            "q", .number(biasRange), default: "1",
            help: "How unlikely a step to a node that is no neighbour of the one before is."),
    ]
}
