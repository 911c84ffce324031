public import PropertyGraph

/// How near each node is to the others: closeness and harmonic closeness.
///
/// Distances are those of paths that lead to the node, as networkx has it; turn them with
/// `isOutward`. Closeness is the number of other nodes at a distance over the sum of distances,
/// times the share of other nodes that are at any distance at all (Wasserman and Faust), so that
/// it compares between components. Harmonic closeness is the sum of one over each distance.
///
/// - SeeAlso: Freeman (1978); Wasserman, Faust, *Social Network Analysis* (1994); Marchiori,
///   Latora (2000); Then and others, *The More the Merrier: Efficient Multi-Source Graph
///   Traversal* (2014) for the search.
public struct ClosenessCentrality: Hashable, Sendable {
    /// The nodes to answer for; nil for all.
    public var sources: [UInt32]?
    /// Whether distances are those of paths that lead away from the node.
    public var isOutward: Bool
    /// Whether paths are shortest by weight.
    public var isWeighted: Bool

    /// Makes the kernel; values are checked when it runs.
    public init(sources: [UInt32]? = nil, isOutward: Bool = false, isWeighted: Bool = false) {
        self.sources = sources
        self.isOutward = isOutward
        self.isWeighted = isWeighted
    }

    /// The values.
    public struct Result: Sendable {
        /// The closeness of each node; NaN where not asked for.
        public let closeness: [Double]
        /// The harmonic closeness of each node, nodes at distance 0 left out; NaN where not asked
        /// for.
        public let harmonic: [Double]
        /// How many nodes were answered for.
        public let sourceCount: Int
    }

    /// Searches from each node, 64 at once where there are no weights.
    ///
    /// - Throws: `.nodeNotFound`; `.missingIncoming` on a directed graph without incoming rows,
    ///   unless outward; `.missingWeights` and `.negativeWeight` when weighted; `.cancelled`.
    /// - Complexity: O((nodes + edges) × sources) time, less by up to 64 without weights, and with
    ///   them a factor of log nodes more; O(nodes) extra space a thread.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        for source in sources ?? [] { try graph.checkNode(source, name: "sources") }
        if isWeighted { try graph.checkWeights(for: "closeness", options: options) }
        let rows = isOutward ? graph.outgoing : try graph.requiredIncoming(for: "closeness")
        var asked = Set(sources ?? []).sorted()
        if sources == nil {
            for node in 0..<graph.nodeCount { asked.append(UInt32(truncatingIfNeeded: node)) }
        }
        let batches = stretches(asked.count, of: isWeighted ? 1 : 64)
        let cost = (graph.nodeCount + rows.arcCount) * min(batches.count, 1 << 20)
        let workers = options.workerCount(work: cost, tasks: batches.count)
        let dispenser = TaskDispenser(count: batches.count, options: options)
        let (nodes, isWeighted) = (asked, isWeighted)
        let parts = try options.onWorkers(workers) {
            _ throws(AlgorithmError) -> [(UInt32, DistanceSums)] in
            var ticker = CancellationTicker(options)
            var plain = isWeighted ? nil : ManySourceSearch(rows)
            var weighted = isWeighted ? WeightedDistanceSums(rows) : nil
            var found: [(UInt32, DistanceSums)] = []
            while let task = try dispenser.take() {
                let batch = nodes[batches[task]]
                if let sums = try plain?.sums(from: batch, &ticker) {
                    found += zip(batch, sums).map { ($0, $1) }
                } else if let node = batch.first, let sums = try weighted?.sums(from: node, &ticker)
                {
                    found.append((node, sums))
                }
                if workers == 1 { options.report("batches", task + 1, of: batches.count) }
            }
            return found
        }
        var closeness = [Double](repeating: .nan, count: graph.nodeCount)
        var harmonic = closeness
        let others = Double(graph.nodeCount - 1)
        for part in parts {
            for (node, sums) in part {
                let reached = Double(sums.reached)
                closeness[Int(node)] =
                    sums.distance > 0 ? reached / sums.distance * (reached / others) : 0
                harmonic[Int(node)] = sums.inverse
            }
        }
        return Result(closeness: closeness, harmonic: harmonic, sourceCount: asked.count)
    }
}

/// What closeness needs to know of one search.
struct DistanceSums: Sendable {
    /// How many nodes were reached, without the one searched from.
    var reached = 0
    /// The sum of their distances.
    var distance = 0.0
    /// The sum of one over each distance above 0.
    var inverse = 0.0
}

/// Sums of distances by weight, one Dijkstra search each.
private struct WeightedDistanceSums {
    private let rows: CSRRows
    private var distances: [Double]
    private var touched: [UInt32] = []
    private var heap = DistanceHeap()

    init(_ rows: CSRRows) {
        self.rows = rows
        distances = [Double](repeating: .infinity, count: rows.offsets.count - 1)
    }

    mutating func sums(
        from source: UInt32, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> DistanceSums {
        var sums = DistanceSums()
        guard let weights = rows.weights else { return sums }
        distances[Int(source)] = 0
        touched.append(source)
        heap.push(.init(distance: 0, node: source))
        while let nearest = heap.pop() {
            // An entry that was bettered since it was pushed is stale.
            if nearest.distance > distances[Int(nearest.node)] { continue }
            if nearest.node != source {
                sums.reached += 1
                sums.distance += nearest.distance
                if nearest.distance > 0 { sums.inverse += 1 / nearest.distance }
            }
            let row = rows.range(of: nearest.node)
            for arc in row {
                let target = rows.targets[arc]
                let distance = nearest.distance + weights[arc]
                guard distance < distances[Int(target)] else { continue }
                if distances[Int(target)] == .infinity { touched.append(target) }
                distances[Int(target)] = distance
                heap.push(.init(distance: distance, node: target))
            }
            try ticker.tick(row.count + 8)
        }
        for node in touched { distances[Int(node)] = .infinity }
        touched.removeAll(keepingCapacity: true)
        return sums
    }
}
