public import PropertyGraph

/// Which nodes hang together when directions are ignored (weak components).
///
/// Every node is first joined with two neighbours; that already gathers most of a graph into one
/// giant component, which a sample finds, and whose nodes need not look at their other edges: an
/// edge that leaves it is seen from its other end.
///
/// - SeeAlso: Sutton, Ben-Nun, Barak, *Optimizing Parallel Graph Connectivity Computation via
///   Subgraph Sampling* (IPDPS 2018), "Afforest".
public struct ConnectedComponents: Hashable, Sendable {
    /// Makes the kernel; it has no parameters.
    public init() {}

    /// The components.
    public struct Result: Sendable {
        /// For each node the lowest index in its component.
        public let labels: [UInt32]
        /// How many components there are.
        public let componentCount: Int
        /// How many nodes the largest has.
        public let largestSize: Int
        /// The label of the largest; the lowest of them among equals.
        public let largestLabel: UInt32?
    }

    /// Finds the components.
    ///
    /// A directed graph needs no incoming rows; with them most edges are skipped.
    ///
    /// - Throws: `.cancelled`.
    /// - Complexity: O(nodes + edges × α(nodes)) time, O(nodes) extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        let nodes = graph.nodeCount
        var labels = [UInt32](repeating: 0, count: nodes)
        for node in 0..<nodes { labels[node] = UInt32(truncatingIfNeeded: node) }
        var parents = labels.mutableSpan
        let outgoing = graph.outgoing
        let sampled = 2
        for round in 0..<sampled {
            for first in stride(from: 0, to: nodes, by: 1 << 15) {
                let stretch = first..<min(first + 1 << 15, nodes)
                joinSample(stretch, round, outgoing.offsets.span, outgoing.targets.span, &parents)
                try options.checkCancellation()
            }
        }
        compress(&parents)

        // In a directed graph an edge out of the giant is seen from outside only in incoming rows.
        let giant = graph.incoming == nil ? noNode : frequentLabel(parents.span)
        for first in stride(from: 0, to: nodes, by: 1 << 12) {
            let stretch = first..<min(first + 1 << 12, nodes)
            joinRest(
                stretch, sampled, giant, outgoing.offsets.span, outgoing.targets.span, &parents)
            if graph.isDirected, giant != noNode, let incoming = graph.incoming {
                joinRest(
                    stretch, 0, giant, incoming.offsets.span, incoming.targets.span, &parents)
            }
            try options.checkCancellation()
        }
        compress(&parents)
        return summarize(labels)
    }

    private func summarize(_ labels: [UInt32]) -> Result {
        var sizes = [UInt32](repeating: 0, count: labels.count)
        for label in labels { sizes[Int(label)] &+= 1 }
        var count = 0
        var largest = 0
        for (label, size) in sizes.enumerated() where size > 0 {
            count += 1
            if size > sizes[largest] { largest = label }
        }
        return Result(
            labels: labels, componentCount: count,
            largestSize: sizes.isEmpty ? 0 : Int(sizes[largest]),
            largestLabel: sizes.isEmpty ? nil : UInt32(truncatingIfNeeded: largest))
    }
}

/// Joins the trees of two nodes, the higher root under the lower.
@inline(__always)
private func join(_ lhs: UInt32, _ rhs: UInt32, _ parents: inout MutableSpan<UInt32>) {
    var first = parents[Int(lhs)]
    var second = parents[Int(rhs)]
    while first != second {
        let high = max(first, second)
        let low = min(first, second)
        let above = parents[Int(high)]
        if above == low { return }
        if above == high {
            parents[Int(high)] = low
            return
        }
        first = parents[Int(above)]
        second = low
    }
}

/// Joins each node with the neighbour at one position of its row.
private func joinSample(
    _ nodes: Range<Int>, _ round: Int, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ parents: inout MutableSpan<UInt32>
) {
    for node in nodes {
        let arc = Int(truncatingIfNeeded: offsets[node]) &+ round
        if arc < Int(truncatingIfNeeded: offsets[node + 1]) {
            join(UInt32(truncatingIfNeeded: node), targets[arc], &parents)
        }
    }
}

/// Joins each node outside the giant component with the neighbours not sampled before.
private func joinRest(
    _ nodes: Range<Int>, _ sampled: Int, _ giant: UInt32, _ offsets: Span<UInt64>,
    _ targets: Span<UInt32>, _ parents: inout MutableSpan<UInt32>
) {
    for node in nodes where parents[node] != giant {
        let end = Int(truncatingIfNeeded: offsets[node + 1])
        var arc = Int(truncatingIfNeeded: offsets[node]) &+ sampled
        while arc < end {
            join(UInt32(truncatingIfNeeded: node), targets[arc], &parents)
            arc &+= 1
        }
    }
}

/// Points every node at its root. Parents are never higher than their children, so ascending
/// order meets each parent after it was done.
private func compress(_ parents: inout MutableSpan<UInt32>) {
    for node in parents.indices { parents[node] = parents[Int(parents[node])] }
}

/// The label that is most frequent among 1,024 nodes spread over the graph; any answer is right,
/// a good one saves work.
private func frequentLabel(_ labels: Span<UInt32>) -> UInt32 {
    guard labels.count > 0 else { return noNode }
    var counts: [UInt32: Int] = [:]
    // A multiplicative sequence: no stride of the input can hide from it.
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    for _ in 0..<1024 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let node = (state >> 32) &* UInt64(labels.count) >> 32
        counts[labels[Int(node)], default: 0] += 1
    }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? noNode
}
