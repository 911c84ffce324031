import PropertyGraph

extension TopologicalSort {
    /// Topological sorting as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "topological-sort", family: .order,
        summary: "An order in which every edge points forward, or a cycle that forbids one.",
        needs: .init(incoming: .optional, isDirected: true),
        columns: [
            .init("position", "The place in the order, from 0; missing behind a cycle."),
            .init("level", "The edges of the longest path to the node; missing behind a cycle."),
        ],
        summaryFields: [
            .init("is_acyclic", "Whether there is an order."),
            .init("ordered", "How many nodes were placed."),
            .init("levels", "How many different levels they have."),
            .init("cycle", "A shortest cycle through the lowest node on any; absent if acyclic."),
        ],
        complexity: "O(nodes + edges) time, O(nodes) space",
        citation: "Kahn (CACM 1962)",
        memory: MemoryNeed(perNode: 24)
    ) { graph, _, options throws(AlgorithmError) in
        let result = try TopologicalSort().run(on: graph, options: options)
        var positions = [Int64](repeating: .min, count: graph.nodeCount)
        for (position, node) in result.order.enumerated() { positions[Int(node)] = Int64(position) }
        let levels = result.levels.map { $0 < 0 ? Int64.min : Int64($0) }
        return AlgorithmOutput(
            columns: [
                OutputColumn("position", .integers(positions)),
                OutputColumn("level", .integers(levels)),
            ],
            summary: [
                SummaryEntry("is_acyclic", .boolean(result.isAcyclic)),
                SummaryEntry("ordered", .count(result.order.count)),
                SummaryEntry("levels", .count(Int(result.levels.max() ?? -1) + 1)),
                SummaryEntry("cycle", result.cycle.map { .nodes($0) }),
            ])
    }
}
