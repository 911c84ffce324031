extension EigenvectorCentrality {
    /// Eigenvector centrality as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "eigenvector", family: .centrality,
        summary: "Importance by important neighbours: in proportion to the sum of theirs.",
        parameters: roundParameters("1e-6"),
        needs: .init(weights: .optional, .summable, incoming: .required),
        columns: [.init("centrality", "The centrality; squares sum to 1.")],
        summaryFields: roundFields("centrality"),
        complexity: "O((nodes + edges) × iterations) time, O(nodes) space",
        citation: "Bonacich (1987)",
        memory: MemoryNeed(perNode: 48)
    ) { graph, values, options throws(AlgorithmError) in
        var kernel = EigenvectorCentrality(isWeighted: values.boolean("weighted"))
        kernel.tolerance = values.number("tolerance") ?? kernel.tolerance
        kernel.maxIterations = values.integer("max-iterations") ?? kernel.maxIterations
        return try kernel.run(on: graph, options: options).output("centrality")
    }
}

extension KatzCentrality {
    /// Katz centrality as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "katz", family: .centrality,
        summary: "Importance by all walks that lead to a node, long ones counted less.",
        parameters: [
            ParameterDescriptor(
                "attenuation", .number(attenuationRange), default: "0.01",
                help: "By how much each further edge of a walk counts less; it must be below 1 "
                    + "over the largest eigenvalue."),
            ParameterDescriptor(
                "normalized", .boolean, default: "false",
                help: "Scale the values so that their squares sum to 1."),
        ] + roundParameters("1e-6"),
        needs: .init(weights: .optional, .summable, incoming: .required),
        columns: [.init("centrality", "The centrality; at least 1 unless normalized.")],
        summaryFields: roundFields("centrality"),
        complexity: "O((nodes + edges) × iterations) time, O(nodes) space",
        citation: "Katz (1953)",
        memory: MemoryNeed(perNode: 48)
    ) { graph, values, options throws(AlgorithmError) in
        var kernel = KatzCentrality(
            isNormalized: values.boolean("normalized"), isWeighted: values.boolean("weighted"))
        kernel.attenuation = values.number("attenuation") ?? kernel.attenuation
        kernel.tolerance = values.number("tolerance") ?? kernel.tolerance
        kernel.maxIterations = values.integer("max-iterations") ?? kernel.maxIterations
        return try kernel.run(on: graph, options: options).output("centrality")
    }
}

extension ArticleRank {
    /// ArticleRank as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "article-rank", family: .centrality,
        summary: "PageRank in which links from nodes with few of them count for less.",
        parameters: [
            ParameterDescriptor(
                "damping", .number(PageRank.dampingRange), default: "0.85",
                help: "The share of rank that is handed on.")
        ] + roundParameters("1e-6"),
        needs: .init(weights: .optional, .summable, incoming: .required),
        columns: [.init("rank", "The rank, at least 1 - damping.")],
        summaryFields: roundFields("rank"),
        complexity: "O((nodes + edges) × iterations) time, O(nodes) space",
        citation: "Li, Willett (2009)",
        memory: MemoryNeed(perNode: 48)
    ) { graph, values, options throws(AlgorithmError) in
        var kernel = ArticleRank(isWeighted: values.boolean("weighted"))
        kernel.damping = values.number("damping") ?? kernel.damping
        kernel.tolerance = values.number("tolerance") ?? kernel.tolerance
        kernel.maxIterations = values.integer("max-iterations") ?? kernel.maxIterations
        return try kernel.run(on: graph, options: options).output("rank")
    }
}

extension HITS {
    /// HITS as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "hits", family: .centrality,
        summary: "Hubs, which lead to good authorities, and authorities, led to by good hubs.",
        parameters: roundParameters("1e-6"),
        needs: .init(weights: .optional, .summable, incoming: .required),
        columns: [
            .init("authority", "How good an authority the node is; all sum to 1."),
            .init("hub", "How good a hub the node is; all sum to 1."),
        ],
        summaryFields: roundFields("authority"),
        complexity: "O((nodes + edges) × iterations) time, O(nodes) space",
        citation: "Kleinberg (1999)",
        memory: MemoryNeed(perNode: 64)
    ) { graph, values, options throws(AlgorithmError) in
        var kernel = HITS(isWeighted: values.boolean("weighted"))
        kernel.tolerance = values.number("tolerance") ?? kernel.tolerance
        kernel.maxIterations = values.integer("max-iterations") ?? kernel.maxIterations
        let result = try kernel.run(on: graph, options: options)
        return AlgorithmOutput(
            columns: [
                OutputColumn("authority", .doubles(result.authorities)),
                OutputColumn("hub", .doubles(result.hubs)),
            ],
            summary: roundEntries(result.iterations, result.delta, result.hasConverged)
                + greatestEntries(result.authorities, "authority"))
    }
}

private func roundParameters(_ tolerance: String) -> [ParameterDescriptor] {
    [
        ParameterDescriptor(
            "tolerance", .number(RoundLimits.toleranceRange), default: tolerance,
            help: "Stop when a round moves the values by less than this in total."),
        ParameterDescriptor(
            "max-iterations", .integer(RoundLimits.iterationRange), default: "1000",
            help: "Stop after this many rounds even if they still move."),
        ParameterDescriptor(
            "weighted", .boolean, default: "false", help: "Count edges in proportion to weights."),
    ]
}

private func roundFields(_ name: String) -> [AlgorithmDescriptor.Field] {
    [
        .init("iterations", "How many rounds were done."),
        .init("l1_delta", "By how much the last round moved the values in total."),
        .init("converged", "Whether that is below the tolerance."),
    ] + greatestFields(name, name)
}

private func roundEntries(_ rounds: Int, _ delta: Double, _ hasConverged: Bool) -> [SummaryEntry] {
    [
        SummaryEntry("iterations", .count(rounds)),
        SummaryEntry("l1_delta", .double(delta)),
        SummaryEntry("converged", .boolean(hasConverged)),
    ]
}

extension SpectralResult {
    fileprivate func output(_ name: String) -> AlgorithmOutput {
        AlgorithmOutput(
            columns: [OutputColumn(name, .doubles(values))],
            summary: roundEntries(iterations, delta, hasConverged) + greatestEntries(values, name))
    }
}
