/// A vector of single-precision numbers for each node.
///
/// Rows are padded to whole groups of sixteen numbers, which is what the processor adds at once.
public struct NodeVectors: Sendable, Hashable {
    /// What the dimension may be.
    public static let dimensionRange = ParameterRange(1...4096)

    /// How many numbers a vector has.
    public let dimension: Int
    /// How many nodes there are.
    public let count: Int
    /// Groups a row.
    let width: Int
    var groups: [SIMD16<Float>]

    init(dimension: Int, count: Int) {
        self.dimension = dimension
        self.count = count
        width = (dimension + 15) / 16
        groups = [SIMD16<Float>](repeating: .zero, count: width * count)
    }

    /// Takes vectors that stand one behind the other.
    ///
    /// - Throws: `.invalidParameter` when the numbers are not a multiple of the dimension, the
    ///   dimension is out of range, or a number is not finite.
    public init(dimension: Int, values: [Float]) throws(AlgorithmError) {
        try Self.dimensionRange.check(Double(dimension), name: "dimension")
        guard values.count % dimension == 0, values.allSatisfy(\.isFinite) else {
            throw AlgorithmError(
                .invalidParameter,
                "Cannot make vectors of \(dimension) numbers from \(values.count), or one of them "
                    + "is not finite. Give finite numbers, a whole vector for each node.")
        }
        self.init(dimension: dimension, count: values.count / dimension)
        for (place, value) in values.enumerated() {
            self[place / dimension, place % dimension] = value
        }
    }

    /// A number of a node's vector.
    public internal(set) subscript(node: Int, place: Int) -> Float {
        get { groups[node * width + place / 16][place % 16] }
        set { groups[node * width + place / 16][place % 16] = newValue }
    }

    /// A node's vector.
    public subscript(node: UInt32) -> [Float] {
        (0..<dimension).map { self[Int(node), $0] }
    }

    /// All vectors, one behind the other.
    public var values: [Float] {
        (0..<count).flatMap { self[UInt32(truncatingIfNeeded: $0)] }
    }
}
