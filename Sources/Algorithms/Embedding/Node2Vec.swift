public import PropertyGraph

/// Vectors by which nodes foretell the nodes around them on random walks.
///
/// Walks are made on all threads; the vectors are then learnt from them one pair after the other
/// (skip-gram with negative sampling), which is what makes the same seed give the same bytes on any
/// number of threads. Nodes that no walk leads anywhere keep a small random vector.
///
/// - SeeAlso: Grover, Leskovec, *node2vec: Scalable Feature Learning for Networks* (KDD 2016);
///   Mikolov, Sutskever, Chen, Corrado, Dean, *Distributed Representations of Words and Phrases and
///   their Compositionality* (2013).
public struct Node2Vec: Hashable, Sendable {
    /// What `window` and `negatives` may be.
    public static let windowRange = ParameterRange(1...100)
    /// What `epochs` may be.
    public static let epochRange = ParameterRange(0...1000)
    /// What `rate` may be.
    public static let rateRange = ParameterRange(1e-6...1)

    /// How many numbers a vector has.
    public var dimension: Int
    /// The walks to learn from; their sources are not looked at: all nodes are.
    public var walks: RandomWalks
    /// How many steps apart on a walk two nodes may be to be a pair; each place draws up to that.
    public var window: Int
    /// With how many other nodes each pair is contrasted.
    public var negatives: Int
    /// How often all walks are gone through.
    public var epochs: Int
    /// How far the first pair moves its vectors; falls to a 250th towards the last.
    public var rate: Double

    /// Makes the kernel; its values are checked when it runs.
    public init(
        dimension: Int = 64, walks: RandomWalks = RandomWalks(walksPerNode: 10, length: 40),
        window: Int = 5, negatives: Int = 5, epochs: Int = 1, rate: Double = 0.025
    ) {
        self.dimension = dimension
        self.walks = walks
        self.window = window
        self.negatives = negatives
        self.epochs = epochs
        self.rate = rate
    }

    /// Walks and learns the vectors.
    ///
    /// - Throws: `.invalidParameter`; what `RandomWalks` throws; `.cancelled`.
    /// - Complexity: O(epochs × steps × window × negatives × dimension) time on one thread after
    ///   the walks; two vectors a node and all walks of space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> NodeVectors {
        try NodeVectors.dimensionRange.check(Double(dimension), name: "dimension")
        try Self.windowRange.check(Double(window), name: "window")
        try Self.windowRange.check(Double(negatives), name: "negatives")
        try Self.epochRange.check(Double(epochs), name: "epochs")
        try Self.rateRange.check(rate, name: "rate")
        var walks = walks
        walks.sources = nil
        try options.checkCancellation()
        let walked = try walks.run(on: graph, options: options)
        var training = SkipGram(self, nodeCount: graph.nodeCount, walked, seed: options.seed)
        var ticker = CancellationTicker(options)
        let total = walked.count * epochs
        for epoch in 0..<epochs {
            for walk in 0..<walked.count {
                let done = epoch * walked.count + walk
                training.learn(walked[walk], progress: Double(done) / Double(total))
                try ticker.tick(walked[walk].count * window * dimension)
                if done % 4096 == 0 { options.report("walks", done, of: total) }
            }
        }
        return training.vectors
    }
}

/// Vectors while they are learnt.
private struct SkipGram {
    private let window: Int
    private let negatives: Int
    private let rate: Double
    private let width: Int
    private let dimension: Int
    private var random: SeededRandom
    /// Running sums of how likely each node is to be contrasted with.
    private var chances: [Double] = []
    private(set) var vectors: NodeVectors
    private var contexts: NodeVectors
    private var error: [SIMD16<Float>]

    init(_ kernel: Node2Vec, nodeCount: Int, _ walks: RandomWalks.Result, seed: UInt64) {
        window = kernel.window
        negatives = kernel.negatives
        rate = kernel.rate
        dimension = kernel.dimension
        random = SeededRandom(seed: seed, stream: .max)
        vectors = NodeVectors(dimension: kernel.dimension, count: nodeCount)
        contexts = vectors
        width = vectors.width
        error = [SIMD16<Float>](repeating: .zero, count: width)
        for node in 0..<nodeCount {
            var own = SeededRandom(seed: seed, stream: UInt64(node) | 1 << 63)
            for place in 0..<dimension {
                vectors[node, place] = Float(own.unit() - 0.5) / Float(dimension)
            }
        }
        var visits = [Double](repeating: 0, count: nodeCount)
        for node in walks.nodes { visits[Int(node)] += 1 }
        var sum = 0.0
        for count in visits {
            // To the power of 3/4, as word2vec flattens how often words are met.
            sum += (count * count.squareRoot()).squareRoot()
            chances.append(sum)
        }
    }

    /// Goes through the pairs of one walk.
    mutating func learn(_ walk: ArraySlice<UInt32>, progress: Double) {
        let rate = Float(self.rate * max(1 - progress, 0.004))
        for place in walk.indices {
            let reach = 1 + random.below(window)
            let first = max(place - reach, walk.startIndex)
            let last = min(place + reach, walk.endIndex - 1)
            for other in first...last where other != place && walk[other] != walk[place] {
                pull(walk[place], to: walk[other], rate)
            }
        }
    }

    /// Moves a node's vector towards a neighbour's context and away from a few others'.
    private mutating func pull(_ node: UInt32, to neighbor: UInt32, _ rate: Float) {
        for place in 0..<width { error[place] = .zero }
        step(node, neighbor, isNear: true, rate)
        for _ in 0..<negatives {
            let other = contrast()
            if other != neighbor { step(node, other, isNear: false, rate) }
        }
        let start = Int(node) * width
        for place in 0..<width { vectors.groups[start + place] += error[place] }
    }

    private mutating func step(_ node: UInt32, _ other: UInt32, isNear: Bool, _ rate: Float) {
        let (from, to) = (Int(node) &* width, Int(other) &* width)
        var products = SIMD16<Float>.zero
        for place in 0..<width {
            products += vectors.groups[from &+ place] * contexts.groups[to &+ place]
        }
        let guess = 1 / (1 + exponential(-max(min(products.sum(), 30), -30)))
        let move = ((isNear ? 1 : 0) - guess) * rate
        for place in 0..<width {
            error[place] += move * contexts.groups[to &+ place]
            contexts.groups[to &+ place] += move * vectors.groups[from &+ place]
        }
    }

    /// A node by how often it is met.
    private mutating func contrast() -> UInt32 {
        let total = chances.last ?? 0
        let mark = min(random.unit() * total, total.nextDown)
        var (low, high) = (0, chances.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if chances[middle] > mark { high = middle } else { low = middle + 1 }
        }
        return UInt32(truncatingIfNeeded: low)
    }
}
