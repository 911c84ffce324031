extension TrussDecomposition {
    /// Trusses as the catalog lists them.
    static let descriptor = AlgorithmDescriptor(
        name: "ktruss", family: .cohesion,
        summary: "The largest k for which an edge is in a part whose edges are all in k - 2 "
            + "triangles.",
        needs: .init(incoming: .required),
        columns: [
            .init("truss", "The truss number; 2 in no triangle, 0 for a loop."),
            .init("source", "Where the edge starts; of an undirected one the lower end."),
            .init("target", "Where it ends."),
        ],
        summaryFields: [
            .init("max_truss", "The largest truss number."),
            .init("innermost", "How many pairs of joined nodes have it."),
        ],
        complexity: "O(edges × √edges × log degree) time, O(nodes + edges) space",
        citation: "Cohen (2008); Wang, Cheng (2012)",
        memory: MemoryNeed(perNode: 32, perArc: 32)
    ) { graph, _, options throws(AlgorithmError) in
        let result = try TrussDecomposition().run(on: graph, options: options)
        let edges = EdgeRecords(graph)
        let trusses = edges.arcs.map { Int64(result.trusses[$0]) }
        return AlgorithmOutput(
            rows: .records(trusses.count),
            columns: [OutputColumn("truss", .integers(trusses))] + edges.columns,
            summary: [
                SummaryEntry("max_truss", .count(result.largest)),
                SummaryEntry("innermost", .count(result.innermostSize)),
            ])
    }
}
