import PropertyGraph

/// Leiden's second phase: within each community nodes start alone again and join into groups that
/// hang together well.
///
/// Only a node that is still alone moves, along an edge, into the best group of its community, if
/// both are joined well enough with the rest of the community; so every group is connected.
///
/// - SeeAlso: Traag, Waltman, van Eck, *From Louvain to Leiden* (2019), algorithm A.2; the best
///   group is always taken instead of drawing one, as in Sahu, *GVE-Leiden* (2023).
enum Refinement {
    /// The group of each node, labels below their number.
    ///
    /// - Complexity: O(nodes + arcs).
    static func groups(
        _ graph: LevelGraph, within communities: [UInt32], totals: [Double], resolution: Double,
        options: RunOptions
    ) throws(AlgorithmError) -> [UInt32] {
        var ticker = CancellationTicker(options)
        var state = RefinementState(graph, communities, totals, resolution)
        for first in stride(from: 0, to: graph.nodeCount, by: 256) {
            try ticker.tick(state.weigh(first..<min(first + 256, graph.nodeCount)))
        }
        for first in stride(from: 0, to: graph.nodeCount, by: 256) {
            try ticker.tick(state.join(first..<min(first + 256, graph.nodeCount)))
        }
        return state.groups
    }
}

private struct RefinementState {
    private let graph: LevelGraph
    private let communities: [UInt32]
    private let totals: [Double]
    private let scale: Double
    var groups: [UInt32]
    /// The weight of the ends of edges in each group.
    private var groupTotals: [Double]
    /// The weight between each group and the rest of its community.
    private var links: [Double]
    private var isAlone: [Bool]
    private var sums: [Double]
    private var touched: [UInt32]

    init(_ graph: LevelGraph, _ communities: [UInt32], _ totals: [Double], _ resolution: Double) {
        self.graph = graph
        self.communities = communities
        self.totals = totals
        scale = graph.total > 0 ? resolution / graph.total : 0
        let count = graph.nodeCount
        groups = []
        groups.reserveCapacity(count)
        groupTotals = []
        groupTotals.reserveCapacity(count)
        for node in 0..<count {
            groups.append(UInt32(truncatingIfNeeded: node))
            groupTotals.append(graph.degrees[node])
        }
        links = [Double](repeating: 0, count: count)
        isAlone = [Bool](repeating: true, count: count)
        sums = links
        touched = [UInt32](repeating: 0, count: graph.longestRow)
    }

    /// Weighs the edges between nodes and the rest of their communities; returns the work done.
    mutating func weigh(_ nodes: Range<Int>) -> Int {
        let (graph, communities) = (graph, communities)
        let offsets = graph.offsets.span
        let targets = graph.targets.span
        let labels = communities.span
        let weights = graph.weights?.span
        var links = links.mutableSpan
        for node in nodes {
            let own = labels[node]
            var sum = 0.0
            for arc in Int(
                truncatingIfNeeded: offsets[node])..<Int(truncatingIfNeeded: offsets[node + 1])
            where labels[Int(targets[arc])] == own && Int(targets[arc]) != node {
                sum += weights?[arc] ?? 1
            }
            links[node] = sum
        }
        return Int(offsets[nodes.upperBound] - offsets[nodes.lowerBound]) + nodes.count
    }

    /// Lets nodes that are still alone join groups; returns the work done.
    mutating func join(_ nodes: Range<Int>) -> Int {
        let (communities, totals) = (communities, totals)
        return joinGroups(
            nodes, graph, scale, communities.span, totals.span, &groups, &groupTotals, &links,
            &isAlone, &sums, &touched)
    }
}

private func joinGroups(
    _ nodes: Range<Int>, _ graph: LevelGraph, _ scale: Double, _ labels: Span<UInt32>,
    _ totals: Span<Double>, _ groups: inout [UInt32], _ groupTotals: inout [Double],
    _ links: inout [Double], _ isAlone: inout [Bool], _ sums: inout [Double],
    _ touched: inout [UInt32]
) -> Int {
    let offsets = graph.offsets.span
    let targets = graph.targets.span
    let weights = graph.weights?.span
    let degrees = graph.degrees.span
    var groups = groups.mutableSpan
    var sizes = groupTotals.mutableSpan
    var links = links.mutableSpan
    var isAlone = isAlone.mutableSpan
    var sums = sums.mutableSpan
    var touched = touched.mutableSpan
    for node in nodes where isAlone[node] {
        let community = labels[node]
        let degree = degrees[node]
        let total = totals[Int(community)]
        let ties = links[node]
        guard ties > 0, ties >= scale * degree * (total - degree) else { continue }
        var listed = 0
        let last = Int(truncatingIfNeeded: offsets[node + 1])
        for arc in Int(truncatingIfNeeded: offsets[node])..<last {
            let target = Int(targets[arc])
            if labels[target] != community || target == node { continue }
            let group = groups[target]
            let sum = sums[Int(group)]
            if sum == 0 {
                touched[listed] = group
                listed &+= 1
            }
            sums[Int(group)] = sum + (weights?[arc] ?? 1)
        }
        var (best, most, bestSum) = (noNode, 0.0, 0.0)
        for place in 0..<listed {
            let group = touched[place]
            let sum = sums[Int(group)]
            sums[Int(group)] = 0
            let size = sizes[Int(group)]
            let gain = sum - scale * degree * size
            guard gain > most || (gain == most && group < best) else { continue }
            guard links[Int(group)] >= scale * size * (total - size) else { continue }
            (best, most, bestSum) = (group, gain, sum)
        }
        guard best != noNode else { continue }
        isAlone[node] = false
        isAlone[Int(best)] = false
        groups[node] = best
        sizes[Int(best)] += degree
        links[Int(best)] += ties - 2 * bestSum
    }
    return Int(offsets[nodes.upperBound] - offsets[nodes.lowerBound]) + nodes.count
}
