public import PropertyGraph

/// Counts of the whole graph.
///
/// The degree of a node is its number of arcs: outgoing ones in a directed graph, all in an
/// undirected one, where a loop counts once.
public struct GraphStatistics: Hashable, Sendable {
    /// Makes the kernel; it has no parameters.
    public init() {}

    /// The counts.
    public struct Result: Hashable, Sendable {
        /// How many nodes there are.
        public let nodes: Int
        /// How many edges there are; an undirected one counts once.
        public let edges: Int
        /// How many edges lead from a node to itself.
        public let loops: Int
        /// How many edges there are beyond the first between the same nodes.
        public let parallelEdges: Int
        /// The smallest degree.
        public let minimumDegree: Int
        /// The largest degree.
        public let maximumDegree: Int
        /// The node of largest degree; of equals the lowest. Nil in an empty graph.
        public let maximumDegreeNode: UInt32?
        /// The mean degree.
        public let meanDegree: Double
        /// How many nodes have no edge at all, in either direction.
        public let isolated: Int
        /// Edges between different nodes, parallel ones once, as a share of all possible.
        public let density: Double
    }

    /// Counts.
    ///
    /// - Throws: `.cancelled`.
    /// - Complexity: O(nodes + edges) time, O(nodes) extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        let nodes = graph.nodeCount
        let offsets = graph.outgoing.offsets.span
        let targets = graph.outgoing.targets.span
        var hasEdge = [Bool](repeating: false, count: nodes)
        var ticker = CancellationTicker(options)
        var loops = 0
        var repeated = 0
        var repeatedLoops = 0
        var least = Int.max
        var most = (degree: -1, node: noNode)
        for node in 0..<nodes {
            let first = Int(truncatingIfNeeded: offsets[node])
            let last = Int(truncatingIfNeeded: offsets[node + 1])
            least = min(least, last - first)
            if last - first > most.degree {
                most = (last - first, UInt32(truncatingIfNeeded: node))
            }
            if last > first { hasEdge[node] = true }
            for arc in first..<last {
                let target = Int(targets[arc])
                hasEdge[target] = true
                let isRepeated = arc > first && targets[arc - 1] == targets[arc]
                if target == node { loops += 1 }
                if isRepeated, target == node { repeatedLoops += 1 }
                if isRepeated, target != node { repeated += 1 }
            }
            try ticker.tick(last - first + 1)
        }
        // An undirected edge between two nodes was met in the rows of both.
        let arcsPerEdge = graph.isDirected ? 1 : 2
        let between = (targets.count - loops - repeated) / arcsPerEdge
        let possible = Double(nodes) * Double(nodes - 1) / Double(arcsPerEdge)
        return Result(
            nodes: nodes, edges: graph.edgeCount, loops: loops,
            parallelEdges: repeated / arcsPerEdge + repeatedLoops,
            minimumDegree: nodes == 0 ? 0 : least, maximumDegree: max(most.degree, 0),
            maximumDegreeNode: nodes == 0 ? nil : most.node,
            meanDegree: nodes == 0 ? 0 : Double(targets.count) / Double(nodes),
            isolated: hasEdge.reduce(0) { $1 ? $0 : $0 + 1 },
            density: possible > 0 ? Double(between) / possible : 0)
    }
}
