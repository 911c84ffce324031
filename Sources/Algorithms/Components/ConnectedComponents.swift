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
    /// - Complexity: O((nodes + edges) × log nodes) time, in practice linear; O(nodes) extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        var labels = [UInt32](repeating: 0, count: graph.nodeCount)
        for node in labels.indices { labels[node] = UInt32(truncatingIfNeeded: node) }
        let work = ComponentWork(graph, options)
        var parents = labels.mutableSpan
        let (giant, counts) = try parents.withAtomicColumn(workers: work.workers) {
            column throws(AlgorithmError) in try work.join(column)
        }
        return summarize(labels, counts, giant)
    }

    private func summarize(
        _ labels: [UInt32], _ counts: (components: Int, inGiant: Int), _ giant: UInt32
    ) -> Result {
        // As many nodes are left for the largest of the others when the rest of them have one each.
        let room = labels.count - counts.inGiant - (counts.components - 2)
        if counts.inGiant > room {
            return Result(
                labels: labels, componentCount: counts.components, largestSize: counts.inGiant,
                largestLabel: giant)
        }
        var sizes = [UInt32](repeating: 0, count: labels.count)
        for label in labels { sizes[Int(label)] &+= 1 }
        var largest = 0
        for (label, size) in sizes.enumerated() where size > sizes[largest] { largest = label }
        return Result(
            labels: labels, componentCount: counts.components,
            largestSize: sizes.isEmpty ? 0 : Int(sizes[largest]),
            largestLabel: sizes.isEmpty ? nil : UInt32(truncatingIfNeeded: largest))
    }
}

/// The phases of a run, each shared among threads by stretches of nodes.
///
/// Each node has a parent that is never higher than itself and is in the same component; following
/// parents leads to a root, which is its own. Only roots are ever given to another component, each
/// once, and other parents only replaced by nodes further up; so it makes no difference who comes
/// first, and in the end the root is the lowest of all.
private struct ComponentWork: Sendable {
    private let graph: CSRGraph
    private let options: RunOptions
    private let stretches: [Range<Int>]
    let workers: Int

    /// How many neighbours of each node are looked at first.
    private static let sampled = 2

    init(_ graph: CSRGraph, _ options: RunOptions) {
        self.graph = graph
        self.options = options
        // Stretches of fewer nodes than make a block, for the rows of some are long.
        stretches = GraphAlgorithms.stretches(graph.nodeCount, of: options.blockSize / 16)
        // Most arcs are skipped, and what is done for each node costs as much as several.
        workers = options.workerCount(work: graph.nodeCount * 8, tasks: stretches.count)
    }

    /// Points every node at the lowest of its component; returns one that is likely the largest,
    /// how many nodes it has, and how many components there are.
    func join(
        _ parents: borrowing AtomicColumn
    ) throws(AlgorithmError) -> (giant: UInt32, counts: (components: Int, inGiant: Int)) {
        let rows = graph.outgoing
        try share { stretch in
            joinSample(stretch, rows.offsets.span, rows.targets.span, parents)
        }
        try share { stretch in flatten(stretch, noNode, parents) }
        let giant = frequentRoot(parents)
        // In a directed graph an edge out of the giant is seen from outside only in incoming rows.
        let skipped = graph.incoming == nil ? noNode : giant
        let incoming = graph.isDirected && skipped != noNode ? graph.incoming : nil
        try share { stretch in
            joinRest(
                stretch, after: Self.sampled, skipped, rows.offsets.span, rows.targets.span, parents
            )
            guard let incoming else { return }
            joinRest(
                stretch, after: 0, skipped, incoming.offsets.span, incoming.targets.span, parents)
        }
        let label = graph.nodeCount == 0 ? noNode : root(of: giant, parents)
        let counts = try share { stretch in flatten(stretch, label, parents) }
        return (
            label,
            counts.reduce(into: (components: 0, inGiant: 0)) { sum, part in
                sum.components += part.components
                sum.inGiant += part.inGiant
            }
        )
    }

    @discardableResult
    private func share<Part: Sendable>(
        _ body: @Sendable (Range<Int>) -> Part
    ) throws(AlgorithmError) -> [Part] {
        try options.mapTasks(stretches.count, workers: workers) {
            task throws(AlgorithmError) in body(stretches[task])
        }
    }
}

/// The root of a node's tree.
@inline(__always)
private func root(of node: UInt32, _ parents: borrowing AtomicColumn) -> UInt32 {
    var node = node
    while true {
        let above = parents[Int(node)]
        if above == node { return node }
        node = above
    }
}

/// Joins the trees of two nodes, the higher root under the lower.
@inline(__always)
private func join(_ lhs: UInt32, _ rhs: UInt32, _ parents: borrowing AtomicColumn) {
    var first = parents[Int(lhs)]
    var second = parents[Int(rhs)]
    while first != second {
        let high = max(first, second)
        let low = min(first, second)
        let above = parents[Int(high)]
        if above == low { return }
        if above == high {
            if parents.replace(high, at: Int(high), with: low) { return }
            first = high
        } else {
            // Ways that are gone again and again are halved each time.
            first = parents[Int(above)]
            if first != above { parents[Int(high)] = first }
        }
        second = low
    }
}

/// How many rows are looked up together.
private let rowsAhead = 16

/// The first two neighbours of a node; itself in place of those that it lacks.
private struct Sample: BitwiseCopyable {
    var first: UInt32 = 0
    var second: UInt32 = 0
}

/// Joins each node with its first two neighbours.
private func joinSample(
    _ nodes: Range<Int>, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ parents: borrowing AtomicColumn
) {
    guard !targets.isEmpty else { return }
    var samples = InlineArray<16, Sample>(repeating: Sample())
    var start = nodes.lowerBound
    while start < nodes.upperBound {
        let stop = min(start &+ rowsAhead, nodes.upperBound)
        lookAhead(start..<stop, offsets, targets, &samples)
        for place in 0..<(stop &- start) {
            let node = UInt32(truncatingIfNeeded: start &+ place)
            // Mostly a node that nobody has met yet meets one further down.
            let low = parents[Int(samples[place].first)]
            if parents[Int(node)] == node, low <= node,
                parents.replace(node, at: Int(node), with: low)
            {
                continue
            }
            join(node, samples[place].first, parents)
        }
        for place in 0..<(stop &- start) {
            join(UInt32(truncatingIfNeeded: start &+ place), samples[place].second, parents)
        }
        start = stop
    }
}

/// Looks up the first neighbours. Rows lie far apart, so each look waits for memory, and here they
/// wait together, for nothing that is found decides what is loaded next.
@inline(__always)
private func lookAhead(
    _ nodes: Range<Int>, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ samples: inout InlineArray<16, Sample>
) {
    let last = targets.count &- 1
    var arc = Int(truncatingIfNeeded: offsets[nodes.lowerBound])
    for node in nodes {
        let end = Int(truncatingIfNeeded: offsets[node &+ 1])
        let itself = UInt32(truncatingIfNeeded: node)
        let first = targets[min(arc, last)]
        let second = targets[min(arc &+ 1, last)]
        // Nobody can foretell which rows are short, so there is no branch for it: all bits of a
        // difference's sign are the sign.
        let hasFirst = UInt32(truncatingIfNeeded: (arc &- end) &>> 63)
        let hasSecond = UInt32(truncatingIfNeeded: (arc &+ 1 &- end) &>> 63)
        samples[node &- nodes.lowerBound] = Sample(
            first: itself ^ (itself ^ first) & hasFirst,
            second: itself ^ (itself ^ second) & hasSecond)
        arc = end
    }
}

/// Joins each node outside a component with its neighbours after those sampled before.
private func joinRest(
    _ nodes: Range<Int>, after sampled: Int, _ skipped: UInt32, _ offsets: Span<UInt64>,
    _ targets: Span<UInt32>, _ parents: borrowing AtomicColumn
) {
    var end = Int(truncatingIfNeeded: offsets[nodes.lowerBound])
    for node in nodes {
        var arc = end &+ sampled
        end = Int(truncatingIfNeeded: offsets[node &+ 1])
        // One question instead of two: each alone is hard to foretell.
        let stop = end &* (1 &- isZero(Int(parents[node] ^ skipped)))
        while arc < stop {
            join(UInt32(truncatingIfNeeded: node), targets[arc], parents)
            arc &+= 1
        }
    }
}

/// Points every node at its root, and counts the roots and the nodes of one of them.
///
/// Parents are never higher than their children, so one thread, in ascending order, meets each parent
/// after it was done.
private func flatten(
    _ nodes: Range<Int>, _ giant: UInt32, _ parents: borrowing AtomicColumn
) -> (components: Int, inGiant: Int) {
    var (components, inGiant) = (0, 0)
    for node in nodes {
        // Two steps lead nearly all nodes to their root, which are taken without asking.
        let top = root(of: parents[Int(parents[node])], parents)
        parents[node] = top
        components &+= isZero(Int(top) ^ node)
        inGiant &+= isZero(Int(top ^ giant))
    }
    return (components, inGiant)
}

/// 1 for 0, and 0 for positive numbers, without a branch.
@inline(__always)
private func isZero(_ number: Int) -> Int { Int(bitPattern: UInt(bitPattern: number &- 1) &>> 63) }

/// The root that most of 1,024 nodes spread over the graph have; any answer is right, a good one
/// saves work.
private func frequentRoot(_ parents: borrowing AtomicColumn) -> UInt32 {
    guard parents.count > 0 else { return noNode }
    var counts: [UInt32: Int] = [:]
    // A multiplicative sequence: no stride of the input can hide from it.
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    for _ in 0..<1024 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let node = (state >> 32) &* UInt64(parents.count) >> 32
        counts[root(of: parents[Int(node)], parents), default: 0] += 1
    }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? noNode
}
