import PropertyGraph

/// Leiden's second phase: within each community nodes start alone again and join into groups that
/// hang together well.
///
/// Only a node that is still alone moves, along an edge, into the best group of its community, if
/// both are joined well enough with the rest of the community; so every group is connected.
/// Communities do not know of one another, so several threads work on them.
///
/// - SeeAlso: Traag, Waltman, van Eck, *From Louvain to Leiden* (2019), algorithm A.2; the best
///   group is always taken instead of drawing one, as in Sahu, *GVE-Leiden* (2023).
enum Refinement {
    /// The group of each node, labels below their number.
    ///
    /// - Parameters:
    ///   - communities: The community of each node, labels below the number of nodes.
    ///   - totals: The weight of the ends of edges of each community.
    /// - Complexity: O(nodes + arcs).
    static func groups(
        _ graph: LevelGraph, within communities: [UInt32], totals: [Double], resolution: Double,
        options: RunOptions
    ) throws(AlgorithmError) -> [UInt32] {
        let scale = graph.total > 0 ? resolution / graph.total : 0
        let members = CommunityMembers(communities, graph, options)
        return try members.map(scratch: { RefinementScratch(longestRow: graph.longestRow) }) {
            scratch, community, ticker, first, groups throws(AlgorithmError) in
            let places = members.sorted.places(of: community)
            try scratch.weigh(places, graph, members, &ticker)
            try scratch.join(
                places, graph, members, scale, total: totals[community], first, &groups,
                &ticker)
        }
    }
}

/// What one thread needs to refine one community after the other. A group is named by the place of
/// one of its members within the community.
private struct RefinementScratch {
    private var nodes: [Node] = []
    private var touched: [UInt32]

    /// What is known of a node, and of the group named by its place.
    struct Node {
        /// The weight between the group and the rest of its community.
        var ties = 0.0
        /// The weight of the ends of edges in the group.
        var size = 0.0
        /// The weight of the edges between the group and the node that is looked at.
        var sum = 0.0
        var isAlone = true
    }

    init(longestRow: Int) { touched = [UInt32](repeating: 0, count: longestRow + 1) }

    /// Weighs the edges between nodes and the rest of their community.
    mutating func weigh(
        _ places: Range<Int>, _ graph: LevelGraph, _ members: CommunityMembers,
        _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        nodes.removeAll(keepingCapacity: true)
        nodes.reserveCapacity(places.count)
        for place in places {
            let node = Int(members.sorted.members[place])
            let row = Int(graph.offsets[node])..<Int(graph.offsets[node + 1])
            let ties = tiesInside(
                row, node, places, graph.targets.span, graph.weights?.span,
                members.placeOfNode.span)
            nodes.append(Node(ties: ties, size: graph.degrees[node]))
            try ticker.tick(row.count + 1)
        }
    }

    /// Lets nodes that are still alone join groups.
    mutating func join(
        _ places: Range<Int>, _ graph: LevelGraph, _ members: CommunityMembers, _ scale: Double,
        total: Double, _ first: Int, _ groups: inout MutableSpan<UInt32>,
        _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        for place in 0..<places.count {
            groups[first + place] = UInt32(truncatingIfNeeded: place)
        }
        for place in 0..<places.count where nodes[place].isAlone {
            let node = Int(members.sorted.members[places.lowerBound + place])
            let degree = graph.degrees[node]
            let ties = nodes[place].ties
            guard ties > 0, ties >= scale * degree * (total - degree) else { continue }
            let row = Int(graph.offsets[node])..<Int(graph.offsets[node + 1])
            let listed = sumByGroup(
                row, node, places, graph.targets.span, graph.weights?.span,
                members.placeOfNode.span, first, groups, &nodes, &touched)
            let (best, sum) = bestGroup(
                listed, share: scale * degree, scale: scale, total: total, &nodes, touched)
            try ticker.tick(row.count + 1)
            guard best != noNode else { continue }
            nodes[place].isAlone = false
            nodes[Int(best)].isAlone = false
            groups[first + place] = best
            nodes[Int(best)].size += degree
            nodes[Int(best)].ties += ties - 2 * sum
        }
    }
}

/// The weight of a node's arcs to nodes at some places, itself apart.
private func tiesInside(
    _ row: Range<Int>, _ node: Int, _ places: Range<Int>, _ targets: Span<UInt32>,
    _ weights: Span<Double>?, _ placeOfNode: Span<UInt32>
) -> Double {
    var sum = 0.0
    for arc in row {
        let target = Int(targets[arc])
        if places.contains(Int(placeOfNode[target])), target != node { sum += weights?[arc] ?? 1 }
    }
    return sum
}

/// Sums a row's weights by group within the community; returns how many are listed in `touched`.
private func sumByGroup(
    _ row: Range<Int>, _ node: Int, _ places: Range<Int>, _ targets: Span<UInt32>,
    _ weights: Span<Double>?, _ placeOfNode: Span<UInt32>, _ first: Int, _ groups: borrowing MutableSpan<UInt32>,
    _ nodes: inout [RefinementScratch.Node], _ touched: inout [UInt32]
) -> Int {
    var nodes = nodes.mutableSpan
    var touched = touched.mutableSpan
    var listed = 0
    for arc in row {
        let target = Int(targets[arc])
        let place = Int(placeOfNode[target])
        if !places.contains(place) || target == node { continue }
        let group = groups[place &- places.lowerBound &+ first]
        let sum = nodes[Int(group)].sum
        touched[listed] = group
        listed &+= sum == 0 ? 1 : 0
        nodes[Int(group)].sum = sum + (weights?[arc] ?? 1)
    }
    return listed
}

/// The group that gains most and is itself tied well enough to its community, and the weight
/// towards it; empties the sums.
private func bestGroup(
    _ listed: Int, share: Double, scale: Double, total: Double,
    _ nodes: inout [RefinementScratch.Node], _ touched: [UInt32]
) -> (best: UInt32, sum: Double) {
    var nodes = nodes.mutableSpan
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
