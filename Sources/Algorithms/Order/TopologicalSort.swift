public import PropertyGraph

/// An order in which every edge points forward, or a cycle that forbids one.
///
/// Of all such orders it gives the lexicographically smallest: at every step the lowest node
/// whose predecessors are all placed. The ready nodes are kept in a tree of bits 64 wide, so
/// taking the lowest costs a few words, not a heap's logarithm.
///
/// - SeeAlso: Kahn, *Topological Sorting of Large Networks* (CACM 1962).
public struct TopologicalSort: Hashable, Sendable {
    /// Makes the kernel; it has no parameters.
    public init() {}

    /// The order, or why there is none.
    public struct Result: Sendable {
        /// All nodes in order; when the graph is cyclic, those before the first cycle.
        public let order: [UInt32]
        /// For each node how many edges the longest path to it has; -1 when it is on a cycle or
        /// behind one.
        public let levels: [Int32]
        /// The nodes of a cycle, starting at the lowest node of the graph that is on any; each has
        /// an edge to the next and the last to the first. No cycle through that node is shorter.
        /// Nil when the graph is acyclic.
        public let cycle: [UInt32]?

        /// Whether there is an order.
        public var isAcyclic: Bool { cycle == nil }
    }

    /// Sorts the nodes.
    ///
    /// - Throws: `.notDirected` on an undirected graph; `.cancelled`.
    /// - Complexity: O(nodes + edges) time, up to a factor log₆₄(nodes) a node; O(nodes) space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        try graph.requireDirected(for: "topological-sort")
        let nodes = graph.nodeCount
        let rows = graph.outgoing
        var ticker = CancellationTicker(options)
        var missing = [UInt32](repeating: 0, count: nodes)
        var missingSpan = missing.mutableSpan
        try countPredecessors(graph, &missingSpan, &ticker)

        var ready = LowestFirstSet(capacity: nodes)
        for node in missingSpan.indices where missingSpan[node] == 0 {
            ready.insert(UInt32(truncatingIfNeeded: node))
        }
        var levels = [Int32](repeating: 0, count: nodes)
        var levelSpan = levels.mutableSpan
        var order: [UInt32] = []
        order.reserveCapacity(nodes)
        while let node = ready.popLowest() {
            order.append(node)
            release(
                node, rows.offsets.span, rows.targets.span, &missingSpan, &levelSpan, &ready)
            try ticker.tick(rows.degree(of: node) &+ 1)
        }
        guard order.count < nodes else { return Result(order: order, levels: levels, cycle: nil) }
        for node in levelSpan.indices where missingSpan[node] > 0 { levelSpan[node] = -1 }
        let cycle = try CycleWitness.find(in: graph, among: missing, options: options)
        return Result(order: order, levels: levels, cycle: cycle)
    }

    private func countPredecessors(
        _ graph: CSRGraph, _ missing: inout MutableSpan<UInt32>, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        if let incoming = graph.incoming {
            let offsets = incoming.offsets.span
            for node in missing.indices {
                missing[node] = UInt32(truncatingIfNeeded: offsets[node + 1] &- offsets[node])
            }
            return
        }
        let targets = graph.outgoing.targets.span
        for first in stride(from: 0, to: targets.count, by: 1 << 20) {
            let last = min(first + 1 << 20, targets.count)
            for arc in first..<last { missing[Int(targets[arc])] &+= 1 }
            try ticker.tick(last - first)
        }
    }
}

/// Places a node: its successors miss one predecessor less.
private func release(
    _ node: UInt32, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ missing: inout MutableSpan<UInt32>, _ levels: inout MutableSpan<Int32>,
    _ ready: inout LowestFirstSet
) {
    let level = levels[Int(node)] &+ 1
    let first = Int(truncatingIfNeeded: offsets[Int(node)])
    let last = Int(truncatingIfNeeded: offsets[Int(node) + 1])
    for arc in first..<last {
        let target = Int(targets[arc])
        if level > levels[target] { levels[target] = level }
        missing[target] &-= 1
        if missing[target] == 0 { ready.insert(targets[arc]) }
    }
}
