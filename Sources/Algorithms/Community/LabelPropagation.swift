public import PropertyGraph

/// Communities by label propagation: nodes take, one after the other, the label that weighs most
/// among their neighbours, until every node has such a label.
///
/// A node keeps its label when it is one of the heaviest; of several others the seed decides. When
/// a node changes, those of its neighbours with another label are asked again. Directions make no
/// difference.
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
        var state = State(level, seed: options.seed)
        var ticker = CancellationTicker(options)
        // At most 2³² nodes times 10⁶.
        var left = level.nodeCount * maxIterations
        while state.queue.count > 0, left > 0 {
            try ticker.tick(state.ask(64))
            left -= 64
        }
        let labels = Partition.lowestMembers(state.labels)
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

    init(_ graph: LevelGraph, seed: UInt64) {
        self.graph = graph
        self.seed = seed
        labels = []
        for node in 0..<graph.nodeCount { labels.append(UInt32(truncatingIfNeeded: node)) }
        sums = [Double](repeating: 0, count: graph.nodeCount)
        touched = [UInt32](repeating: 0, count: graph.longestRow)
        queue = WaitingNodes(capacity: graph.nodeCount)
        queue.fillAll()
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
        let listed = sumByLabel(row, node, targets, weights, labels.span, &sums, &touched)
        let own = labels[Int(node)]
        var best = own
        var most = sums[Int(own)]
        var rank: UInt64 = 0
        for place in 0..<listed {
            let label = touched[place]
            let sum = sums[Int(label)]
            sums[Int(label)] = 0
            // Of equals the one that a hash of the seed puts first: lowest labels would flood.
            guard label != own, sum > most || (sum == most && best != own) else { continue }
            let lot = SeededRandom.mix(seed &+ UInt64(label) &* 0x9E37_79B9_7F4A_7C15)
            if sum > most || lot < rank { (best, most, rank) = (label, sum, lot) }
        }
        sums[Int(own)] = 0
        guard best != own else { continue }
        labels[Int(node)] = best
        work &+= row.count
        for arc in row where labels[Int(targets[arc])] != best { queue.push(targets[arc]) }
    }
    return work
}

/// Sums a row's weights by label; returns how many labels are listed in `touched`, where one met
/// only along arcs of no weight may stand several times.
@inline(__always)
private func sumByLabel(
    _ row: Range<Int>, _ node: UInt32, _ targets: Span<UInt32>, _ weights: Span<Double>?,
    _ labels: Span<UInt32>, _ sums: inout MutableSpan<Double>, _ touched: inout MutableSpan<UInt32>
) -> Int {
    var listed = 0
    if let weights {
        for arc in row {
            let target = targets[arc]
            if target == node { continue }
            let label = labels[Int(target)]
            let sum = sums[Int(label)]
            // Written even when it is known: nobody can foretell the branch.
            touched[listed] = label
            listed &+= sum == 0 ? 1 : 0
            sums[Int(label)] = sum + weights[arc]
        }
        return listed
    }
    for arc in row {
        let target = targets[arc]
        if target == node { continue }
        let label = labels[Int(target)]
        let sum = sums[Int(label)]
        touched[listed] = label
        listed &+= sum == 0 ? 1 : 0
        sums[Int(label)] = sum + 1
    }
    return listed
}
