public import PropertyGraph

/// The nodes within a number of steps of others.
public struct Neighborhoods: Hashable, Sendable {
    /// What `hops` may be.
    public static let hopRange = ParameterRange(0...4_294_967_295)

    /// Which way edges are followed.
    public enum Direction: String, Hashable, Sendable, CaseIterable {
        /// As they point.
        case out
        /// Against it.
        case `in`
        /// Either way.
        case both
    }

    /// The nodes to start from; each has a neighbourhood of its own.
    public var sources: [UInt32]
    /// How many edges a path may have; with 0 each neighbourhood is its source alone.
    public var hops: Int
    /// Which way edges are followed; makes no difference in an undirected graph.
    public var direction: Direction

    /// Makes the kernel; its values are checked when it runs.
    public init(sources: [UInt32], hops: Int, direction: Direction = .out) {
        self.sources = sources
        self.hops = hops
        self.direction = direction
    }

    /// One neighbourhood.
    public struct Result: Sendable {
        /// Where it starts.
        public let source: UInt32
        /// Its nodes, nearest first and of equals the lowest; the source leads.
        public let nodes: [UInt32]
        /// How many of them lie within each number of steps: `sizes[h]` within `h`, up to the hop
        /// that found the last.
        public let sizes: [Int]

        /// The distance in edges of a place in `nodes`.
        public func depth(at place: Int) -> Int { sizes.firstIndex { place < $0 } ?? sizes.count }
    }

    /// Finds the neighbourhoods.
    ///
    /// - Returns: One for each source, in their order.
    /// - Throws: `.nodeNotFound`; `.invalidParameter`; `.missingIncoming` on a directed graph
    ///   without incoming rows, unless edges are followed as they point; `.cancelled`.
    /// - Complexity: O(nodes found + their arcs) a source, O(nodes) once; both ways O(edges) once.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> [Result] {
        try Self.hopRange.check(Double(hops), name: "hops")
        for source in sources { try graph.checkNode(source, name: "source") }
        var reach = Reach(over: try rows(of: graph, options: options))
        var results: [Result] = []
        for (index, source) in sources.enumerated() {
            try options.checkCancellation()
            results.append(try neighborhood(of: source, &reach, options))
            options.report("sources", index + 1, of: sources.count)
        }
        return results
    }

    private func rows(
        of graph: CSRGraph, options: RunOptions
    ) throws(AlgorithmError) -> CSRRows {
        switch direction {
        case .out: return graph.outgoing
        case .in: return try graph.requiredIncoming(for: "k-hop")
        case .both:
            guard graph.isDirected else { return graph.outgoing }
            let simple = try SimpleRows(graph, for: "k-hop", options: options)
            return CSRRows(offsets: simple.offsets, targets: simple.targets)
        }
    }

    private func neighborhood(
        of source: UInt32, _ reach: inout Reach, _ options: RunOptions
    ) throws(AlgorithmError) -> Result {
        try reach.search(from: [source], within: hops, options: options)
        var nodes = Array(reach.nodes)
        let sizes = reach.sizes
        for (first, last) in zip([0] + sizes, sizes) { nodes[first..<last].sort() }
        return Result(source: source, nodes: nodes, sizes: sizes)
    }
}
