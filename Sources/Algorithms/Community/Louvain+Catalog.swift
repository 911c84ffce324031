extension Louvain {
    /// Louvain as the catalog lists it.
    static let descriptor = communityDescriptor(
        name: "louvain",
        summary: "Communities by modularity.",
        citation: "Blondel, Guillaume, Lambiotte, Lefebvre (2008)", iterations: 1, isRefined: false)
}

extension Leiden {
    /// Leiden as the catalog lists it.
    static let descriptor = communityDescriptor(
        name: "leiden",
        summary: "Communities by modularity, each of them connected.",
        citation: "Traag, Waltman, van Eck (2019)", iterations: 2, isRefined: true)
}

private func communityDescriptor(
    name: String, summary: String, citation: String, iterations: Int, isRefined: Bool
) -> AlgorithmDescriptor {
    AlgorithmDescriptor(
        name: name, family: .community, summary: summary,
        parameters: [
            ParameterDescriptor(
                "resolution", .number(Louvain.resolutionRange), default: "1",
                help: "Above 1 communities become smaller, below 1 larger."),
            ParameterDescriptor(
                "max-iterations", .integer(Louvain.iterationRange), default: "\(iterations)",
                help: "Stop after so many ways through all levels, even if nodes could move."),
            .usesWeights, .seed,
            ParameterDescriptor(
                "levels", .boolean, default: "false",
                help: "Also give the finer partitions that were found on the way."),
        ],
        needs: .init(weights: .optional, .summable, incoming: .required),
        columns: [
            .init("community", "The lowest node of the community."),
            .init("level_1", "With `levels=true`: the same for each level, finest first."),
        ],
        summaryFields: PartitionQuality.Result.summaryFields + [
            .init("levels", "How many levels the first way up had."),
            .init("iterations", "How many ways through all levels there were."),
        ],
        complexity: "O((nodes + edges) × levels × iterations) time in practice, O(nodes + edges) "
            + "space",
        citation: citation,
        memory: isRefined
            ? MemoryNeed(perNode: 420, perArc: 24, perNodeAndThread: 48)
            : MemoryNeed(perNode: 280, perArc: 16, perNodeAndThread: 36)
    ) { graph, values, options throws(AlgorithmError) in
        let result = try Louvain.search(
            graph, isRefined: isRefined, values.number("resolution") ?? 1,
            values.integer("max-iterations") ?? iterations, values.boolean("weighted"), name,
            values.seeded(options))
        var columns = [OutputColumn("community", .nodes(result.communities))]
        if values.boolean("levels") {
            for (place, level) in result.levels.enumerated() {
                columns.append(OutputColumn("level_\(place + 1)", .nodes(level)))
            }
        }
        return AlgorithmOutput(
            columns: columns,
            summary: result.quality.summary + [
                SummaryEntry("levels", .count(result.levels.count)),
                SummaryEntry("iterations", .count(result.iterations)),
            ])
    }
}
