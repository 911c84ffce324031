public import PropertyGraph

/// The most that can flow from one node to another, and the edges that forbid more.
///
/// Weights are capacities; without weights every edge carries 1. Parallel edges carry together, an
/// undirected edge carries either way. Levels of distance from the source are found anew in each
/// phase, and flow is sent along them until they are blocked (Dinic's method).
///
/// - SeeAlso: Dinic, *Algorithm for Solution of a Problem of Maximum Flow in Networks with Power
///   Estimation* (1970); Ford, Fulkerson, *Maximal Flow through a Network* (1956).
public struct MaximumFlow: Hashable, Sendable {
    /// Where the flow comes from.
    public var source: UInt32
    /// Where it goes.
    public var target: UInt32

    /// Makes the kernel; nodes are checked when it runs.
    public init(from source: UInt32, to target: UInt32) {
        self.source = source
        self.target = target
    }

    /// A flow and a cut of the same size, which proves both.
    public struct Result: Sendable {
        /// How much flows.
        public let value: Double
        /// What flows along each arc of `graph.outgoing`, from 0 to its capacity. Of the two arcs
        /// of an undirected edge only one carries anything.
        public let flows: [Double]
        /// Whether each node is on the source's side of the cut: the nodes to which more could
        /// still flow.
        public let isOnSourceSide: [Bool]
        /// The arcs that lead from the source's side to the other. Their capacities sum to
        /// `value`, up to rounding, so no flow is larger and no cut smaller.
        public let cut: [Int]
    }

    /// Finds a flow.
    ///
    /// - Throws: `.nodeNotFound`; `.invalidParameter` when source and target are one node;
    ///   `.negativeWeight`, naming the edge; `.invalidWeight` for an infinite one; `.tooLarge` for
    ///   more than 2³¹ arcs; `.cancelled`.
    /// - Complexity: O(nodes² × edges) time at worst, typically far less; O(nodes + edges) space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        try graph.checkNode(source, name: "source")
        try graph.checkNode(target, name: "target")
        guard source != target else {
            throw AlgorithmError(
                .invalidParameter,
                "Cannot find a flow: source and target are the same node. Give two nodes.")
        }
        guard graph.outgoing.arcCount < 1 << 31 else {
            throw AlgorithmError(
                .tooLarge,
                "Cannot find a flow: the graph has \(graph.outgoing.arcCount) arcs, more than "
                    + "\(1 << 31). Project fewer edges.")
        }
        if graph.isWeighted { try graph.checkFiniteWeights(for: "maximum-flow", options: options) }
        var network = ResidualNetwork(graph)
        let value = try network.fill(from: source, to: target, options: options)
        let isOnSourceSide = network.isReached
        let cut = (0..<UInt32(truncatingIfNeeded: graph.nodeCount)).flatMap { node in
            graph.outgoing.range(of: node).filter { arc in
                isOnSourceSide[Int(node)] && !isOnSourceSide[Int(graph.outgoing.targets[arc])]
            }
        }
        return Result(
            value: value, flows: network.flows(graph), isOnSourceSide: isOnSourceSide, cut: cut)
    }
}
