public import PropertyGraph

/// PageRank in which links from nodes with few of them count for less.
///
/// A node gives each node that it leads to its rank divided by its own out-degree plus the mean
/// out-degree, where PageRank divides by its own alone. Ranks start from, and never fall below,
/// `1 - damping`; they do not sum to 1.
///
/// - SeeAlso: Li, Willett, *ArticleRank: A PageRank-based Alternative to Numbers of Citations for
///   Analysing Citation Networks* (2009).
public struct ArticleRank: Hashable, Sendable {
    /// The share of rank that is handed on.
    public var damping: Double
    /// The run ends once a round moves the ranks by less than this in total.
    public var tolerance: Double
    /// The run ends after this many rounds, converged or not.
    public var maxIterations: Int
    /// Whether rank is handed on in proportion to weights, and degrees are sums of them.
    public var isWeighted: Bool

    /// Makes the kernel; ranges are those of `PageRank` and checked when it runs.
    public init(
        damping: Double = 0.85, tolerance: Double = 1e-6, maxIterations: Int = 1000,
        isWeighted: Bool = false
    ) {
        self.damping = damping
        self.tolerance = tolerance
        self.maxIterations = maxIterations
        self.isWeighted = isWeighted
    }

    /// Computes the ranks.
    ///
    /// - Throws: `.invalidParameter`; `.missingIncoming` on a directed graph without incoming rows;
    ///   `.missingWeights`, `.negativeWeight`, `.invalidWeight` when weighted; `.cancelled`.
    /// - Complexity: O((nodes + edges) × iterations) time, O(nodes) extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> SpectralResult {
        try PageRank.dampingRange.check(damping, name: "damping")
        try RoundLimits.check(tolerance, maxIterations)
        let incoming = try graph.requiredIncoming(for: "article-rank")
        let sums = try NeighbourSums(
            graph, incoming, isWeighted: isWeighted, for: "article-rank", options: options)
        let count = graph.nodeCount
        let scales = try CSRBuffer(scales(graph, options))
        let damping = damping
        var ranks = ParallelColumn(repeating: 1 - damping, count: count)
        var shares = ParallelColumn(repeating: 0.0, count: count)
        for node in 0..<count { shares[node] = (1 - damping) * scales[node] }
        var nextShares = ParallelColumn(repeating: 0.0, count: count)
        var delta = 0.0
        var round = 0
        while round < maxIterations {
            // What moves is told in shares; the tolerance is meant in ranks.
            _ = try sums.fill(&nextShares, from: shares) { _, sum, _ in
                1 - damping + damping * sum
            }
            delta = try sums.scale(&nextShares, by: 1, against: ranks)
            swap(&ranks, &nextShares)
            for node in 0..<count { shares[node] = ranks[node] * scales[node] }
            round += 1
            options.report("rounds", round)
            if delta < tolerance { break }
        }
        return SpectralResult(
            values: ranks.array(), iterations: round, delta: delta, hasConverged: delta < tolerance)
    }

    /// One over the out-degree of each node plus the mean; 0 for nodes without outgoing edges.
    private func scales(
        _ graph: CSRGraph, _ options: RunOptions
    ) throws(AlgorithmError) -> [Double] {
        var flows = [Double](repeating: 0, count: graph.nodeCount)
        var ticker = CancellationTicker(options)
        var total = 0.0
        for node in flows.indices {
            let row = graph.outgoing.range(of: UInt32(truncatingIfNeeded: node))
            if isWeighted, let weights = graph.outgoing.weights {
                for arc in row { flows[node] += weights[arc] }
            } else {
                flows[node] = Double(row.count)
            }
            total += flows[node]
            try ticker.tick(row.count + 1)
        }
        let mean = flows.isEmpty ? 0 : total / Double(flows.count)
        return flows.map { $0 > 0 ? 1 / ($0 + mean) : 0 }
    }
}
