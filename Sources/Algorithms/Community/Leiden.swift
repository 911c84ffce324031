public import PropertyGraph

/// Communities by modularity, each of them connected.
///
/// As Louvain, but between moving and aggregating each community is cut into groups that hang
/// together well, and those become the nodes of the next level. At the end every community is
/// connected. Directions make no difference. The answer depends on the seed and not on the number
/// of threads.
///
/// - SeeAlso: Traag, Waltman, van Eck, *From Louvain to Leiden: Guaranteeing Well-Connected
///   Communities* (2019).
public struct Leiden: Hashable, Sendable {
    /// Above 1 communities become smaller, below 1 larger.
    public var resolution: Double
    /// After how many ways through all levels to stop, even if nodes could still move.
    public var maxIterations: Int
    /// Whether weights are used, if there are any.
    public var isWeighted: Bool

    /// Communities and how good they are.
    public typealias Result = Louvain.Result

    /// Makes the kernel; ranges are those of `Louvain` and checked when it runs.
    public init(resolution: Double = 1, maxIterations: Int = 2, isWeighted: Bool = true) {
        self.resolution = resolution
        self.maxIterations = maxIterations
        self.isWeighted = isWeighted
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
        try Louvain.search(
            graph, isRefined: true, resolution, maxIterations, isWeighted, "leiden", options)
    }
}
