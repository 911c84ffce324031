public import PropertyGraph

/// A graph as a plain list of edges: the model that frozen graphs and kernels are checked against.
public struct EdgeListGraph: Sendable, CustomStringConvertible {
    /// An edge.
    public struct Edge: Hashable, Sendable {
        /// Where it starts.
        public var source: Int
        /// Where it ends.
        public var target: Int
        /// Its weight; 1 in an unweighted graph.
        public var weight: Double

        /// Makes an edge.
        public init(_ source: Int, _ target: Int, weight: Double = 1) {
            self.source = source
            self.target = target
            self.weight = weight
        }
    }

    /// How many nodes there are.
    public var nodeCount: Int
    /// Whether edges have a direction.
    public var isDirected: Bool
    /// Whether weights mean something.
    public var isWeighted: Bool
    /// The edges in the order of the input.
    public var edges: [Edge]

    /// Makes a graph.
    public init(nodeCount: Int, isDirected: Bool = true, isWeighted: Bool = false, edges: [Edge]) {
        self.nodeCount = nodeCount
        self.isDirected = isDirected
        self.isWeighted = isWeighted
        self.edges = edges
    }

    /// Makes an unweighted graph from pairs.
    public init(nodeCount: Int, isDirected: Bool = true, _ pairs: [(Int, Int)]) {
        self.init(
            nodeCount: nodeCount, isDirected: isDirected, edges: pairs.map { Edge($0.0, $0.1) })
    }

    /// The graph in compressed sparse rows.
    ///
    /// - Throws: What the builder throws.
    public func frozen(
        hasIncoming: Bool = true, isSimple: Bool = false
    ) throws(CSRBuildError) -> CSRGraph {
        let sources = edges.map { UInt32($0.source) }
        let targets = edges.map { UInt32($0.target) }
        let weights = edges.map(\.weight)
        let builder = CSRGraphBuilder(
            isDirected: isDirected, isSimple: isSimple, hasIncoming: hasIncoming)
        return try builder.build(
            nodeCount: nodeCount, sources: CSRBuffer(sources), targets: CSRBuffer(targets),
            weights: isWeighted ? CSRBuffer(weights) : nil)
    }

    /// All arcs: the edges, and in an undirected graph those back, loops once.
    public var arcs: [Edge] {
        if isDirected { return edges }
        return edges.flatMap { edge in
            edge.source == edge.target
                ? [edge] : [edge, Edge(edge.target, edge.source, weight: edge.weight)]
        }
    }

    /// What is needed to make the graph again by hand.
    public var description: String {
        let list = edges.map { "(\($0.source), \($0.target), \($0.weight))" }
        return "\(isDirected ? "directed" : "undirected") \(nodeCount) nodes: "
            + list.joined(separator: " ")
    }
}

extension EdgeListGraph {
    /// A small graph of any kind: empty, sparse, dense, with loops, parallel edges, isolated last
    /// nodes, weights of zero, ties. The seed decides everything.
    ///
    /// - Parameters:
    ///   - isDirected: Nil leaves it to the seed.
    ///   - isWeighted: Nil leaves it to the seed.
    public static func random(
        seed: UInt64, isDirected: Bool? = nil, isWeighted: Bool? = nil, maxNodes: Int = 20
    ) -> EdgeListGraph {
        var random = SplitMix64(seed: seed)
        let directed = random.oneIn(2)
        let weighted = random.oneIn(2)
        let nodes = random.below(maxNodes + 1)
        // Nodes from here on stay without edges.
        let used = random.oneIn(3) ? nodes : random.below(nodes + 1)
        let factor = [0, 1, 1, 2, 4][random.below(5)]
        let hasLoops = random.oneIn(2)
        let weightKind = random.below(3)
        var edges: [Edge] = []
        for _ in 0..<(used * factor) {
            let source = random.below(used)
            let target = random.below(used)
            if source == target, !hasLoops { continue }
            let weight: Double
            switch weightKind {
            case 0: weight = Double(1 + random.below(5))
            case 1: weight = Double(random.below(3))
            default: weight = Double(random.below(1 << 20)) / 1024
            }
            edges.append(Edge(source, target, weight: weight))
            if random.oneIn(6), let last = edges.last { edges.append(last) }
        }
        return EdgeListGraph(
            nodeCount: nodes, isDirected: isDirected ?? directed,
            isWeighted: isWeighted ?? weighted, edges: edges)
    }

    /// A graph of hubs and leaves, dense enough for kernels to use their ways of large graphs.
    ///
    /// - Complexity: O(edges).
    public static func hubs(
        seed: UInt64, nodeCount: Int, edgeCount: Int, isDirected: Bool, isWeighted: Bool = false
    ) -> EdgeListGraph {
        var random = SplitMix64(seed: seed)
        var edges: [Edge] = []
        for _ in 0..<edgeCount {
            // The product of two draws prefers low numbers.
            let source = random.below(nodeCount) * random.below(nodeCount) / nodeCount
            let target = random.below(nodeCount)
            edges.append(Edge(source, target, weight: Double(1 + random.below(255))))
        }
        return EdgeListGraph(
            nodeCount: nodeCount, isDirected: isDirected, isWeighted: isWeighted, edges: edges)
    }
}
