public import PropertyGraph

/// A light tree that joins some nodes, through others where that helps.
///
/// To find the lightest is NP-hard. This one weighs less than twice as much: at most 2 × (1 − 1/t)
/// times for t terminals. Every node is given to the terminal nearest to it; each edge between the
/// nodes of two terminals proposes a path that joins them, and the lightest proposals are taken.
/// Of the graph of their paths a minimum spanning tree is kept, without leaves that are no
/// terminals. Terminals that do not hang together get a tree for each component.
///
/// - SeeAlso: Mehlhorn, *A Faster Approximation Algorithm for the Steiner Problem in Graphs*
///   (1988); Kou, Markowsky, Berman, *A Fast Algorithm for Steiner Trees* (1981).
public struct SteinerTree: Hashable, Sendable {
    /// The nodes to join; repeated ones count once.
    public var terminals: [UInt32]

    /// Makes the kernel; nodes are checked when it runs.
    public init(terminals: [UInt32]) { self.terminals = terminals }

    /// A tree, or one for each component that has terminals.
    public struct Result: Sendable {
        /// Its edges, by the lower end and then the other.
        public let edges: [TreeEdge]
        /// The sum of their weights.
        public let weight: Double
        /// How many trees there are: 1 when all terminals hang together, 0 without terminals.
        public let treeCount: Int
        /// By how much the weight can be above the least: a factor.
        public let bound: Double
    }

    /// Finds a tree; without weights every edge weighs 1.
    ///
    /// - Throws: `.nodeNotFound`; `.notSymmetric` on a directed graph; `.negativeWeight`, naming
    ///   the edge; `.cancelled`.
    /// - Complexity: O(edges × log nodes) time, O(nodes + edges) space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        try graph.requireUndirected(for: "steiner-tree")
        for terminal in terminals { try graph.checkNode(terminal, name: "terminals") }
        if graph.isWeighted { try graph.checkWeights(for: "steiner-tree", options: options) }
        try options.checkCancellation()
        var ticker = CancellationTicker(options)
        let distinct = Array(Set(terminals)).sorted()
        var cells = Cells(nodeCount: graph.nodeCount)
        try cells.spread(from: distinct, along: graph.outgoing, &ticker)
        let nodes = try cells.joined(graph, &ticker)
        let edges = prune(try tree(of: nodes, graph, &ticker), keeping: Set(distinct))
        let count = Double(distinct.count)
        return Result(
            edges: edges, weight: edges.reduce(0) { $0 + $1.weight },
            treeCount: cells.components(of: distinct, edges),
            bound: max(1, 2 * (1 - 1 / max(count, 1))))
    }

    /// A minimum spanning forest of the edges of some paths.
    private func tree(
        of paths: Set<TreeEdge>, _ graph: CSRGraph, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> [TreeEdge] {
        var sets = DisjointSets(count: graph.nodeCount)
        let sorted = paths.sorted { ($0.weight, $0.arc) < ($1.weight, $1.arc) }
        try ticker.tick(sorted.count)
        return sorted.filter { sets.join($0.source, $0.target) }.sorted { $0.arc < $1.arc }
    }

    /// Cuts off leaves that are no terminals until there are none.
    private func prune(_ edges: [TreeEdge], keeping terminals: Set<UInt32>) -> [TreeEdge] {
        var incident: [UInt32: [Int]] = [:]
        for (index, edge) in edges.enumerated() {
            incident[edge.source, default: []].append(index)
            incident[edge.target, default: []].append(index)
        }
        var degrees = incident.mapValues(\.count)
        var isKept = edges.map { _ in true }
        var leaves = degrees.filter { $0.value == 1 && !terminals.contains($0.key) }.map(\.key)
        while let leaf = leaves.popLast() {
            guard let index = incident[leaf]?.first(where: { isKept[$0] }) else { continue }
            isKept[index] = false
            let other = edges[index].source == leaf ? edges[index].target : edges[index].source
            degrees[other, default: 0] -= 1
            if degrees[other] == 1, !terminals.contains(other) { leaves.append(other) }
        }
        return edges.indices.filter { isKept[$0] }.map { edges[$0] }
    }
}

/// The nodes nearest to each terminal.
private struct Cells {
    private var distances: [Double]
    private var parents: [UInt32]
    private var terminals: [UInt32]

    init(nodeCount: Int) {
        distances = [Double](repeating: .infinity, count: nodeCount)
        parents = [UInt32](repeating: noNode, count: nodeCount)
        terminals = [UInt32](repeating: noNode, count: nodeCount)
    }

    /// Dijkstra's search from all terminals at once.
    mutating func spread(
        from sources: [UInt32], along rows: CSRRows, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        var heap = DistanceHeap()
        for source in sources {
            distances[Int(source)] = 0
            terminals[Int(source)] = source
            heap.push(.init(distance: 0, node: source))
        }
        while let nearest = heap.pop() {
            guard nearest.distance == distances[Int(nearest.node)] else { continue }
            let row = rows.range(of: nearest.node)
            for arc in row {
                let target = Int(rows.targets[arc])
                let distance = nearest.distance + (rows.weights?[arc] ?? 1)
                guard distance < distances[target] else { continue }
                distances[target] = distance
                parents[target] = nearest.node
                terminals[target] = terminals[Int(nearest.node)]
                heap.push(.init(distance: distance, node: rows.targets[arc]))
            }
            try ticker.tick(row.count &+ 8)
        }
    }

    /// The edges of the paths that join the terminals most cheaply.
    func joined(
        _ graph: CSRGraph, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> Set<TreeEdge> {
        let rows = graph.outgoing
        var bridges: [(cost: Double, arc: Int, source: UInt32, target: UInt32)] = []
        for node in 0..<UInt32(truncatingIfNeeded: graph.nodeCount) {
            for arc in rows.range(of: node) where rows.targets[arc] > node {
                let target = rows.targets[arc]
                let cost =
                    distances[Int(node)] + (rows.weights?[arc] ?? 1) + distances[Int(target)]
                guard terminals[Int(node)] != terminals[Int(target)], cost < .infinity
                else { continue }
                bridges.append((cost: cost, arc: arc, source: node, target: target))
            }
            try ticker.tick(rows.degree(of: node) &+ 1)
        }
        bridges.sort { ($0.cost, $0.arc) < ($1.cost, $1.arc) }
        var sets = DisjointSets(count: graph.nodeCount)
        var edges: Set<TreeEdge> = []
        for bridge in bridges
        where sets.join(terminals[Int(bridge.source)], terminals[Int(bridge.target)]) {
            let edge = SortedEdges.Edge(
                source: bridge.source, target: bridge.target, arc: bridge.arc)
            edges.insert(TreeEdge(edge, graph))
            for end in [bridge.source, bridge.target] {
                var node = end
                while parents[Int(node)] != noNode {
                    let parent = parents[Int(node)]
                    if let edge = TreeEdge(between: parent, and: node, in: graph) {
                        edges.insert(edge)
                    }
                    node = parent
                }
            }
        }
        return edges
    }

    /// How many trees the edges join the terminals to.
    func components(of terminals: [UInt32], _ edges: [TreeEdge]) -> Int {
        var sets = DisjointSets(count: distances.count)
        for edge in edges { _ = sets.join(edge.source, edge.target) }
        return Set(terminals.map { sets.root(of: $0) }).count
    }
}
