extension AlgorithmCatalog {
    /// Which nodes matter.
    static let centralities = [
        ArticleRank.descriptor, BetweennessCentrality.descriptor, ClosenessCentrality.descriptor,
        ClosenessCentrality.harmonicDescriptor, DegreeCentrality.descriptor,
        EdgeBetweenness.descriptor, EigenvectorCentrality.descriptor, HITS.descriptor,
        KatzCentrality.descriptor, PageRank.descriptor,
    ]

    /// Groups of nodes that belong together.
    static let communities = [
        LabelPropagation.descriptor, Leiden.descriptor, Louvain.descriptor,
        PartitionQuality.descriptor,
        SynchronousLabelPropagation.descriptor,
    ]

    /// Triangles, cores and trusses.
    static let cohesion = [
        CoreDecomposition.descriptor, LocalClustering.descriptor, TriangleCount.descriptor,
        TrussDecomposition.descriptor,
    ]

    /// What hangs together.
    static let components = [
        BiconnectedComponents.articulationDescriptor, BiconnectedComponents.bridgesDescriptor,
        BiconnectedComponents.descriptor, ConnectedComponents.descriptor,
        StronglyConnectedComponents.descriptor,
    ]
}
