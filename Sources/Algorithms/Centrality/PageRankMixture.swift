/// How the results of the last four sweeps are mixed: such that what they moved, mixed alike, has the
/// least sum of squares.
///
/// Sweeps that start from where the last one ended lose a part of what is left over each time, at
/// least as much as damping takes. Where mixing does not keep up with that, it is left alone for a
/// while, and for twice as long the next time.
///
/// - SeeAlso: Walker, Ni, *Anderson Acceleration for Fixed-Point Iterations* (2011).
struct PageRankMixture {
    /// Over one sweep.
    struct Sums {
        /// By how much it moved the values in total.
        var moved = 0.0
        /// The sum of the values.
        var mass = 0.0
        /// The products of what it moved with itself and with what the three sweeps before moved.
        var products = SIMD4<Double>.zero
    }

    /// How many sweeps before the newest are mixed in at most.
    private static let mostEarlier = 3
    /// How many sweeps mixing is given to show that it helps.
    private static let window = 32

    /// The products of what the last sweeps moved, the newest first.
    private var products = [SIMD4<Double>](repeating: .zero, count: 4)
    /// How many sweeps before the newest may be mixed in.
    private var earlier = -1
    private let lossOfWindow: Double
    private var isMixing = true
    private var left = Self.window
    private var pause = Self.window
    /// What the sweep at the start of the window moved.
    private var movedAtStart = Double.infinity

    init(damping: Double) {
        lossOfWindow = (0..<Self.window).reduce(1) { loss, _ in loss * damping }
    }

    /// Takes in a sweep.
    mutating func note(_ sums: Sums) {
        for row in stride(from: 3, to: 0, by: -1) {
            for column in stride(from: 3, to: 0, by: -1) {
                products[row][column] = products[row - 1][column - 1]
            }
            products[row][0] = sums.products[row]
        }
        products[0] = sums.products
        earlier = min(earlier + 1, Self.mostEarlier)
        left -= 1
        if left == 0 { startWindow(sums.moved) }
    }

    private mutating func startWindow(_ moved: Double) {
        if isMixing, moved > movedAtStart * lossOfWindow {
            isMixing = false
            left = pause
            pause *= 2
        } else {
            left = Self.window
            if !isMixing { earlier = 0 }
            isMixing = true
        }
        movedAtStart = moved
    }

    /// How far to go from the newest result towards each of the three before it, the newest of them
    /// first.
    var factors: SIMD3<Double> {
        guard isMixing, earlier > 0 else { return .zero }
        // The products of the differences between what the newest sweep moved and the others did.
        var matrix = [SIMD3<Double>](repeating: .zero, count: earlier)
        var sides = [Double](repeating: 0, count: earlier)
        for row in 0..<earlier {
            sides[row] = products[0][0] - products[0][row + 1]
            for column in 0..<earlier {
                matrix[row][column] =
                    sides[row] - products[0][column + 1] + products[row + 1][column + 1]
            }
        }
        return Self.solve(matrix, sides)
    }

    /// Solves a symmetric system; a direction that the ones before nearly hold is left out.
    private static func solve(_ rows: [SIMD3<Double>], _ right: [Double]) -> SIMD3<Double> {
        var (matrix, sides, solution) = (rows, right, SIMD3<Double>.zero)
        var isUsed = rows.indices.map { _ in false }
        for pivot in rows.indices where matrix[pivot][pivot] > 1e-10 * rows[pivot][pivot] {
            isUsed[pivot] = true
            for row in rows.indices where row > pivot {
                let factor = matrix[row][pivot] / matrix[pivot][pivot]
                matrix[row] -= factor * matrix[pivot]
                sides[row] -= factor * sides[pivot]
            }
        }
        for pivot in rows.indices.reversed() where isUsed[pivot] {
            var side = sides[pivot]
            for column in rows.indices where column > pivot {
                side -= matrix[pivot][column] * solution[column]
            }
            solution[pivot] = side / matrix[pivot][pivot]
        }
        return solution
    }
}
