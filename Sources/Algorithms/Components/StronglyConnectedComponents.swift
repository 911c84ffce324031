public import PropertyGraph

/// Which nodes can reach each other along directions.
///
/// A node without incoming or without outgoing arcs is a component by itself: where the graph has
/// both rows, these are told from their offsets and never visited. Among the others Tarjan's search
/// runs with an explicit stack, so that a long path cannot exhaust the thread's, and with one mark
/// a node, as Pearce has it. In an undirected graph the components are the weak ones.
///
/// - SeeAlso: Tarjan, *Depth-First Search and Linear Graph Algorithms* (SIAM J. Comput. 1972);
///   Pearce, *A Space-Efficient Algorithm for Finding Strongly Connected Components* (2016);
///   McLendon et al., *Finding Strongly Connected Components in Distributed Graphs* (2005), for
///   leaving out nodes without arcs.
public struct StronglyConnectedComponents: Hashable, Sendable {
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
    }

    /// Finds the components.
    ///
    /// A directed graph needs no incoming rows; with them many nodes are skipped.
    ///
    /// - Throws: `.cancelled`.
    /// - Complexity: O(nodes + edges) time, O(nodes) extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        guard graph.isDirected else {
            let weak = try ConnectedComponents().run(on: graph, options: options)
            return Result(
                labels: weak.labels, componentCount: weak.componentCount,
                largestSize: weak.largestSize)
        }
        return graph.outgoing.arcCount <= UInt32.max
            ? try search(graph, UInt32.self, options) : try search(graph, UInt64.self, options)
    }

    /// Finds the components of a directed graph whose arcs can be counted in so many bits.
    func search<Position: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ graph: CSRGraph, _: Position.Type, _ options: RunOptions
    ) throws(AlgorithmError) -> Result {
        try options.checkCancellation()
        var search = StrongSearch<Position>(graph)
        return try search.run(graph.outgoing.targets, options)
    }
}

/// The state of Tarjan's search; `Position` is wide enough for any arc.
private struct StrongSearch<Position: FixedWidthInteger & BitwiseCopyable & Sendable>: ~Copyable {
    /// What one look at memory tells of a node: whether to go there, and where its row lies.
    private struct Node: BitwiseCopyable, Sendable {
        /// 0 before the node is entered, then when it was, from 1; on leaving, the earliest open
        /// node it is known to reach; `done` once its component is closed.
        var mark: UInt32 = 0
        /// The first arc of its row, which ends where the next begins.
        var first: Position = 0
    }

    /// A node between the root and the current one, as it was left.
    private struct Frame: BitwiseCopyable, Sendable {
        var node: UInt32
        var low: UInt32
        /// How many nodes were open when it was entered.
        var openCount: UInt32
        /// The arc to go on with.
        var arc: Position
    }

    private var nodes: [Node]
    private var labels: [UInt32]
    // Touched as far as they are needed: a path, and what is open beside it, are mostly short.
    private var path: ParallelColumn<Frame>
    /// Nodes that were left before their component was closed.
    private var open: ParallelColumn<UInt32>
    private var tally = Tally()

    /// What is counted on the way.
    private struct Tally {
        var entered: UInt32 = 0
        var components = 0
        var largest = 0
    }

    private static var done: UInt32 { .max }

    init(_ graph: CSRGraph) {
        let count = graph.nodeCount
        nodes = [Node](repeating: Node(), count: count + 1)
        labels = [UInt32](repeating: 0, count: count)
        let outgoing = graph.outgoing.offsets
        let incoming = graph.incoming?.offsets ?? outgoing
        tally.components = Self.prepare(outgoing.span, incoming.span, &nodes, &labels)
        tally.largest = min(count, 1)
        path = ParallelColumn(zeroed: count - tally.components)
        open = ParallelColumn(zeroed: count - tally.components)
    }

    /// Writes where rows begin, labels every node as its own, and closes those without arcs in or
    /// out; returns how many these are.
    private static func prepare(
        _ outgoing: Span<UInt64>, _ incoming: Span<UInt64>, _ nodes: inout [Node],
        _ labels: inout [UInt32]
    ) -> Int {
        var nodes = nodes.mutableSpan
        var labels = labels.mutableSpan
        var closed = 0
        var (first, firstIn) = (outgoing[0], incoming[0])
        for node in labels.indices {
            let (last, lastIn) = (outgoing[node &+ 1], incoming[node &+ 1])
            let isAlone = first == last || firstIn == lastIn
            nodes[node] = Node(mark: isAlone ? done : 0, first: Position(truncatingIfNeeded: first))
            labels[node] = UInt32(truncatingIfNeeded: node)
            closed &+= isAlone ? 1 : 0
            (first, firstIn) = (last, lastIn)
        }
        nodes[labels.count].first = Position(truncatingIfNeeded: first)
        return closed
    }

    mutating func run(
        _ targets: CSRBuffer<UInt32>, _ options: RunOptions
    ) throws(AlgorithmError) -> StronglyConnectedComponents.Result {
        try Self.searchAll(targets.span, &nodes, &labels, &path, &open, &tally, options)
        return StronglyConnectedComponents.Result(
            labels: labels, componentCount: tally.components, largestSize: tally.largest)
    }

    private static func searchAll(
        _ targets: Span<UInt32>, _ nodes: inout [Node], _ labels: inout [UInt32],
        _ path: inout ParallelColumn<Frame>, _ open: inout ParallelColumn<UInt32>,
        _ tally: inout Tally, _ options: RunOptions
    ) throws(AlgorithmError) {
        var nodes = nodes.mutableSpan
        var labels = labels.mutableSpan
        var path = path.mutableSpan
        var open = open.mutableSpan
        var ticker = CancellationTicker(options)
        for root in labels.indices where nodes[root].mark == 0 {
            try search(
                from: UInt32(truncatingIfNeeded: root), targets, &nodes, &labels, &path, &open,
                &tally, &ticker)
        }
    }

    /// Enters everything that can be reached from a node and was not entered yet.
    private static func search(
        from root: UInt32, _ targets: Span<UInt32>, _ nodes: inout MutableSpan<Node>,
        _ labels: inout MutableSpan<UInt32>, _ path: inout MutableSpan<Frame>,
        _ open: inout MutableSpan<UInt32>, _ tally: inout Tally,
        _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        var (depth, openCount) = (0, 0)
        var here = enter(root, openCount, &nodes, &tally)
        while true {
            let arcs = here.arc
            let next = follow(&here, targets, nodes.span)
            try ticker.tick(Int(truncatingIfNeeded: here.arc &- arcs) &+ 1)
            if next != done {
                path[depth] = here
                depth &+= 1
                here = enter(next, openCount, &nodes, &tally)
                continue
            }
            var low = here.low
            if low == nodes[Int(here.node)].mark {
                // It reaches nothing before itself: all that is open since it is its component.
                low = done
                nodes[Int(here.node)].mark = done
                tally.components &+= 1
                let members = Int(here.openCount)..<openCount
                if !members.isEmpty {
                    close(here.node, open.span, members, &nodes, &labels)
                    tally.largest = max(tally.largest, members.count &+ 1)
                    openCount = members.lowerBound
                }
            } else {
                nodes[Int(here.node)].mark = low
                open[openCount] = here.node
                openCount &+= 1
            }
            if depth == 0 { return }
            depth &-= 1
            here = path[depth]
            here.low = min(here.low, low)
        }
    }

    @inline(__always)
    private static func enter(
        _ node: UInt32, _ openCount: Int, _ nodes: inout MutableSpan<Node>, _ tally: inout Tally
    ) -> Frame {
        tally.entered &+= 1
        nodes[Int(node)].mark = tally.entered
        return Frame(
            node: node, low: tally.entered, openCount: UInt32(truncatingIfNeeded: openCount),
            arc: nodes[Int(node)].first)
    }

    /// Looks at arcs until one leads to a node not entered yet, which is returned; `done` after the
    /// last.
    @inline(__always)
    private static func follow(
        _ here: inout Frame, _ targets: Span<UInt32>, _ nodes: Span<Node>
    ) -> UInt32 {
        let last = nodes[Int(here.node) &+ 1].first
        while here.arc < last {
            let target = targets[Int(truncatingIfNeeded: here.arc)]
            here.arc &+= 1
            let mark = nodes[Int(target)].mark
            if mark == 0 { return target }
            // Of a closed component the mark is the highest.
            here.low = min(here.low, mark)
        }
        return done
    }

    /// Labels the nodes of a component with their lowest.
    private static func close(
        _ root: UInt32, _ open: Span<UInt32>, _ members: Range<Int>,
        _ nodes: inout MutableSpan<Node>, _ labels: inout MutableSpan<UInt32>
    ) {
        var label = root
        for place in members { label = min(label, open[place]) }
        labels[Int(root)] = label
        for place in members {
            let node = Int(open[place])
            labels[node] = label
            nodes[node].mark = done
        }
    }
}
