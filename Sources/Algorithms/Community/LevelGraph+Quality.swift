import PropertyGraph

extension LevelGraph {
    /// What a partition of the nodes is worth.
    ///
    /// - Parameter labels: For each node the lowest of its group.
    /// - Complexity: O(nodes + arcs), on several threads when large.
    func quality(
        of labels: [UInt32], resolution: Double, options: RunOptions
    ) throws(AlgorithmError) -> PartitionQuality.Result {
        let groups = try groupSums(labels, options)
        var conductances = [Double](repeating: .nan, count: nodeCount)
        let parts = stretches(nodeCount, of: options.blockSize)
        let workers = options.workerCount(work: 4 * nodeCount, tasks: parts.count)
        let total = total
        var span = conductances.mutableSpan
        let summaries = try options.fillParts(parts, of: &span, workers: workers, scratch: {}) {
            _, task, part in
            summary(of: parts[task], groups.span, total: total, &part)
        }
        // The parts do not depend on the number of threads, so neither does the sum.
        var all = GroupSummary()
        for summary in summaries { all.add(summary) }
        return PartitionQuality.Result(
            groupCount: all.count, largestSize: all.largest,
            modularity: total > 0 ? all.within / total - resolution * all.chance : 0,
            coverage: total > 0 ? all.within / total : 0, conductances: conductances,
            meanConductance: all.measured > 0 ? all.sum / Double(all.measured) : nil,
            maxConductance: all.measured > 0 ? all.greatest : nil)
    }

    /// At the lowest node of each group its sums, and nothing at other nodes.
    private func groupSums(
        _ labels: [UInt32], _ options: RunOptions
    ) throws(AlgorithmError) -> ParallelColumn<GroupSums> {
        let parallel = ParallelRows(offsets: offsets, cost: 4, options: options)
        var inner = ParallelColumn<Double>(zeroed: nodeCount)
        try parallel.sweep(&inner) { block, inner in
            sumInside(
                block.rows, labels.span, offsets.span, targets.span, weights?.span, &inner)
            return .zero
        }
        let shares = Partition.shares(nodeCount, options)
        var groups = ParallelColumn<GroupSums>(zeroed: nodeCount)
        try Self.fill(&groups, shares, labels, inner, loops, degrees, options)
        return groups
    }

    private static func fill(
        _ groups: inout ParallelColumn<GroupSums>, _ shares: [Range<Int>], _ labels: [UInt32],
        _ inner: borrowing ParallelColumn<Double>, _ loops: CSRBuffer<Double>,
        _ degrees: CSRBuffer<Double>, _ options: RunOptions
    ) throws(AlgorithmError) {
        var span = groups.mutableSpan
        let inside = inner.span
        _ = try options.fillParts(shares, of: &span, workers: shares.count, scratch: {}) {
            _, task, part in
            addMembers(
                ofGroups: shares[task], labels.span, inside, loops.span, degrees.span, &part)
        }
    }
}

/// What is summed over the nodes of a group. One value, so that a node looks one place up.
private struct GroupSums: BitwiseCopyable, Sendable {
    /// The weight of ends of edges inside it.
    var inside: Double
    /// That of all its ends.
    var ends: Double
    var size: Int
}

/// What is summed over groups.
private struct GroupSummary: Sendable {
    var count = 0
    var largest = 0
    /// The weight of ends inside groups, and the share that chance would put there.
    var within = 0.0
    var chance = 0.0
    /// The conductances: how many groups have one, their sum and the greatest.
    var measured = 0
    var sum = 0.0
    var greatest = 0.0

    mutating func add(_ other: GroupSummary) {
        count += other.count
        largest = max(largest, other.largest)
        within += other.within
        chance += other.chance
        measured += other.measured
        sum += other.sum
        greatest = max(greatest, other.greatest)
    }
}

/// Sums up the groups whose lowest node lies in a stretch, and sets their conductances.
private func summary(
    of nodes: Range<Int>, _ groups: Span<GroupSums>, total: Double,
    _ conductances: inout MutableSpan<Double>
) -> GroupSummary {
    var summary = GroupSummary()
    for node in nodes where groups[node].size > 0 {
        let group = groups[node]
        summary.count &+= 1
        summary.largest = max(summary.largest, group.size)
        summary.within += group.inside
        guard total > 0 else { continue }
        summary.chance += (group.ends / total) * (group.ends / total)
        let smaller = min(group.ends, total - group.ends)
        // Where a group has all ends, sums in another order may differ in their last bits.
        guard smaller > 1e-12 * total else { continue }
        let conductance = max(0, group.ends - group.inside) / smaller
        conductances[node &- nodes.lowerBound] = conductance
        summary.sum += conductance
        summary.greatest = max(summary.greatest, conductance)
        summary.measured &+= 1
    }
    return summary
}

/// Adds the nodes to those groups whose lowest node lies in a stretch, in their order.
private func addMembers(
    ofGroups lowest: Range<Int>, _ labels: Span<UInt32>, _ inside: Span<Double>,
    _ loops: Span<Double>, _ degrees: Span<Double>, _ groups: inout MutableSpan<GroupSums>
) {
    // No member is lower than the lowest.
    for node in lowest.lowerBound..<labels.count {
        let group = Int(labels[node]) &- lowest.lowerBound
        guard group >= 0, group < groups.count else { continue }
        groups[group].inside += inside[node] + 2 * loops[node]
        groups[group].ends += degrees[node]
        groups[group].size &+= 1
    }
}

/// Weighs, for each node of a block, the edges to other nodes of its group.
private func sumInside(
    _ rows: Range<Int>, _ labels: Span<UInt32>, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ weights: Span<Double>?, _ inner: inout MutableSpan<Double>
) {
    for node in rows {
        let row =
            Int(truncatingIfNeeded: offsets[node])..<Int(truncatingIfNeeded: offsets[node + 1])
        inner[node &- rows.lowerBound] = weightInside(node, row, labels, targets, weights)
    }
}

/// The weight of the edges between a node and others of its group.
@inline(__always)
func weightInside(
    _ node: Int, _ row: Range<Int>, _ labels: Span<UInt32>, _ targets: Span<UInt32>,
    _ weights: Span<Double>?
) -> Double {
    let label = labels[node]
    if let weights {
        var sum = 0.0
        for arc in row where labels[Int(targets[arc])] == label && Int(targets[arc]) != node {
            sum += weights[arc]
        }
        return sum
    }
    var count = 0
    for arc in row {
        let isInside = labels[Int(targets[arc])] == label && Int(targets[arc]) != node
        count &+= isInside ? 1 : 0
    }
    return Double(count)
}
