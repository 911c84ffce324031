import PropertyGraph

/// The core of a directed graph by itself, solved by sweeps of Gauß–Seidel, each node taking the
/// newest values, with a step of Anderson's between two sweeps: the next one starts from a mixture
/// of what the last four gave. The bound on what is left over holds whatever a sweep starts from.
///
/// Nodes with equally many edges from the core lie together, for then the processor foretells where
/// a row ends; the order hardly changes how many sweeps it takes.
///
/// - SeeAlso: Anderson, *Iterative Procedures for Nonlinear Integral Equations* (1965); Walker, Ni,
///   *Anderson Acceleration for Fixed-Point Iterations* (2011).
struct PageRankSweeps {
    /// What the last sweep gave, or what the next one starts from.
    private(set) var values: [Double]
    /// What flows in from outside of the core, and jumps. No value is less.
    private let given: CSRBuffer<Double>
    private let scales: CSRBuffer<Double>
    /// `values × scales`.
    private var shares: [Double]
    private let rows: PageRankCoreRows

    private var mixture: PageRankMixture
    /// By how much the last three sweeps moved each value, the newest first.
    private var moves: SweepHistory
    /// What the three sweeps before the newest gave, the newest of them first.
    private var results: SweepHistory

    /// - Parameter core: The nodes, in the order of `rows`.
    init(
        _ core: [UInt32], _ nodes: Span<EliminationNode>, _ rows: PageRankCoreRows, damping: Double
    ) {
        self.rows = rows
        values = []
        values.reserveCapacity(core.count)
        for node in core { values.append(nodes[Int(node)].value) }
        scales = CSRBuffer(count: core.count) { span in
            for place in span.indices { span[place] = nodes[Int(core[place])].scale }
        }
        shares = []
        shares.reserveCapacity(core.count)
        for place in core.indices { shares.append(values[place] * scales[place]) }
        given = CSRBuffer(values)
        mixture = PageRankMixture(damping: damping)
        moves = SweepHistory(count: core.count)
        results = SweepHistory(count: core.count)
    }

    /// One sweep; returns by how much it moved the values in total, and their sum.
    mutating func sweep(
        _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> (moved: Double, mass: Double) {
        var sums = PageRankMixture.Sums()
        for first in stride(from: 0, to: values.count, by: 1 << 12) {
            let stretch = first..<min(first + 1 << 12, values.count)
            sweepCore(
                stretch, rows, given, scales, moves.first, moves.second, &moves.oldest, &values,
                &shares, &sums)
            try ticker.tick(rows.arcCount(of: stretch) + stretch.count)
        }
        moves.turn()
        mixture.note(sums)
        return (sums.moved, sums.mass)
    }

    /// Mixes what the last sweeps gave.
    mutating func mix(_ ticker: inout CancellationTicker) throws(AlgorithmError) {
        mixCore(
            mixture.factors, given, scales, results.first, results.second, &results.oldest, &values,
            &shares)
        results.turn()
        try ticker.tick(values.count)
    }
}

/// Three columns, the oldest of which is overwritten by what becomes the newest.
private struct SweepHistory {
    var first: [Double]
    var second: [Double]
    var oldest: [Double]

    init(count: Int) {
        first = [Double](repeating: 0, count: count)
        second = first
        oldest = first
    }

    mutating func turn() {
        swap(&second, &oldest)
        swap(&first, &second)
    }
}

private func sweepCore(
    _ stretch: Range<Int>, _ rows: PageRankCoreRows, _ givenValues: CSRBuffer<Double>,
    _ scaleValues: CSRBuffer<Double>, _ firstMoves: [Double], _ secondMoves: [Double],
    _ thirdMoves: inout [Double], _ values: inout [Double], _ shares: inout [Double],
    _ sums: inout PageRankMixture.Sums
) {
    let (offsets, sources) = (rows.offsets.span, rows.sources.span)
    let (given, scales) = (givenValues.span, scaleValues.span)
    let (first, second) = (firstMoves.span, secondMoves.span)
    var moves = thirdMoves.mutableSpan
    var known = values.mutableSpan
    var shares = shares.mutableSpan
    var total = sums
    var arc = Int(truncatingIfNeeded: offsets[stretch.lowerBound])
    for node in stretch {
        let end = Int(truncatingIfNeeded: offsets[node &+ 1])
        var sum = given[node]
        if let weights = rows.weights?.span {
            while arc < end {
                sum += shares[Int(sources[arc])] * weights[arc]
                arc &+= 1
            }
        } else {
            // Two sums at once: a single one would wait for each addition before the next.
            var other = 0.0
            while arc &+ 2 <= end {
                sum += shares[Int(sources[arc])]
                other += shares[Int(sources[arc &+ 1])]
                arc &+= 2
            }
            if arc < end {
                sum += shares[Int(sources[arc])]
                arc &+= 1
            }
            sum += other
        }
        let move = sum - known[node]
        known[node] = sum
        shares[node] = sum * scales[node]
        total.moved += abs(move)
        total.mass += sum
        total.products += move * SIMD4(move, first[node], second[node], moves[node])
        moves[node] = move
    }
    sums = total
}

private func mixCore(
    _ factors: SIMD3<Double>, _ givenValues: CSRBuffer<Double>, _ scaleValues: CSRBuffer<Double>,
    _ firstResults: [Double], _ secondResults: [Double], _ thirdResults: inout [Double],
    _ values: inout [Double], _ shares: inout [Double]
) {
    let (given, scales) = (givenValues.span, scaleValues.span)
    let (first, second) = (firstResults.span, secondResults.span)
    var results = thirdResults.mutableSpan
    var known = values.mutableSpan
    var shares = shares.mutableSpan
    let (one, two, three) = (factors[0], factors[1], factors[2])
    for node in known.indices {
        let value = known[node]
        let mixed =
            value - one * (value - first[node]) - two * (value - second[node])
            - three * (value - results[node])
        let start = max(mixed, given[node])
        results[node] = value
        known[node] = start
        shares[node] = start * scales[node]
    }
}
