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
        try options.checkCancellation()
        var peeling = CorePeeling(rows)
        while peeling.startLevel() {
            while peeling.head < peeling.tail { try ticker.tick(peeling.peel(rows, 1 << 14)) }
            try ticker.tick(peeling.left.count)
        }
        return Result(
            cores: peeling.degrees, degeneracy: Int(peeling.level),
            innermostSize: peeling.tail - peeling.levelStart)
    }
}

/// The state of peeling. A node's degree comes to rest at its core number.
private struct CorePeeling {
    var degrees: [UInt32]
    /// The nodes that were not peeled when the level began.
    var left: [UInt32]
    /// The nodes in the order of peeling; those from `head` to `tail` wait.
    private var order: [UInt32]
    var head = 0
    var tail = 0
    var level: UInt32 = 0
    /// Where the nodes of this level start in `order`.
    var levelStart = 0

    init(_ rows: SimpleRows) {
        let count = rows.nodeCount
        let offsets = rows.offsets.span
        degrees = []
        degrees.reserveCapacity(count)
        left = []
        left.reserveCapacity(count)
        for node in 0..<count {
            degrees.append(UInt32(truncatingIfNeeded: offsets[node + 1] &- offsets[node]))
            left.append(UInt32(truncatingIfNeeded: node))
        }
        order = [UInt32](repeating: 0, count: count)
    }

    /// Lets the nodes of least degree wait; false when none is left.
    mutating func startLevel() -> Bool {
        // Each node stays for as many levels as its core number, so all passes together look at
        // no more nodes than there are arcs.
        if tail > 0 { left.removeAll { [level, degrees] in degrees[Int($0)] <= level } }
        guard !left.isEmpty else { return false }
        var least = UInt32.max
        for node in left { least = min(least, degrees[Int(node)]) }
        self.level = max(level, least)
        levelStart = tail
        for node in left where degrees[Int(node)] <= self.level {
            order[tail] = node
            tail += 1
        }
        return true
    }

    /// Peels the next nodes that wait; returns the work done.
    mutating func peel(_ rows: SimpleRows, _ budget: Int) -> Int {
        peelNodes(
            budget, level, rows.offsets.span, rows.targets.span, &degrees, &order, &head, &tail)
    }
}

/// Takes one neighbour from each node beyond the level that a peeled node is joined with; those
/// that fall to the level are peeled next.
private func peelNodes(
    _ budget: Int, _ level: UInt32, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ degrees: inout [UInt32], _ order: inout [UInt32], _ head: inout Int, _ tail: inout Int
) -> Int {
    var counts = degrees.mutableSpan
    var waiting = order.mutableSpan
    var (first, last) = (head, tail)
    var work = 0
    while first < last, work < budget {
        let node = Int(waiting[first])
        first &+= 1
        let end = Int(truncatingIfNeeded: offsets[node + 1])
        var arc = Int(truncatingIfNeeded: offsets[node])
        work &+= end &- arc &+ 1
        while arc < end {
            let target = targets[arc]
            arc &+= 1
            let degree = counts[Int(target)]
            if degree <= level { continue }
            counts[Int(target)] = degree &- 1
            if degree &- 1 == level {
                waiting[last] = target
                last &+= 1
            }
        }
    }
    (head, tail) = (first, last)
    return work
}
