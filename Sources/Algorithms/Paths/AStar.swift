public import PropertyGraph

/// A path of least cost between two nodes, searched straight at the target.
///
/// Landmarks or places of nodes tell how far the target is at least, and the nodes that look
/// nearest to it are taken first. The answer is as cheap as that of `ShortestPath`; only the
/// number of nodes visited differs. Places need not fit the weights: they are scaled by the least
/// cost that any edge has for its length, so that they can never mislead.
///
/// - SeeAlso: Hart, Nilsson, Raphael, *A Formal Basis for the Heuristic Determination of Minimum
///   Cost Paths* (1968); Goldberg, Harrelson, *Computing the Shortest Path: A\* Search Meets Graph
///   Theory* (2005).
public struct AStar: Sendable {
    /// What is known about distances to the target.
    public enum Guide: Sendable {
        /// Nothing: the search is Dijkstra's.
        case none
        /// Distances from and to landmarks.
        case landmarks(LandmarkIndex)
        /// Where the nodes lie.
        case places(Places)
    }

    /// The source and target of each path to find.
    public var pairs: [(source: UInt32, target: UInt32)]
    /// What is known about distances.
    public var guide: Guide

    /// Makes the kernel; nodes are checked when it runs.
    public init(pairs: [(source: UInt32, target: UInt32)], guide: Guide) {
        self.pairs = pairs
        self.guide = guide
    }

    /// The paths and what they took.
    public struct Result: Sendable {
        /// One for each pair, in their order; nil where the target cannot be reached.
        public let paths: [ShortestPath.Path?]
        /// How many nodes were visited for all of them.
        public let visited: Int
    }

    /// Finds the paths; without weights every edge costs 1.
    ///
    /// Which of several paths of equal cost is found does not change from run to run.
    ///
    /// - Throws: `.nodeNotFound`; `.negativeWeight`, naming the edge; `.invalidParameter` when the
    ///   guide was made for another graph; `.cancelled`.
    /// - Complexity: O(edges + nodes × log nodes) time a pair at worst, typically far less; with
    ///   places O(edges) once; O(nodes) space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        for pair in pairs {
            try graph.checkNode(pair.source, name: "source")
            try graph.checkNode(pair.target, name: "target")
        }
        if graph.isWeighted { try graph.checkWeights(for: "astar", options: options) }
        switch guide {
        case .none:
            return try search(graph, options) { _ in NoEstimate() }
        case .landmarks(let index):
            try index.check(graph)
            return try search(graph, options) { index.estimate(to: $0) }
        case .places(let places):
            guard places.count == graph.nodeCount else {
                throw AlgorithmError(
                    .invalidParameter,
                    "Cannot run astar: \(places.count) places are given for \(graph.nodeCount) "
                        + "nodes. Give one for each.")
            }
            let cost = places.leastCostPerUnit(graph)
            return try search(graph, options) { target in
                PlaceEstimate(places, to: target, costPerUnit: cost)
            }
        }
    }

    private func search<Estimate: DistanceEstimate>(
        _ graph: CSRGraph, _ options: RunOptions, _ estimate: (UInt32) -> Estimate
    ) throws(AlgorithmError) -> Result {
        var search = GuidedSearch(graph.outgoing)
        var ticker = CancellationTicker(options)
        var paths: [ShortestPath.Path?] = []
        for (index, pair) in pairs.enumerated() {
            try options.checkCancellation()
            let found = try search.path(
                from: pair.source, to: pair.target, by: estimate(pair.target), &ticker)
            paths.append(found.map { ShortestPath.path(along: $0.nodes, in: graph.outgoing) })
            options.report("pairs", index + 1, of: pairs.count)
        }
        return Result(paths: paths, visited: search.visited)
    }
}
