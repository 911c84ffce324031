public import PropertyGraph

/// Hubs and authorities: good hubs lead to good authorities, and these are led to by good hubs.
///
/// Found by power iteration from equal hubs; both columns sum to 1, or are all 0 in a graph
/// without edges. In an undirected graph the two are the same. Where the graph falls apart into
/// components of equal strength, what is found depends on that start.
///
/// - SeeAlso: Kleinberg, *Authoritative Sources in a Hyperlinked Environment* (1999).
public struct HITS: Hashable, Sendable {
    /// The run ends once a round moves the hubs by less than this in total.
    public var tolerance: Double
    /// The run ends after this many rounds, converged or not.
    public var maxIterations: Int
    /// Whether edges count in proportion to weights.
    public var isWeighted: Bool

    /// Makes the kernel; ranges are checked when it runs.
    public init(tolerance: Double = 1e-6, maxIterations: Int = 1000, isWeighted: Bool = false) {
        self.tolerance = tolerance
        self.maxIterations = maxIterations
        self.isWeighted = isWeighted
    }

    /// The values and how they were reached.
    public struct Result: Sendable {
        /// How good a hub each node is.
        public let hubs: [Double]
        /// How good an authority each node is.
        public let authorities: [Double]
        /// How many rounds were done.
        public let iterations: Int
        /// By how much the last round moved the hubs in total.
        public let delta: Double
        /// Whether that is below the tolerance.
        public let hasConverged: Bool
    }

    /// Computes the values.
    ///
    /// - Throws: `.invalidParameter`; `.missingIncoming` on a directed graph without incoming rows;
    ///   `.missingWeights`, `.negativeWeight`, `.invalidWeight` when weighted; `.cancelled`.
    /// - Complexity: O((nodes + edges) × iterations) time, O(nodes) extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        try RoundLimits.check(tolerance, maxIterations)
        let incoming = try graph.requiredIncoming(for: "hits")
        let into = try NeighbourSums(
            graph, incoming, isWeighted: isWeighted, for: "hits", options: options)
        let out = try NeighbourSums(
            graph, graph.outgoing, isWeighted: isWeighted, for: "hits", options: options)
        let count = graph.nodeCount
        var hubs = ParallelColumn(repeating: count > 0 ? 1 / Double(count) : 0, count: count)
        var authorities = ParallelColumn(repeating: 0.0, count: count)
        var next = ParallelColumn(repeating: 0.0, count: count)
        var delta = 0.0
        var round = 0
        while round < maxIterations {
            let sent = try into.fill(&authorities, from: hubs) { _, sum, _ in sum }
            let factor = sent.sum > 0 ? 1 / sent.sum : 0
            _ = try into.scale(&authorities, by: factor, against: hubs)
            let received = try out.fill(&next, from: authorities) { _, sum, _ in sum }
            delta = try out.scale(
                &next, by: received.sum > 0 ? 1 / received.sum : 0, against: hubs)
            swap(&hubs, &next)
            round += 1
            options.report("rounds", round)
            if delta < tolerance { break }
        }
        return Result(
            hubs: hubs.array(), authorities: authorities.array(), iterations: round, delta: delta,
            hasConverged: delta < tolerance)
    }
}
