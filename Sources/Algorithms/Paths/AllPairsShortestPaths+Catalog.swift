extension AllPairsShortestPaths {
    /// Distances between all pairs as the catalog lists them.
    static let descriptor = AlgorithmDescriptor(
        name: "all-pairs", family: .paths,
        summary: "Distances between all pairs of nodes of a small graph.",
        parameters: [
            ParameterDescriptor(
                "max-nodes", .integer(nodeRange), default: "4096",
                help: "Refuse larger graphs: the answer grows with the square of the nodes.")
        ],
        needs: .init(weights: .optional),
        columns: [
            .init("source", "Where the path starts."),
            .init("target", "Where it ends; only pairs that have a path are listed."),
            .init("distance", "The smallest sum of weights."),
        ],
        summaryFields: [
            .init("reachable_pairs", "How many ordered pairs of different nodes have a path."),
            .init("mean_distance", "The mean distance of those; absent if there are none."),
            .init("diameter", "The largest; absent if there are none."),
        ],
        complexity: "O(nodes × (edges + nodes × log nodes)) time, O(nodes²) space",
        citation: "Dijkstra (1959)",
        memory: MemoryNeed(perNode: 64, perPair: 44)
    ) { graph, values, options throws(AlgorithmError) in
        let kernel = AllPairsShortestPaths(maxNodes: values.integer("max-nodes") ?? 4096)
        let result = try kernel.run(on: graph, options: options)
        let nodes = max(result.nodeCount, 1)
        let places = result.distances.indices.filter { result.distances[$0] < .infinity }
        let facts = result.facts
        let count = facts.reachable
        var mean = facts.sum / Double(count)
        if mean == .infinity {
            // The sum is beyond the largest number; the mean need not be.
            mean = places.reduce(0) { $0 + result.distances[$1] / Double(count) }
        }
        return AlgorithmOutput(
            rows: .records(places.count),
            columns: [
                OutputColumn(
                    "source", .nodes(places.map { UInt32(truncatingIfNeeded: $0 / nodes) })),
                OutputColumn(
                    "target", .nodes(places.map { UInt32(truncatingIfNeeded: $0 % nodes) })),
                OutputColumn("distance", .doubles(places.map { result.distances[$0] })),
            ],
            summary: [
                SummaryEntry("reachable_pairs", .count(count)),
                SummaryEntry("mean_distance", count > 0 ? .double(mean) : nil),
                SummaryEntry("diameter", count > 0 ? .double(facts.diameter) : nil),
            ])
    }
}
