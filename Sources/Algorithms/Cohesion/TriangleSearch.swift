import PropertyGraph

/// Finds every triangle of simple rows once.
///
/// Where degrees are alike, each pair of neighbours' sorted rows is merged. Where hubs would make
/// that slow, nodes are numbered anew by falling degree and each keeps only neighbours of higher
/// degree, as blocks of 64 numbers with a bit for each: hubs lie close together there, so one
/// "and" of two blocks tests many pairs at once.
struct TriangleSearch {
    let rows: SimpleRows
    /// Whether to count the triangles at each node, too.
    let hasCorners: Bool
    let options: RunOptions

    /// What was found.
    struct Counts: Sendable {
        /// How many triangles there are.
        var total = 0
        /// For each node how many triangles it is a corner of; with directions, how many directed
        /// edges join its neighbours. Empty when not asked for.
        var corners: [UInt64] = []

        mutating func add(_ other: Counts) {
            total += other.total
            for node in other.corners.indices { corners[node] += other.corners[node] }
        }
    }

    func run() throws(AlgorithmError) -> Counts {
        let nodes = rows.nodeCount
        let squares = sumOfSquares(rows.offsets.span)
        let isSkewed = squares > 32 * Double(rows.arcCount)
        let blocked = isSkewed ? try BlockedRows(rows, options: options) : nil
        let work = isSkewed ? Int(min(squares, 1e15)) : rows.arcCount * 8
        let tasks = stretches(blocked?.rowCount ?? nodes, of: isSkewed ? 256 : 1 << 12)
        let dispenser = TaskDispenser(count: tasks.count, options: options)
        let parts = try options.onWorkers(
            options.workerCount(work: work, tasks: tasks.count)
        ) { _ throws(AlgorithmError) -> Counts in
            var counts = Counts()
            if hasCorners { counts.corners = [UInt64](repeating: 0, count: nodes) }
            var marks = [UInt64](repeating: 0, count: isSkewed ? nodes / 64 + 1 : 0)
            var bothMarks = isSkewed && rows.isMutual != nil ? marks : []
            while let task = try dispenser.take() {
                if let blocked {
                    counts.total &+= blocked.count(
                        tasks[task], &marks, &bothMarks, &counts.corners)
                } else {
                    counts.total &+= mergeRows(
                        tasks[task], rows.offsets.span, rows.targets.span, rows.isMutual?.span,
                        hasCorners, &counts.corners)
                }
            }
            return counts
        }
        var counts = parts.first ?? Counts()
        for part in parts.dropFirst() { counts.add(part) }
        if let blocked, hasCorners { counts.corners = blocked.originalOrder(counts.corners) }
        return counts
    }
}

/// The sum of the squares of all degrees.
private func sumOfSquares(_ offsets: Span<UInt64>) -> Double {
    var sum = 0.0
    var start = offsets[0]
    for place in 1..<offsets.count {
        let end = offsets[place]
        let degree = Double(end &- start)
        sum += degree * degree
        start = end
    }
    return sum
}

/// Counts the triangles whose highest node lies in a stretch.
private func mergeRows(
    _ nodes: Range<Int>, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ mutual: Span<UInt8>?, _ hasCorners: Bool, _ corners: inout [UInt64]
) -> Int {
    var total = 0
    for node in nodes {
        let first = Int(truncatingIfNeeded: offsets[node])
        let last = Int(truncatingIfNeeded: offsets[node + 1])
        for arc in first..<last {
            let middle = targets[arc]
            if Int(middle) >= node { break }
            var left = first
            var right = Int(truncatingIfNeeded: offsets[Int(middle)])
            let end = Int(truncatingIfNeeded: offsets[Int(middle) + 1])
            while left < arc, right < end {
                let low = targets[left]
                let other = targets[right]
                if low == other {
                    total &+= 1
                    if hasCorners {
                        corners[node] &+= 1 &+ UInt64(mutual?[right] ?? 0)
                        corners[Int(middle)] &+= 1 &+ UInt64(mutual?[left] ?? 0)
                        corners[Int(low)] &+= 1 &+ UInt64(mutual?[arc] ?? 0)
                    }
                }
                left &+= low <= other ? 1 : 0
                right &+= other <= low ? 1 : 0
            }
        }
    }
    return total
}
