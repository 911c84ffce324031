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
        try options.checkCancellation()
        let nodes = graph.nodeCount
        let rows = graph.outgoing
        var ticker = CancellationTicker(options)
        var pending = [PendingNode](repeating: PendingNode(), count: nodes)
        var span = pending.mutableSpan
        try countPredecessors(graph, &span, &ticker)

        var ready = LowestFirstSet(capacity: nodes)
        for node in span.indices where span[node].missing == 0 {
            ready.insert(UInt32(truncatingIfNeeded: node))
        }
        var order: [UInt32] = []
        order.reserveCapacity(nodes)
        let offsets = rows.offsets.span
        let targets = rows.targets.span
        while let node = ready.popLowest() {
            order.append(node)
            try ticker.tick(release(node, offsets, targets, &span, &ready))
        }
        let levels = pending.map { $0.missing > 0 ? -1 : $0.level }
        guard order.count < nodes else { return Result(order: order, levels: levels, cycle: nil) }
        let cycle = try CycleWitness.find(
            in: graph, among: pending.map(\.missing), options: options)
        return Result(order: order, levels: levels, cycle: cycle)
    }

    private func countPredecessors(
        _ graph: CSRGraph, _ pending: inout MutableSpan<PendingNode>,
        _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        if let incoming = graph.incoming {
            let offsets = incoming.offsets.span
            for node in pending.indices {
                pending[node].missing = UInt32(
                    truncatingIfNeeded: offsets[node + 1] &- offsets[node])
            }
            return
        }
        let targets = graph.outgoing.targets.span
        for first in stride(from: 0, to: targets.count, by: 1 << 20) {
            let last = min(first + 1 << 20, targets.count)
            for arc in first..<last { pending[Int(targets[arc])].missing &+= 1 }
            try ticker.tick(last - first)
        }
    }
}

/// A node that is not placed yet: one read of memory tells all that an arc to it changes.
private struct PendingNode: Sendable, BitwiseCopyable {
    /// How many predecessors are not placed yet.
    var missing: UInt32 = 0
    /// How many edges the longest path from those placed has.
    var level: Int32 = 0
}

/// Places a node: its successors miss one predecessor less. Returns the work done.
@inline(__always)
private func release(
    _ node: UInt32, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ pending: inout MutableSpan<PendingNode>, _ ready: inout LowestFirstSet
) -> Int {
    let level = pending[Int(node)].level &+ 1
    let first = Int(truncatingIfNeeded: offsets[Int(node)])
    let last = Int(truncatingIfNeeded: offsets[Int(node) + 1])
    var arc = first
    while arc < last {
        let target = targets[arc]
        var state = pending[Int(target)]
        state.missing &-= 1
        state.level = max(state.level, level)
        pending[Int(target)] = state
        if state.missing == 0 { ready.insert(target) }
        arc &+= 1
    }
    return last &- first &+ 1
}
