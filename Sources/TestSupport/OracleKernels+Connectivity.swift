/// What falls apart without one node or one edge, by leaving each out in turn.
extension EdgeListGraph {
    /// How many pieces are left without a node or an edge.
    private func pieceCount(without node: Int? = nil, edge: Int? = nil) -> Int {
        var rest = self
        rest.edges = edges.enumerated().filter { place, candidate in
            place != edge && candidate.source != node && candidate.target != node
        }.map(\.element)
        return Set(rest.oracleComponents()).count - (node == nil ? 0 : 1)
    }

    /// The places in `edges` of those without which there are more pieces.
    public func oracleBridges() -> [Int] {
        let whole = pieceCount()
        return edges.indices.filter { pieceCount(edge: $0) > whole }
    }

    /// The nodes without which there are more pieces.
    public func oracleArticulationPoints() -> [Int] {
        let whole = pieceCount()
        return (0..<nodeCount).filter { pieceCount(without: $0) > whole }
    }

    /// Whether two edges that are not loops are in one biconnected component: they share a node,
    /// and their other ends are connected without it, or are reached through such edges.
    ///
    /// - Returns: For each edge the lowest place of its component; its own for a loop.
    public func oracleBiconnectedComponents() -> [Int] {
        var labels = Array(edges.indices)
        let places = edges.indices.filter { edges[$0].source != edges[$0].target }
        var pairs: [(Int, Int)] = []
        for node in 0..<nodeCount {
            var rest = self
            rest.edges.removeAll { $0.source == node || $0.target == node }
            let components = rest.oracleComponents()
            let here = places.filter { edges[$0].source == node || edges[$0].target == node }
            for first in here {
                for second in here where first < second {
                    let ends = [first, second].map { place in
                        edges[place].source == node ? edges[place].target : edges[place].source
                    }
                    if components[ends[0]] == components[ends[1]] { pairs.append((first, second)) }
                }
            }
        }
        var isChanged = true
        while isChanged {
            isChanged = false
            for (first, second) in pairs where labels[first] != labels[second] {
                let lower = min(labels[first], labels[second])
                (labels[first], labels[second]) = (lower, lower)
                isChanged = true
            }
        }
        return labels
    }
}
