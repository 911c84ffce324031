import PropertyGraph

/// Distances from one source by buckets of rough distance (delta-stepping on one thread).
///
/// What costs time on a large graph is waiting for memory, row after row. So nodes are taken from
/// a bucket a chunk at a time, and the beginnings of all their rows are touched before any of them
/// is followed: the processor then waits for all of them at once.
enum BucketSearch {
    /// Fills `distances`, which must be infinite everywhere.
    ///
    /// - Parameters:
    ///   - deadEnds: The nodes that lead nowhere else; see `deadEnds(of:)`.
    ///   - width: Of a bucket; the longest edge must be shorter than a ring of them.
    static func run(
        _ graph: CSRGraph, _ weights: CSRBuffer<Double>, deadEnds: CSRBuffer<UInt64>,
        from source: UInt32, width: Double, _ distances: inout MutableSpan<Double>,
        options: RunOptions
    ) throws(AlgorithmError) {
        var ticker = CancellationTicker(options)
        let offsets = graph.outgoing.offsets
        let targets = graph.outgoing.targets
        let scale = 1 / width
        var queue = BucketQueue()
        var batch = Batch(meanRow: targets.count / max(graph.nodeCount, 1))
        distances[Int(source)] = 0
        queue.push(source, bucket: 0)
        var bucket = 0
        while let current = queue.next(from: bucket) {
            bucket = current
            while true {
                let count = batch.take(from: &queue, bucket: bucket)
                if count == 0 { break }
                let rows = batch.prepare(
                    count, bucket, scale, offsets.span, targets.span, weights.span, distances.span)
                var work = count
                for index in 0..<rows {
                    work &+= settle(
                        batch.row(index), bucket, scale, targets.span, weights.span, deadEnds.span,
                        &distances, &queue)
                }
                try ticker.tick(work)
            }
        }
    }
}

extension BucketSearch {
    /// A bit for each node without arcs, or whose only arc leads back to where it was reached from:
    /// a fifth of the nodes of an R-MAT graph. They need not be settled.
    static func deadEnds(of graph: CSRGraph) -> CSRBuffer<UInt64> {
        let offsets = graph.outgoing.offsets
        let most: UInt64 = graph.isDirected ? 0 : 1
        return CSRBuffer(count: (graph.nodeCount + 63) / 64) { words in
            let offsets = offsets.span
            var start = offsets[0]
            for node in 0..<(offsets.count - 1) {
                let end = offsets[node + 1]
                words[node >> 6] |= (end &- start <= most ? 1 : 0) << UInt64(node & 63)
                start = end
            }
        }
    }
}

/// Nodes taken together, and where their rows lie.
private struct Batch {
    private var nodes = [UInt32](repeating: 0, count: BucketQueue.chunkSize)
    private var rows = [Row](repeating: Row(), count: BucketQueue.chunkSize)
    /// Whether most rows take several cache lines.
    private let areLong: Bool

    init(meanRow: Int) { areLong = meanRow >= 8 }

    struct Row {
        var node = noNode
        var first = 0
        var last = 0
        /// Values of the row: kept only so that they are loaded.
        var target: UInt32 = 0
        var weight = 0.0
    }

    mutating func take(from queue: inout BucketQueue, bucket: Int) -> Int {
        var span = nodes.mutableSpan
        return queue.take(bucket: bucket, into: &span)
    }

    func row(_ index: Int) -> Row { rows[index] }

    /// Drops nodes that came nearer and were settled in an earlier bucket, and touches the rows of
    /// the others; returns how many are left.
    mutating func prepare(
        _ count: Int, _ bucket: Int, _ scale: Double, _ offsets: Span<UInt64>,
        _ targets: Span<UInt32>, _ weights: Span<Double>, _ distances: Span<Double>
    ) -> Int {
        var kept = 0
        for index in 0..<count {
            let node = nodes[index]
            let first = Int(truncatingIfNeeded: offsets[Int(node)])
            let last = Int(truncatingIfNeeded: offsets[Int(node) + 1])
            rows[kept].node = node
            rows[kept].first = first
            rows[kept].last = last
            let isCurrent = Int(distances[Int(node)] * scale) == bucket && first < last
            kept &+= isCurrent ? 1 : 0
        }
        for index in 0..<kept {
            let first = rows[index].first
            rows[index].target = targets[first]
            rows[index].weight = weights[first]
        }
        if areLong {
            for index in 0..<kept { touchFurther(index, targets, weights) }
        }
        return kept
    }

    /// Touches the cache lines behind those at the row's start.
    private mutating func touchFurther(
        _ index: Int, _ targets: Span<UInt32>, _ weights: Span<Double>
    ) {
        let first = rows[index].first
        let end = rows[index].last &- 1
        rows[index].target ^= targets[min(first &+ 16, end)]
        rows[index].weight += weights[min(first &+ 8, end)] + weights[min(first &+ 16, end)]
    }
}

/// Relaxes the arcs of one node of the current bucket; returns the work done.
@inline(__always)
private func settle(
    _ row: Batch.Row, _ bucket: Int, _ scale: Double, _ targets: Span<UInt32>,
    _ lengths: Span<Double>, _ deadEnds: Span<UInt64>, _ distances: inout MutableSpan<Double>,
    _ queue: inout BucketQueue
) -> Int {
    let start = distances[Int(row.node)]
    let neighbours = targets.extracting(row.first..<row.last)
    let weights = lengths.extracting(row.first..<row.last)
    for arc in neighbours.indices {
        let target = neighbours[arc]
        let distance = start + weights[arc]
        let old = distances[Int(target)]
        guard distance < old else { continue }
        distances[Int(target)] = distance
        let place = Int(distance * scale)
        // A node that stays in a bucket still to come is queued there already.
        if deadEnds[Int(target >> 6)] >> UInt64(target & 63) & 1 == 1 { continue }
        if place == bucket || old == .infinity || Int(old * scale) != place {
            queue.push(target, bucket: place)
        }
    }
    return row.last &- row.first &+ 8
}
