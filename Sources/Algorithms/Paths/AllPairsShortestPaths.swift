public import PropertyGraph

/// Distances between all pairs of nodes of a small graph.
///
/// One search from each node; several run at once. Nothing is faster on a sparse graph, and a
/// dense one of this size costs no more than Floyd and Warshall's method.
public struct AllPairsShortestPaths: Hashable, Sendable {
    /// What `maxNodes` may be: a matrix of that many nodes a side is 8.6 GB.
    public static let nodeRange = ParameterRange(0...32_768)

    /// The largest graph accepted: the answer has as many values as the square of its nodes.
    public var maxNodes: Int

    /// Makes the kernel; its values are checked when it runs.
    public init(maxNodes: Int = 4096) { self.maxNodes = maxNodes }

    /// The distances.
    public struct Result: Sendable {
        /// How many nodes there are.
        public let nodeCount: Int
        /// The distance from node `s` to node `t` at `s × nodeCount + t`; infinity where there is
        /// no path.
        public let distances: [Double]

        /// The distance between two nodes.
        public subscript(source: UInt32, target: UInt32) -> Double {
            distances[Int(source) * nodeCount + Int(target)]
        }

        /// How many ordered pairs of different nodes have a path, the sum of their distances, and
        /// the largest.
        public var facts: (reachable: Int, sum: Double, diameter: Double) {
            var facts = (reachable: 0, sum: 0.0, diameter: 0.0)
            for (place, distance) in distances.enumerated()
            where distance < .infinity && place / nodeCount != place % nodeCount {
                facts.reachable += 1
                facts.sum += distance
                facts.diameter = max(facts.diameter, distance)
            }
            return facts
        }
    }

    /// Finds the distances; without weights every edge counts 1.
    ///
    /// - Throws: `.invalidParameter`; `.tooLarge` for more nodes than `maxNodes`;
    ///   `.negativeWeight`, naming the edge; `.cancelled`.
    /// - Complexity: O(nodes × (edges + nodes × log nodes)) time, O(nodes²) space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        try Self.nodeRange.check(Double(maxNodes), name: "max-nodes")
        let nodes = graph.nodeCount
        guard nodes <= maxNodes else {
            let megabytes = Int((Double(nodes) * Double(nodes) / 125_000).rounded(.up))
            throw AlgorithmError(
                .tooLarge,
                "Cannot run all-pairs: the graph has \(nodes) nodes, more than the \(maxNodes) "
                    + "allowed, and the distances would take about \(megabytes) MB. "
                    + "Raise max-nodes, or run sssp from the sources you need.")
        }
        // Each search works alone, so that they can run side by side.
        var alone = options
        alone.threads = 1
        alone.progress = nil
        let inner = alone
        let search: DistanceSearch? =
            if let weights = graph.outgoing.weights {
                try DistanceSearch(graph, weights, for: "all-pairs", options: inner)
            } else { nil }
        let workers = options.workerCount(
            work: nodes * (graph.outgoing.arcCount + nodes), tasks: nodes)
        let rows = try options.mapTasks(nodes, workers: workers) {
            source throws(AlgorithmError) -> [Double] in
            let source = UInt32(truncatingIfNeeded: source)
            if let search { return try search.distances(from: source) }
            let level = try BreadthFirstSearch(sources: [source], hasParents: false)
                .run(on: graph, options: inner)[0]
            return level.depths.map { $0 < 0 ? .infinity : Double($0) }
        }
        return Result(nodeCount: nodes, distances: Array(rows.joined()))
    }
}
