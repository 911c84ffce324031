/// Kernels in their most obvious form: slow, short, and easy to believe.
extension EdgeListGraph {
    /// Distances from a source by Bellman's rounds; infinity where not reached. Weights count 1 in
    /// an unweighted graph.
    ///
    /// - Complexity: O(nodes × edges).
    public func oracleDistances(from source: Int) -> [Double] {
        var distances = [Double](repeating: .infinity, count: nodeCount)
        distances[source] = 0
        var isChanged = true
        while isChanged {
            isChanged = false
            for arc in arcs {
                let distance = distances[arc.source] + (isWeighted ? arc.weight : 1)
                if distance < distances[arc.target] {
                    distances[arc.target] = distance
                    isChanged = true
                }
            }
        }
        return distances
    }

    /// Distances in edges, whatever the weights; nil where not reached.
    public func oracleDepths(from source: Int) -> [Int?] {
        var plain = self
        plain.isWeighted = false
        return plain.oracleDistances(from: source).map { $0 == .infinity ? nil : Int($0) }
    }

    /// For each node the lowest node of its weak component.
    public func oracleComponents() -> [Int] {
        var labels = Array(0..<nodeCount)
        var isChanged = true
        while isChanged {
            isChanged = false
            for edge in edges {
                let lower = min(labels[edge.source], labels[edge.target])
                if labels[edge.source] != lower || labels[edge.target] != lower {
                    labels[edge.source] = lower
                    labels[edge.target] = lower
                    isChanged = true
                }
            }
        }
        return labels
    }

    /// Which nodes each can reach in one or more steps.
    ///
    /// - Complexity: O(nodes³).
    public func oracleReachability() -> [[Bool]] {
        let none = [Bool](repeating: false, count: nodeCount)
        var reaches = [[Bool]](repeating: none, count: nodeCount)
        for arc in arcs { reaches[arc.source][arc.target] = true }
        for middle in 0..<nodeCount {
            for first in 0..<nodeCount where reaches[first][middle] {
                for last in 0..<nodeCount where reaches[middle][last] {
                    reaches[first][last] = true
                }
            }
        }
        return reaches
    }

    /// For each node the lowest node that it reaches and that reaches it.
    public func oracleStrongComponents() -> [Int] {
        let reaches = oracleReachability()
        return (0..<nodeCount).map { node in
            (0..<node).first { reaches[node][$0] && reaches[$0][node] } ?? node
        }
    }

    /// Ranks after a number of synchronous rounds, spread from each node along its arcs.
    public func oraclePageRank(damping: Double, rounds: Int, isWeighted: Bool) -> [Double] {
        let count = Double(nodeCount)
        var ranks = [Double](repeating: 1 / count, count: nodeCount)
        let arcs = arcs
        var outflow = [Double](repeating: 0, count: nodeCount)
        for arc in arcs { outflow[arc.source] += isWeighted ? arc.weight : 1 }
        for _ in 0..<rounds {
            let dangling = (0..<nodeCount).filter { outflow[$0] == 0 }.reduce(0) { $0 + ranks[$1] }
            let base = (1 - damping) / count + damping * dangling / count
            var next = [Double](repeating: base, count: nodeCount)
            for arc in arcs where outflow[arc.source] > 0 {
                let share = (isWeighted ? arc.weight : 1) / outflow[arc.source]
                next[arc.target] += damping * ranks[arc.source] * share
            }
            ranks = next
        }
        return ranks
    }

    /// The lexicographically smallest order in which edges point forward, as far as it goes.
    public func oracleTopologicalOrder() -> [Int] {
        var order: [Int] = []
        var isPlaced = [Bool](repeating: false, count: nodeCount)
        while true {
            let next = (0..<nodeCount).first { node in
                !isPlaced[node]
                    && edges.allSatisfy { $0.target != node || isPlaced[$0.source] }
            }
            guard let next else { return order }
            isPlaced[next] = true
            order.append(next)
        }
    }

    /// How many edges the shortest cycle through a node has; nil when there is none.
    public func oracleShortestCycle(through node: Int) -> Int? {
        let starts = arcs.filter { $0.source == node }.map(\.target)
        return starts.compactMap { start in oracleDepths(from: start)[node].map { $0 + 1 } }.min()
    }
}
