import PropertyGraph

/// Distances by weight over one graph, from one source after the other.
///
/// What does not depend on the source is found once: that no weight is below zero, and how wide a
/// bucket should be. A search keeps nothing between calls, so threads may share one.
struct DistanceSearch: Sendable {
    private let graph: CSRGraph
    private let weights: CSRBuffer<Double>
    private let width: Double?
    private let options: RunOptions

    /// Prepares searches along outgoing rows.
    ///
    /// - Throws: `.negativeWeight`, naming the edge; `.cancelled`.
    init(
        _ graph: CSRGraph, _ weights: CSRBuffer<Double>, for algorithm: String, options: RunOptions
    ) throws(AlgorithmError) {
        try graph.checkWeights(for: algorithm, options: options)
        self.graph = graph
        self.weights = weights
        self.options = options
        width = try Self.bucketWidth(weights, graph, options: options)
    }

    /// The distance of each node from a source; infinity where it is not reached.
    func distances(from source: UInt32) throws(AlgorithmError) -> [Double] {
        var distances = [Double](repeating: .infinity, count: graph.nodeCount)
        var span = distances.mutableSpan
        if let width {
            try BucketSearch.run(
                graph, weights, from: source, width: width, &span, options: options)
        } else {
            try searchByHeap(source, &span)
        }
        return distances
    }

    /// The width of a bucket: the mean weight shared among the arcs of a mean node, so that a
    /// bucket is likely to be settled by one look at each of its nodes. Nil when the longest edge
    /// would not fit into the ring, or there is nothing to divide.
    static func bucketWidth(
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
        _ source: UInt32, _ span: inout MutableSpan<Double>
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
    // Four sums at once: a single one would wait for each addition before the next.
    var sums = (0.0, 0.0, 0.0, 0.0)
    var index = 0
    while index &+ 4 <= values.count {
        sums.0 += values[index]
        sums.1 += values[index &+ 1]
        sums.2 += values[index &+ 2]
        sums.3 += values[index &+ 3]
        index &+= 4
    }
    while index < values.count {
        sums.0 += values[index]
        index &+= 1
    }
    return (sums.0 + sums.1) + (sums.2 + sums.3)
}

private func largestOf(_ values: Span<Double>) -> Double {
    var largest = (0.0, 0.0, 0.0, 0.0)
    var index = 0
    while index &+ 4 <= values.count {
        largest.0 = values[index] > largest.0 ? values[index] : largest.0
        largest.1 = values[index &+ 1] > largest.1 ? values[index &+ 1] : largest.1
        largest.2 = values[index &+ 2] > largest.2 ? values[index &+ 2] : largest.2
        largest.3 = values[index &+ 3] > largest.3 ? values[index &+ 3] : largest.3
        index &+= 4
    }
    while index < values.count {
        largest.0 = max(largest.0, values[index])
        index &+= 1
    }
    return max(max(largest.0, largest.1), max(largest.2, largest.3))
}
