import PropertyGraph

extension LevelGraph {
    /// What a partition of the nodes is worth.
    ///
    /// - Parameter labels: For each node the lowest of its group.
    /// - Complexity: O(nodes + arcs).
    func quality(
        of labels: [UInt32], resolution: Double, options: RunOptions
    ) throws(AlgorithmError) -> PartitionQuality.Result {
        let (inside, ends) = try groupSums(labels, options)
        var within = 0.0
        var chance = 0.0
        var conductances = [Double](repeating: .nan, count: nodeCount)
        var sum = 0.0
        var greatest = 0.0
        var measured = 0
        for node in labels.indices where Int(labels[node]) == node {
            within += inside[node]
            guard total > 0 else { continue }
            chance += (ends[node] / total) * (ends[node] / total)
            let smaller = min(ends[node], total - ends[node])
            // Where a group has all ends, sums in another order may differ in their last bits.
            guard smaller > 1e-12 * total else { continue }
            let conductance = max(0, ends[node] - inside[node]) / smaller
            conductances[node] = conductance
            sum += conductance
            greatest = max(greatest, conductance)
            measured += 1
        }
        let sizes = Partition.sizes(labels)
        return PartitionQuality.Result(
            groupCount: sizes.count, largestSize: sizes.largest,
            modularity: total > 0 ? within / total - resolution * chance : 0,
            coverage: total > 0 ? within / total : 0, conductances: conductances,
            meanConductance: measured > 0 ? sum / Double(measured) : nil,
            maxConductance: measured > 0 ? greatest : nil)
    }

    /// At the lowest node of each group, the weight of ends inside it and of all its ends.
    private func groupSums(
        _ labels: [UInt32], _ options: RunOptions
    ) throws(AlgorithmError) -> (inside: [Double], ends: [Double]) {
        let parallel = ParallelRows(offsets: offsets, cost: 4, options: options)
        var inner = ParallelColumn<Double>(zeroed: nodeCount)
        try parallel.sweep(&inner) { block, inner in
            sumInside(
                block.rows, labels.span, offsets.span, targets.span, weights?.span, &inner)
            return .zero
        }
        var inside = [Double](repeating: 0, count: nodeCount)
        var ends = inside
        let (found, loops, degrees) = (inner.span, loops.span, degrees.span)
        for node in labels.indices {
            inside[Int(labels[node])] += found[node] + 2 * loops[node]
            ends[Int(labels[node])] += degrees[node]
        }
        return (inside, ends)
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
