public import PropertyGraph

/// Biconnected components, bridges and articulation points: what falls apart without one node or
/// one edge.
///
/// Two edges are in one component when some cycle without repeated nodes has both. A bridge is an
/// edge without which its ends are not connected; an articulation point a node without which some
/// of its neighbours are not. Directions make no difference; parallel edges are in one component
/// and none of them is a bridge; loops are in no component.
///
/// - SeeAlso: Hopcroft, Tarjan, *Efficient Algorithms for Graph Manipulation* (1973).
public struct BiconnectedComponents: Hashable, Sendable {
    /// Makes the kernel; it has no parameters.
    public init() {}

    /// The components.
    public struct Result: Sendable {
        /// For each arc of `graph.outgoing` the number of its component, from 0 in the order of
        /// first arcs; `UInt32.max` for a loop. Both arcs of an undirected edge have the same.
        public let components: [UInt32]
        /// How many components there are.
        public let componentCount: Int
        /// For each arc of `graph.outgoing` whether it is a bridge.
        public let isBridge: [Bool]
        /// How many edges are bridges.
        public let bridgeCount: Int
        /// For each node how many components it has an edge in; two or more at an articulation
        /// point.
        public let membershipCounts: [UInt32]

        /// How many nodes are articulation points.
        public var articulationCount: Int { membershipCounts.count { $0 > 1 } }
    }

    /// Searches the graph in depth, without recursion.
    ///
    /// - Throws: `.missingIncoming` on a directed graph without incoming rows; `.cancelled`.
    /// - Complexity: O(nodes + edges) time and extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        let rows = try SimpleRows(graph, for: "biconnected", options: options)
        var search = DepthSearch(rows)
        try search.run(options)
        let outgoing = graph.outgoing
        var components = [UInt32](repeating: noNode, count: outgoing.arcCount)
        var isBridge = [Bool](repeating: false, count: outgoing.arcCount)
        var numbers = [UInt32](repeating: noNode, count: search.sizes.count)
        var count: UInt32 = 0
        var bridges = 0
        var ticker = CancellationTicker(options)
        for node in 0..<UInt32(truncatingIfNeeded: graph.nodeCount) {
            var simple = rows.range(of: Int(node)).lowerBound
            let row = outgoing.range(of: node)
            for arc in row where outgoing.targets[arc] != node {
                let target = outgoing.targets[arc]
                while rows.targets[simple] < target { simple += 1 }
                let found = Int(search.components[simple])
                if numbers[found] == noNode {
                    numbers[found] = count
                    count += 1
                }
                components[arc] = numbers[found]
                guard search.sizes[found] == 1 else { continue }
                if multiplicity(graph, node, target, rows.isMutual?[simple] ?? 0) == 1 {
                    isBridge[arc] = true
                    if graph.isDirected || node < target { bridges += 1 }
                }
            }
            try ticker.tick(row.count + 1)
        }
        return Result(
            components: components, componentCount: Int(count), isBridge: isBridge,
            bridgeCount: bridges, membershipCounts: search.memberships())
    }

    /// How many edges join two neighbours, up to 2.
    private func multiplicity(
        _ graph: CSRGraph, _ source: UInt32, _ target: UInt32, _ isMutual: UInt8
    ) -> Int {
        if isMutual != 0 { return 2 }
        guard let arc = graph.outgoing.firstArc(from: source, to: target) else { return 0 }
        let next = arc + 1
        return graph.outgoing.range(of: source).contains(next)
            && graph.outgoing.targets[next] == target ? 2 : 1
    }
}

/// Hopcroft and Tarjan's search over simple rows.
private struct DepthSearch {
    private let rows: SimpleRows
    /// The component of each arc of the rows, numbered as they are completed.
    var components: [UInt32]
    /// How many edges each component has.
    var sizes: [UInt32] = []
    /// When each node was met, from 1; 0 when not yet.
    private var met: [UInt32]
    /// The earliest met node that a node's subtree has an edge to.
    private var low: [UInt32]
    /// Where in its row each node goes on.
    private var next: [Int]
    private var path: [UInt32] = []
    /// For each node of the path but the first the arc that led to it.
    private var steps: [Int] = []
    /// The arcs met that are in no component yet, each with its source.
    private var open: [(source: UInt32, arc: Int)] = []

    init(_ rows: SimpleRows) {
        self.rows = rows
        components = [UInt32](repeating: noNode, count: rows.arcCount)
        met = [UInt32](repeating: 0, count: rows.nodeCount)
        low = met
        next = [Int](repeating: 0, count: rows.nodeCount)
    }

    mutating func run(_ options: RunOptions) throws(AlgorithmError) {
        var ticker = CancellationTicker(options)
        try options.checkCancellation()
        for node in 0..<rows.nodeCount { next[node] = rows.range(of: node).lowerBound }
        var clock: UInt32 = 0
        for root in met.indices where met[root] == 0 {
            clock += 1
            enter(UInt32(truncatingIfNeeded: root), clock)
            while let node = path.last {
                try ticker.tick(1)
                if let target = advance(node) {
                    clock += 1
                    enter(target, clock)
                } else {
                    leave(node)
                }
            }
        }
    }

    private mutating func enter(_ node: UInt32, _ time: UInt32) {
        met[Int(node)] = time
        low[Int(node)] = time
        path.append(node)
    }

    /// Follows a node's arcs up to one that leads somewhere new.
    private mutating func advance(_ node: UInt32) -> UInt32? {
        let place = Int(node)
        let end = rows.range(of: place).upperBound
        let parent = path.count > 1 ? path[path.count - 2] : noNode
        while next[place] < end {
            let arc = next[place]
            next[place] = arc + 1
            let target = rows.targets[arc]
            let time = met[Int(target)]
            if time == 0 {
                open.append((node, arc))
                steps.append(arc)
                return target
            }
            if target != parent, time < met[place] {
                open.append((node, arc))
                low[place] = min(low[place], time)
            }
        }
        return nil
    }

    /// Goes back from a node whose arcs are all followed; completes a component when nothing below
    /// leads above the node before it.
    private mutating func leave(_ node: UInt32) {
        path.removeLast()
        guard let parent = path.last, let step = steps.popLast() else { return }
        low[Int(parent)] = min(low[Int(parent)], low[Int(node)])
        guard low[Int(node)] >= met[Int(parent)] else { return }
        let component = UInt32(truncatingIfNeeded: sizes.count)
        var size: UInt32 = 0
        while let (source, arc) = open.popLast() {
            components[arc] = component
            if let back = rows.arc(from: rows.targets[arc], to: source) {
                components[back] = component
            }
            size += 1
            if arc == step { break }
        }
        sizes.append(size)
    }

    /// How many components each node has an edge in.
    func memberships() -> [UInt32] {
        var counts = [UInt32](repeating: 0, count: rows.nodeCount)
        var last = [UInt32](repeating: noNode, count: sizes.count)
        for node in counts.indices {
            let own = UInt32(truncatingIfNeeded: node)
            for arc in rows.range(of: node) where last[Int(components[arc])] != own {
                last[Int(components[arc])] = own
                counts[node] += 1
            }
        }
        return counts
    }
}
