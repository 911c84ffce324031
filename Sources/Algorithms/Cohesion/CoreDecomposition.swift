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
    /// The nodes in the order of peeling; those from `head` to `tail` wait. One longer than there
    /// are nodes, for the loops below write first and then see whether to keep it.
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
        order = [UInt32](repeating: 0, count: count + 1)
    }

    /// Lets the nodes of least degree wait; false when none is left.
    mutating func startLevel() -> Bool {
        // Each node stays for as many levels as its core number, so all passes together look at
        // no more nodes than there are arcs.
        let (count, least) = dropPeeled(&left, degrees, level, isFirst: tail == 0)
        left.removeSubrange(count...)
        guard count > 0 else { return false }
        level = max(level, least)
        levelStart = tail
        tail = pushPeelable(left, degrees, level, &order, tail)
        return true
    }

    /// Peels the next nodes that wait; returns the work done.
    mutating func peel(_ rows: SimpleRows, _ budget: Int) -> Int {
        peelNodes(
            budget, level, rows.offsets.span, rows.targets.span, &degrees, &order, &head, &tail)
    }
}

// In the loops below nobody can foretell which nodes stay, so they have no branches for it
// (measured: a third of the time on WordNet).

/// Moves the nodes beyond the level to the front; returns how many there are, and their least
/// degree.
private func dropPeeled(
    _ left: inout [UInt32], _ degrees: [UInt32], _ level: UInt32, isFirst: Bool
) -> (count: Int, least: UInt32) {
    var nodes = left.mutableSpan
    let known = degrees.span
    var least = UInt32.max
    if isFirst {
        for place in nodes.indices { least = min(least, known[Int(nodes[place])]) }
        return (nodes.count, least)
    }
    var count = 0
    for place in nodes.indices {
        let node = nodes[place]
        let degree = known[Int(node)]
        let stays = degree > level
        nodes[count] = node
        count &+= stays ? 1 : 0
        least = min(least, stays ? degree : .max)
    }
    return (count, least)
}

/// Appends the nodes that are not beyond the level; returns where the order ends then.
private func pushPeelable(
    _ left: [UInt32], _ degrees: [UInt32], _ level: UInt32, _ order: inout [UInt32], _ tail: Int
) -> Int {
    let nodes = left.span
    let known = degrees.span
    var waiting = order.mutableSpan
    var end = tail
    for place in nodes.indices {
        waiting[end] = nodes[place]
        end &+= known[Int(nodes[place])] <= level ? 1 : 0
    }
    return end
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
            counts[Int(target)] = degree &- (degree > level ? 1 : 0)
            waiting[last] = target
            last &+= degree == level &+ 1 ? 1 : 0
        }
    }
    (head, tail) = (first, last)
    return work
}
