import PropertyGraph

extension PageRank {
    /// Synchronous rounds, as the definition has them: as many as are asked for, or until one moves
    /// the ranks by less than the tolerance.
    func runRounds<Share: PageRankShare>(
        _ graph: CSRGraph, _ incoming: CSRRows, _ type: Share.Type, _ options: RunOptions
    ) throws(AlgorithmError) -> Result {
        let count = Double(graph.nodeCount)
        let rows = ParallelRows(offsets: incoming.offsets, options: options)
        var ranks = ParallelColumn(repeating: 1 / count, count: graph.nodeCount)
        var shares = ParallelColumn<Share>(repeating: 0, count: graph.nodeCount)
        var nextShares = ParallelColumn<Share>(repeating: 0, count: graph.nodeCount)
        var scales = ParallelColumn<Share>(repeating: 0, count: graph.nodeCount)
        guard let checked = try CheckedRows(incoming, sweptBy: rows) else {
            throw graph.damaged(for: "pagerank")
        }
        let outgoing = graph.outgoing
        var dangling = try startShares(outgoing, rows, count, &shares, &scales)
        let weights = isWeighted ? incoming.weights : nil
        let jumps = jumpProbabilities(graph.nodeCount)

        var delta = 0.0
        var total = 1.0
        var round = 0
        let limit = iterations ?? maxIterations
        while round < limit {
            let jumping = 1 - damping + (mode == .gap ? 0 : damping * dangling)
            let jump = Jump(base: jumping / count, total: jumping)
            let sums = try pull(
                rows, incoming, checked, weights, jump, jumps, &ranks, &nextShares, shares, scales)
            swap(&shares, &nextShares)
            delta = sums[0]
            dangling = sums[1]
            total = sums[2]
            round += 1
            options.report("rounds", round, of: iterations)
            if iterations == nil, delta < tolerance { break }
        }
        if Share.isLossy, mode == .standard { try normalize(&ranks, rows, total) }
        return Result(ranks: ranks.array(), iterations: round, delta: delta)
    }

    /// With what probability a jump ends at each node; nil when at all alike.
    private func jumpProbabilities(_ count: Int) -> CSRBuffer<Double>? {
        guard let restart else { return nil }
        let nodes = Set(restart)
        var probabilities = [Double](repeating: 0, count: count)
        for node in nodes { probabilities[Int(node)] = 1 / Double(nodes.count) }
        return CSRBuffer(probabilities)
    }

    /// Sets `damping / outdegree` (or `/ weight sum`) of each node and the shares of the first
    /// round; returns the rank held by nodes without outgoing edges.
    private func startShares<Share: PageRankShare>(
        _ outgoing: CSRRows, _ rows: ParallelRows, _ count: Double,
        _ shares: inout ParallelColumn<Share>, _ scales: inout ParallelColumn<Share>
    ) throws(AlgorithmError) -> Double {
        let sums = try rows.sweep(&shares, &scales) { block, shares, scales in
            let offsets = outgoing.offsets.span
            var dangling = 0.0
            for row in block.rows {
                let start = Int(truncatingIfNeeded: offsets[row])
                let end = Int(truncatingIfNeeded: offsets[row + 1])
                var outflow = Double(end - start)
                if isWeighted, let weights = outgoing.weights?.span {
                    outflow = 0
                    for arc in start..<end { outflow += weights[arc] }
                }
                let local = row - block.rows.lowerBound
                let scale = scale(ofOutflow: outflow)
                if scale == 0 { dangling += 1 / count }
                scales[local] = Share(scale)
                shares[local] = Share(scale / count)
            }
            return [0, dangling, 0, 0]
        }
        return sums[1]
    }

    private func pull<Share: PageRankShare>(
        _ rows: ParallelRows, _ incoming: CSRRows, _ checked: CheckedRows,
        _ weights: CSRBuffer<Double>?, _ jump: Jump, _ jumps: CSRBuffer<Double>?,
        _ ranks: inout ParallelColumn<Double>, _ nextShares: inout ParallelColumn<Share>,
        _ shares: borrowing ParallelColumn<Share>, _ scales: borrowing ParallelColumn<Share>
    ) throws(AlgorithmError) -> SIMD4<Double> {
        try rows.sweep(&ranks, &nextShares) { block, ranks, nextShares in
            if let weights {
                pullWeighted(
                    block.rows, incoming.offsets.span, incoming.targets.span, weights.span,
                    shares.span, scales.span, jump, jumps?.span, &ranks, &nextShares)
            } else {
                pullBlock(
                    block.rows, checked, shares.span, scales.span, jump, jumps?.span, &ranks,
                    &nextShares)
            }
        }
    }

    private func normalize(
        _ ranks: inout ParallelColumn<Double>, _ rows: ParallelRows, _ total: Double
    ) throws(AlgorithmError) {
        try rows.sweep(&ranks) { _, ranks in
            for row in ranks.indices { ranks[row] /= total }
            return .zero
        }
    }
}

/// What jumps give to the nodes in a round.
private struct Jump: Sendable {
    /// To each when all are alike.
    let base: Double
    /// To all together.
    let total: Double

    @inline(__always)
    func rank(of row: Int, _ probabilities: Span<Double>?) -> Double {
        if let probabilities { return total * probabilities[row] }
        return base
    }
}

/// The precision in which shares travel along edges.
protocol PageRankShare: BinaryFloatingPoint, BitwiseCopyable, Sendable {
    static var isLossy: Bool { get }
}
extension Float: PageRankShare { static var isLossy: Bool { true } }
extension Double: PageRankShare { static var isLossy: Bool { false } }

/// One block of one round; returns the movement, the rank without outgoing edges, and the sum.
@inline(__always)
private func pullBlock<Share: PageRankShare>(
    _ rows: Range<Int>, _ incoming: CheckedRows, _ shares: Span<Share>, _ scales: Span<Share>,
    _ jump: Jump, _ jumps: Span<Double>?, _ ranks: inout MutableSpan<Double>,
    _ nextShares: inout MutableSpan<Share>
) -> SIMD4<Double> {
    var moved = 0.0
    var dangling = 0.0
    var total = 0.0
    incoming.forEachSum(in: rows, of: shares) { row, sum in
        let local = row &- rows.lowerBound
        let rank = jump.rank(of: row, jumps) + Double(sum)
        moved += abs(rank - ranks[local])
        total += rank
        let scale = scales[row]
        if scale == 0 { dangling += rank }
        ranks[local] = rank
        nextShares[local] = Share(rank) * scale
    }
    return [moved, dangling, total, 0]
}

@inline(__always)
private func pullWeighted<Share: PageRankShare>(
    _ rows: Range<Int>, _ offsets: Span<UInt64>, _ sources: Span<UInt32>, _ weights: Span<Double>,
    _ shares: Span<Share>, _ scales: Span<Share>, _ jump: Jump, _ jumps: Span<Double>?,
    _ ranks: inout MutableSpan<Double>, _ nextShares: inout MutableSpan<Share>
) -> SIMD4<Double> {
    var moved = 0.0
    var dangling = 0.0
    var total = 0.0
    var arc = Int(truncatingIfNeeded: offsets[rows.lowerBound])
    for row in rows {
        let end = Int(truncatingIfNeeded: offsets[row + 1])
        var sum = 0.0
        while arc < end {
            sum += Double(shares[Int(sources[arc])]) * weights[arc]
            arc &+= 1
        }
        let local = row &- rows.lowerBound
        let rank = jump.rank(of: row, jumps) + sum
        moved += abs(rank - ranks[local])
        total += rank
        let scale = scales[row]
        if scale == 0 { dangling += rank }
        ranks[local] = rank
        nextShares[local] = Share(rank) * scale
    }
    return [moved, dangling, total, 0]
}
