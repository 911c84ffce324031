public import PropertyGraph

/// Community detection by label propagation as LDBC Graphalytics defines it (CDLP): in each round
/// every node takes the label most frequent among its neighbours in the round before, the smallest
/// of several.
///
/// Labels start as the nodes themselves. In a directed graph both directions count, so a pair
/// joined both ways votes twice; a node without neighbours keeps its label.
///
/// - SeeAlso: Raghavan, Albert, Kumara, *Near Linear Time Algorithm to Detect Community Structures
///   in Large-Scale Networks* (2007); LDBC Graphalytics specification, CDLP.
public struct SynchronousLabelPropagation: Hashable, Sendable {
    /// What `iterations` may be.
    public static let iterationRange = ParameterRange(1...1_000_000)

    /// How many rounds are done.
    public var iterations: Int

    /// Makes the kernel; ranges are checked when it runs.
    public init(iterations: Int = 10) { self.iterations = iterations }

    /// The labels.
    public struct Result: Sendable {
        /// The label of each node, which is a node.
        public let labels: [UInt32]
        /// How many different labels there are.
        public let communityCount: Int
        /// How many nodes the most frequent has.
        public let largestSize: Int
        /// How many nodes changed theirs in the last round.
        public let changed: Int
    }

    /// Does the rounds; once nothing changes, further ones would not either and are left out.
    ///
    /// - Throws: `.invalidParameter`; `.missingIncoming` on a directed graph without incoming rows;
    ///   `.cancelled`.
    /// - Complexity: O((nodes + edges) × iterations) time, O(nodes) extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        try Self.iterationRange.check(Double(iterations), name: "iterations")
        let incoming = graph.isDirected ? try graph.requiredIncoming(for: "cdlp") : nil
        let outgoing = graph.outgoing
        let rows = ParallelRows(offsets: outgoing.offsets, options: options)
        var labels = ParallelColumn<UInt32>(repeating: 0, count: graph.nodeCount)
        for node in 0..<graph.nodeCount { labels[node] = UInt32(truncatingIfNeeded: node) }
        var next = ParallelColumn<UInt32>(repeating: 0, count: graph.nodeCount)
        var changed = 0
        for round in 0..<iterations {
            let sums = try Self.vote(rows, outgoing, incoming, labels, &next)
            swap(&labels, &next)
            changed = Int(sums[0])
            options.report("rounds", round + 1, of: iterations)
            if changed == 0 { break }
        }
        let final = labels.array()
        let sizes = Partition.sizes(final)
        return Result(
            labels: final, communityCount: sizes.count, largestSize: sizes.largest, changed: changed
        )
    }

    private static func vote(
        _ rows: ParallelRows, _ outgoing: CSRRows, _ incoming: CSRRows?,
        _ labels: borrowing ParallelColumn<UInt32>, _ next: inout ParallelColumn<UInt32>
    ) throws(AlgorithmError) -> SIMD4<Double> {
        try rows.sweep(&next) { block, next in
            let changed = voteBlock(
                block.rows, outgoing.offsets.span, outgoing.targets.span, incoming?.offsets.span,
                incoming?.targets.span, labels.span, &next)
            return [Double(changed), 0, 0, 0]
        }
    }
}

/// One block of one round; returns how many nodes changed their labels.
private func voteBlock(
    _ rows: Range<Int>, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ inOffsets: Span<UInt64>?, _ sources: Span<UInt32>?, _ labels: Span<UInt32>,
    _ next: inout MutableSpan<UInt32>
) -> Int {
    var votes = LabelVotes()
    var changed = 0
    for node in rows {
        let out =
            Int(truncatingIfNeeded: offsets[node])..<Int(truncatingIfNeeded: offsets[node + 1])
        var into = 0..<0
        if let inOffsets {
            into =
                Int(
                    truncatingIfNeeded: inOffsets[node])..<Int(
                    truncatingIfNeeded: inOffsets[node + 1])
        }
        votes.reserve(out.count + into.count)
        for arc in out { votes.add(labels[Int(targets[arc])], 1) }
        if let sources { for arc in into { votes.add(labels[Int(sources[arc])], 1) } }
        let label = votes.takeWinner(<)?.label ?? labels[node]
        if label != labels[node] { changed &+= 1 }
        next[node &- rows.lowerBound] = label
    }
    return changed
}
