extension AlgorithmCatalog {
    /// Ways between nodes.
    static let paths = [
        AStar.descriptor, AllPairsShortestPaths.descriptor, AllShortestPaths.descriptor,
        BellmanFord.descriptor, KShortestPaths.descriptor, Neighborhoods.descriptor,
        RandomWalks.descriptor,
    ]

    /// Trees and flows.
    static let flows = [
        MaximumFlow.cutDescriptor, MaximumFlow.descriptor, MinimumSpanningForest.descriptor,
        SteinerTree.descriptor,
    ]
}
