import PropertyGraph

extension ClosenessCentrality {
    /// Closeness as the catalog lists it.
    static let descriptor = descriptor(
        name: "closeness", summary: "How near each node is to the others.",
        column: .init("closeness", "The closeness, from 0 to 1 without weights."),
        citation: "Freeman (1978); Wasserman, Faust (1994)", \.closeness)

    /// Harmonic closeness as the catalog lists it.
    static let harmonicDescriptor = descriptor(
        name: "harmonic", summary: "How near each node is to the others: one over each distance.",
        column: .init("harmonic", "The sum of one over each distance."),
        citation: "Marchiori, Latora (2000)", \.harmonic)

    private static func descriptor(
        name: String, summary: String, column: AlgorithmDescriptor.Field, citation: String,
        _ values: @escaping @Sendable (Result) -> [Double]
    ) -> AlgorithmDescriptor {
        AlgorithmDescriptor(
            name: name, family: .centrality, summary: summary,
            parameters: [
                ParameterDescriptor(
                    "sources", .nodes,
                    help: "Answer only for these nodes, joined by commas; without it for all."),
                ParameterDescriptor(
                    "direction", .choice(["in", "out"]), default: "in",
                    help: "Whether paths lead to the node or away from it."),
                ParameterDescriptor(
                    "weighted", .boolean, default: "false", help: "Distances are sums of weights."),
            ],
            needs: .init(weights: .optional, incoming: .required), columns: [column],
            summaryFields: [.init("sources", "How many nodes were answered for.")]
                + greatestFields(name, column.name),
            complexity: "O((nodes + edges) × sources) time, less by up to 64 without weights; "
                + "O(nodes) space a thread",
            citation: citation,
            memory: MemoryNeed(
                perNode: 12, perNodeAndThread: 48, startsPerThread: 64,
                terms: [.init(56, isOfStarts: true)])
        ) { graph, parameters, options throws(AlgorithmError) in
            let named = parameters.nodes("sources")
            let kernel = ClosenessCentrality(
                sources: named.isEmpty ? nil : named.map(\.index),
                isOutward: UTF8Order.equal(parameters.word("direction") ?? "", "out"),
                isWeighted: parameters.boolean("weighted"))
            let result = try kernel.run(on: graph, options: options)
            let column = values(result)
            let known = column.map { $0.isNaN ? -1 : $0 }
            return AlgorithmOutput(
                columns: [OutputColumn(name, .doubles(column))],
                summary: [SummaryEntry("sources", .count(result.sourceCount))]
                    + greatestEntries(known, name))
        }
    }
}
