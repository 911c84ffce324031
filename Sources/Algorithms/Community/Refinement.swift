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
    /// - Complexity: O(nodes + arcs), shared out among threads; O(nodes) extra space.
    func groups() throws(AlgorithmError) -> [UInt32] {
        var groups: [UInt32] = []
        groups.reserveCapacity(graph.nodeCount)
        for node in 0..<graph.nodeCount { groups.append(UInt32(truncatingIfNeeded: node)) }
        guard !groups.isEmpty else { return [] }
        var facts = try factsOfNodesAlone()
        var factSpan = facts.mutableSpan
        var groupSpan = groups.mutableSpan
        try factSpan.withAtomicColumn(workers: shares.workers) {
            (facts: borrowing AtomicColumn<Double>) throws(AlgorithmError) in
            try groupSpan.withAtomicColumn(workers: shares.workers) {
                (groups: borrowing AtomicColumn<UInt32>) throws(AlgorithmError) in
                try join(facts, groups)
            }
        }
        return groups
    }

    /// Lets every thread join the nodes of its communities.
    private func join(
        _ facts: borrowing AtomicColumn<Double>, _ groups: borrowing AtomicColumn<UInt32>
    ) throws(AlgorithmError) {
        _ = try options.onWorkers(shares.workers) { worker throws(AlgorithmError) in
            var touched = [UInt32](repeating: 0, count: graph.longestRow + 1)
            var ticker = CancellationTicker(options)
            for first in stride(from: 0, to: graph.nodeCount, by: 256) {
                let stretch = first..<min(first + 256, graph.nodeCount)
                try ticker.tick(
                    joinGroups(
                        stretch, UInt8(truncatingIfNeeded: worker), shares.ownerOfCommunity, graph,
                        scale, communities.span, totals.span, groups, facts, &touched))
            }
        }
    }

    /// What is known of each node as long as it is alone.
    private func factsOfNodesAlone() throws(AlgorithmError) -> ParallelColumn<Double> {
        var facts = ParallelColumn<Double>(unset: graph.nodeCount * FactsOfGroup.count)
        let blocks = ParallelRows(offsets: graph.offsets, options: options).blocks
        let workers = options.workerCount(
            work: 4 * (graph.arcCount + graph.nodeCount), tasks: blocks.count)
        var span = facts.mutableSpan
        let parts = blocks.map {
            $0.lowerBound * FactsOfGroup.count..<$0.upperBound * FactsOfGroup.count
        }
        _ = try options.fillParts(parts, of: &span, workers: workers, scratch: {}) {
            _, block, part in
            noteFacts(
                blocks[block], communities.span, graph.offsets.span, graph.targets.span,
                graph.weights?.span, graph.degrees.span, &part)
        }
        return facts
    }
}

/// What is known of a node, and of the group that it names: so many numbers side by side.
///
/// Threads write those of their own communities alone.
private enum FactsOfGroup {
    static let count = 4
}

extension AtomicColumn<Double> {
    /// The weight between a group and the rest of its community.
    @inline(__always)
    fileprivate func ties(_ group: Int) -> Double { self[group &* FactsOfGroup.count] }

    /// The weight of the ends of edges in a group.
    @inline(__always)
    fileprivate func size(_ group: Int) -> Double { self[group &* FactsOfGroup.count &+ 1] }

    /// The weight of the edges between a group and the node that is looked at.
    @inline(__always)
    fileprivate func sum(_ group: Int) -> Double { self[group &* FactsOfGroup.count &+ 2] }

    @inline(__always)
    fileprivate func setSum(_ group: Int, _ sum: Double) {
        self[group &* FactsOfGroup.count &+ 2] = sum
    }

    /// Whether nobody has joined a node, nor it anybody.
    @inline(__always)
    fileprivate func isAlone(_ node: Int) -> Bool { self[node &* FactsOfGroup.count &+ 3] == 0 }

    /// Adds to a group a node with edges of a given weight to it.
    @inline(__always)
    fileprivate func join(_ node: Int, to group: Int, size: Double, ties: Double) {
        self[node &* FactsOfGroup.count &+ 3] = 1
        let first = group &* FactsOfGroup.count
        self[first] += ties
        self[first &+ 1] += size
        self[first &+ 3] = 1
    }
}

private func noteFacts(
    _ rows: Range<Int>, _ labels: Span<UInt32>, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ weights: Span<Double>?, _ degrees: Span<Double>, _ facts: inout MutableSpan<Double>
) {
    for node in rows {
        let row =
            Int(truncatingIfNeeded: offsets[node])..<Int(truncatingIfNeeded: offsets[node + 1])
        let first = (node &- rows.lowerBound) &* FactsOfGroup.count
        facts[first] = weightInside(node, row, labels, targets, weights)
        facts[first &+ 1] = degrees[node]
        facts[first &+ 2] = 0
        facts[first &+ 3] = 0
    }
}

/// Lets nodes that are still alone join groups; returns the work done.
private func joinGroups(
    _ stretch: Range<Int>, _ worker: UInt8, _ owners: Span<UInt8>, _ graph: LevelGraph,
    _ scale: Double, _ labels: Span<UInt32>, _ totals: Span<Double>,
    _ groups: borrowing AtomicColumn<UInt32>, _ facts: borrowing AtomicColumn<Double>,
    _ touched: inout [UInt32]
) -> Int {
    let offsets = graph.offsets.span
    let targets = graph.targets.span
    let weights = graph.weights?.span
    var touched = touched.mutableSpan
    var work = stretch.count
    for node in stretch {
        let community = labels[node]
        guard owners[Int(community)] == worker, facts.isAlone(node) else { continue }
        let (ties, degree) = (facts.ties(node), graph.degrees[node])
        let total = totals[Int(community)]
        guard ties > 0, ties >= scale * degree * (total - degree) else { continue }
        let row =
            Int(truncatingIfNeeded: offsets[node])..<Int(truncatingIfNeeded: offsets[node + 1])
        work &+= row.count
        let listed = sumByGroup(row, node, targets, weights, labels, groups, facts, &touched)
        let (best, sum) = bestGroup(
            listed, share: scale * degree, scale: scale, total: total, facts, touched.span)
        guard best != noNode else { continue }
        groups[node] = best
        facts.join(node, to: Int(best), size: degree, ties: ties - 2 * sum)
    }
    return work
}

/// Sums a row's weights by group within the community; returns how many are listed in `touched`.
@inline(__always)
private func sumByGroup(
    _ row: Range<Int>, _ node: Int, _ targets: Span<UInt32>, _ weights: Span<Double>?,
    _ labels: Span<UInt32>, _ groups: borrowing AtomicColumn<UInt32>,
    _ facts: borrowing AtomicColumn<Double>, _ touched: inout MutableSpan<UInt32>
) -> Int {
    let community = labels[node]
    var listed = 0
    for arc in row {
        let target = Int(targets[arc])
        if labels[target] != community || target == node { continue }
        let group = groups[target]
        let sum = facts.sum(Int(group))
        // Written even when it is known: nobody can foretell the branch.
        touched[listed] = group
        listed &+= sum == 0 ? 1 : 0
        facts.setSum(Int(group), sum + (weights?[arc] ?? 1))
    }
    return listed
}

/// The group that gains most and is itself tied well enough to its community, and the weight
/// towards it; empties the sums.
@inline(__always)
private func bestGroup(
    _ listed: Int, share: Double, scale: Double, total: Double,
    _ facts: borrowing AtomicColumn<Double>, _ touched: Span<UInt32>
) -> (best: UInt32, sum: Double) {
    var (best, most, bestSum) = (noNode, 0.0, 0.0)
    for index in 0..<listed {
        let group = touched[index]
        let (sum, size) = (facts.sum(Int(group)), facts.size(Int(group)))
        facts.setSum(Int(group), 0)
        let gain = sum - share * size
        guard gain > most || (gain == most && group < best) else { continue }
        guard facts.ties(Int(group)) >= scale * size * (total - size) else { continue }
        (best, most, bestSum) = (group, gain, sum)
    }
    return (best, bestSum)
}
