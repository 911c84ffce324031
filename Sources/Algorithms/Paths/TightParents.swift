import PropertyGraph

/// Finds, from distances alone, the node before each on a shortest path.
///
/// An arc is tight when it leads from a distance to exactly the distance of its target. The parent
/// is the lowest node with a tight arc from strictly nearer; where weights of zero leave a node
/// without one, parents are given out level by level along tight arcs of no length, so that they
/// never run in a circle.
enum TightParents {
    static func find(
        _ graph: CSRGraph, _ weights: CSRBuffer<Double>, _ source: UInt32, _ distances: [Double],
        options: RunOptions
    ) throws(AlgorithmError) -> [UInt32] {
        var parents = [UInt32](repeating: noNode, count: graph.nodeCount)
        var ticker = CancellationTicker(options)
        let rows = graph.outgoing
        let targets = rows.targets.span
        let lengths = weights.span
        let known = distances.span
        parents[Int(source)] = source
        for node in 0..<UInt32(truncatingIfNeeded: graph.nodeCount) {
            let start = known[Int(node)]
            guard start < .infinity else { continue }
            let row = rows.range(of: node)
            for arc in row {
                let target = Int(targets[arc])
                if start + lengths[arc] == known[target], start < known[target],
                    parents[target] == noNode
                {
                    parents[target] = node
                }
            }
            try ticker.tick(row.count &+ 1)
        }
        try spread(rows, lengths, known, &parents, &ticker)
        return parents
    }

    /// Gives parents to nodes reached only along arcs of no length.
    private static func spread(
        _ rows: CSRRows, _ lengths: Span<Double>, _ distances: Span<Double>,
        _ parents: inout [UInt32], _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        var frontier: [UInt32] = []
        var orphans = 0
        for node in parents.indices where distances[node] < .infinity {
            if parents[node] == noNode {
                orphans += 1
            } else {
                frontier.append(UInt32(truncatingIfNeeded: node))
            }
        }
        while orphans > 0, !frontier.isEmpty {
            var next: [UInt32] = []
            // Ascending, so that the first to adopt a node is the lowest.
            for node in frontier.sorted() {
                let start = distances[Int(node)]
                let row = rows.range(of: node)
                for arc in row {
                    let target = Int(rows.targets[arc])
                    if parents[target] == noNode, distances[target] == start,
                        start + lengths[arc] == start
                    {
                        parents[target] = node
                        next.append(UInt32(truncatingIfNeeded: target))
                    }
                }
                try ticker.tick(row.count &+ 1)
            }
            orphans -= next.count
            frontier = next
        }
    }
}
