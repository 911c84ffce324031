/// Betweenness by its definition: for each pair of ends, the share of shortest paths through each
/// other node or edge.
extension EdgeListGraph {
    /// The graph with the lightest of each set of parallel edges alone, for counting paths.
    private func withoutParallels() -> EdgeListGraph {
        var lightest: [[Int]: (place: Int, weight: Double)] = [:]
        for (place, edge) in edges.enumerated() {
            var ends = [edge.source, edge.target]
            if !isDirected { ends.sort() }
            if let known = lightest[ends], known.weight <= edge.weight || !isWeighted { continue }
            lightest[ends] = (place, edge.weight)
        }
        var simple = self
        simple.edges = lightest.values.sorted { $0.place < $1.place }.map { edges[$0.place] }
        return simple
    }

    /// Distances and numbers of shortest paths from each node to each.
    private func pathCounts() -> (distances: [[Double]], counts: [[Double]]) {
        let distances = (0..<nodeCount).map { oracleDistances(from: $0) }
        let counts = (0..<nodeCount).map { source in
            var counts = [Double](repeating: 0, count: nodeCount)
            counts[source] = 1
            let reached = (0..<nodeCount).filter { distances[source][$0] < .infinity }
            for node in reached.sorted(by: { distances[source][$0] < distances[source][$1] })
            where node != source {
                for arc in arcs where arc.target == node && arc.source != node {
                    let length = distances[source][arc.source] + (isWeighted ? arc.weight : 1)
                    if length == distances[source][node] { counts[node] += counts[arc.source] }
                }
            }
            return counts
        }
        return (distances, counts)
    }

    /// The betweenness of each node; weights, when there are any, must be above 0.
    ///
    /// - Parameter sources: Of paths from these only.
    /// - Complexity: O(nodes³).
    public func oracleBetweenness(sources: [Int]? = nil) -> [Double] {
        let (distances, counts) = withoutParallels().pathCounts()
        return (0..<nodeCount).map { node in
            var sum = 0.0
            for source in sources ?? Array(0..<nodeCount) where source != node {
                for target in 0..<nodeCount where target != node && target != source {
                    let length = distances[source][target]
                    guard length < .infinity,
                        distances[source][node] + distances[node][target] == length
                    else { continue }
                    sum += counts[source][node] * counts[node][target] / counts[source][target]
                }
            }
            return isDirected ? sum : sum / 2
        }
    }

    /// The betweenness of each pair of joined nodes, lower node first when undirected.
    public func oracleEdgeBetweenness() -> [[Int]: Double] {
        let simple = withoutParallels()
        let (distances, counts) = simple.pathCounts()
        var sums: [[Int]: Double] = [:]
        for arc in simple.arcs where arc.source != arc.target {
            var sum = 0.0
            for source in 0..<nodeCount {
                for target in 0..<nodeCount where target != source {
                    let length = distances[source][target]
                    let through =
                        distances[source][arc.source] + (isWeighted ? arc.weight : 1)
                        + distances[arc.target][target]
                    guard length < .infinity, through == length else { continue }
                    sum +=
                        counts[source][arc.source] * counts[arc.target][target]
                        / counts[source][target]
                }
            }
            let ends = [arc.source, arc.target]
            sums[isDirected ? ends : ends.sorted(), default: 0] += isDirected ? sum : sum / 2
        }
        return sums
    }
}
