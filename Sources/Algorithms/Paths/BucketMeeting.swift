import PropertyGraph

/// Two searches by buckets of rough distance that meet: for large graphs of few edges a node, where
/// a heap of all nodes that wait misses the cache at every step.
///
/// Either side settles everything nearer than its current bucket. The search ends when no path
/// through what both still have to see can be shorter than the best seen.
///
/// - SeeAlso: Meyer, Sanders, *Δ-Stepping: a Parallelizable Shortest Path Algorithm* (2003); Pohl,
///   *Bi-Directional Search* (1971).
struct BucketMeeting: MeetingSearch {
    private var forward: BucketSide
    private var backward: BucketSide

    /// - Parameter width: Of a bucket, as `DistanceSearch` has it.
    init(_ outgoing: CSRRows, _ incoming: CSRRows, width: Double) {
        forward = BucketSide(outgoing, width)
        backward = BucketSide(incoming, width)
    }

    /// Whether a graph is so large, and its nodes have so few edges, that this way is the quicker.
    static func suits(_ graph: CSRGraph) -> Bool {
        graph.nodeCount >= 1 << 14 && graph.outgoing.arcCount < 8 * graph.nodeCount
    }

    mutating func path(
        from source: UInt32, to target: UInt32, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> [UInt32]? {
        forward.restart(at: source)
        backward.restart(at: target)
        var best = Meeting()
        if source == target { best = Meeting(cost: 0, node: source) }
        while let near = forward.nextBound(), let far = backward.nextBound(),
            near + far < best.cost
        {
            let work =
                near <= far
                ? forward.advance(toward: backward.distances, &best)
                : backward.advance(toward: forward.distances, &best)
            try ticker.tick(work)
        }
        guard best.node != noNode else { return nil }
        return joinHalves(best.node, forward.parents, backward.parents)
    }
}

/// One of the two searches.
private struct BucketSide {
    private let rows: CSRRows
    private let width: Double
    private var queue = BucketQueue()
    private var bucket = 0
    private var touched: [UInt32] = []
    private var nodes = [UInt32](repeating: 0, count: BucketQueue.chunkSize)
    private var starts = [Int](repeating: 0, count: BucketQueue.chunkSize)
    var distances: [Double]
    var parents: [UInt32]

    init(_ rows: CSRRows, _ width: Double) {
        self.rows = rows
        self.width = width
        distances = [Double](repeating: .infinity, count: rows.offsets.count - 1)
        parents = [UInt32](repeating: noNode, count: rows.offsets.count - 1)
    }

    /// Forgets the last pair; only what it touched is cleared.
    mutating func restart(at node: UInt32) {
        for old in touched {
            distances[Int(old)] = .infinity
            parents[Int(old)] = noNode
        }
        touched.removeAll(keepingCapacity: true)
        queue = BucketQueue()
        bucket = 0
        distances[Int(node)] = 0
        parents[Int(node)] = node
        touched.append(node)
        queue.push(node, bucket: 0)
    }

    /// Below which distance all is settled; nil when nothing waits.
    mutating func nextBound() -> Double? {
        guard let next = queue.next(from: bucket) else { return nil }
        bucket = next
        // A little less, for a distance may be rounded up into the bucket.
        return Double(bucket) * width * (1 - 0x1p-48)
    }

    private static func take(
        from queue: inout BucketQueue, _ bucket: Int, into nodes: inout [UInt32]
    ) -> Int {
        var span = nodes.mutableSpan
        return queue.take(bucket: bucket, into: &span)
    }

    /// Follows the rows of some nodes of the current bucket; returns the work done.
    mutating func advance(toward other: [Double], _ best: inout Meeting) -> Int {
        let rows = rows
        guard let weights = rows.weights else { return 1 }
        let count = Self.take(from: &queue, bucket, into: &nodes)
        return follow(
            nodes, count, bucket, 1 / width, rows.offsets.span, rows.targets.span, weights.span,
            other.span, &starts, &distances, &parents, &touched, &queue, &best)
    }
}

private func follow(
    _ nodes: [UInt32], _ count: Int, _ bucket: Int, _ scale: Double, _ offsets: Span<UInt64>,
    _ targets: Span<UInt32>, _ lengths: Span<Double>, _ other: Span<Double>, _ starts: inout [Int],
    _ distances: inout [Double], _ parents: inout [UInt32], _ touched: inout [UInt32],
    _ queue: inout BucketQueue, _ best: inout Meeting
) -> Int {
    var known = distances.mutableSpan
    var before = parents.mutableSpan
    // All rows are asked for before the first is followed, so that the waits overlap.
    for place in 0..<count { starts[place] = Int(truncatingIfNeeded: offsets[Int(nodes[place])]) }
    var work = count &* 8
    for place in 0..<count {
        let node = nodes[place]
        let start = known[Int(node)]
        // One that came nearer was settled in an earlier bucket.
        guard Int(start * scale) == bucket else { continue }
        let end = Int(truncatingIfNeeded: offsets[Int(node) + 1])
        var arc = starts[place]
        work &+= end &- arc
        while arc < end {
            let target = targets[arc]
            let distance = start + lengths[arc]
            arc &+= 1
            let old = known[Int(target)]
            // Nothing at or beyond the best way seen can be part of a better one.
            guard distance < old, distance < best.cost else { continue }
            if old == .infinity { touched.append(target) }
            known[Int(target)] = distance
            before[Int(target)] = node
            let into = Int(distance * scale)
            // A node that stays in a bucket still to come is queued there already.
            if into == bucket || old == .infinity || Int(old * scale) != into {
                queue.push(target, bucket: into)
            }
            let cost = distance + other[Int(target)]
            if cost < best.cost { best = Meeting(cost: cost, node: target) }
        }
    }
    return work
}
