import PropertyGraph

/// The core of a directed graph by itself, solved by sweeps of Gauß–Seidel, each node taking the
/// newest values, with a step of Anderson's between two sweeps: the next one starts from a mixture
/// of what the last three gave. The bound on what is left over holds whatever a sweep starts from.
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
    private let rows: CoreRows

    private var mixture = PageRankMixture()
    /// By how much the last sweep moved each value, and the one before.
    private var moves: [Double]
    private var earlierMoves: [Double]
    /// What the last sweep before the newest gave, and the one before.
    private var results: [Double]
    private var earlierResults: [Double]

    /// - Parameter core: The nodes; they come back in the order of `values`.
    init(
        _ core: inout [UInt32], _ known: [Double], _ allScales: [Double], _ outgoing: CSRRows,
        isWeighted: Bool
    ) {
        rows = CoreRows(&core, of: known.count, outgoing, isWeighted: isWeighted)
        values = core.map { known[Int($0)] }
        let scales = core.map { allScales[Int($0)] }
        shares = zip(values, scales).map { $0 * $1 }
        given = CSRBuffer(values)
        self.scales = CSRBuffer(scales)
        moves = [Double](repeating: 0, count: core.count)
        earlierMoves = moves
        results = moves
        earlierResults = moves
    }

    /// One sweep; returns by how much it moved the values in total, and their sum.
    mutating func sweep(
        _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> (moved: Double, mass: Double) {
        var sums = SweepSums()
        for first in stride(from: 0, to: values.count, by: 1 << 12) {
            let stretch = first..<min(first + 1 << 12, values.count)
            sweepCore(
                stretch, rows, given, scales, moves, &values, &shares, &earlierMoves,
                &sums)
            try ticker.tick(rows.arcCount(of: stretch) + stretch.count)
        }
        swap(&moves, &earlierMoves)
        mixture.note(sums)
        return (sums.moved, sums.mass)
    }

    /// Mixes what the last sweeps gave.
    mutating func mix(_ ticker: inout CancellationTicker) throws(AlgorithmError) {
        let (newer, older) = mixture.takeFactors()
        mixCore(
            newer, older, given, scales, results, &values, &shares, &earlierResults)
        swap(&results, &earlierResults)
        try ticker.tick(values.count)
    }
}

/// Sums over what a sweep moved: in total, and its products with itself and what the two sweeps
/// before moved.
private struct SweepSums {
    var moved = 0.0
    var mass = 0.0
    var own = 0.0
    var withLast = 0.0
    var withEarlier = 0.0
}

/// How the results of the last three sweeps are mixed: such that what they moved, mixed alike, has
/// the least sum of squares.
private struct PageRankMixture {
    private var sums = SweepSums()
    private var last = SweepSums()
    private var earlier = SweepSums()
    /// How many sweeps before the newest may be mixed in.
    private var depth = -1
    /// How often a sweep moved more than the one before. Sweeps without mixtures always converge.
    private var failures = 0

    private static let largestDepth = 2
    private static let patience = 3

    mutating func note(_ sums: SweepSums) {
        (earlier, last, self.sums) = (last, self.sums, sums)
        if depth >= 0, sums.moved > last.moved {
            failures += 1
            depth = -1
        }
        depth = failures < Self.patience ? min(depth + 1, Self.largestDepth) : 0
    }

    /// How far to go from the newest result towards the last one and the one before.
    func takeFactors() -> (newer: Double, older: Double) {
        guard depth > 0 else { return (0, 0) }
        // The differences between what the newest sweep moved and what those before moved.
        let newer = sums.own - 2 * sums.withLast + last.own
        let newerGain = sums.own - sums.withLast
        guard newer > 0 else { return (0, 0) }
        if depth > 1 {
            let older = sums.own - 2 * sums.withEarlier + earlier.own
            let olderGain = sums.own - sums.withEarlier
            let both = sums.own - sums.withLast - sums.withEarlier + last.withLast
            let determinant = newer * older - both * both
            // Nearly the same direction says nothing new.
            if determinant > 1e-8 * newer * older {
                return (
                    (newerGain * older - olderGain * both) / determinant,
                    (olderGain * newer - newerGain * both) / determinant
                )
            }
        }
        return (newerGain / newer, 0)
    }
}

/// The edges between nodes of the core, its nodes numbered from 0.
private struct CoreRows {
    let offsets: CSRBuffer<UInt64>
    let sources: CSRBuffer<UInt32>
    let weights: CSRBuffer<Double>?

    /// Nodes with more edges from the core than this count as having as many.
    private static let longest = 64

    init(_ core: inout [UInt32], of nodeCount: Int, _ outgoing: CSRRows, isWeighted: Bool) {
        var places = [UInt32](repeating: UInt32(core.count), count: nodeCount)
        number(core, in: &places)
        // One more for edges that leave the core.
        var degrees = [UInt32](repeating: 0, count: core.count + 1)
        countArrivals(core, outgoing, places, &degrees)
        Self.sort(&core, &degrees)
        number(core, in: &places)
        var ends: [UInt64] = [0]
        ends.reserveCapacity(core.count + 1)
        for place in core.indices { ends.append(ends[place] + UInt64(degrees[place])) }
        offsets = CSRBuffer(ends)
        let count = Int(truncatingIfNeeded: ends[core.count])
        let weights = isWeighted ? outgoing.weights : nil
        var lengths = [Double](repeating: 0, count: weights == nil ? 0 : count + 1)
        sources = CSRBuffer(count: count + 1) { sources in
            fillRows(core, outgoing, weights, places, &ends, &sources, &lengths)
        }
        self.weights = weights == nil ? nil : CSRBuffer(lengths)
    }

    /// Puts nodes with equally many edges together.
    private static func sort(_ core: inout [UInt32], _ degrees: inout [UInt32]) {
        var ends = [Int](repeating: 0, count: longest + 2)
        for index in core.indices { ends[min(Int(degrees[index]), longest) + 1] += 1 }
        for degree in 0...longest { ends[degree + 1] += ends[degree] }
        let (nodes, counts) = (core, degrees)
        for index in nodes.indices {
            let place = ends[min(Int(counts[index]), longest)]
            ends[min(Int(counts[index]), longest)] += 1
            core[place] = nodes[index]
            degrees[place] = counts[index]
        }
    }

    func arcCount(of stretch: Range<Int>) -> Int {
        Int(truncatingIfNeeded: offsets[stretch.upperBound] &- offsets[stretch.lowerBound])
    }
}

private func number(_ core: [UInt32], in places: inout [UInt32]) {
    var places = places.mutableSpan
    let core = core.span
    for place in core.indices { places[Int(core[place])] = UInt32(truncatingIfNeeded: place) }
}

/// Counts how many edges of the core lead to each of its places, and out of it.
private func countArrivals(
    _ core: [UInt32], _ outgoing: CSRRows, _ places: [UInt32], _ degrees: inout [UInt32]
) {
    let (offsets, targets) = (outgoing.offsets.span, outgoing.targets.span)
    let (core, places) = (core.span, places.span)
    var degrees = degrees.mutableSpan
    for index in core.indices {
        let node = Int(core[index])
        var arc = Int(truncatingIfNeeded: offsets[node])
        let end = Int(truncatingIfNeeded: offsets[node &+ 1])
        while arc < end {
            degrees[Int(places[Int(targets[arc])])] &+= 1
            arc &+= 1
        }
    }
}

/// Writes each edge of the core to the end of the row it leads to; one that leaves the core is
/// written behind all rows, and forgotten.
private func fillRows(
    _ core: [UInt32], _ outgoing: CSRRows, _ weights: CSRBuffer<Double>?, _ places: [UInt32],
    _ ends: inout [UInt64], _ sources: inout MutableSpan<UInt32>, _ lengths: inout [Double]
) {
    let (offsets, targets) = (outgoing.offsets.span, outgoing.targets.span)
    let (core, places) = (core.span, places.span)
    var ends = ends.mutableSpan
    var lengths = lengths.mutableSpan
    for source in core.indices {
        let node = Int(core[source])
        var arc = Int(truncatingIfNeeded: offsets[node])
        let last = Int(truncatingIfNeeded: offsets[node &+ 1])
        while arc < last {
            let place = Int(places[Int(targets[arc])])
            let end = Int(truncatingIfNeeded: ends[place])
            sources[end] = UInt32(truncatingIfNeeded: source)
            if let weights { lengths[end] = weights[arc] }
            ends[place] &+= place < core.count ? 1 : 0
            arc &+= 1
        }
    }
}

private func sweepCore(
    _ stretch: Range<Int>, _ rows: CoreRows, _ givenValues: CSRBuffer<Double>,
    _ scaleValues: CSRBuffer<Double>,
    _ lastMoves: [Double], _ values: inout [Double], _ shares: inout [Double],
    _ moves: inout [Double], _ sums: inout SweepSums
) {
    let (offsets, sources) = (rows.offsets.span, rows.sources.span)
    let (given, scales) = (givenValues.span, scaleValues.span)
    let last = lastMoves.span
    var known = values.mutableSpan
    var shares = shares.mutableSpan
    var moves = moves.mutableSpan
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
        total.own += move * move
        total.withLast += move * last[node]
        total.withEarlier += move * moves[node]
        moves[node] = move
    }
    sums = total
}

private func mixCore(
    _ newer: Double, _ older: Double, _ givenValues: CSRBuffer<Double>,
    _ scaleValues: CSRBuffer<Double>,
    _ lastResults: [Double], _ values: inout [Double], _ shares: inout [Double],
    _ results: inout [Double]
) {
    let (given, scales) = (givenValues.span, scaleValues.span)
    let last = lastResults.span
    var known = values.mutableSpan
    var shares = shares.mutableSpan
    var results = results.mutableSpan
    for node in known.indices {
        let value = known[node]
        let mixed = value - newer * (value - last[node]) - older * (value - results[node])
        let start = max(mixed, given[node])
        results[node] = value
        known[node] = start
        shares[node] = start * scales[node]
    }
}
