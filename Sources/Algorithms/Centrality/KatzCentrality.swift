public import PropertyGraph

/// Importance by all walks that lead to a node, each counted less the longer it is.
///
/// A node's value is 1 plus `attenuation` times the sum of those of the nodes that lead to it.
///
/// - SeeAlso: Katz, *A New Status Index Derived from Sociometric Analysis* (1953).
public struct KatzCentrality: Hashable, Sendable {
    /// What `attenuation` may be.
    public static let attenuationRange = ParameterRange(0..<1)

    /// By how much each further edge of a walk counts less; it must be below 1 over the largest
    /// eigenvalue of the graph, which is at most its largest degree.
    public var attenuation: Double
    /// The run ends once a round moves the values by less than this in total.
    public var tolerance: Double
    /// The run ends after this many rounds, converged or not.
    public var maxIterations: Int
    /// Whether the squares of the values are to sum to 1.
    public var isNormalized: Bool
    /// Whether edges count in proportion to weights.
    public var isWeighted: Bool

    /// Makes the kernel; ranges are checked when it runs.
    public init(
        attenuation: Double = 0.01, tolerance: Double = 1e-6, maxIterations: Int = 1000,
        isNormalized: Bool = false, isWeighted: Bool = false
    ) {
        self.attenuation = attenuation
        self.tolerance = tolerance
        self.maxIterations = maxIterations
        self.isNormalized = isNormalized
        self.isWeighted = isWeighted
    }

    /// Computes the values.
    ///
    /// - Throws: `.invalidParameter`, also when values grow beyond all bounds because
    ///   `attenuation` is too large for the graph; `.missingIncoming` on a directed graph without
    ///   incoming rows; `.missingWeights`, `.negativeWeight`, `.invalidWeight` when weighted;
    ///   `.cancelled`.
    /// - Complexity: O((nodes + edges) × iterations) time, O(nodes) extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> SpectralResult {
        try Self.attenuationRange.check(attenuation, name: "attenuation")
        try RoundLimits.check(tolerance, maxIterations)
        let incoming = try graph.requiredIncoming(for: "katz")
        let sums = try NeighbourSums(
            graph, incoming, isWeighted: isWeighted, for: "katz", options: options)
        let attenuation = attenuation
        var values = ParallelColumn(repeating: 1.0, count: graph.nodeCount)
        var next = ParallelColumn(repeating: 0.0, count: graph.nodeCount)
        var (delta, squares) = (0.0, 0.0)
        var round = 0
        while round < maxIterations {
            let total = try sums.fill(&next, from: values) { _, sum, _ in 1 + attenuation * sum }
            swap(&values, &next)
            (delta, squares) = (total.moved, total.squares)
            round += 1
            options.report("rounds", round)
            guard total.squares.isFinite else {
                throw AlgorithmError(
                    .invalidParameter,
                    "The parameter 'attenuation' is \(attenuation), too large for this graph: the "
                        + "values grew beyond all bounds in \(round) rounds. Give less than 1 over "
                        + "the largest eigenvalue; 1 over the largest in-degree is safe.")
            }
            if delta < tolerance { break }
        }
        if isNormalized, squares > 0 {
            _ = try sums.scale(&values, by: 1 / squares.squareRoot(), against: next)
        }
        return SpectralResult(
            values: values.array(), iterations: round, delta: delta,
            hasConverged: delta < tolerance)
    }
}
