public import PropertyGraph

/// Importance by links: the share of time a random walker spends at each node.
///
/// The walker follows an outgoing edge with probability `damping` and else jumps anywhere; at a
/// node without outgoing edges it always jumps, so the ranks of all nodes sum to 1 (the GAP
/// reference loses that mass, and networkit drops isolated nodes).
///
/// With a number of `iterations` so many synchronous rounds are done: each rank is computed from the
/// ranks of the round before, pulled along incoming rows. To a `tolerance` the ranks are solved for
/// instead, in fewer rounds: without directions by Chebyshev's semi-iteration, with them by
/// elimination before and behind all cycles and, between, sweeps of Gauß–Seidel whose results are
/// mixed as Anderson's method does; graphs whose cycles hold more than two million edges are walked
/// synchronously. Which way is taken depends on the
/// graph alone, and every way ends with the same promise about `delta`.
///
/// With a restart set the walker jumps to one of its nodes instead of anywhere, always from all
/// nodes alike (personalised PageRank). `Mode.gap` does what the GAP reference does.
///
/// - SeeAlso: Page, Brin, Motwani, Winograd, *The PageRank Citation Ranking* (1999); Haveliwala,
///   *Topic-Sensitive PageRank* (2002); LDBC Graphalytics specification, PR, for the fixed number
///   of rounds; Beamer, Asanović, Patterson, *The GAP Benchmark Suite* (2015), PR; Golub, Varga,
///   *Chebyshev Semi-Iterative Methods* (1961); Gleich, Zhukov, Berkhin, *Fast Parallel PageRank: A
///   Linear System Approach* (2004); Walker, Ni, *Anderson Acceleration for Fixed-Point Iterations*
///   (2011).
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
    /// The run ends once a synchronous round would move the ranks by less than this in total (L1
    /// norm): they are then at most `tolerance × damping / (1 - damping)` from the exact ones.
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
        /// By how much the last synchronous round moved the ranks in total; to a tolerance, what one
        /// more would move them by at most.
        public let delta: Double
    }

    /// Computes the ranks.
    ///
    /// Contributions may travel as 32-bit floats when the tolerance is 1e-4 or more, the number of
    /// rounds is not fixed and weights are not used, else as doubles; ranks are doubles always.
    ///
    /// - Throws: `.invalidParameter`, also for a restart set without nodes; `.nodeNotFound`;
    ///   `.missingIncoming` on a directed graph without incoming rows;
    ///   `.missingWeights`, `.negativeWeight` and `.invalidWeight` when weighted; `.cancelled`.
    /// - Complexity: O((nodes + edges) × iterations) time, and only once the edges outside of cycles
    ///   of a directed graph; O(nodes) extra space, and a copy of the edges of those cycles.
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
        if isWeighted { try graph.checkFiniteWeights(for: "pagerank", options: options) }
        guard graph.nodeCount > 0 else { return Result(ranks: [], iterations: 0, delta: 0) }
        // Weights may be such that what flows is beyond a float.
        let isRough = tolerance >= 1e-4 && !isWeighted
        if iterations != nil { return try runRounds(graph, incoming, Double.self, options) }
        if !graph.isDirected {
            return isRough
                ? try PageRankSemiIteration<Float>(self, graph, options: options)
                    .run(options: options)
                : try PageRankSemiIteration<Double>(self, graph, options: options)
                    .run(options: options)
        }
        for rows in [incoming, graph.outgoing] {
            let parallel = ParallelRows(offsets: rows.offsets, cost: 2, options: options)
            guard try CheckedRows(rows, sweptBy: parallel) != nil else {
                throw graph.damaged(for: "pagerank")
            }
        }
        let elimination = try PageRankElimination(self, graph, incoming, options)
        if elimination.isWorthwhile { return try elimination.run() }
        return isRough
            ? try runRounds(graph, incoming, Float.self, options)
            : try runRounds(graph, incoming, Double.self, options)
    }

    /// What a node's value is multiplied with to give each unit of weight its share: `damping /
    /// outflow`; 0 where nothing flows out, or so little that there is no such number.
    func scale(ofOutflow outflow: Double) -> Double {
        let scale = outflow > 0 ? damping / outflow : 0
        return scale.isFinite ? scale : 0
    }
}
