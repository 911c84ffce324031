public import PropertyGraph

/// The core number of each node: the largest k for which it belongs to a part of the graph where
/// every node has k neighbours.
///
/// Level by level all nodes of at most k neighbours left are peeled off. Directions, loops and
/// parallel edges make no difference.
///
/// - SeeAlso: Seidman, *Network Structure and Minimum Degree* (1983); Batagelj, Zaveršnik, *An
///   O(m) Algorithm for Cores Decomposition of Networks* (2003); Kabir, Madduri, *Parallel k-Core
///   Decomposition on Multicore Platforms* (2017), whose levels are used here on one thread.
public struct CoreDecomposition: Hashable, Sendable {
    /// Makes the kernel; it has no parameters.
    public init() {}

    /// The core numbers.
    public struct Result: Sendable {
        /// The core number of each node.
        public let cores: [UInt32]
        /// The largest; 0 in an empty graph.
        public let degeneracy: Int
        /// How many nodes have the largest.
        public let innermostSize: Int
    }

    /// Peels the graph.
    ///
    /// - Throws: `.missingIncoming` on a directed graph without incoming rows; `.cancelled`.
    /// - Complexity: O(nodes + edges) time and extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        let rows = try SimpleRows(graph, for: "kcore", options: options)
        var ticker = CancellationTicker(options)
        var degrees = [UInt32](repeating: 0, count: rows.nodeCount)
        var left: [UInt32] = []
        left.reserveCapacity(rows.nodeCount)
        for node in degrees.indices {
            degrees[node] = UInt32(truncatingIfNeeded: rows.degree(of: node))
            left.append(UInt32(truncatingIfNeeded: node))
        }
        var level: UInt32 = 0
        var peeled: [UInt32] = []
        var last = 0
        while !left.isEmpty {
            var least = UInt32.max
            for node in left { least = min(least, degrees[Int(node)]) }
            level = max(level, least)
            peeled.removeAll(keepingCapacity: true)
            for node in left where degrees[Int(node)] <= level { peeled.append(node) }
            var next = 0
            while next < peeled.count {
                let node = Int(peeled[next])
                next += 1
                let row = rows.range(of: node)
                release(row, level, rows.targets.span, &degrees, &peeled)
                try ticker.tick(row.count + 1)
            }
            last = peeled.count
            // Each node stays for as many levels as its core number, so all passes together look
            // at no more nodes than there are arcs.
            left.removeAll { degrees[Int($0)] <= level }
            try ticker.tick(left.count)
        }
        return Result(cores: degrees, degeneracy: Int(level), innermostSize: last)
    }
}

/// Takes one neighbour from each node beyond the level; those that fall to it are peeled next. A
/// node's degree comes to rest at its core number.
private func release(
    _ row: Range<Int>, _ level: UInt32, _ targets: Span<UInt32>, _ degrees: inout [UInt32],
    _ peeled: inout [UInt32]
) {
    var counts = degrees.mutableSpan
    for arc in row {
        let target = targets[arc]
        let degree = counts[Int(target)]
        guard degree > level else { continue }
        counts[Int(target)] = degree &- 1
        if degree &- 1 == level { peeled.append(target) }
    }
}
