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
        public let distances: [Double]
        /// The node before each on a shortest path, the lowest of several nearer ones; the source
        /// is its own parent; `UInt32.max` where a node was not reached. Nil when not asked for.
        public let parents: [UInt32]?
        /// How many nodes were reached, the source included.
        public let reached: Int
        /// The largest distance of a node reached.
        public let maxDistance: Double
        /// The sum of the distances of nodes reached.
        public let sumDistance: Double
    }

    /// Searches from each source.
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
        try graph.checkWeights(for: "sssp", options: options)
        let width = try bucketWidth(weights, graph, options: options)
        var results: [Result] = []
        for (index, source) in sources.enumerated() {
            var column = ParallelColumn(repeating: Double.infinity, count: graph.nodeCount)
            var span = column.mutableSpan
            if let width {
                try BucketSearch.run(
                    graph, weights, from: source, width: width, &span, options: options)
            } else {
                try searchByHeap(graph, weights, source, &span, options: options)
            }
            let distances = column.array()
            var parents: [UInt32]?
            if hasParents {
                parents = try TightParents.find(
                    graph, weights, source, distances, options: options)
            }
            results.append(Self.summarize(source, distances, parents))
            options.report("sources", index + 1, of: sources.count)
        }
        return results
    }

    private func runUnweighted(
        _ graph: CSRGraph, options: RunOptions
    ) throws(AlgorithmError) -> [Result] {
        let levels = try BreadthFirstSearch(sources: sources).run(on: graph, options: options)
        return levels.map { level in
            Self.summarize(
                level.source, level.depths.map { $0 < 0 ? .infinity : Double($0) },
                hasParents ? level.parents : nil)
        }
    }

    private static func summarize(
        _ source: UInt32, _ distances: [Double], _ parents: [UInt32]?
    ) -> Result {
        var reached = 0
        var largest = 0.0
        var sum = 0.0
        for distance in distances where distance < .infinity {
            reached += 1
            largest = max(largest, distance)
            sum += distance
        }
        return Result(
            source: source, distances: distances, parents: parents, reached: reached,
            maxDistance: largest, sumDistance: sum)
    }
}

extension SingleSourceShortestPaths {
    /// The width of a bucket: the mean weight shared among the arcs of a mean node, so that a
    /// bucket is likely to be settled by one look at each of its nodes. Nil when the longest edge
    /// would not fit into the ring, or there is nothing to divide.
    private func bucketWidth(
        _ weights: CSRBuffer<Double>, _ graph: CSRGraph, options: RunOptions
    ) throws(AlgorithmError) -> Double? {
        let offsets = graph.outgoing.offsets
        let sums = try ParallelRows(offsets: offsets, options: options).sweep { block in
            let arcs = Int(offsets[block.rows.lowerBound])..<Int(offsets[block.rows.upperBound])
            return [sumOf(weights.span.extracting(arcs)), 0, 0, 0]
        }
        let longest = largestOf(weights.span)
        let mean = sums[0] / Double(max(weights.count, 1))
        let degree = Double(weights.count) / Double(max(graph.nodeCount, 1))
        let width = mean / max(degree, 1)
        guard width > 0, width.isNormal, longest.isFinite,
            longest / width < Double(BucketQueue.ringSize - 4)
        else { return nil }
        return width
    }

    private func searchByHeap(
        _ graph: CSRGraph, _ weights: CSRBuffer<Double>, _ source: UInt32,
        _ span: inout MutableSpan<Double>, options: RunOptions
    ) throws(AlgorithmError) {
        var ticker = CancellationTicker(options)
        var heap = DistanceHeap()
        let rows = graph.outgoing
        let targets = rows.targets.span
        let lengths = weights.span
        span[Int(source)] = 0
        heap.push(.init(distance: 0, node: source))
        while let nearest = heap.pop() {
            guard nearest.distance == span[Int(nearest.node)] else { continue }
            let row = rows.range(of: nearest.node)
            for arc in row {
                let target = targets[arc]
                let distance = nearest.distance + lengths[arc]
                if distance < span[Int(target)] {
                    span[Int(target)] = distance
                    heap.push(.init(distance: distance, node: target))
                }
            }
            try ticker.tick(row.count &+ 8)
        }
    }
}

private func sumOf(_ values: Span<Double>) -> Double {
    var sum = 0.0
    for index in values.indices { sum += values[index] }
    return sum
}

private func largestOf(_ values: Span<Double>) -> Double {
    var largest = 0.0
    for index in values.indices { largest = max(largest, values[index]) }
    return largest
}
