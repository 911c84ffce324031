public import PropertyGraph

/// The core number of each node: the largest k for which it belongs to a part of the graph where
/// every node has k neighbours.
///
/// Level by level all nodes of at most k neighbours left are peeled off, and at once what that lets
/// fall to k, a few nodes at a time: those lie close together where numbers of nodes do, so that
/// what is touched stays in the cache. Directions, loops and parallel edges make no difference.
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
        repeat {
            while peeling.hasMore { try ticker.tick(peeling.peel(rows, 1 << 14)) }
            try ticker.tick(peeling.leftCount)
        } while peeling.startLevel()
        return Result(
            cores: peeling.degrees.array(), degeneracy: Int(peeling.innermost.level),
            innermostSize: peeling.innermost.size)
    }
}

/// The state of peeling. A node's degree comes to rest at its core number.
private struct CorePeeling: ~Copyable {
    // Touched only as far as they are needed. All but the degrees are one longer than there are
    // nodes, for the loops below write first and then see whether to keep it.
    private(set) var degrees: ParallelColumn<UInt32>
    /// The nodes beyond the level when it began, and how many there are.
    private var left: ParallelColumn<UInt32>
    private(set) var leftCount = 0
    /// The nodes that were at the level when it began; those from `next` on are still to be peeled.
    private var seeds: ParallelColumn<UInt32>
    private var seedCount = 0
    private var next = 0
    /// The nodes peeled together; those of the range are still to be.
    private var waiting: ParallelColumn<UInt32>
    private var range = 0..<0
    private var level: UInt32 = 1
    private var least = UInt32.max
    /// The last level that had nodes, and how many.
    private(set) var innermost: (level: UInt32, size: Int) = (0, 0)

    /// How many of the seeds are peeled together, with all that falls by them.
    private static let batch = 256

    init(_ rows: SimpleRows) {
        let count = rows.nodeCount
        degrees = ParallelColumn(zeroed: count)
        left = ParallelColumn(zeroed: count + 1)
        seeds = ParallelColumn(zeroed: count + 1)
        waiting = ParallelColumn(zeroed: count + 1)
        (leftCount, seedCount) = Self.begin(rows, &degrees, &left, &seeds)
        // Nodes without neighbours are neither.
        innermost.size = count - leftCount - seedCount
    }

    private static func begin(
        _ rows: SimpleRows, _ degrees: inout ParallelColumn<UInt32>,
        _ left: inout ParallelColumn<UInt32>, _ seeds: inout ParallelColumn<UInt32>
    ) -> (left: Int, seeds: Int) {
        var degrees = degrees.mutableSpan
        var left = left.mutableSpan
        var seeds = seeds.mutableSpan
        return sortOut(rows.offsets.span, &degrees, &left, &seeds)
    }

    /// Whether nodes of this level are still to be peeled.
    var hasMore: Bool { next < seedCount || !range.isEmpty }

    /// Peels the nodes that wait, or else the next ones; returns the work done.
    mutating func peel(_ rows: SimpleRows, _ budget: Int) -> Int {
        if range.isEmpty {
            let batch = next..<min(next + Self.batch, seedCount)
            next = batch.upperBound
            Self.fill(&waiting, seeds, batch)
            range = 0..<batch.count
        }
        let first = range.lowerBound
        let work = Self.peel(rows, budget, level, &degrees, &waiting, &range)
        if innermost.level < level { innermost = (level, 0) }
        innermost.size += range.lowerBound - first
        return work
    }

    private static func fill(
        _ waiting: inout ParallelColumn<UInt32>, _ seeds: borrowing ParallelColumn<UInt32>,
        _ batch: Range<Int>
    ) {
        var waiting = waiting.mutableSpan
        let nodes = seeds.span
        for place in batch { waiting[place &- batch.lowerBound] = nodes[place] }
    }

    private static func peel(
        _ rows: SimpleRows, _ budget: Int, _ level: UInt32,
        _ degrees: inout ParallelColumn<UInt32>, _ waiting: inout ParallelColumn<UInt32>,
        _ range: inout Range<Int>
    ) -> Int {
        var degrees = degrees.mutableSpan
        var waiting = waiting.mutableSpan
        return peelNodes(
            budget, level, rows.offsets.span, rows.targets.span, &degrees, &waiting, &range)
    }

    /// Goes on to the next level; false when no node is left.
    mutating func startLevel() -> Bool {
        guard leftCount > 0 else { return false }
        // A level without nodes tells where the next ones are.
        level = seedCount == 0 && least < .max ? least : level + 1
        // Each node stays for as many levels as its core number, so all passes together look at
        // no more nodes than there are arcs.
        (leftCount, seedCount, least) = Self.divide(leftCount, level, degrees, &left, &seeds)
        next = 0
        return true
    }

    private static func divide(
        _ count: Int, _ level: UInt32, _ degrees: borrowing ParallelColumn<UInt32>,
        _ left: inout ParallelColumn<UInt32>, _ seeds: inout ParallelColumn<UInt32>
    ) -> (left: Int, seeds: Int, least: UInt32) {
        var left = left.mutableSpan
        var seeds = seeds.mutableSpan
        return divideNodes(count, level, degrees.span, &left, &seeds)
    }
}

// In the loops below nobody can foretell which nodes stay, so they have no branches for it
// (measured: a third of the time on WordNet).

/// Notes the degrees; tells nodes of one neighbour from those of several, and how many each are.
private func sortOut(
    _ offsets: Span<UInt64>, _ degrees: inout MutableSpan<UInt32>,
    _ left: inout MutableSpan<UInt32>, _ seeds: inout MutableSpan<UInt32>
) -> (left: Int, seeds: Int) {
    var (stay, fall) = (0, 0)
    var start = offsets[0]
    for node in degrees.indices {
        let end = offsets[node &+ 1]
        let degree = UInt32(truncatingIfNeeded: end &- start)
        start = end
        degrees[node] = degree
        left[stay] = UInt32(truncatingIfNeeded: node)
        stay &+= degree > 1 ? 1 : 0
        seeds[fall] = UInt32(truncatingIfNeeded: node)
        fall &+= degree == 1 ? 1 : 0
    }
    return (stay, fall)
}

/// Keeps the nodes beyond a level, drops those peeled before it and lists those at it; returns how
/// many are kept and listed, and the least degree of those kept.
private func divideNodes(
    _ count: Int, _ level: UInt32, _ degrees: Span<UInt32>, _ left: inout MutableSpan<UInt32>,
    _ seeds: inout MutableSpan<UInt32>
) -> (left: Int, seeds: Int, least: UInt32) {
    var (stay, fall, least) = (0, 0, UInt32.max)
    for place in 0..<count {
        let node = left[place]
        let degree = degrees[Int(node)]
        left[stay] = node
        stay &+= degree > level ? 1 : 0
        seeds[fall] = node
        fall &+= degree == level ? 1 : 0
        least = min(least, degree > level ? degree : .max)
    }
    return (stay, fall, least)
}

/// Takes one neighbour from each node beyond the level that a peeled node is joined with; those
/// that fall to the level wait, too. Returns the work done.
private func peelNodes(
    _ budget: Int, _ level: UInt32, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ counts: inout MutableSpan<UInt32>, _ waiting: inout MutableSpan<UInt32>,
    _ range: inout Range<Int>
) -> Int {
    var (first, last, work) = (range.lowerBound, range.upperBound, 0)
    while first < last, work < budget {
        let node = Int(waiting[first])
        first &+= 1
        let end = Int(truncatingIfNeeded: offsets[node &+ 1])
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
    range = first..<last
    return work
}
