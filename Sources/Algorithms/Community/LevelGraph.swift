import PropertyGraph

/// A weighted graph without directions, as community detection works on it: the graph itself at
/// first, then one of communities, then one of communities of those.
///
/// A directed graph is taken as the sum of its two directions. Parallel arcs stay side by side.
struct LevelGraph: Sendable {
    /// Row `n` is `offsets[n] ..< offsets[n + 1]`.
    let offsets: CSRBuffer<UInt64>
    /// The neighbours; a node among its own is left out by whoever reads the row.
    let targets: CSRBuffer<UInt32>
    /// The weight of each arc; nil when each weighs 1.
    let weights: CSRBuffer<Double>?
    /// The weight of the loops of each node.
    let loops: CSRBuffer<Double>
    /// The weight of all ends of edges at each node; a loop has two.
    let degrees: CSRBuffer<Double>
    /// The weight of all ends of edges.
    let total: Double
    /// How many arcs the longest row has.
    let longestRow: Int

    var nodeCount: Int { degrees.count }
    var arcCount: Int { targets.count }

    init(
        offsets: CSRBuffer<UInt64>, targets: CSRBuffer<UInt32>, weights: CSRBuffer<Double>?,
        loops: CSRBuffer<Double>, degrees: CSRBuffer<Double>, total: Double
    ) {
        self.offsets = offsets
        self.targets = targets
        self.weights = weights
        self.loops = loops
        self.degrees = degrees
        self.total = total
        let span = offsets.span
        var longest: UInt64 = 0
        for node in 0..<degrees.count { longest = max(longest, span[node + 1] &- span[node]) }
        longestRow = Int(truncatingIfNeeded: longest)
    }
}

extension LevelGraph {
    /// The level of the graph itself.
    ///
    /// - Throws: `.negativeWeight`, `.invalidWeight`, `.missingIncoming`, `.cancelled`.
    init(
        _ graph: CSRGraph, isWeighted: Bool, for algorithm: String, options: RunOptions
    ) throws(AlgorithmError) {
        if isWeighted { try graph.checkFiniteWeights(for: algorithm, options: options) }
        let rows: CSRRows
        if graph.isDirected {
            let incoming = try graph.requiredIncoming(for: algorithm)
            rows = Self.joined(graph.outgoing, incoming, isWeighted: isWeighted)
            try options.checkCancellation()
        } else {
            rows = graph.outgoing
        }
        let weights = isWeighted ? rows.weights : nil
        let isDirected = graph.isDirected
        let blocks = ParallelRows(offsets: rows.offsets, options: options).blocks
        let workers = options.workerCount(
            work: 2 * (rows.arcCount + graph.nodeCount), tasks: blocks.count)
        var sums: [SIMD4<Double>] = []
        let degrees = try CSRBuffer<Double>(count: graph.nodeCount) {
            span throws(AlgorithmError) in
            sums = try options.fillParts(blocks, of: &span, workers: workers, scratch: {}) {
                _, block, part in
                weighDegrees(
                    blocks[block], rows.offsets.span, rows.targets.span, weights?.span,
                    isDirected: isDirected, &part)
            }
        }
        let sum = ParallelRows.treeSum(sums.span)
        let loops = try CSRBuffer<Double>(count: graph.nodeCount) { span throws(AlgorithmError) in
            // Mostly there are none, and fresh memory is zero.
            guard sum[1] > 0 else { return }
            _ = try options.fillParts(blocks, of: &span, workers: workers, scratch: {}) {
                _, block, part in
                weighLoops(
                    blocks[block], rows.offsets.span, rows.targets.span, weights?.span,
                    isDirected: isDirected, &part)
            }
        }
        self.init(
            offsets: rows.offsets, targets: rows.targets, weights: weights, loops: loops,
            degrees: degrees, total: sum[0])
    }

    /// Each row followed by that of the other direction.
    private static func joined(_ first: CSRRows, _ second: CSRRows, isWeighted: Bool) -> CSRRows {
        let count = first.offsets.count
        let (left, right) = (first.offsets.span, second.offsets.span)
        let offsets = CSRBuffer<UInt64>(count: count) { span in
            for row in 0..<count { span[row] = left[row] &+ right[row] }
        }
        let targets = CSRBuffer<UInt32>(count: first.arcCount + second.arcCount) { span in
            join(left, first.targets.span, right, second.targets.span, &span)
        }
        var weights: CSRBuffer<Double>?
        if isWeighted, let ours = first.weights, let theirs = second.weights {
            weights = CSRBuffer<Double>(count: first.arcCount + second.arcCount) { span in
                join(left, ours.span, right, theirs.span, &span)
            }
        }
        return CSRRows(offsets: offsets, targets: targets, weights: weights)
    }
}

private func join<Element: CSRElement>(
    _ leftStarts: Span<UInt64>, _ left: Span<Element>, _ rightStarts: Span<UInt64>,
    _ right: Span<Element>, _ result: inout MutableSpan<Element>
) {
    var place = 0
    for row in 0..<(leftStarts.count - 1) {
        for arc in Int(leftStarts[row])..<Int(leftStarts[row + 1]) {
            result[place] = left[arc]
            place &+= 1
        }
        for arc in Int(rightStarts[row])..<Int(rightStarts[row + 1]) {
            result[place] = right[arc]
            place &+= 1
        }
    }
}

/// Weighs all ends of edges at each node of a block; returns their sum, and how many loops there
/// are.
private func weighDegrees(
    _ rows: Range<Int>, _ offsets: Span<UInt64>, _ targets: Span<UInt32>, _ weights: Span<Double>?,
    isDirected: Bool, _ degrees: inout MutableSpan<Double>
) -> SIMD4<Double> {
    var sum = 0.0
    var loops = 0
    for node in rows {
        let row =
            Int(truncatingIfNeeded: offsets[node])..<Int(truncatingIfNeeded: offsets[node + 1])
        var degree = Double(row.count)
        var loop = 0.0
        if let weights {
            degree = 0
            for arc in row {
                degree += weights[arc]
                guard Int(targets[arc]) == node else { continue }
                loop += weights[arc]
                loops &+= 1
            }
        } else {
            var count = 0
            for arc in row { count &+= Int(targets[arc]) == node ? 1 : 0 }
            loop = Double(count)
            loops &+= count
        }
        // An undirected loop stands once in its row, a directed one in both of its rows.
        if !isDirected { degree += loop }
        degrees[node &- rows.lowerBound] = degree
        sum += degree
    }
    return [sum, Double(loops), 0, 0]
}

/// Weighs the loops at each node of a block.
private func weighLoops(
    _ rows: Range<Int>, _ offsets: Span<UInt64>, _ targets: Span<UInt32>, _ weights: Span<Double>?,
    isDirected: Bool, _ loops: inout MutableSpan<Double>
) {
    for node in rows {
        var loop = 0.0
        for arc in Int(
            truncatingIfNeeded: offsets[node])..<Int(
                truncatingIfNeeded: offsets[node + 1])
        where Int(targets[arc]) == node {
            loop += weights?[arc] ?? 1
        }
        loops[node &- rows.lowerBound] = isDirected ? loop / 2 : loop
    }
}
