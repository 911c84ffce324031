import PropertyGraph

/// Sums of values over neighbours, row by row: the step that spectral centralities repeat.
struct NeighbourSums: Sendable {
    private let parallel: ParallelRows
    private let rows: CSRRows
    private let checked: CheckedRows
    private let weights: CSRBuffer<Double>?

    /// - Throws: `.damagedGraph`; `.missingWeights`, `.negativeWeight` and `.invalidWeight` when
    ///   weighted.
    init(
        _ graph: CSRGraph, _ rows: CSRRows, isWeighted: Bool, for algorithm: String,
        options: RunOptions
    ) throws(AlgorithmError) {
        if isWeighted { try graph.checkFiniteWeights(for: algorithm, options: options) }
        parallel = ParallelRows(offsets: rows.offsets, options: options)
        guard let checked = try CheckedRows(rows, sweptBy: parallel) else {
            throw graph.damaged(for: algorithm)
        }
        self.rows = rows
        self.checked = checked
        weights = isWeighted ? rows.weights : nil
    }

    /// Sets each row to what `body` makes of its number, the sum over its neighbours, each times
    /// its weight, and its own value.
    ///
    /// - Returns: By how much all rows together changed, their sum, and that of their squares.
    func fill(
        _ result: inout ParallelColumn<Double>, from values: borrowing ParallelColumn<Double>,
        _ body: @Sendable (_ row: Int, _ sum: Double, _ own: Double) -> Double
    ) throws(AlgorithmError) -> (moved: Double, sum: Double, squares: Double) {
        let sums = try parallel.sweep(&result) { block, result in
            let known = values.span
            var totals = SIMD4<Double>.zero
            let first = block.rows.lowerBound
            if let weights {
                for row in block.rows {
                    let sum = weightedSum(
                        row, rows.offsets.span, rows.targets.span, weights.span, known)
                    let value = body(row, sum, known[row])
                    totals += [abs(value - known[row]), value, value * value, 0]
                    result[row &- first] = value
                }
            } else {
                checked.forEachSum(in: block.rows, of: known) { row, sum in
                    let value = body(row, sum, known[row])
                    totals += [abs(value - known[row]), value, value * value, 0]
                    result[row &- first] = value
                }
            }
            return totals
        }
        return (sums[0], sums[1], sums[2])
    }

    /// Multiplies all rows; returns by how much they differ from those of another column then.
    func scale(
        _ column: inout ParallelColumn<Double>, by factor: Double,
        against other: borrowing ParallelColumn<Double>
    ) throws(AlgorithmError) -> Double {
        try parallel.sweep(&column) { block, column in
            var moved = 0.0
            for row in column.indices {
                column[row] *= factor
                moved += abs(column[row] - other[block.rows.lowerBound &+ row])
            }
            return [moved, 0, 0, 0]
        }[0]
    }
}

private func weightedSum(
    _ row: Int, _ offsets: Span<UInt64>, _ targets: Span<UInt32>, _ weights: Span<Double>,
    _ values: Span<Double>
) -> Double {
    var sum = 0.0
    let last = Int(truncatingIfNeeded: offsets[row + 1])
    for arc in Int(truncatingIfNeeded: offsets[row])..<last {
        sum += values[Int(targets[arc])] * weights[arc]
    }
    return sum
}

/// When a spectral centrality stops.
struct RoundLimits {
    static let toleranceRange = ParameterRange(0...1)
    static let iterationRange = ParameterRange(1...1_000_000)

    /// Refuses values out of range.
    static func check(_ tolerance: Double, _ maxIterations: Int) throws(AlgorithmError) {
        try toleranceRange.check(tolerance, name: "tolerance")
        try iterationRange.check(Double(maxIterations), name: "max-iterations")
    }
}

/// The values of a spectral centrality and how they were reached.
public struct SpectralResult: Sendable {
    /// The value of each node.
    public let values: [Double]
    /// How many rounds were done.
    public let iterations: Int
    /// By how much the last round moved the values in total.
    public let delta: Double
    /// Whether that is below the tolerance.
    public let hasConverged: Bool
}
