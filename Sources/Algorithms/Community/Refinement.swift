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
    private var touched: [UInt32] = []

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
        let (graph, communities) = (graph, communities)
        let offsets = graph.offsets.span
        let targets = graph.targets.span
        let labels = communities.span
        let weights = graph.weights?.span
        let degrees = graph.degrees.span
        for node in nodes where isAlone[node] {
            let community = labels[node]
            let degree = degrees[node]
            let total = totals[Int(community)]
            guard links[node] > 0, links[node] >= scale * degree * (total - degree) else {
                continue
            }
            touched.removeAll(keepingCapacity: true)
            for arc in Int(
                truncatingIfNeeded: offsets[node])..<Int(truncatingIfNeeded: offsets[node + 1])
            where labels[Int(targets[arc])] == community && Int(targets[arc]) != node {
                let group = groups[Int(targets[arc])]
                if sums[Int(group)] == 0 { touched.append(group) }
                sums[Int(group)] += weights?[arc] ?? 1
            }
            var best = noNode
            var most = 0.0
            var bestSum = 0.0
            for group in touched {
                let sum = sums[Int(group)]
                sums[Int(group)] = 0
                let size = groupTotals[Int(group)]
                let gain = sum - scale * degree * size
                guard gain > most || (gain == most && group < best) else { continue }
                guard links[Int(group)] >= scale * size * (total - size) else { continue }
                (best, most, bestSum) = (group, gain, sum)
            }
            guard best != noNode else { continue }
            isAlone[node] = false
            isAlone[Int(best)] = false
            groups[node] = best
            groupTotals[Int(best)] += degree
            links[Int(best)] += links[node] - 2 * bestSum
        }
        return Int(offsets[nodes.upperBound] - offsets[nodes.lowerBound]) + nodes.count
    }
}
