import PropertyGraph

extension LevelGraph {
    /// Modularity: the weight inside groups beyond what chance would put there, as a share of all;
    /// 0 without edges.
    ///
    /// - Parameter labels: Below the number of nodes.
    /// - Complexity: O(nodes + arcs).
    func modularity(of labels: [UInt32], resolution: Double) -> Double {
        guard total > 0 else { return 0 }
        var inside = 0.0
        var totals = [Double](repeating: 0, count: nodeCount)
        let targets = targets.span
        for node in 0..<nodeCount {
            let label = labels[node]
            totals[Int(label)] += degrees[node]
            var sum = 2 * loops[node]
            for arc in Int(offsets[node])..<Int(offsets[node + 1])
            where labels[Int(targets[arc])] == label && Int(targets[arc]) != node {
                sum += weights?[arc] ?? 1
            }
            inside += sum
        }
        var chance = 0.0
        for sum in totals { chance += (sum / total) * (sum / total) }
        return inside / total - resolution * chance
    }
}
