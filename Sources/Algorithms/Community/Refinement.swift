import PropertyGraph

/// Leiden's second phase: within each community nodes start alone again and join into groups that
/// hang together well.
///
/// Only a node that is still alone moves, along an edge, into the best group of its community, if
/// both are joined well enough with the rest of the community; so every group is connected.
/// Communities do not know of one another, so several threads share them out.
///
/// - SeeAlso: Traag, Waltman, van Eck, *From Louvain to Leiden* (2019), algorithm A.2; the best
///   group is always taken instead of drawing one, as in Sahu, *GVE-Leiden* (2023).
struct Refinement: Sendable {
    private let graph: LevelGraph
    private let communities: [UInt32]
    private let totals: [Double]
    private let scale: Double
    private let options: RunOptions
    private let shares: CommunityShares

    /// - Parameters:
    ///   - communities: The community of each node, labels below the number of nodes.
    ///   - totals: The weight of the ends of edges of each community.
    init(
        _ graph: LevelGraph, within communities: [UInt32], totals: [Double], resolution: Double,
        options: RunOptions
    ) {
        self.graph = graph
        self.communities = communities
        self.totals = totals
        scale = graph.total > 0 ? resolution / graph.total : 0
        self.options = options
        shares = CommunityShares(communities, graph, options)
    }

    /// The group of each node, labels below their number.
    ///
    /// - Complexity: O(nodes + arcs) for each thread's share, O(nodes) extra space for each thread.
    func groups() throws(AlgorithmError) -> [UInt32] {
        let nodes = try nodesAlone()
        let parts = try options.onWorkers(shares.workers) {
            worker throws(AlgorithmError) -> [UInt32] in
            var state = RefinementState(nodes, longestRow: graph.longestRow)
            var ticker = CancellationTicker(options)
            for first in stride(from: 0, to: graph.nodeCount, by: 256) {
                let stretch = first..<min(first + 256, graph.nodeCount)
                try ticker.tick(
                    joinGroups(
                        stretch, UInt8(truncatingIfNeeded: worker), shares.ownerOfCommunity, graph,
                        scale, communities.span, totals.span, &state.groups, &state.nodes,
                        &state.touched))
            }
            return state.groups
        }
        return shares.merged(parts, communities)
    }

    /// What is known of each node as long as it is alone.
    private func nodesAlone() throws(AlgorithmError) -> [RefinementState.Node] {
        let rows = ParallelRows(offsets: graph.offsets, options: options)
        var ties = ParallelColumn<Double>(zeroed: graph.nodeCount)
        try rows.sweep(&ties) { block, ties in
            sumInside(
                block.rows, communities.span, graph.offsets.span, graph.targets.span,
                graph.weights?.span, &ties)
            return .zero
        }
        var nodes: [RefinementState.Node] = []
        nodes.reserveCapacity(graph.nodeCount)
        let (found, degrees) = (ties.span, graph.degrees.span)
        for node in found.indices {
            nodes.append(RefinementState.Node(ties: found[node], size: degrees[node]))
        }
        return nodes
    }
}

/// The groups of one thread's communities; those of others stand still.
private struct RefinementState {
    var groups: [UInt32]
    var nodes: [Node]
    var touched: [UInt32]

    /// What is known of a node, and of the group that it names.
    struct Node: Sendable {
        /// The weight between the group and the rest of its community.
        var ties: Double
        /// The weight of the ends of edges in the group.
        var size: Double
        /// The weight of the edges between the group and the node that is looked at.
        var sum = 0.0
        var isAlone = true
    }

    init(_ nodes: [Node], longestRow: Int) {
        self.nodes = nodes
        groups = []
        groups.reserveCapacity(nodes.count)
        for node in nodes.indices { groups.append(UInt32(truncatingIfNeeded: node)) }
        touched = [UInt32](repeating: 0, count: longestRow + 1)
    }
}

/// Lets nodes that are still alone join groups; returns the work done.
private func joinGroups(
    _ stretch: Range<Int>, _ worker: UInt8, _ owners: Span<UInt8>, _ graph: LevelGraph,
    _ scale: Double, _ labels: Span<UInt32>, _ totals: Span<Double>,
    _ groups: inout [UInt32], _ nodes: inout [RefinementState.Node], _ touched: inout [UInt32]
) -> Int {
    let offsets = graph.offsets.span
    let targets = graph.targets.span
    let weights = graph.weights?.span
    var groups = groups.mutableSpan
    var nodes = nodes.mutableSpan
    var touched = touched.mutableSpan
    var work = stretch.count
    for node in stretch where nodes[node].isAlone {
        let community = labels[node]
        guard owners[Int(community)] == worker else { continue }
        let (ties, degree) = (nodes[node].ties, graph.degrees[node])
        let total = totals[Int(community)]
        guard ties > 0, ties >= scale * degree * (total - degree) else { continue }
        let row =
            Int(truncatingIfNeeded: offsets[node])..<Int(truncatingIfNeeded: offsets[node + 1])
        work &+= row.count
        let listed = sumByGroup(
            row, node, targets, weights, labels, groups.span, &nodes, &touched)
        let (best, sum) = bestGroup(
            listed, share: scale * degree, scale: scale, total: total, &nodes, touched.span)
        guard best != noNode else { continue }
        nodes[node].isAlone = false
        nodes[Int(best)].isAlone = false
        groups[node] = best
        nodes[Int(best)].size += degree
        nodes[Int(best)].ties += ties - 2 * sum
    }
    return work
}

/// Sums a row's weights by group within the community; returns how many are listed in `touched`.
@inline(__always)
private func sumByGroup(
    _ row: Range<Int>, _ node: Int, _ targets: Span<UInt32>, _ weights: Span<Double>?,
    _ labels: Span<UInt32>, _ groups: Span<UInt32>,
    _ nodes: inout MutableSpan<RefinementState.Node>, _ touched: inout MutableSpan<UInt32>
) -> Int {
    let community = labels[node]
    var listed = 0
    for arc in row {
        let target = Int(targets[arc])
        if labels[target] != community || target == node { continue }
        let group = groups[target]
        let sum = nodes[Int(group)].sum
        // Written even when it is known: nobody can foretell the branch.
        touched[listed] = group
        listed &+= sum == 0 ? 1 : 0
        nodes[Int(group)].sum = sum + (weights?[arc] ?? 1)
    }
    return listed
}

/// The group that gains most and is itself tied well enough to its community, and the weight
/// towards it; empties the sums.
@inline(__always)
private func bestGroup(
    _ listed: Int, share: Double, scale: Double, total: Double,
    _ nodes: inout MutableSpan<RefinementState.Node>, _ touched: Span<UInt32>
) -> (best: UInt32, sum: Double) {
    var (best, most, bestSum) = (noNode, 0.0, 0.0)
    for index in 0..<listed {
        let group = touched[index]
        let found = nodes[Int(group)]
        nodes[Int(group)].sum = 0
        let gain = found.sum - share * found.size
        guard gain > most || (gain == most && group < best) else { continue }
        guard found.ties >= scale * found.size * (total - found.size) else { continue }
        (best, most, bestSum) = (group, gain, found.sum)
    }
    return (best, bestSum)
}
