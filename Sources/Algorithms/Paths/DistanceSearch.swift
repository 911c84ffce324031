import PropertyGraph

/// Distances by weight over one graph, from one source after the other.
///
/// What does not depend on the source is found once: that no weight is below zero, and how wide a
/// bucket should be. A search keeps nothing between calls, so threads may share one.
struct DistanceSearch: Sendable {
    private let graph: CSRGraph
    private let weights: CSRBuffer<Double>
    private let width: Double?
    /// Meant only where there is a width.
    private let deadEnds: CSRBuffer<UInt64>
    private let options: RunOptions

    /// Prepares searches along outgoing rows.
    ///
    /// - Throws: `.negativeWeight`, naming the edge; `.cancelled`.
    init(
        _ graph: CSRGraph, _ weights: CSRBuffer<Double>, for algorithm: String, options: RunOptions
    ) throws(AlgorithmError) {
        let range = try graph.checkWeights(for: algorithm, options: options)
        self.graph = graph
        self.weights = weights
        self.options = options
        width = range.bucketWidth(over: graph)
        deadEnds = width == nil ? CSRBuffer([]) : BucketSearch.deadEnds(of: graph)
    }

    /// The distance of each node from a source; infinity where it is not reached.
    func distances(from source: UInt32) throws(AlgorithmError) -> [Double] {
        var distances = [Double](repeating: .infinity, count: graph.nodeCount)
        var span = distances.mutableSpan
        if let width {
            try BucketSearch.run(
                graph, weights, deadEnds: deadEnds, from: source, width: width, &span,
                options: options)
        } else {
            try searchByHeap(source, &span)
        }
        return distances
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
