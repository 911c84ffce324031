public import PropertyGraph

/// Distances by weight from a source.
///
/// Nodes are settled in rough order of distance from a ring of buckets (delta-stepping on one
/// thread, its width chosen from the mean weight and degree); where weights differ too much in
/// size for that, in exact order from a 4-ary heap (Dijkstra). Without weights every edge counts 1
/// and breadth-first search answers. A distance is the smallest left-to-right sum of weights over
/// all paths, so every way of computing it gives the same bits.
///
/// - SeeAlso: Dijkstra, *A Note on Two Problems in Connexion with Graphs* (1959); Meyer, Sanders,
///   *Δ-Stepping: A Parallelizable Shortest Path Algorithm* (2003).
public struct SingleSourceShortestPaths: Hashable, Sendable {
    /// The nodes to start from; each is a search of its own.
    public var sources: [UInt32]
    /// Whether to find the node before each on a shortest path.
    public var hasParents: Bool

    /// Makes the kernel; its values are checked when it runs.
    public init(sources: [UInt32], hasParents: Bool = false) {
        self.sources = sources
        self.hasParents = hasParents
    }

    /// The outcome of one search.
    public struct Result: Sendable {
        /// Where it started.
        public let source: UInt32
        /// The distance of each node; infinity where it was not reached.
        ///
        /// - Complexity: O(1); without weights O(nodes) when few were reached, for then only theirs
        ///   are kept. Take it once.
        public var distances: [Double] { distanceValues.array }
        /// The node before each on a shortest path, the lowest of several nearer ones; the source
        /// is its own parent; `UInt32.max` where a node was not reached. Nil when not asked for.
        ///
        /// - Complexity: As that of `distances`.
        public var parents: [UInt32]? { parentValues?.array }
        /// How many nodes were reached, the source included.
        public let reached: Int
        /// The largest distance of a node reached.
        public let maxDistance: Double
        /// The sum of the distances of nodes reached.
        public let sumDistance: Double

        let distanceValues: ReachedValues<Double>
        let parentValues: ReachedValues<UInt32>?
    }

    /// Searches from each source; several sources are shared among the threads.
    ///
    /// - Returns: One result for each source, in their order.
    /// - Throws: `.nodeNotFound`; `.negativeWeight`, naming the edge; `.cancelled`.
    /// - Complexity: O(edges + nodes × log nodes) time a source, O(nodes) extra space; with
    ///   buckets typically O(nodes + edges).
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> [Result] {
        for source in sources { try graph.checkNode(source, name: "source") }
        guard let weights = graph.outgoing.weights else {
            return try runUnweighted(graph, options: options)
        }
        let (inner, workers) = options.sharing(sources.count, over: graph)
        let search = try DistanceSearch(graph, weights, for: "sssp", options: inner)
        return try options.mapTasks(sources.count, workers: workers) {
            index throws(AlgorithmError) -> Result in
            let source = sources[index]
            let distances = try search.distances(from: source)
            var parents: [UInt32]?
            if hasParents {
                parents = try TightParents.find(
                    graph, weights, source, distances, options: inner)
            }
            if workers == 1 { options.report("sources", index + 1, of: sources.count) }
            return Self.summarize(
                source, ReachedValues(distances), parents.map { ReachedValues($0) })
        }
    }

    private func runUnweighted(
        _ graph: CSRGraph, options: RunOptions
    ) throws(AlgorithmError) -> [Result] {
        let levels = try BreadthFirstSearch(sources: sources, hasParents: hasParents)
            .run(on: graph, options: options)
        let kept = levels.reduce(0) { $0 + $1.depthValues.keptCount }
        let workers = options.workerCount(work: kept, tasks: levels.count)
        return try options.mapTasks(levels.count, workers: workers) { index in
            let level = levels[index]
            return Self.summarize(
                level.source, level.depthValues.map { $0 < 0 ? .infinity : Double($0) },
                level.parentValues)
        }
    }

    private static func summarize(
        _ source: UInt32, _ distances: ReachedValues<Double>, _ parents: ReachedValues<UInt32>?
    ) -> Result {
        var reached = 0
        var largest = 0.0
        var sum = 0.0
        distances.forEachKept { distance in
            guard distance < .infinity else { return }
            reached += 1
            largest = max(largest, distance)
            sum += distance
        }
        return Result(
            source: source, reached: reached, maxDistance: largest, sumDistance: sum,
            distanceValues: distances, parentValues: parents)
    }
}
