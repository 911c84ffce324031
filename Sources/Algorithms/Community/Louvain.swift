public import PropertyGraph

/// Communities by modularity: nodes move to the neighbouring community where it rises most, then
/// communities become nodes and move likewise, level by level.
///
/// At the end single nodes move once more until none of them can raise modularity by moving, by
/// more than `tolerance`; the whole may be repeated from there. Directions make no difference: an
/// edge joins its ends whichever way it leads. The answer depends on the seed and not on the number
/// of threads, of which large graphs use several.
///
/// - SeeAlso: Blondel, Guillaume, Lambiotte, Lefebvre, *Fast Unfolding of Communities in Large
///   Networks* (2008); Reichardt, Bornholdt (2006) for the resolution; Ozaki, Tezuka, Inaba, *A
///   Simple Acceleration Method for the Louvain Algorithm* (2016) for the queue.
public struct Louvain: Hashable, Sendable {
    /// What `resolution` may be.
    public static let resolutionRange = ParameterRange(0...1_000_000)
    /// What `maxIterations` may be.
    public static let iterationRange = ParameterRange(1...1_000)

    /// At the end no single node can raise modularity by more than this by moving.
    public static let tolerance = 1e-6

    /// Above 1 communities become smaller, below 1 larger.
    public var resolution: Double
    /// After how many ways through all levels to stop, even if nodes could still move.
    public var maxIterations: Int
    /// Whether weights are used, if there are any.
    public var isWeighted: Bool

    /// Makes the kernel; ranges are checked when it runs.
    public init(resolution: Double = 1, maxIterations: Int = 1, isWeighted: Bool = true) {
        self.resolution = resolution
        self.maxIterations = maxIterations
        self.isWeighted = isWeighted
    }

    /// Communities and how good they are.
    public struct Result: Sendable {
        /// For each node the lowest node of its community.
        public let communities: [UInt32]
        /// How many there are, and how good; the modularity with the resolution asked for.
        public let quality: PartitionQuality.Result
        /// The partitions of the first way up, finest first, labelled likewise.
        public let levels: [[UInt32]]
        /// How many ways through all levels there were.
        public let iterations: Int
    }

    /// Finds communities.
    ///
    /// - Throws: `.invalidParameter`; `.missingIncoming` on a directed graph without incoming rows;
    ///   `.negativeWeight`, `.invalidWeight`; `.cancelled`.
    /// - Complexity: O((nodes + edges) × levels × iterations) time in practice, O(nodes + edges)
    ///   extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        try Self.search(
            graph, isRefined: false, resolution, maxIterations, isWeighted, "louvain", options)
    }

    /// The search that Louvain and Leiden share.
    static func search(
        _ graph: CSRGraph, isRefined: Bool, _ resolution: Double, _ maxIterations: Int,
        _ isWeighted: Bool, _ name: String, _ options: RunOptions
    ) throws(AlgorithmError) -> Result {
        try resolutionRange.check(resolution, name: "resolution")
        try iterationRange.check(Double(maxIterations), name: "max-iterations")
        let level = try LevelGraph(
            graph, isWeighted: isWeighted && graph.isWeighted, for: name, options: options)
        let search = CommunitySearch(
            isRefined: isRefined, resolution: resolution, maxIterations: maxIterations,
            options: options)
        let outcome = try search.run(on: level)
        return try Result(
            communities: outcome.labels,
            quality: level.quality(
                of: outcome.labels, resolution: resolution, options: options),
            levels: outcome.levels, iterations: outcome.iterations)
    }
}
