public import PropertyGraph

/// Importance by important neighbours: each node's value is in proportion to the sum of those of
/// the nodes that lead to it.
///
/// Found by power iteration with the value of the node itself added in each round, from equal
/// values at the start, so that it converges on bipartite graphs too. Squares sum to 1. Where the
/// graph has several components of equal strength, or no cycle, what is found depends on that
/// start, and convergence is slow.
///
/// - SeeAlso: Bonacich, *Power and Centrality* (1987).
public struct EigenvectorCentrality: Hashable, Sendable {
    /// The run ends once a round moves the values by less than this in total.
    public var tolerance: Double
    /// The run ends after this many rounds, converged or not.
    public var maxIterations: Int
    /// Whether neighbours count in proportion to weights.
    public var isWeighted: Bool

    /// Makes the kernel; ranges are checked when it runs.
    public init(tolerance: Double = 1e-6, maxIterations: Int = 1000, isWeighted: Bool = false) {
        self.tolerance = tolerance
        self.maxIterations = maxIterations
        self.isWeighted = isWeighted
    }

    /// Computes the values.
    ///
    /// - Throws: `.invalidParameter`; `.missingIncoming` on a directed graph without incoming rows;
    ///   `.missingWeights`, `.negativeWeight`, `.invalidWeight` when weighted; `.cancelled`.
    /// - Complexity: O((nodes + edges) × iterations) time, O(nodes) extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> SpectralResult {
        try RoundLimits.check(tolerance, maxIterations)
        let incoming = try graph.requiredIncoming(for: "eigenvector")
        let sums = try NeighbourSums(
            graph, incoming, isWeighted: isWeighted, for: "eigenvector", options: options)
        let count = graph.nodeCount
        let start = count > 0 ? 1 / Double(count).squareRoot() : 0
        var values = ParallelColumn(repeating: start, count: count)
        var next = ParallelColumn(repeating: 0.0, count: count)
        var delta = 0.0
        var round = 0
        while round < maxIterations {
            let total = try sums.fill(&next, from: values) { _, sum, own in sum + own }
            let norm = total.squares.squareRoot()
            delta = try sums.scale(&next, by: norm > 0 ? 1 / norm : 0, against: values)
            swap(&values, &next)
            round += 1
            options.report("rounds", round)
            if delta < tolerance { break }
        }
        return SpectralResult(
            values: values.array(), iterations: round, delta: delta,
            hasConverged: delta < tolerance)
    }
}
