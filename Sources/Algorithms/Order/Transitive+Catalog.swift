import PropertyGraph

extension TransitiveReduction {
    /// The transitive reduction as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "transitive-reduction", family: .order,
        summary: "The fewest edges of an acyclic graph that lead to the same nodes.",
        needs: .init(isDirected: true),
        columns: [
            .init("source", "Where an edge that stays starts."),
            .init("target", "Where it ends."),
        ],
        summaryFields: [
            .init("kept", "How many edges stay."),
            .init("removed", "How many other paths make redundant, parallel ones included."),
        ],
        complexity: "O(nodes × edges) time at worst, typically far less; O(nodes) space a thread",
        citation: "Aho, Garey, Ullman (1972)",
        memory: MemoryNeed(perNode: 32, perArc: 8, perNodeAndThread: 16)
    ) { graph, _, options throws(AlgorithmError) in
        let arcs = try TransitiveReduction().run(on: graph, options: options)
        return AlgorithmOutput(
            rows: .records(arcs.count),
            columns: [
                OutputColumn("source", .nodes(graph.outgoing.sources(of: arcs))),
                OutputColumn("target", .nodes(arcs.map { graph.outgoing.targets[$0] })),
            ],
            summary: [
                SummaryEntry("kept", .count(arcs.count)),
                SummaryEntry("removed", .count(graph.outgoing.arcCount - arcs.count)),
            ])
    }
}

extension TransitiveClosure {
    /// The transitive closure as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "transitive-closure", family: .order,
        summary: "Every pair of nodes of which one leads to the other.",
        parameters: [
            ParameterDescriptor(
                "max-pairs", .integer(pairRange), default: "10000000",
                help: "Refuse an answer of more pairs.")
        ],
        needs: .init(isDirected: true),
        columns: [
            .init("source", "A node."),
            .init("target", "A node that it leads to; itself only on a cycle."),
        ],
        summaryFields: [.init("pairs", "How many pairs there are.")],
        complexity: "O(nodes × edges) time at worst, O(pairs) space",
        citation: "Purdom (1970)",
        memory: MemoryNeed(perNode: 64, perArc: 8, perPair: 16, pairLimit: "max-pairs")
    ) { graph, values, options throws(AlgorithmError) in
        let kernel = TransitiveClosure(maxPairs: values.integer("max-pairs") ?? 10_000_000)
        let rows = try kernel.run(on: graph, options: options)
        let places = 0..<rows.arcCount
        return AlgorithmOutput(
            rows: .records(places.count),
            columns: [
                OutputColumn("source", .nodes(rows.sources(of: places))),
                OutputColumn("target", .nodes(places.map { rows.targets[$0] })),
            ],
            summary: [SummaryEntry("pairs", .count(places.count))])
    }
}

extension CSRRows {
    /// The node whose row each arc stands in.
    ///
    /// - Parameter arcs: Ascending.
    func sources(of arcs: some Collection<Int>) -> [UInt32] {
        var node: UInt32 = 0
        return arcs.map { arc in
            while range(of: node).upperBound <= arc { node += 1 }
            return node
        }
    }
}
