public import PropertyGraph

/// Walks that follow edges at random.
///
/// Each step takes an outgoing edge in proportion to its weight. With `returning` and `leaving`
/// other than 1 a step also minds where the walk came from, as node2vec does: going back counts
/// `1 / returning`, going to a neighbour of the node before counts 1, going further away counts
/// `1 / leaving`. A walk ends early at a node that no edge leaves. Every walk has its own stream of
/// random numbers, so the walks of a seed do not depend on the number of threads.
///
/// - SeeAlso: Grover, Leskovec, *node2vec: Scalable Feature Learning for Networks* (KDD 2016).
public struct RandomWalks: Hashable, Sendable {
    /// What `walksPerNode` may be.
    public static let walkRange = ParameterRange(0...1_000_000)
    /// What `length` may be.
    public static let lengthRange = ParameterRange(0...1_000_000)
    /// What `returning` and `leaving` may be.
    public static let biasRange = ParameterRange(1e-3...1e3)
    /// How many nodes all walks together may visit: 4 GB of them.
    static let maxVisits = 1 << 30

    /// The nodes to start from; nil starts from every node.
    public var sources: [UInt32]?
    /// How many walks start from each.
    public var walksPerNode: Int
    /// How many steps a walk makes at most; it visits one node more.
    public var length: Int
    /// How unlikely a step back is (node2vec's p).
    public var returning: Double
    /// How unlikely a step further away is (node2vec's q).
    public var leaving: Double
    /// Whether weights are minded, if there are any.
    public var isWeighted: Bool

    /// Makes the kernel; its values are checked when it runs.
    public init(
        sources: [UInt32]? = nil, walksPerNode: Int = 1, length: Int = 80, returning: Double = 1,
        leaving: Double = 1, isWeighted: Bool = true
    ) {
        self.sources = sources
        self.walksPerNode = walksPerNode
        self.length = length
        self.returning = returning
        self.leaving = leaving
        self.isWeighted = isWeighted
    }

    /// Walks, one behind the other.
    public struct Result: Sendable {
        /// Walk `w` is `nodes[starts[w] ..< starts[w + 1]]`.
        public let starts: [Int]
        /// The nodes of all walks.
        public let nodes: [UInt32]

        /// How many walks there are: all of the first source, then all of the next.
        public var count: Int { starts.count - 1 }

        /// The nodes of a walk.
        public subscript(walk: Int) -> ArraySlice<UInt32> { nodes[starts[walk]..<starts[walk + 1]] }
    }

    /// Walks.
    ///
    /// - Throws: `.nodeNotFound`; `.invalidParameter`; `.negativeWeight`, naming the edge;
    ///   `.invalidWeight` for an infinite one; `.tooLarge` when all walks together could visit
    ///   more than 2³⁰ nodes; `.cancelled`.
    /// - Complexity: O(steps × log degree) time, expected where steps mind where they came from;
    ///   O(edges) once and O(edges) space with weights.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        try check(graph)
        let mindsWeights = isWeighted && graph.isWeighted
        if mindsWeights { try graph.checkFiniteWeights(for: "random-walks", options: options) }
        let walker = Walker(
            rows: graph.outgoing, ends: mindsWeights ? Self.runningSums(graph.outgoing) : nil,
            returning: 1 / returning, leaving: 1 / leaving)
        let starts = sources ?? (0..<graph.nodeCount).map { UInt32(truncatingIfNeeded: $0) }
        let parts = stretches(starts.count * walksPerNode, of: 512)
        let workers = options.workerCount(
            work: starts.count * walksPerNode * length * 8, tasks: parts.count)
        let walked = try options.mapTasks(parts.count, workers: workers) {
            part throws(AlgorithmError) -> (ends: [Int], nodes: [UInt32]) in
            var ticker = CancellationTicker(options)
            var (ends, nodes): ([Int], [UInt32]) = ([], [])
            for walk in parts[part] {
                let start = starts[walk / walksPerNode]
                let stream = UInt64(start) << 32 | UInt64(walk % walksPerNode)
                var random = SeededRandom(seed: options.seed, stream: stream)
                walker.walk(from: start, steps: length, &random, into: &nodes)
                ends.append(nodes.count)
                try ticker.tick(length * 8)
            }
            return (ends, nodes)
        }
        var (ends, nodes): ([Int], [UInt32]) = ([0], [])
        for part in walked {
            let before = nodes.count
            ends += part.ends.map { before + $0 }
            nodes += part.nodes
        }
        return Result(starts: ends, nodes: nodes)
    }

    private func check(_ graph: CSRGraph) throws(AlgorithmError) {
        try Self.walkRange.check(Double(walksPerNode), name: "walks")
        try Self.lengthRange.check(Double(length), name: "length")
        try Self.biasRange.check(returning, name: "p")
        try Self.biasRange.check(leaving, name: "q")
        for source in sources ?? [] { try graph.checkNode(source, name: "source") }
        let count = (sources?.count ?? graph.nodeCount) * walksPerNode
        let visits = count.multipliedReportingOverflow(by: length + 1)
        guard !visits.overflow, visits.partialValue <= Self.maxVisits else {
            throw AlgorithmError(
                .tooLarge,
                "Cannot walk at random: \(count) walks of \(length) steps are more than the "
                    + "\(Self.maxVisits) nodes allowed. Ask for fewer or shorter walks.")
        }
    }

    /// For each arc the sum of the weights of its row up to and with it.
    private static func runningSums(_ rows: CSRRows) -> CSRBuffer<Double> {
        CSRBuffer<Double>(count: rows.arcCount) { sums in
            guard let weights = rows.weights else { return }
            for node in 0..<UInt32(truncatingIfNeeded: rows.offsets.count - 1) {
                var sum = 0.0
                for arc in rows.range(of: node) {
                    sum += weights[arc]
                    sums[arc] = sum
                }
            }
        }
    }
}

/// Makes one walk after the other.
private struct Walker: Sendable {
    let rows: CSRRows
    /// Running sums of weights; nil when all edges are alike.
    let ends: CSRBuffer<Double>?
    let returning: Double
    let leaving: Double

    func walk(
        from start: UInt32, steps: Int, _ random: inout SeededRandom, into nodes: inout [UInt32]
    ) {
        nodes.append(start)
        var (before, node) = (noNode, start)
        let isBiased = returning != 1 || leaving != 1
        for _ in 0..<steps {
            let next =
                isBiased && before != noNode
                ? biasedStep(before, node, &random) : step(from: node, &random)
            guard let next else { return }
            nodes.append(next)
            (before, node) = (node, next)
        }
    }

    /// Takes an arc in proportion to its weight; nil when there is none.
    private func step(from node: UInt32, _ random: inout SeededRandom) -> UInt32? {
        let row = rows.range(of: node)
        guard !row.isEmpty else { return nil }
        guard let ends else { return rows.targets[row.lowerBound + random.below(row.count)] }
        let total = ends[row.upperBound - 1]
        guard total > 0 else { return nil }
        // The first arc whose sum is beyond the mark: arcs of weight 0 are never that.
        let mark = min(random.unit() * total, total.nextDown)
        var (low, high) = (row.lowerBound, row.upperBound - 1)
        while low < high {
            let middle = (low + high) / 2
            if ends[middle] > mark { high = middle } else { low = middle + 1 }
        }
        return rows.targets[low]
    }

    /// Proposes steps until one is accepted by where the walk came from.
    private func biasedStep(
        _ before: UInt32, _ node: UInt32, _ random: inout SeededRandom
    ) -> UInt32? {
        let most = max(returning, 1, leaving)
        while true {
            guard let next = step(from: node, &random) else { return nil }
            let share =
                next == before ? returning : rows.hasArc(from: before, to: next) ? 1 : leaving
            if random.unit() * most < share { return next }
        }
    }
}
