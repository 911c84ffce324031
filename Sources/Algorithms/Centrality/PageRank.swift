public import PropertyGraph

/// Importance by links: the share of time a random walker spends at each node.
///
/// The walker follows an outgoing edge with probability `damping` and else jumps anywhere; at a
/// node without outgoing edges it always jumps, so the ranks of all nodes sum to 1 (the GAP
/// reference loses that mass, and networkit drops isolated nodes). Rounds are synchronous: each
/// rank is computed from the ranks of the round before, pulled along incoming rows.
///
/// With a restart set the walker jumps to one of its nodes instead of anywhere, always from all
/// nodes alike (personalised PageRank). `Mode.gap` does what the GAP reference does.
///
/// - SeeAlso: Page, Brin, Motwani, Winograd, *The PageRank Citation Ranking* (1999); Haveliwala,
///   *Topic-Sensitive PageRank* (2002); LDBC Graphalytics specification, PR, for the fixed number
///   of rounds; Beamer, Asanović, Patterson, *The GAP Benchmark Suite* (2015), PR.
public struct PageRank: Hashable, Sendable {
    /// What `damping` may be.
    public static let dampingRange = ParameterRange(0..<1)
    /// What `tolerance` may be.
    public static let toleranceRange = ParameterRange(0...1)
    /// What `maxIterations` and `iterations` may be.
    public static let iterationRange = ParameterRange(1...1_000_000)

    /// What becomes of the walker at a node without outgoing edges.
    public enum Mode: String, Hashable, Sendable, CaseIterable {
        /// It jumps; ranks sum to 1.
        case standard
        /// It is lost, as in the GAP reference; ranks sum to less than 1 where there are such
        /// nodes.
        case gap
    }

    /// The probability of following an edge.
    public var damping: Double
    /// The run ends once a round moves the ranks by less than this in total (L1 norm).
    public var tolerance: Double
    /// The run ends after this many rounds, converged or not.
    public var maxIterations: Int
    /// When given, exactly this many rounds are done and `tolerance` is not looked at.
    public var iterations: Int?
    /// Whether edges are followed in proportion to their weights.
    public var isWeighted: Bool
    /// Where the walker jumps to, each with the same probability; nil for anywhere.
    public var restart: [UInt32]?
    /// What becomes of the walker at a node without outgoing edges.
    public var mode: Mode

    /// Makes the kernel; ranges are checked when it runs.
    public init(
        damping: Double = 0.85, tolerance: Double = 1e-6, maxIterations: Int = 100,
        iterations: Int? = nil, isWeighted: Bool = false, restart: [UInt32]? = nil,
        mode: Mode = .standard
    ) {
        self.damping = damping
        self.tolerance = tolerance
        self.maxIterations = maxIterations
        self.iterations = iterations
        self.isWeighted = isWeighted
        self.restart = restart
        self.mode = mode
    }

    /// The ranks and how they were reached.
    public struct Result: Sendable {
        /// The rank of each node; in the standard mode they sum to 1.
        public let ranks: [Double]
        /// How many rounds were done.
        public let iterations: Int
        /// By how much the last round moved the ranks in total.
        public let delta: Double
    }

    /// Computes the ranks.
    ///
    /// Contributions travel as 32-bit floats when the tolerance is 1e-4 or more and the number of
    /// rounds is not fixed, else as doubles; ranks are doubles always.
    ///
    /// - Throws: `.invalidParameter`, also for a restart set without nodes; `.nodeNotFound`;
    ///   `.missingIncoming` on a directed graph without incoming rows;
    ///   `.missingWeights` and `.negativeWeight` when weighted; `.cancelled`.
    /// - Complexity: O((nodes + edges) × iterations) time, O(nodes) extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        try Self.dampingRange.check(damping, name: "damping")
        try Self.toleranceRange.check(tolerance, name: "tolerance")
        try Self.iterationRange.check(Double(maxIterations), name: "max-iterations")
        if let iterations {
            try Self.iterationRange.check(Double(iterations), name: "iterations")
        }
        for node in restart ?? [] { try graph.checkNode(node, name: "restart") }
        if let restart, restart.isEmpty {
            throw AlgorithmError(
                .invalidParameter,
                "The parameter 'restart' names no node. Name some, or leave it out to jump anywhere."
            )
        }
        let incoming = try graph.requiredIncoming(for: "pagerank")
        if isWeighted { try graph.checkWeights(for: "pagerank", options: options) }
        guard graph.nodeCount > 0 else { return Result(ranks: [], iterations: 0, delta: 0) }
        if tolerance >= 1e-4, iterations == nil {
            return try solve(graph, incoming, as: Float.self, options: options)
        }
        return try solve(graph, incoming, as: Double.self, options: options)
    }
}

extension PageRank {
    private func solve<Share: PageRankShare>(
        _ graph: CSRGraph, _ incoming: CSRRows, as type: Share.Type, options: RunOptions
    ) throws(AlgorithmError) -> Result {
        let count = Double(graph.nodeCount)
        let rows = ParallelRows(offsets: incoming.offsets, options: options)
        var ranks = ParallelColumn(repeating: 1 / count, count: graph.nodeCount)
        var shares = ParallelColumn<Share>(repeating: 0, count: graph.nodeCount)
        var nextShares = ParallelColumn<Share>(repeating: 0, count: graph.nodeCount)
        var scales = ParallelColumn<Share>(repeating: 0, count: graph.nodeCount)
        guard let checked = try CheckedRows(incoming, sweptBy: rows) else {
            throw graph.damaged(for: "pagerank")
        }
        let outgoing = graph.outgoing
        var dangling = try startShares(outgoing, rows, count, &shares, &scales)
        let weights = isWeighted ? incoming.weights : nil
        let jumps = jumpProbabilities(graph.nodeCount)

        var delta = 0.0
        var total = 1.0
        var round = 0
        let limit = iterations ?? maxIterations
        while round < limit {
            let jumping = 1 - damping + (mode == .gap ? 0 : damping * dangling)
            let jump = Jump(base: jumping / count, total: jumping)
            let sums = try pull(
                rows, incoming, checked, weights, jump, jumps, &ranks, &nextShares, shares, scales)
            swap(&shares, &nextShares)
            delta = sums[0]
            dangling = sums[1]
            total = sums[2]
            round += 1
            options.report("rounds", round, of: iterations)
            if iterations == nil, delta < tolerance { break }
        }
        if Share.isLossy, mode == .standard { try normalize(&ranks, rows, total) }
        return Result(ranks: ranks.array(), iterations: round, delta: delta)
    }

    /// With what probability a jump ends at each node; nil when at all alike.
    private func jumpProbabilities(_ count: Int) -> CSRBuffer<Double>? {
        guard let restart else { return nil }
        let nodes = Set(restart)
        var probabilities = [Double](repeating: 0, count: count)
        for node in nodes { probabilities[Int(node)] = 1 / Double(nodes.count) }
        return CSRBuffer(probabilities)
    }

    /// Sets `damping / outdegree` (or `/ weight sum`) of each node and the shares of the first
    /// round; returns the rank held by nodes without outgoing edges.
    private func startShares<Share: PageRankShare>(
        _ outgoing: CSRRows, _ rows: ParallelRows, _ count: Double,
        _ shares: inout ParallelColumn<Share>, _ scales: inout ParallelColumn<Share>
    ) throws(AlgorithmError) -> Double {
        let damping = damping
        let isWeighted = isWeighted
        let sums = try rows.sweep(&shares, &scales) { block, shares, scales in
            let offsets = outgoing.offsets.span
            var dangling = 0.0
            for row in block.rows {
                let start = Int(truncatingIfNeeded: offsets[row])
                let end = Int(truncatingIfNeeded: offsets[row + 1])
                var outflow = Double(end - start)
                if isWeighted, let weights = outgoing.weights?.span {
                    outflow = 0
                    for arc in start..<end { outflow += weights[arc] }
                }
                let local = row - block.rows.lowerBound
                let scale = outflow > 0 ? damping / outflow : 0
                if scale == 0 { dangling += 1 / count }
                scales[local] = Share(scale)
                shares[local] = Share(scale / count)
            }
            return [0, dangling, 0, 0]
        }
        return sums[1]
    }

    private func pull<Share: PageRankShare>(
        _ rows: ParallelRows, _ incoming: CSRRows, _ checked: CheckedRows,
        _ weights: CSRBuffer<Double>?, _ jump: Jump, _ jumps: CSRBuffer<Double>?,
        _ ranks: inout ParallelColumn<Double>, _ nextShares: inout ParallelColumn<Share>,
        _ shares: borrowing ParallelColumn<Share>, _ scales: borrowing ParallelColumn<Share>
    ) throws(AlgorithmError) -> SIMD4<Double> {
        try rows.sweep(&ranks, &nextShares) { block, ranks, nextShares in
            if let weights {
                pullWeighted(
                    block.rows, incoming.offsets.span, incoming.targets.span, weights.span,
                    shares.span, scales.span, jump, jumps?.span, &ranks, &nextShares)
            } else {
                pullBlock(
                    block.rows, checked, shares.span, scales.span, jump, jumps?.span, &ranks,
                    &nextShares)
            }
        }
    }

    private func normalize(
        _ ranks: inout ParallelColumn<Double>, _ rows: ParallelRows, _ total: Double
    ) throws(AlgorithmError) {
        try rows.sweep(&ranks) { _, ranks in
            for row in ranks.indices { ranks[row] /= total }
            return .zero
        }
    }
}

/// What jumps give to the nodes in a round.
private struct Jump: Sendable {
    /// To each when all are alike.
    let base: Double
    /// To all together.
    let total: Double

    @inline(__always)
    func rank(of row: Int, _ probabilities: Span<Double>?) -> Double {
        if let probabilities { return total * probabilities[row] }
        return base
    }
}

/// The precision in which shares travel along edges.
private protocol PageRankShare: BinaryFloatingPoint, BitwiseCopyable, Sendable {
    static var isLossy: Bool { get }
}
extension Float: PageRankShare { fileprivate static var isLossy: Bool { true } }
extension Double: PageRankShare { fileprivate static var isLossy: Bool { false } }

/// One block of one round; returns the movement, the rank without outgoing edges, and the sum.
@inline(__always)
private func pullBlock<Share: PageRankShare>(
    _ rows: Range<Int>, _ incoming: CheckedRows, _ shares: Span<Share>, _ scales: Span<Share>,
    _ jump: Jump, _ jumps: Span<Double>?, _ ranks: inout MutableSpan<Double>,
    _ nextShares: inout MutableSpan<Share>
) -> SIMD4<Double> {
    var moved = 0.0
    var dangling = 0.0
    var total = 0.0
    incoming.forEachSum(in: rows, of: shares) { row, sum in
        let local = row &- rows.lowerBound
        let rank = jump.rank(of: row, jumps) + Double(sum)
        moved += abs(rank - ranks[local])
        total += rank
        let scale = scales[row]
        if scale == 0 { dangling += rank }
        ranks[local] = rank
        nextShares[local] = Share(rank) * scale
    }
    return [moved, dangling, total, 0]
}

@inline(__always)
private func pullWeighted<Share: PageRankShare>(
    _ rows: Range<Int>, _ offsets: Span<UInt64>, _ sources: Span<UInt32>, _ weights: Span<Double>,
    _ shares: Span<Share>, _ scales: Span<Share>, _ jump: Jump, _ jumps: Span<Double>?,
    _ ranks: inout MutableSpan<Double>, _ nextShares: inout MutableSpan<Share>
) -> SIMD4<Double> {
    var moved = 0.0
    var dangling = 0.0
    var total = 0.0
    var arc = Int(truncatingIfNeeded: offsets[rows.lowerBound])
    for row in rows {
        let end = Int(truncatingIfNeeded: offsets[row + 1])
        var sum = 0.0
        while arc < end {
            sum += Double(shares[Int(sources[arc])]) * weights[arc]
            arc &+= 1
        }
        let local = row &- rows.lowerBound
        let rank = jump.rank(of: row, jumps) + sum
        moved += abs(rank - ranks[local])
        total += rank
        let scale = scales[row]
        if scale == 0 { dangling += rank }
        ranks[local] = rank
        nextShares[local] = Share(rank) * scale
    }
    return [moved, dangling, total, 0]
}
