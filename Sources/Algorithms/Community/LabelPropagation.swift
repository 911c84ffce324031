public import PropertyGraph

/// Communities by label propagation: nodes take, one after the other, the label that weighs most
/// among their neighbours, until every node has such a label.
///
/// A node keeps its label when it is one of the heaviest; of several others the seed decides. When
/// a node changes, those of its neighbours with another label are asked again. Directions make no
/// difference.
///
/// On a graph of some ten thousand nodes or more the first passes go through stretches of nodes, far
/// apart from one another, on several threads, and in three of them a node does not insist on its
/// label among equals. The answer depends on the seed and not on the number of threads.
///
/// - SeeAlso: Raghavan, Albert, Kumara, *Near Linear Time Algorithm to Detect Community Structures
///   in Large-Scale Networks* (2007); Traag, Šubelj, *Large Network Community Detection by Fast
///   Label Propagation* (2023), for the queue.
public struct LabelPropagation: Hashable, Sendable {
    /// What `maxIterations` may be.
    public static let iterationRange = ParameterRange(1...1_000_000)

    /// How often a node is asked on average before the run ends even if labels could still change.
    public var maxIterations: Int
    /// Whether weights are used, if there are any.
    public var isWeighted: Bool

    /// Makes the kernel; ranges are checked when it runs.
    public init(maxIterations: Int = 100, isWeighted: Bool = true) {
        self.maxIterations = maxIterations
        self.isWeighted = isWeighted
    }

    /// The communities.
    public struct Result: Sendable {
        /// For each node the lowest node of its community.
        public let communities: [UInt32]
        /// How many there are, and how good.
        public let quality: PartitionQuality.Result
        /// Whether every node has one of the heaviest labels around it.
        public let hasConverged: Bool
    }

    /// Propagates labels.
    ///
    /// - Throws: `.invalidParameter`; `.missingIncoming` on a directed graph without incoming rows;
    ///   `.negativeWeight`, `.invalidWeight`; `.cancelled`.
    /// - Complexity: O((nodes + edges) × rounds) time, O(nodes + edges) extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        try Self.iterationRange.check(Double(maxIterations), name: "max-iterations")
        let level = try LevelGraph(
            graph, isWeighted: isWeighted && graph.isWeighted, for: "label-propagation",
            options: options)
        // At most 2³² nodes times 10⁶.
        var left = level.nodeCount * maxIterations
        var state: State
        if var passes = LabelPasses(level, options: options) {
            let (labels, waiting) = try passes.run(most: maxIterations)
            left -= passes.asked
            state = State(level, seed: options.seed, labels: labels, waiting: waiting)
        } else {
            state = State(level, seed: options.seed)
        }
        var ticker = CancellationTicker(options)
        while state.queue.count > 0, left > 0 {
            try ticker.tick(state.ask(64))
            left -= 64
        }
        let labels = try Partition.lowestMembers(state.labels, options)
        return try Result(
            communities: labels,
            quality: level.quality(of: labels, resolution: 1, options: options),
            hasConverged: state.queue.count == 0)
    }
}

private struct State {
    private let graph: LevelGraph
    private let seed: UInt64
    var labels: [UInt32]
    var queue: WaitingNodes
    private var sums: [Double]
    private var touched: [UInt32]

    /// - Parameters:
    ///   - labels: Those of the start; nil gives each node its own.
    ///   - waiting: Who is to be asked, one bit each; nil for all.
    init(
        _ graph: LevelGraph, seed: UInt64, labels known: [UInt32]? = nil, waiting: [UInt64]? = nil
    ) {
        self.graph = graph
        self.seed = seed
        labels = known ?? []
        if known == nil {
            for node in 0..<graph.nodeCount { labels.append(UInt32(truncatingIfNeeded: node)) }
        }
        sums = [Double](repeating: 0, count: graph.nodeCount)
        touched = [UInt32](repeating: 0, count: graph.longestRow)
        queue = WaitingNodes(capacity: graph.nodeCount)
        if let waiting { queue.fill(waiting) } else { queue.fillAll() }
    }

    /// Asks the next nodes of the queue; returns the work done.
    mutating func ask(_ budget: Int) -> Int {
        askNodes(budget, graph, seed, &labels, &queue, &sums, &touched)
    }
}

private func askNodes(
    _ budget: Int, _ graph: LevelGraph, _ seed: UInt64, _ labels: inout [UInt32],
    _ queue: inout WaitingNodes, _ sums: inout [Double], _ touched: inout [UInt32]
) -> Int {
    let offsets = graph.offsets.span
    let targets = graph.targets.span
    let weights = graph.weights?.span
    var labels = labels.mutableSpan
    var sums = sums.mutableSpan
    var touched = touched.mutableSpan
    var work = 0
    for _ in 0..<budget {
        guard let node = queue.pop() else { break }
        let row =
            Int(
                truncatingIfNeeded: offsets[Int(node)])..<Int(
                truncatingIfNeeded: offsets[Int(node) + 1])
        work &+= row.count &+ 1
        let best = heaviestLabel(
            of: node, row, targets, weights, labels.span, seed: seed, keepsOwn: true, &sums,
            &touched)
        guard best != labels[Int(node)] else { continue }
        labels[Int(node)] = best
        work &+= row.count
        for arc in row where labels[Int(targets[arc])] != best { queue.push(targets[arc]) }
    }
    return work
}
