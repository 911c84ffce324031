/// Triangles, clustering, cores and trusses in their most obvious form.
extension EdgeListGraph {
    /// Whom each node is joined with, without directions, loops and parallel edges.
    public func oracleNeighbours() -> [Set<Int>] {
        var neighbours = [Set<Int>](repeating: [], count: nodeCount)
        for edge in edges where edge.source != edge.target {
            neighbours[edge.source].insert(edge.target)
            neighbours[edge.target].insert(edge.source)
        }
        return neighbours
    }

    /// How many triangles each node is a corner of.
    ///
    /// - Complexity: O(nodes³).
    public func oracleTriangles() -> [Int] {
        let neighbours = oracleNeighbours()
        return (0..<nodeCount).map { node in
            let row = neighbours[node].sorted()
            return row.indices.reduce(0) { sum, first in
                sum + row[(first + 1)...].count { neighbours[row[first]].contains($0) }
            }
        }
    }

    /// Three times the triangles as a share of the pairs of neighbours.
    public func oracleTransitivity() -> Double {
        let pairs = oracleNeighbours().reduce(0) { $0 + $1.count * ($1.count - 1) / 2 }
        return pairs == 0 ? 0 : Double(oracleTriangles().reduce(0, +)) / Double(pairs)
    }

    /// Of the ordered pairs of neighbours the share joined by an arc, as Graphalytics counts it.
    public func oracleClustering() -> [Double] {
        let neighbours = oracleNeighbours()
        let joined = Set(arcs.map { [$0.source, $0.target] })
        return neighbours.map { row in
            guard row.count > 1 else { return 0 }
            let found = row.reduce(0) { sum, first in
                sum + row.count { $0 != first && joined.contains([first, $0]) }
            }
            return Double(found) / Double(row.count * (row.count - 1))
        }
    }

    /// The core numbers, by peeling anew for each k.
    public func oracleCores() -> [Int] {
        let neighbours = oracleNeighbours()
        var cores = [Int](repeating: 0, count: nodeCount)
        var left = Set(0..<nodeCount)
        var k = 0
        while !left.isEmpty {
            for node in left { cores[node] = k }
            k += 1
            while let loose = left.first(where: { neighbours[$0].intersection(left).count < k }) {
                left.remove(loose)
            }
        }
        return cores
    }

    /// The truss number of each pair of joined nodes, lower node first, by peeling anew for each k.
    public func oracleTrusses() -> [[Int]: Int] {
        var neighbours = oracleNeighbours()
        var trusses: [[Int]: Int] = [:]
        var left = Set(
            edges.filter { $0.source != $0.target }.map { [$0.source, $0.target].sorted() })
        var k = 2
        while !left.isEmpty {
            for pair in left { trusses[pair] = k }
            k += 1
            while let loose = left.first(where: { pair in
                neighbours[pair[0]].intersection(neighbours[pair[1]]).count < k - 2
            }) {
                left.remove(loose)
                neighbours[loose[0]].remove(loose[1])
                neighbours[loose[1]].remove(loose[0])
            }
        }
        return trusses
    }
}
