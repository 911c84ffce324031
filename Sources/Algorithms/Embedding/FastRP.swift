public import PropertyGraph

/// Vectors that lie near one another where nodes have near neighbours in common, by random
/// projection.
///
/// Every node begins with a sparse random vector. A round gives each node the mean of its
/// neighbours' vectors; the vectors of all rounds, each brought to length 1, are added up by the
/// weights of the rounds. That is a random projection of the powers of the transition matrix, at
/// the cost of a few passes over the edges.
///
/// - SeeAlso: Chen, Sultan, Tian, Chen, Skiena, *Fast and Accurate Network Embeddings via Very
///   Sparse Random Projection* (CIKM 2019).
public struct FastRP: Hashable, Sendable {
    /// What `normalization` may be.
    public static let normalizationRange = ParameterRange(-10...10)
    /// How many rounds there may be.
    public static let roundRange = ParameterRange(0...100)

    /// How many numbers a vector has.
    public var dimension: Int
    /// What the vectors of each round count, the first that of direct neighbours.
    public var roundWeights: [Double]
    /// What a node's own random vector counts.
    public var selfWeight: Double
    /// The power of its degree by which a node's random vector is scaled: below 0 hubs count less.
    public var normalization: Double
    /// Whether means mind weights, if there are any.
    public var isWeighted: Bool

    /// Makes the kernel; its values are checked when it runs.
    public init(
        dimension: Int = 128, roundWeights: [Double] = [0, 1, 1], selfWeight: Double = 0,
        normalization: Double = 0, isWeighted: Bool = true
    ) {
        self.dimension = dimension
        self.roundWeights = roundWeights
        self.selfWeight = selfWeight
        self.normalization = normalization
        self.isWeighted = isWeighted
    }

    /// Finds the vectors, along outgoing rows.
    ///
    /// The same seed gives the same bytes for any number of threads.
    ///
    /// - Throws: `.invalidParameter`; `.negativeWeight`, naming the edge; `.invalidWeight` for an
    ///   infinite one; `.cancelled`.
    /// - Complexity: O(rounds × (nodes + edges) × dimension) time; three vectors a node of space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> NodeVectors {
        try NodeVectors.dimensionRange.check(Double(dimension), name: "dimension")
        try Self.roundRange.check(Double(roundWeights.count), name: "iterations")
        try Self.normalizationRange.check(normalization, name: "normalization")
        guard roundWeights.allSatisfy(\.isFinite), selfWeight.isFinite else {
            throw AlgorithmError(
                .invalidParameter,
                "Cannot run fastrp: a weight of a round is not finite. Give finite weights.")
        }
        let mindsWeights = isWeighted && graph.isWeighted
        if mindsWeights { try graph.checkFiniteWeights(for: "fastrp", options: options) }
        let parts = stretches(graph.nodeCount, of: 2048)
        let workers = options.workerCount(
            work: (graph.nodeCount + graph.outgoing.arcCount) * dimension / 8, tasks: parts.count)
        let round = ProjectionRound(
            rows: graph.outgoing, weights: mindsWeights ? graph.outgoing.weights : nil)
        let seed = options.seed
        var vectors = NodeVectors(dimension: dimension, count: graph.nodeCount)
        var sums = vectors
        vectors.groups = try Self.fill(vectors, parts, workers, options) { node in
            startVector(of: node, degree: graph.outgoing.degree(of: node), seed: seed)
        }
        sums.add(vectors, weight: Float(selfWeight))
        for (index, weight) in roundWeights.enumerated() {
            let before = vectors
            vectors.groups = try Self.fill(vectors, parts, workers, options) { node in
                round.mean(of: node, before)
            }
            sums.add(vectors, weight: Float(weight))
            options.report("rounds", index + 1, of: roundWeights.count)
        }
        return sums
    }

    /// Makes the vectors of all nodes anew, stretches of them side by side.
    private static func fill(
        _ vectors: NodeVectors, _ parts: [Range<Int>], _ workers: Int, _ options: RunOptions,
        _ body: @Sendable (UInt32) -> [SIMD16<Float>]
    ) throws(AlgorithmError) -> [SIMD16<Float>] {
        let made = try options.mapTasks(parts.count, workers: workers) {
            part throws(AlgorithmError) -> [SIMD16<Float>] in
            var groups: [SIMD16<Float>] = []
            groups.reserveCapacity(parts[part].count * vectors.width)
            for node in parts[part] { groups += body(UInt32(truncatingIfNeeded: node)) }
            return groups
        }
        try options.checkCancellation()
        return Array(made.joined())
    }

    /// Each number is √3 or −√3 with a chance of one in six each, and else 0.
    private func startVector(of node: UInt32, degree: Int, seed: UInt64) -> [SIMD16<Float>] {
        var groups = [SIMD16<Float>](repeating: .zero, count: (dimension + 15) / 16)
        // A degree of 0 has no powers below 0; such a node has no neighbours to tell of anyway.
        let scale =
            degree > 0
            ? exponential(Float(naturalLogarithm(Double(degree)) * normalization)) : 1
        let entry = scale * Float(3).squareRoot()
        var random = SeededRandom(seed: seed, stream: UInt64(node))
        for place in 0..<dimension {
            switch random.below(6) {
            case 0: groups[place / 16][place % 16] = entry
            case 1: groups[place / 16][place % 16] = -entry
            default: break
            }
        }
        return groups
    }
}

/// Gives nodes the mean of their neighbours' vectors.
private struct ProjectionRound: Sendable {
    let rows: CSRRows
    let weights: CSRBuffer<Double>?

    func mean(of node: UInt32, _ vectors: NodeVectors) -> [SIMD16<Float>] {
        let width = vectors.width
        var sum = [SIMD16<Float>](repeating: .zero, count: width)
        let row = rows.range(of: node)
        var total: Float = 0
        let groups = vectors.groups.span
        for arc in row {
            let start = Int(rows.targets[arc]) &* width
            let weight = Float(weights?[arc] ?? 1)
            total += weight
            for place in 0..<width { sum[place] += weight * groups[start &+ place] }
        }
        if total > 0 { for place in 0..<width { sum[place] /= total } }
        return sum
    }
}

extension NodeVectors {
    /// Adds other vectors, each brought to length 1 (those of length 0 stay) and scaled.
    mutating func add(_ other: NodeVectors, weight: Float) {
        guard weight != 0 else { return }
        for node in 0..<count {
            let row = (node * width)..<(node * width + width)
            var square = SIMD16<Float>.zero
            for place in row { square += other.groups[place] * other.groups[place] }
            let length = square.sum().squareRoot()
            guard length > 0, length.isFinite else { continue }
            for place in row { groups[place] += other.groups[place] * (weight / length) }
        }
    }
}
