import PropertyGraph

extension LevelGraph {
    /// What a partition of the nodes is worth.
    ///
    /// - Parameter labels: For each node the lowest of its group.
    /// - Complexity: O(nodes + arcs).
    func quality(of labels: [UInt32], resolution: Double) -> PartitionQuality.Result {
        var inside = [Double](repeating: 0, count: nodeCount)
        var ends = inside
        sumGroups(
            labels.span, offsets.span, targets.span, weights?.span, loops.span, degrees.span,
            &inside, &ends)
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
}

/// Adds up, at the lowest node of each group, the weight of ends inside and of all ends.
private func sumGroups(
    _ labels: Span<UInt32>, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ weights: Span<Double>?, _ loops: Span<Double>, _ degrees: Span<Double>,
    _ inside: inout [Double], _ ends: inout [Double]
) {
    var inner = inside.mutableSpan
    var all = ends.mutableSpan
    for node in labels.indices {
        let label = labels[node]
        var sum = 2 * loops[node]
        let first = Int(truncatingIfNeeded: offsets[node])
        for arc in first..<Int(truncatingIfNeeded: offsets[node + 1])
        where labels[Int(targets[arc])] == label && Int(targets[arc]) != node {
            sum += weights?[arc] ?? 1
        }
        inner[Int(label)] += sum
        all[Int(label)] += degrees[node]
    }
}
