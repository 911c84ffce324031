public import PropertyGraph

/// How many triples of nodes are pairwise joined, in all and at each node.
///
/// Directions, loops and parallel edges make no difference.
///
/// - SeeAlso: Latapy, *Main-memory Triangle Computations for Very Large Sparse Graphs* (2008);
///   Beamer, Asanović, Patterson, *The GAP Benchmark Suite* (2015), TC.
public struct TriangleCount: Hashable, Sendable {
    /// Whether to count the triangles at each node, too.
    public var hasCounts: Bool

    /// Makes the kernel.
    public init(hasCounts: Bool = true) { self.hasCounts = hasCounts }

    /// The counts.
    public struct Result: Sendable {
        /// How many triangles there are.
        public let total: Int
        /// For each node how many triangles it is a corner of; empty when not asked for.
        public let counts: [UInt64]
        /// How many pairs of neighbours there are, over all nodes.
        public let wedges: Double
        /// Three times the triangles as a share of the wedges; 0 when there are none.
        public var transitivity: Double { wedges > 0 ? 3 * Double(total) / wedges : 0 }
    }

    /// Counts.
    ///
    /// - Throws: `.missingIncoming` on a directed graph without incoming rows; `.cancelled`.
    /// - Complexity: O(edges × √edges) time, O(nodes + edges) extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        let rows = try SimpleRows(graph, for: "triangles", options: options)
        // Whether edges lead both ways does not matter here.
        let plain = SimpleRows(offsets: rows.offsets, targets: rows.targets, isMutual: nil)
        let counts = try TriangleSearch(rows: plain, hasCorners: hasCounts, options: options).run()
        // Half of d² − d, over all degrees d.
        let wedges = (counts.squares - Double(rows.arcCount)) / 2
        return Result(total: counts.total, counts: counts.corners, wedges: wedges)
    }
}
