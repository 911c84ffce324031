import PropertyGraph

/// Finds a cycle to show why a graph has no order.
enum CycleWitness {
    /// The shortest cycle through the lowest node that is on any cycle.
    ///
    /// - Parameter missing: For each node how many predecessors could not be placed; nodes of 0
    ///   are on no cycle.
    static func find(
        in graph: CSRGraph, among missing: [UInt32], options: RunOptions
    ) throws(AlgorithmError) -> [UInt32]? {
        let components = try StronglyConnectedComponents().run(on: graph, options: options)
        var sizes = [UInt32](repeating: 0, count: graph.nodeCount)
        for label in components.labels { sizes[Int(label)] &+= 1 }
        for node in 0..<UInt32(truncatingIfNeeded: graph.nodeCount) where missing[Int(node)] > 0 {
            if graph.outgoing.hasArc(from: node, to: node) { return [node] }
            if sizes[Int(components.labels[Int(node)])] > 1 {
                return try shortest(
                    through: node, within: components.labels, of: graph, options: options)
            }
        }
        return nil
    }

    /// Searches breadth first inside the component until an edge leads back.
    private static func shortest(
        through start: UInt32, within labels: [UInt32], of graph: CSRGraph, options: RunOptions
    ) throws(AlgorithmError) -> [UInt32]? {
        let rows = graph.outgoing
        var ticker = CancellationTicker(options)
        var parents = [UInt32](repeating: noNode, count: graph.nodeCount)
        var queue = [start]
        var head = 0
        while head < queue.count {
            let node = queue[head]
            head += 1
            try ticker.tick(rows.degree(of: node) &+ 1)
            for arc in rows.range(of: node) {
                let next = rows.targets[arc]
                if next == start { return path(to: node, from: start, parents) }
                guard labels[Int(next)] == labels[Int(start)], parents[Int(next)] == noNode else {
                    continue
                }
                parents[Int(next)] = node
                queue.append(next)
            }
        }
        return nil
    }

    private static func path(to end: UInt32, from start: UInt32, _ parents: [UInt32]) -> [UInt32] {
        var path = [end]
        var node = end
        while node != start {
            node = parents[Int(node)]
            path.append(node)
        }
        return path.reversed()
    }
}

extension CSRRows {
    /// The first arc from one node to another; nil when there is none.
    ///
    /// - Complexity: O(log degree).
    func firstArc(from source: UInt32, to target: UInt32) -> Int? {
        let row = range(of: source)
        var low = row.lowerBound
        var high = row.upperBound
        while low < high {
            let middle = (low + high) / 2
            if targets[middle] < target { low = middle + 1 } else { high = middle }
        }
        return low < row.upperBound && targets[low] == target ? low : nil
    }

    /// Whether there is an arc from one node to another.
    func hasArc(from source: UInt32, to target: UInt32) -> Bool {
        firstArc(from: source, to: target) != nil
    }
}
