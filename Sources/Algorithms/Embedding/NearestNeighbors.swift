/// The nodes whose vectors lie nearest to each one's.
///
/// Every vector is compared with every other, so the answer is exact; tiles of vectors that fit
/// into the cache are compared with one another.
public struct NearestNeighbors: Hashable, Sendable {
    /// What `maxNodes` may be.
    public static let nodeRange = ParameterRange(0...1_000_000)

    /// How nearness is measured.
    public enum Metric: String, Hashable, Sendable, CaseIterable {
        /// The cosine of the angle, from -1 to 1; 0 where a vector is zero.
        case cosine
        /// `1 / (1 + distance)`, from 0 to 1.
        case euclidean
    }

    /// How many neighbours to find for each node at most.
    public var count: Int
    /// How nearness is measured.
    public var metric: Metric
    /// The most vectors accepted: time grows with the square of them.
    public var maxNodes: Int

    /// Makes the kernel; its values are checked when it runs.
    public init(count: Int = 10, metric: Metric = .cosine, maxNodes: Int = 50_000) {
        self.count = count
        self.metric = metric
        self.maxNodes = maxNodes
    }

    /// Finds the nearest nodes.
    ///
    /// - Throws: `.invalidParameter`; `.tooLarge` for more nodes than `maxNodes`; `.cancelled`.
    /// - Complexity: O(nodes² × dimension) time, O(nodes × count) space.
    public func run(
        on vectors: NodeVectors, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> NodeSimilarity.Neighbors {
        try NodeSimilarity.countRange.check(Double(count), name: "k")
        try Self.nodeRange.check(Double(maxNodes), name: "max-nodes")
        guard vectors.count <= maxNodes else {
            throw AlgorithmError(
                .tooLarge,
                "Cannot run knn: there are \(vectors.count) nodes, more than the \(maxNodes) "
                    + "allowed, and each is compared with every other. Raise max-nodes, or project "
                    + "fewer nodes.")
        }
        try options.checkCancellation()
        let tiles = stretches(vectors.count, of: 64)
        let comparison = Comparison(vectors, metric)
        let work = vectors.count * vectors.count / 8 * vectors.width
        let lists = try options.mapTasks(
            tiles.count, workers: options.workerCount(work: work, tasks: tiles.count)
        ) { tile throws(AlgorithmError) -> [[AlikeNode]] in
            var ticker = CancellationTicker(options)
            var best = tiles[tile].map { _ in [AlikeNode]() }
            for others in tiles {
                for node in tiles[tile] {
                    comparison.compare(
                        node, with: others, count, &best[node - tiles[tile].lowerBound])
                }
                try ticker.tick(tiles[tile].count * others.count * vectors.width)
            }
            return best
        }.flatMap(\.self)
        var offsets = [0]
        for list in lists { offsets.append(offsets[offsets.count - 1] + list.count) }
        return NodeSimilarity.Neighbors(
            offsets: offsets, nodes: lists.flatMap { $0.map(\.node) },
            scores: lists.flatMap { $0.map(\.score) })
    }
}

/// Compares vectors by their products and lengths.
private struct Comparison: Sendable {
    private let vectors: NodeVectors
    private let metric: NearestNeighbors.Metric
    private let squares: [Float]

    init(_ vectors: NodeVectors, _ metric: NearestNeighbors.Metric) {
        self.vectors = vectors
        self.metric = metric
        let groups = vectors.groups.span
        var squares: [Float] = []
        for node in 0..<vectors.count {
            squares.append(product(groups, node, node, vectors.width))
        }
        self.squares = squares
    }

    func compare(
        _ node: Int, with others: Range<Int>, _ count: Int, _ best: inout [AlikeNode]
    ) {
        let groups = vectors.groups.span
        let own = squares[node]
        for other in others where other != node {
            let score: Double
            switch metric {
            case .cosine:
                let lengths = (Double(own) * Double(squares[other])).squareRoot()
                let product = Double(product(groups, node, other, vectors.width))
                score = lengths > 0 ? product / lengths : 0
            case .euclidean:
                let square = difference(groups, node, other, vectors.width)
                score = 1 / (1 + Double(square).squareRoot())
            }
            let alike = AlikeNode(node: UInt32(truncatingIfNeeded: other), score: score)
            AlikeNode.keep(alike, in: &best, count: count)
        }
    }
}

@inline(__always)
private func product(
    _ groups: Span<SIMD16<Float>>, _ left: Int, _ right: Int, _ width: Int
) -> Float {
    var sum = SIMD16<Float>.zero
    for place in 0..<width { sum += groups[left * width + place] * groups[right * width + place] }
    return sum.sum()
}

@inline(__always)
private func difference(
    _ groups: Span<SIMD16<Float>>, _ left: Int, _ right: Int, _ width: Int
) -> Float {
    var sum = SIMD16<Float>.zero
    for place in 0..<width {
        let step = groups[left * width + place] - groups[right * width + place]
        sum += step * step
    }
    return sum.sum()
}
