/// What partitions are worth, by the definitions, and label propagation in its obvious form.
extension EdgeListGraph {
    private func weight(_ edge: Edge) -> Double { isWeighted ? edge.weight : 1 }

    /// The weight of the ends of edges at each node; a loop has two. Directions do not matter.
    public func oracleStrengths() -> [Double] {
        var strengths = [Double](repeating: 0, count: nodeCount)
        for edge in edges {
            strengths[edge.source] += weight(edge)
            strengths[edge.target] += weight(edge)
        }
        return strengths
    }

    /// Newman's modularity of a partition, directions left aside; 0 without edges.
    public func oracleModularity(of labels: [Int], resolution: Double = 1) -> Double {
        let total = edges.reduce(0) { $0 + weight($1) }
        guard total > 0 else { return 0 }
        let strengths = oracleStrengths()
        var value = oracleCoverage(of: labels)
        for label in Set(labels) {
            let sum = (0..<nodeCount).filter { labels[$0] == label }.reduce(0) {
                $0 + strengths[$1]
            }
            value -= resolution * (sum / (2 * total)) * (sum / (2 * total))
        }
        return value
    }

    /// The share of weight inside groups; 0 without edges.
    public func oracleCoverage(of labels: [Int]) -> Double {
        let total = edges.reduce(0) { $0 + weight($1) }
        let inside = edges.filter { labels[$0.source] == labels[$0.target] }
        return total > 0 ? inside.reduce(0) { $0 + weight($1) } / total : 0
    }

    /// For each label the weight that leaves its group as a share of all ends on the smaller side;
    /// nil where a side has no ends.
    public func oracleConductances(of labels: [Int]) -> [Int: Double?] {
        let strengths = oracleStrengths()
        let all = strengths.reduce(0, +)
        var result: [Int: Double?] = [:]
        for label in Set(labels) {
            let ends = (0..<nodeCount).filter { labels[$0] == label }
                .reduce(0) { $0 + strengths[$1] }
            let cut = edges.filter { (labels[$0.source] == label) != (labels[$0.target] == label) }
                .reduce(0) { $0 + weight($1) }
            let smaller = min(ends, all - ends)
            result[label] = smaller > 1e-9 * all ? .some(cut / smaller) : .some(nil)
        }
        return result
    }

    /// Whether the nodes of each label are connected by edges among themselves.
    public func oracleAreConnected(_ labels: [Int]) -> Bool {
        var inner = self
        inner.edges = edges.filter { labels[$0.source] == labels[$0.target] }
        // Pieces of the graph of inner edges are as many as labels.
        return Set(inner.oracleComponents()).count == Set(labels).count
    }

    /// Labels after so many rounds of Graphalytics's CDLP.
    public func oracleSynchronousLabels(rounds: Int) -> [Int] {
        var labels = Array(0..<nodeCount)
        for _ in 0..<rounds {
            var votes = [[Int: Int]](repeating: [:], count: nodeCount)
            for arc in arcs {
                votes[arc.source][labels[arc.target], default: 0] += 1
                if isDirected { votes[arc.target][labels[arc.source], default: 0] += 1 }
            }
            labels = (0..<nodeCount).map { node in
                let most = votes[node].values.max() ?? 0
                return votes[node].filter { $0.value == most }.keys.min() ?? labels[node]
            }
        }
        return labels
    }
}
