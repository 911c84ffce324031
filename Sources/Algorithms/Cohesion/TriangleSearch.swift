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
        /// The sum of the squares of all degrees.
        var squares = 0.0
    }

    func run() throws(AlgorithmError) -> Counts {
        let nodes = rows.nodeCount
        let squares = try sumOfSquares()
        let isSkewed = squares > 32 * Double(rows.arcCount)
        let blocked = isSkewed ? try BlockedRows(rows, options: options) : nil
        let work = isSkewed ? Int(min(squares, 1e15)) : rows.arcCount * 8
        let tasks = stretches(blocked?.rowCount ?? nodes, of: isSkewed ? 256 : 1 << 12)
        let dispenser = TaskDispenser(count: tasks.count, options: options)
        let parts = try options.onWorkers(
            options.workerCount(work: work, tasks: tasks.count)
        ) { _ throws(AlgorithmError) -> Counts in
            var counts = Counts()
            if hasCorners, isSkewed { counts.corners = [UInt64](repeating: 0, count: nodes) }
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
        let corners = hasCorners ? try sum(of: parts.map(\.corners), blocked) : []
        return Counts(
            total: parts.reduce(0) { $0 + $1.total }, corners: corners, squares: squares)
    }

    /// The counts of all threads, by node.
    private func sum(
        of parts: [[UInt64]], _ blocked: BlockedRows?
    ) throws(AlgorithmError) -> [UInt64] {
        // A thread that has found nothing need not have made a column.
        var parts = parts.filter { !$0.isEmpty }
        let nodes = rows.nodeCount
        var result: [UInt64]
        if let last = parts.last, blocked == nil {
            parts.removeLast()
            result = last
        } else {
            result = [UInt64](repeating: 0, count: nodes)
        }
        guard !parts.isEmpty else { return result }
        let stretches = stretches(nodes, of: options.blockSize / 2)
        let workers = options.workerCount(work: 8 * nodes, tasks: stretches.count)
        let others = parts
        var span = result.mutableSpan
        _ = try options.fillParts(stretches, of: &span, workers: workers, scratch: {}) {
            _, task, sums in
            for part in others {
                if let blocked {
                    blocked.add(part.span, ofNodes: stretches[task], to: &sums)
                } else {
                    addCounts(part.span, from: stretches[task].lowerBound, to: &sums)
                }
            }
        }
        return result
    }

    private func sumOfSquares() throws(AlgorithmError) -> Double {
        let offsets = rows.offsets
        // Whole numbers: below 2⁵³ every order gives the same.
        return try ParallelRows(offsets: offsets, cost: 2, options: options).sweep { block in
            [squares(of: block.rows, offsets.span), 0, 0, 0]
        }[0]
    }
}

/// The sum of the squares of the degrees of some rows: two sums, for each addition waits for the one
/// before.
private func squares(of rows: Range<Int>, _ offsets: Span<UInt64>) -> Double {
    var (even, odd) = (0.0, 0.0)
    var start = offsets[rows.lowerBound]
    for row in rows {
        let end = offsets[row &+ 1]
        let degree = Double(Int(truncatingIfNeeded: end &- start))
        even += degree * degree
        (even, odd) = (odd, even)
        start = end
    }
    return even + odd
}

private func addCounts(_ counts: Span<UInt64>, from first: Int, to sums: inout MutableSpan<UInt64>)
{
    for place in sums.indices { sums[place] &+= counts[first &+ place] }
}

/// Counts the triangles whose highest node lies in a stretch.
///
/// - Parameter corners: Made with the first triangle; on graphs without any it costs nothing.
private func mergeRows(
    _ nodes: Range<Int>, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ mutual: Span<UInt8>?, _ hasCorners: Bool, _ corners: inout [UInt64]
) -> Int {
    var total = 0
    for node in nodes {
        let first = Int(truncatingIfNeeded: offsets[node])
        let last = Int(truncatingIfNeeded: offsets[node + 1])
        // The first is the middle of nothing: no neighbour is lower.
        for arc in min(first &+ 1, last)..<last {
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
                        if corners.isEmpty { corners = noCorners(offsets.count &- 1) }
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

@inline(never)
private func noCorners(_ nodes: Int) -> [UInt64] { [UInt64](repeating: 0, count: nodes) }
