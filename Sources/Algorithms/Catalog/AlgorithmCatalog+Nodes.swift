extension AlgorithmCatalog {
    /// Which nodes matter.
    static let centralities = [
        BetweennessCentrality.descriptor, EdgeBetweenness.descriptor, PageRank.descriptor,
    ]

    /// Groups of nodes that belong together.
    static let communities = [
        LabelPropagation.descriptor, Leiden.descriptor, Louvain.descriptor,
        SynchronousLabelPropagation.descriptor,
    ]

    /// Triangles, cores and trusses.
    static let cohesion = [
        CoreDecomposition.descriptor, LocalClustering.descriptor, TriangleCount.descriptor,
    ]

    /// What hangs together.
    static let components = [
        ConnectedComponents.descriptor, StronglyConnectedComponents.descriptor,
    ]
}
