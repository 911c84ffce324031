import PropertyGraph

extension MaximumFlow {
    /// The maximum flow as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "maximum-flow", family: .flow,
        summary: "The most that can flow from one node to another, weights being capacities.",
        parameters: [.source, .target],
        needs: .init(weights: .optional, .summable),
        columns: [
            .init("source", "Where an edge with flow starts."),
            .init("target", "Where it ends."),
            .init("capacity", "Its weight; 1 without weights."),
            .init("flow", "What flows along it, above 0."),
        ],
        summaryFields: [
            .init("value", "How much flows."),
            .init("edges", "How many edges carry something."),
        ],
        complexity: "O(nodes² × edges) time at worst, typically far less; O(nodes + edges) space",
        citation: "Dinic (1970)",
        memory: MemoryNeed(perNode: 80, perArc: 44)
    ) { graph, values, options throws(AlgorithmError) in
        let ends = try values.pathEnds(for: "maximum-flow")
        let result = try MaximumFlow(from: ends.source, to: ends.target)
            .run(on: graph, options: options)
        let rows = graph.outgoing
        var (arcs, sources): ([Int], [UInt32]) = ([], [])
        for node in 0..<UInt32(truncatingIfNeeded: graph.nodeCount) {
            for arc in rows.range(of: node) where result.flows[arc] > 0 {
                arcs.append(arc)
                sources.append(node)
            }
        }
        return AlgorithmOutput(
            rows: .records(arcs.count),
            columns: [
                OutputColumn("source", .nodes(sources)),
                OutputColumn("target", .nodes(arcs.map { rows.targets[$0] })),
                OutputColumn("capacity", .doubles(arcs.map { rows.weights?[$0] ?? 1 })),
                OutputColumn("flow", .doubles(arcs.map { result.flows[$0] })),
            ],
            summary: [
                SummaryEntry("value", .double(result.value)),
                SummaryEntry("edges", .count(arcs.count)),
            ])
    }

    /// The minimum cut as the catalog lists it.
    static let cutDescriptor = AlgorithmDescriptor(
        name: "minimum-cut", family: .flow,
        summary: "The lightest edges without which one node cannot be reached from another.",
        parameters: [.source, .target],
        needs: .init(weights: .optional, .summable),
        columns: [
            .init("source", "Where an edge of the cut starts, on the source's side."),
            .init("target", "Where it ends, on the other."),
            .init("capacity", "Its weight; 1 without weights."),
        ],
        summaryFields: [
            .init("value", "The sum of their weights: that of the maximum flow."),
            .init("edges", "How many edges the cut has."),
            .init("source_side", "How many nodes are on the source's side."),
        ],
        complexity: "O(nodes² × edges) time at worst, typically far less; O(nodes + edges) space",
        citation: "Ford, Fulkerson (1956); Dinic (1970)",
        memory: MemoryNeed(perNode: 80, perArc: 44)
    ) { graph, values, options throws(AlgorithmError) in
        let ends = try values.pathEnds(for: "minimum-cut")
        let result = try MaximumFlow(from: ends.source, to: ends.target)
            .run(on: graph, options: options)
        let rows = graph.outgoing
        var sources: [UInt32] = []
        for node in 0..<UInt32(truncatingIfNeeded: graph.nodeCount)
        where result.isOnSourceSide[Int(node)] {
            for arc in rows.range(of: node)
            where !result.isOnSourceSide[Int(rows.targets[arc])] { sources.append(node) }
        }
        let side = result.isOnSourceSide.reduce(0) { $1 ? $0 + 1 : $0 }
        return AlgorithmOutput(
            rows: .records(result.cut.count),
            columns: [
                OutputColumn("source", .nodes(sources)),
                OutputColumn("target", .nodes(result.cut.map { rows.targets[$0] })),
                OutputColumn("capacity", .doubles(result.cut.map { rows.weights?[$0] ?? 1 })),
            ],
            summary: [
                SummaryEntry("value", .double(result.value)),
                SummaryEntry("edges", .count(result.cut.count)),
                SummaryEntry("source_side", .count(side)),
            ])
    }
}
