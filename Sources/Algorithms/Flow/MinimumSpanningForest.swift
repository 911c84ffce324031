public import PropertyGraph

/// A lightest set of edges that joins what hangs together: a tree for each component.
///
/// Edges are taken from the lightest on, each that joins two trees; of equal weight the one that
/// stands first in the graph's rows. Weights may be negative. Without weights any edges do, and
/// the first are taken.
///
/// - SeeAlso: Kruskal, *On the Shortest Spanning Subtree of a Graph* (1956).
public struct MinimumSpanningForest: Hashable, Sendable {
    /// Makes the kernel; it has no parameters.
    public init() {}

    /// A forest.
    public struct Result: Sendable {
        /// Its edges by the lower end and then the other; each as an arc of that end in
        /// `graph.outgoing`.
        public let edges: [TreeEdge]
        /// The sum of their weights.
        public let weight: Double
        /// How many trees there are, nodes without edges included.
        public let treeCount: Int
    }

    /// Finds a forest.
    ///
    /// - Throws: `.notSymmetric` on a directed graph; `.cancelled`.
    /// - Complexity: O(nodes + edges × α(nodes)) time, O(nodes + edges) space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        try graph.requireUndirected(for: "minimum-spanning-forest")
        var ticker = CancellationTicker(options)
        try options.checkCancellation()
        let sorted = try SortedEdges(graph, &ticker)
        var sets = DisjointSets(count: graph.nodeCount)
        var edges: [TreeEdge] = []
        for edge in sorted.edges {
            if sets.join(edge.source, edge.target) { edges.append(TreeEdge(edge, graph)) }
            try ticker.tick(2)
            if edges.count + 1 == graph.nodeCount { break }
        }
        edges.sort { $0.arc < $1.arc }
        return Result(
            edges: edges, weight: edges.reduce(0) { $0 + $1.weight },
            treeCount: graph.nodeCount - edges.count)
    }
}

/// An edge of a tree in an undirected graph.
public struct TreeEdge: Hashable, Sendable {
    /// Its lower end.
    public let source: UInt32
    /// Its other end.
    public let target: UInt32
    /// Its position in `graph.outgoing`, in the row of the lower end.
    public let arc: Int
    /// Its weight; 1 without weights.
    public let weight: Double

    init(_ edge: SortedEdges.Edge, _ graph: CSRGraph) {
        source = edge.source
        target = edge.target
        arc = edge.arc
        weight = graph.outgoing.weights?[edge.arc] ?? 1
    }

    /// The lightest edge between two nodes that are joined; nil when they are not.
    init?(between first: UInt32, and second: UInt32, in graph: CSRGraph) {
        let (lower, upper) = (min(first, second), max(first, second))
        let rows = graph.outgoing
        guard var best = rows.firstArc(from: lower, to: upper) else { return nil }
        if let weights = rows.weights {
            let end = rows.range(of: lower).upperBound
            for arc in best..<end {
                guard rows.targets[arc] == upper else { break }
                if weights[arc] < weights[best] { best = arc }
            }
        }
        self.init(SortedEdges.Edge(source: lower, target: upper, arc: best), graph)
    }
}

extension CSRGraph {
    /// Refuses a directed graph.
    func requireUndirected(for algorithm: String) throws(AlgorithmError) {
        guard !isDirected else {
            throw AlgorithmError(
                .notSymmetric,
                "Cannot run \(algorithm): the graph is directed. Project it as undirected.")
        }
    }
}
