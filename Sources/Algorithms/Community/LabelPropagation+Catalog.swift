extension LabelPropagation {
    /// Label propagation as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "label-propagation", family: .community,
        summary: "Communities by taking over the label that most neighbours have.",
        parameters: [
            ParameterDescriptor(
                "max-iterations", .integer(iterationRange), default: "100",
                help: "Stop after asking each node so often on average."),
            .usesWeights, .seed,
        ],
        needs: .init(weights: .optional, .summable, incoming: .required),
        columns: [.init("community", "The lowest node of the community.")],
        summaryFields: PartitionQuality.Result.summaryFields + [
            .init("converged", "Whether every node has one of the heaviest labels around it.")
        ],
        complexity: "O((nodes + edges) × rounds) time, O(nodes + edges) space",
        citation: "Raghavan, Albert, Kumara (2007); Traag, Šubelj (2023)",
        memory: MemoryNeed(perNode: 90, perArc: 12, perNodeAndThread: 13)
    ) { graph, values, options throws(AlgorithmError) in
        let kernel = LabelPropagation(
            maxIterations: values.integer("max-iterations") ?? 100,
            isWeighted: values.boolean("weighted"))
        let result = try kernel.run(on: graph, options: values.seeded(options))
        return AlgorithmOutput(
            columns: [OutputColumn("community", .nodes(result.communities))],
            summary: result.quality.summary + [
                SummaryEntry("converged", .boolean(result.hasConverged))
            ])
    }
}

extension SynchronousLabelPropagation {
    /// CDLP as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "cdlp", family: .community,
        summary: "Synchronous label propagation as LDBC Graphalytics defines it.",
        parameters: [
            ParameterDescriptor(
                "iterations", .integer(iterationRange), default: "10",
                help: "Do exactly this many rounds.")
        ],
        needs: .init(incoming: .required),
        columns: [.init("label", "The label, which is a node.")],
        summaryFields: [
            .init("communities", "How many different labels there are."),
            .init("largest", "How many nodes the most frequent has."),
            .init("changed", "How many nodes changed theirs in the last round."),
        ],
        complexity: "O((nodes + edges) × iterations) time, O(nodes) space",
        citation: "Raghavan, Albert, Kumara (2007); LDBC Graphalytics CDLP",
        memory: MemoryNeed(perNode: 24)
    ) { graph, values, options throws(AlgorithmError) in
        let kernel = SynchronousLabelPropagation(iterations: values.integer("iterations") ?? 10)
        let result = try kernel.run(on: graph, options: options)
        return AlgorithmOutput(
            columns: [OutputColumn("label", .nodes(result.labels))],
            summary: [
                SummaryEntry("communities", .count(result.communityCount)),
                SummaryEntry("largest", .count(result.largestSize)),
                SummaryEntry("changed", .count(result.changed)),
            ])
    }
}
