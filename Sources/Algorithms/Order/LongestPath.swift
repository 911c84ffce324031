public import PropertyGraph

/// The longest path of an acyclic graph, and how much room every node has beside it.
///
/// With edges as steps of some duration this is the critical path method: a node can begin at its
/// earliest time, must begin by its latest for the whole to end as early as it can, and the slack
/// between is what it may be late.
///
/// - SeeAlso: Kelley, Walker, *Critical-Path Planning and Scheduling* (1959).
public struct LongestPath: Hashable, Sendable {
    /// Makes the kernel; it has no parameters.
    public init() {}

    /// The path and the times.
    public struct Result: Sendable {
        /// The nodes of a longest path; the lowest node where it could end, the lowest before each.
        /// Empty only in a graph without nodes.
        public let path: [UInt32]
        /// The sum of its weights from first to last, or its edges without weights; 0 or more.
        public let length: Double
        /// For each node the length of the longest path that ends there.
        public let earliest: [Double]
        /// For each node `length` less the longest path that begins there.
        public let latest: [Double]

        /// How much later than at its earliest a node may begin; 0 on every longest path.
        public func slack(of node: UInt32) -> Double {
            let slack = latest[Int(node)] - earliest[Int(node)]
            // Both are sums of their own: what rounding makes of nothing is nothing.
            return slack > length * 1e-12 ? slack : 0
        }
    }

    /// Finds the path; paths of a single node have length 0, so edges of negative weight are taken
    /// only where they lead to more.
    ///
    /// - Throws: `.notDirected`; `.cyclic`, naming a cycle; `.invalidWeight` for an infinite
    ///   weight; `.cancelled`.
    /// - Complexity: O(nodes + edges) time, O(nodes) space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        if let weights = graph.outgoing.weights {
            for arc in 0..<weights.count where weights[arc].isInfinite {
                throw AlgorithmError(
                    .invalidWeight,
                    "Cannot run longest-path: a weight is infinite, but weights are summed up. "
                        + "Mend the weight or choose another weight property.")
            }
        }
        let order = try AcyclicOrder(graph, for: "longest-path", options: options).nodes
        var ticker = CancellationTicker(options)
        let rows = graph.outgoing
        var earliest = [Double](repeating: 0, count: graph.nodeCount)
        var parents = [UInt32](repeating: noNode, count: graph.nodeCount)
        for node in order {
            for arc in rows.range(of: node) {
                let target = Int(rows.targets[arc])
                let time = earliest[Int(node)] + (rows.weights?[arc] ?? 1)
                let isTie = time == earliest[target] && node < parents[target]
                guard time > earliest[target] || isTie && parents[target] != noNode
                else { continue }
                earliest[target] = time
                parents[target] = node
            }
            try ticker.tick(rows.degree(of: node) &+ 1)
        }
        var after = [Double](repeating: 0, count: graph.nodeCount)
        for node in order.reversed() {
            for arc in rows.range(of: node) {
                let time = (rows.weights?[arc] ?? 1) + after[Int(rows.targets[arc])]
                after[Int(node)] = max(after[Int(node)], time)
            }
            try ticker.tick(rows.degree(of: node) &+ 1)
        }
        let end = earliest.indices.max { (earliest[$0], $1) < (earliest[$1], $0) }
        let length = end.map { earliest[$0] } ?? 0
        var path: [UInt32] = []
        var node = end.map { UInt32(truncatingIfNeeded: $0) } ?? noNode
        while node != noNode {
            path.append(node)
            node = parents[Int(node)]
        }
        return Result(
            path: path.reversed(), length: length, earliest: earliest,
            latest: after.map { length - $0 })
    }
}
