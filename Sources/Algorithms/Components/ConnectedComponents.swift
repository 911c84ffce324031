public import PropertyGraph

/// Which nodes hang together when directions are ignored (weak components).
///
/// Every node is first joined with two neighbours; that already gathers most of a graph into one
/// giant component, which a sample finds, and whose nodes need not look at their other edges: an
/// edge that leaves it is seen from its other end. Several threads join at once.
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
        guard graph.nodeCount > 0 else {
            return Result(labels: [], componentCount: 0, largestSize: 0, largestLabel: nil)
        }
        let (labels, tally) = try ComponentSearch(graph, options).run()
        return summarize(labels, tally)
    }

    private func summarize(_ labels: [UInt32], _ tally: Tally) -> Result {
        // The largest of the others has at most what is left when the rest of them have a node each.
        let room = labels.count - tally.inGiant - max(tally.components - 2, 0)
        var (giant, size) = (tally.giant, tally.inGiant)
        if size <= room {
            var sizes = [UInt32](repeating: 0, count: labels.count)
            for label in labels { sizes[Int(label)] &+= 1 }
            var largest = 0
            for label in sizes.indices where sizes[label] > sizes[largest] { largest = label }
            (giant, size) = (UInt32(truncatingIfNeeded: largest), Int(sizes[largest]))
        }
        return Result(
            labels: labels, componentCount: tally.components, largestSize: size,
            largestLabel: giant)
    }
}

/// What is counted when every node has its label.
private struct Tally: Sendable {
    /// How many components there are.
    var components = 0
    /// The label of a component that is likely the largest.
    var giant = noNode
    /// How many nodes that has.
    var inGiant = 0
}

/// The phases of a run, each shared among threads by stretches of nodes.
///
/// Each node has a parent that is never higher than itself and is in the same component; following
/// parents leads to a root, which is its own. Joining two trees gives a root of one a parent in the
/// other, in one step that fails when another thread was there first; other parents are only replaced by nodes
/// further up. So it makes no difference who comes first: in the end the root is the lowest of all.
private struct ComponentSearch: Sendable {
    private let graph: CSRGraph
    private let options: RunOptions
    private let stretches: [Range<Int>]
    private let workers: Int

    /// - Parameter graph: Has nodes.
    init(_ graph: CSRGraph, _ options: RunOptions) {
        self.graph = graph
        self.options = options
        // Fewer nodes than make a block, for the rows of some are long.
        stretches = GraphAlgorithms.stretches(graph.nodeCount, of: options.blockSize / 16)
        // What is done for a node costs as much as several arcs, most of which are skipped.
        let arcs = graph.incoming == nil ? graph.outgoing.arcCount : 0
        workers = options.workerCount(work: graph.nodeCount * 8 + arcs, tasks: stretches.count)
    }

    /// Finds the lowest node of each node's component.
    func run() throws(AlgorithmError) -> ([UInt32], Tally) {
        var labels = [UInt32](repeating: 0, count: graph.nodeCount)
        for node in labels.indices { labels[node] = UInt32(truncatingIfNeeded: node) }
        var notes = labels
        var parents = labels.mutableSpan
        var samples = notes.mutableSpan
        let tally = try parents.withAtomicColumn(workers: workers) {
            (parents: borrowing AtomicColumn<UInt32>) throws(AlgorithmError) in
            try samples.withAtomicColumn(workers: workers) {
                (samples: borrowing AtomicColumn<UInt32>) throws(AlgorithmError) in
                try join(parents, samples)
            }
        }
        return (labels, tally)
    }

    /// Points every node at the lowest of its component.
    private func join(
        _ parents: borrowing AtomicColumn<UInt32>, _ samples: borrowing AtomicColumn<UInt32>
    ) throws(AlgorithmError) -> Tally {
        let rows = graph.outgoing
        try share { stretch in
            pointDown(stretch, rows.offsets.span, rows.targets.span, parents, samples)
        }
        try share { stretch in joinSamples(stretch, samples, parents) }
        try share { stretch in flatten(stretch, noNode, parents) }
        let giant = frequentRoot(parents)
        // In a directed graph an edge out of the giant is seen from outside only in incoming rows.
        let skipped = graph.incoming == nil ? noNode : giant
        let incoming = graph.isDirected ? graph.incoming : nil
        try share { stretch in
            joinRest(stretch, skipped, rows.offsets.span, rows.targets.span, parents)
            guard let incoming else { return }
            joinRest(stretch, skipped, incoming.offsets.span, incoming.targets.span, parents)
        }
        var tally = Tally()
        tally.giant = root(of: giant, parents)
        let label = tally.giant
        for part in try share({ stretch in flatten(stretch, label, parents) }) {
            tally.components += part.roots
            tally.inGiant += part.inGiant
        }
        return tally
    }

    /// Calls `body` with each stretch of nodes, on several threads; returns what it gave, in order.
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
private func root(of node: UInt32, _ parents: borrowing AtomicColumn<UInt32>) -> UInt32 {
    var node = node
    while true {
        let above = parents[Int(node)]
        if above == node { return node }
        node = above
    }
}

/// Joins the trees of two nodes, the higher root under the lower.
@inline(__always)
private func join(_ lhs: UInt32, _ rhs: UInt32, _ parents: borrowing AtomicColumn<UInt32>) {
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

/// Points each node at what its first neighbour points at, where that is lower, and notes another
/// neighbour for `joinSamples`, in place of the node itself.
///
/// Most trees are made here, without a step that can fail: each node's parent is written by one
/// thread alone. Nobody can foretell which rows are short, so there is no branch for
/// it; and rows lie far apart, so those of several nodes wait for memory together.
private func pointDown(
    _ nodes: Range<Int>, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ parents: borrowing AtomicColumn<UInt32>, _ samples: borrowing AtomicColumn<UInt32>
) {
    guard !targets.isEmpty else { return }
    let last = targets.count &- 1
    var lows = InlineArray<16, UInt32>(repeating: 0)
    var arc = Int(truncatingIfNeeded: offsets[nodes.lowerBound])
    var start = nodes.lowerBound
    while start < nodes.upperBound {
        let stop = min(start &+ rowsAhead, nodes.upperBound)
        for node in start..<stop {
            let end = Int(truncatingIfNeeded: offsets[node &+ 1])
            let itself = UInt32(truncatingIfNeeded: node)
            let first = pick(targets[min(arc, last)], or: itself, ifNegative: arc &- end)
            let second = pick(
                targets[min(arc &+ 1, last)], or: itself, ifNegative: arc &+ 1 &- end)
            lows[node &- start] = min(first, itself)
            samples[node] = first > itself ? first : second
            arc = end
        }
        for node in start..<stop { parents[node] = parents[Int(lows[node &- start])] }
        start = stop
    }
}

/// The first number where a difference is negative, else the other, without a branch.
@inline(__always)
private func pick(_ number: UInt32, or other: UInt32, ifNegative difference: Int) -> UInt32 {
    // All bits are the sign.
    let mask = UInt32(truncatingIfNeeded: difference &>> 63)
    return other ^ (other ^ number) & mask
}

/// Joins each node with the neighbour that was noted for it.
private func joinSamples(
    _ nodes: Range<Int>, _ samples: borrowing AtomicColumn<UInt32>,
    _ parents: borrowing AtomicColumn<UInt32>
) {
    for node in nodes { join(UInt32(truncatingIfNeeded: node), samples[node], parents) }
}

/// Joins each node outside a component with its neighbours.
private func joinRest(
    _ nodes: Range<Int>, _ skipped: UInt32, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ parents: borrowing AtomicColumn<UInt32>
) {
    var end = Int(truncatingIfNeeded: offsets[nodes.lowerBound])
    for node in nodes {
        var arc = end
        end = Int(truncatingIfNeeded: offsets[node &+ 1])
        // Whether it is outside and has a row is one question, for each alone is hard to foretell.
        let stop = end &* (1 &- isZero(Int(parents[node] ^ skipped)))
        while arc < stop {
            join(UInt32(truncatingIfNeeded: node), targets[arc], parents)
            arc &+= 1
        }
    }
}

/// Points every node at its root, and counts the roots and the nodes of one of them.
///
/// Parents are never higher than their children, so a thread that goes upwards from the lowest meets
/// each parent after it was done.
@discardableResult
private func flatten(
    _ nodes: Range<Int>, _ giant: UInt32, _ parents: borrowing AtomicColumn<UInt32>
) -> (roots: Int, inGiant: Int) {
    var (roots, inGiant) = (0, 0)
    for node in nodes {
        // Two steps lead nearly all nodes to their root; they are taken without asking.
        let top = root(of: parents[Int(parents[node])], parents)
        parents[node] = top
        roots &+= isZero(Int(top) ^ node)
        inGiant &+= isZero(Int(top ^ giant))
    }
    return (roots, inGiant)
}

/// 1 for 0, and 0 for positive numbers, without a branch.
@inline(__always)
private func isZero(_ number: Int) -> Int { Int(bitPattern: UInt(bitPattern: number &- 1) &>> 63) }

/// The root that most of 1,024 nodes spread over the graph have; any answer is right, a good one
/// saves work.
private func frequentRoot(_ parents: borrowing AtomicColumn<UInt32>) -> UInt32 {
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
