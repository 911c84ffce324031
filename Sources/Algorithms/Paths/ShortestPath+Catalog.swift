import PropertyGraph

extension ShortestPath {
    /// Shortest paths between nodes as the catalog lists them.
    static let descriptor = AlgorithmDescriptor(
        name: "shortest-path", family: .paths,
        summary: "A path of least cost from one node to another.",
        parameters: [.source, .target, .pairs, .landmarkFile],
        needs: .init(weights: .optional, incoming: .required),
        columns: pathColumns,
        summaryFields: pathFields,
        complexity: "O(edges + nodes × log nodes) time a pair, O(nodes) space",
        citation: "Nicholson (1966); Pohl (1971)",
        memory: MemoryNeed(perNode: 32)
    ) { graph, values, options throws(AlgorithmError) in
        let pairs = try values.pathPairs(for: "shortest-path")
        if let index = try values.landmarkIndex(for: graph) {
            let found = try AStar(pairs: pairs, guide: .landmarks(index))
                .run(on: graph, options: options)
            return pathOutput(pairs, found.paths)
        }
        return pathOutput(pairs, try ShortestPath(pairs: pairs).run(on: graph, options: options))
    }
}

/// The columns of an answer that has one path for each pair.
let pathColumns: [AlgorithmDescriptor.Field] = [
    .init("source", "Where the path starts."),
    .init("target", "Where it ends."),
    .init("cost", "The sum of its weights; missing where there is no path."),
    .init("length", "How many edges it has."),
    .init("path", "Its nodes in order."),
]

/// The summary of such an answer.
let pathFields: [AlgorithmDescriptor.Field] = [
    .init("pairs", "How many paths were asked for."),
    .init("found", "How many there are."),
    .init("cost", "Of a single path: the sum of its weights; absent if there is none."),
    .init("length", "Of a single path: how many edges it has."),
    .init("path", "Of a single path: its nodes in order."),
]

/// An answer of one path for each pair.
func pathOutput(
    _ pairs: [(source: UInt32, target: UInt32)], _ paths: [ShortestPath.Path?]
) -> AlgorithmOutput {
    var summary = [
        SummaryEntry("pairs", .count(pairs.count)),
        SummaryEntry("found", .count(paths.reduce(0) { $1 == nil ? $0 : $0 + 1 })),
    ]
    if pairs.count == 1, let path = paths.first {
        summary.append(SummaryEntry("cost", path.map { .double($0.cost) }))
        summary.append(SummaryEntry("length", path.map { .count($0.arcs.count) }))
        summary.append(SummaryEntry("path", path.map { .nodes($0.nodes) }))
    }
    let lengths = paths.map { path in path.map { Int64($0.arcs.count) } ?? .min }
    return AlgorithmOutput(
        rows: .records(pairs.count),
        columns: [
            OutputColumn("source", .nodes(pairs.map(\.source))),
            OutputColumn("target", .nodes(pairs.map(\.target))),
            OutputColumn("cost", .doubles(paths.map { $0?.cost ?? .nan })),
            OutputColumn("length", .integers(lengths)),
            OutputColumn("path", .nodeLists(paths.map { $0?.nodes ?? [] })),
        ],
        summary: summary)
}

extension ParameterDescriptor {
    /// Both ends of several paths.
    static let pairs = ParameterDescriptor(
        "pairs", .pairs, help: "Several paths at once, as source:target,source:target.")
}

extension ParameterValues {
    /// The pairs of `pairs`, `source` and `target`.
    ///
    /// - Throws: `.missingParameter` when no pair, or only one end, was given.
    func pathPairs(
        for algorithm: String
    ) throws(AlgorithmError) -> [(source: UInt32, target: UInt32)] {
        var pairs = pairs("pairs").map { (source: $0.source.index, target: $0.target.index) }
        let source = nodes("source").first
        let target = nodes("target").first
        if let source, let target {
            pairs.append((source: source.index, target: target.index))
        } else if source != nil || target != nil || pairs.isEmpty {
            throw AlgorithmError(
                .missingParameter,
                "Cannot run \(algorithm): it needs both ends. "
                    + "Give `source=ID target=ID` or `pairs=ID:ID,ID:ID`.")
        }
        return pairs
    }

    /// The ends of one path.
    ///
    /// - Throws: `.missingParameter`.
    func pathEnds(
        for algorithm: String
    ) throws(AlgorithmError) -> (source: UInt32, target: UInt32) {
        guard let source = nodes("source").first, let target = nodes("target").first else {
            throw AlgorithmError(
                .missingParameter,
                "Cannot run \(algorithm): it needs both ends. Give `source=ID target=ID`.")
        }
        return (source: source.index, target: target.index)
    }
}
