extension AlgorithmCatalog {
    /// Ways between nodes.
    static let paths = [
        AStar.descriptor, AllPairsShortestPaths.descriptor, AllShortestPaths.descriptor,
        BellmanFord.descriptor, BreadthFirstSearch.descriptor, KShortestPaths.descriptor,
        LandmarkIndex.descriptor, Neighborhoods.descriptor,
        RandomWalks.descriptor, ShortestPath.descriptor, SingleSourceShortestPaths.descriptor,
    ]

    /// Orders and cycles.
    static let orders = [
        FeedbackEdges.descriptor, LongestPath.descriptor, SimpleCycles.descriptor,
        TopologicalSort.descriptor, TransitiveClosure.descriptor, TransitiveReduction.descriptor,
    ]

    /// Trees and flows.
    static let flows = [
        MaximumFlow.cutDescriptor, MaximumFlow.descriptor, MinimumSpanningForest.descriptor,
        SteinerTree.descriptor,
    ]

    /// Which nodes are alike, and which edges are missing.
    static let similarities = NodeSimilarity.descriptors + [NearestNeighbors.descriptor]

    /// Nodes as vectors.
    static let embeddings = [FastRP.descriptor, Node2Vec.descriptor]
}
