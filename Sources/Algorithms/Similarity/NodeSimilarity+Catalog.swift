import PropertyGraph

extension NodeSimilarity {
    /// One algorithm for each measure.
    static let descriptors = [
        descriptor(
            .jaccard, "Nodes alike by common neighbours among all neighbours of both.",
            "Jaccard (1901)"),
        descriptor(
            .overlap, "Nodes alike by common neighbours among those of the one that has fewer.",
            "Szymkiewicz (1934); Simpson (1943)"),
        descriptor(
            .cosine, "Nodes alike by common neighbours over the root of both degrees.",
            "Salton, McGill (1983)"),
        descriptor(
            .adamicAdar, "Nodes that may be joined: common neighbours of few others count more.",
            "Adamic, Adar (2003)"),
        descriptor(
            .resourceAllocation,
            "Nodes that may be joined: common neighbours share what they have among theirs.",
            "Zhou, Lü, Zhang (2009)"),
    ]

    private static func descriptor(
        _ measure: Measure, _ summary: String, _ citation: String
    ) -> AlgorithmDescriptor {
        AlgorithmDescriptor(
            name: measure.rawValue, family: .similarity, summary: summary,
            parameters: [
                ParameterDescriptor(
                    "pairs", .pairs,
                    help: "Nodes to compare, as 1:9,2:7; else each node with those most alike."),
                .topK,
                ParameterDescriptor(
                    "direction", .choice(Neighborhoods.Direction.allCases.map(\.rawValue)),
                    default: "both",
                    help: "Neighbours that edges point to, that they come from, or both."),
                ParameterDescriptor(
                    "new-only", .boolean, default: "false",
                    help: "Leave out nodes that are joined already, unless pairs are given."),
            ],
            needs: .init(incoming: .required),
            columns: alikeColumns,
            summaryFields: [.init("pairs", "How many pairs are listed.")],
            complexity: "O(edges + degrees) time for pairs, else O(sum of squared degrees); "
                + "O(nodes + edges) space",
            citation: citation,
            memory: MemoryNeed(
                perNode: 48, perArc: 8, terms: [.init(52, "top-k", isOfStarts: true)])
        ) { graph, values, options throws(AlgorithmError) in
            let kernel = NodeSimilarity(
                measure,
                direction: values.word("direction").flatMap(Neighborhoods.Direction.init(rawValue:))
                    ?? .both)
            let pairs = values.pairs("pairs").map {
                (source: $0.source.index, target: $0.target.index)
            }
            guard pairs.isEmpty else {
                let scores = try kernel.scores(of: pairs, on: graph, options: options)
                return alikeOutput(pairs.map(\.source), pairs.map(\.target), scores)
            }
            let found = try kernel.mostAlike(
                values.integer("top-k") ?? 10, skipsNeighbors: values.boolean("new-only"),
                on: graph, options: options)
            return alikeOutput(rowNumbers(found.offsets), found.nodes, found.scores)
        }
    }
}

extension ParameterDescriptor {
    /// How many of the most alike.
    static let topK = ParameterDescriptor(
        "top-k", .integer(NodeSimilarity.countRange), default: "10",
        help: "How many of the most alike to list for each node.")
}

/// The columns of an answer that compares nodes.
let alikeColumns: [AlgorithmDescriptor.Field] = [
    .init("source", "A node."),
    .init("target", "Another; the most alike first, of equals the lowest."),
    .init("score", "How alike they are."),
]

/// Such an answer.
func alikeOutput(
    _ sources: [UInt32], _ targets: [UInt32], _ scores: [Double]
) -> AlgorithmOutput {
    AlgorithmOutput(
        rows: .records(sources.count),
        columns: [
            OutputColumn("source", .nodes(sources)), OutputColumn("target", .nodes(targets)),
            OutputColumn("score", .doubles(scores)),
        ],
        summary: [SummaryEntry("pairs", .count(sources.count))])
}

/// The number of the row that each place lies in.
func rowNumbers(_ offsets: [Int]) -> [UInt32] {
    var numbers: [UInt32] = []
    for row in 0..<max(offsets.count - 1, 0) {
        for _ in offsets[row]..<offsets[row + 1] { numbers.append(UInt32(truncatingIfNeeded: row)) }
    }
    return numbers
}
