extension MinimumSpanningForest {
    /// The minimum spanning forest as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "minimum-spanning-forest", family: .flow,
        summary: "A lightest set of edges that joins what hangs together.",
        needs: .init(weights: .optional, .any, isDirected: false),
        columns: treeColumns,
        summaryFields: [
            .init("edges", "How many edges the forest has."),
            .init("weight", "The sum of their weights."),
            .init("trees", "How many trees it has, nodes without edges included."),
        ],
        complexity: "O(nodes + edges × α(nodes)) time, O(nodes + edges) space",
        citation: "Kruskal (1956)",
        memory: MemoryNeed(perNode: 36, perArc: 30)
    ) { graph, _, options throws(AlgorithmError) in
        let result = try MinimumSpanningForest().run(on: graph, options: options)
        return AlgorithmOutput(
            rows: .records(result.edges.count), columns: treeOutput(result.edges),
            summary: [
                SummaryEntry("edges", .count(result.edges.count)),
                SummaryEntry("weight", .double(result.weight)),
                SummaryEntry("trees", .count(result.treeCount)),
            ])
    }
}

/// The columns of an answer that lists the edges of trees.
let treeColumns: [AlgorithmDescriptor.Field] = [
    .init("source", "The lower end of an edge."),
    .init("target", "Its other end."),
    .init("weight", "Its weight; 1 without weights."),
]

/// Those columns.
func treeOutput(_ edges: [TreeEdge]) -> [OutputColumn] {
    [
        OutputColumn("source", .nodes(edges.map(\.source))),
        OutputColumn("target", .nodes(edges.map(\.target))),
        OutputColumn("weight", .doubles(edges.map(\.weight))),
    ]
}
