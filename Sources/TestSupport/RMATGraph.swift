/// Edges of a recursive matrix (R-MAT) graph with the probabilities of GAP's `kron`.
///
/// - SeeAlso: Chakrabarti, Zhan, Faloutsos, *R-MAT* (SDM 2004); GAP: a .57, b .19, c .19.
public struct RMATGraph: Sendable {
    /// How many nodes there are: 2 to the power of the scale.
    public let nodeCount: Int
    /// The source of each edge.
    public let sources: [UInt32]
    /// The target of each edge.
    public let targets: [UInt32]
    /// The weight of each edge: a whole number from 1 to 255.
    public let weights: [Double]

    /// Draws `degree << scale` edges; nodes are numbered at random.
    ///
    /// - Complexity: O(edges × scale).
    public init(scale: Int, degree: Int = 16, seed: UInt64 = 27) {
        var random = SplitMix64(seed: seed)
        nodeCount = 1 << scale
        let edgeCount = degree << scale
        let numbers = (0..<UInt32(1 << scale)).shuffled(using: &random)
        var sources: [UInt32] = []
        var targets: [UInt32] = []
        var weights: [Double] = []
        sources.reserveCapacity(edgeCount)
        targets.reserveCapacity(edgeCount)
        weights.reserveCapacity(edgeCount)
        for _ in 0..<edgeCount {
            var source = 0
            var target = 0
            for _ in 0..<scale {
                let draw = random.next() >> 40
                let isLower = draw >= Self.threshold(0.76)
                let isRight =
                    (draw >= Self.threshold(0.57) && !isLower) || draw >= Self.threshold(0.95)
                source = source << 1 | (isLower ? 1 : 0)
                target = target << 1 | (isRight ? 1 : 0)
            }
            sources.append(numbers[source])
            targets.append(numbers[target])
            weights.append(Double(1 + random.below(255)))
        }
        self.sources = sources
        self.targets = targets
        self.weights = weights
    }

    private static func threshold(_ probability: Double) -> UInt64 {
        UInt64(probability * Double(1 << 24))
    }
}
