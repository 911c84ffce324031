public import PropertyGraph

/// How many shortest paths between other nodes lead through each node.
///
/// A pair's paths count as one altogether, split evenly among them; parallel edges are one path.
/// In an undirected graph each pair counts once, in a directed one once a direction. With `sources`
/// only paths from those nodes count; with `sampleSize` so many sources are drawn, and the values
/// scaled up to what all would give on average.
///
/// - SeeAlso: Freeman (1977); Brandes, *A Faster Algorithm for Betweenness Centrality* (2001);
///   Brandes, Pich, *Centrality Estimation in Large Networks* (2007).
public struct BetweennessCentrality: Hashable, Sendable {
    /// What `sampleSize` may be.
    public static let sampleRange = ParameterRange(1...4_294_967_295)

    /// The nodes whose paths count, one named twice once; nil for all.
    public var sources: [UInt32]?
    /// How many sources to draw, by the seed of the options; nil for all.
    public var sampleSize: Int?
    /// Whether values are divided by the number of pairs of other nodes.
    public var isNormalized: Bool
    /// Whether paths are shortest by weight; weights must be above 0 then.
    public var isWeighted: Bool

    /// Makes the kernel; values are checked when it runs.
    public init(
        sources: [UInt32]? = nil, sampleSize: Int? = nil, isNormalized: Bool = false,
        isWeighted: Bool = false
    ) {
        self.sources = sources
        self.sampleSize = sampleSize
        self.isNormalized = isNormalized
        self.isWeighted = isWeighted
    }

    /// The values.
    public struct Result: Sendable {
        /// The betweenness of each node.
        public let values: [Double]
        /// How many sources were searched from.
        public let sourceCount: Int
    }

    /// Searches from each source.
    ///
    /// Threads take sources; what these give is added in their order, so the answer has the same
    /// bits for any number of threads.
    ///
    /// - Throws: `.nodeNotFound`, `.invalidParameter`; `.missingWeights`, `.negativeWeight` and
    ///   `.invalidWeight` when weighted; `.cancelled`.
    /// - Complexity: O((nodes + edges) × sources) time, with weights a factor of log nodes more;
    ///   O(nodes) extra space a thread.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        let plan = try BetweennessPlan(
            graph, sources, sampleSize, isWeighted, "betweenness", options)
        var sums = [Double](repeating: 0, count: graph.nodeCount)
        try plan.addDependencies(to: &sums, options)
        let pairs = Double(graph.nodeCount - 1) * Double(graph.nodeCount - 2)
        var scale = plan.sampleScale
        if isNormalized {
            scale = pairs > 0 ? scale / pairs : 1
        } else if !graph.isDirected {
            scale /= 2
        }
        if scale != 1 { for node in sums.indices { sums[node] *= scale } }
        return Result(values: sums, sourceCount: plan.sources.count)
    }
}

/// Sources, rows and searches of a run of betweenness, of nodes or of edges.
struct BetweennessPlan: Sendable {
    let sources: [UInt32]
    /// By how much the sums of drawn sources are too low.
    let sampleScale: Double
    let outgoing: CSRRows
    /// Which arc of the graph each arc of `outgoing` is; nil when they are the same.
    let arcs: [Int]?
    let incoming: CSRRows?
    /// Whether incoming rows are the outgoing ones.
    let isSymmetric: Bool
    let isWeighted: Bool

    init(
        _ graph: CSRGraph, _ given: [UInt32]?, _ sampleSize: Int?, _ isWeighted: Bool,
        _ name: String, _ options: RunOptions
    ) throws(AlgorithmError) {
        self.isWeighted = isWeighted
        isSymmetric = !graph.isDirected
        for source in given ?? [] { try graph.checkNode(source, name: "sources") }
        if let sampleSize {
            try BetweennessCentrality.sampleRange.check(Double(sampleSize), name: "sample")
        }
        if isWeighted { try graph.checkPositiveWeights(for: name, options: options) }
        var sources = Set(given ?? []).sorted()
        if given == nil {
            for node in 0..<graph.nodeCount { sources.append(UInt32(truncatingIfNeeded: node)) }
        }
        var sampleScale = 1.0
        if let sampleSize, sampleSize < sources.count {
            var random = SeededRandom(seed: options.seed)
            random.shuffle(&sources)
            sampleScale = Double(sources.count) / Double(sampleSize)
            sources = sources.prefix(sampleSize).sorted()
        }
        self.sources = sources
        self.sampleScale = sampleScale
        (outgoing, arcs) = try graph.outgoing.distinct(options)
        // Parallel arcs of one direction are parallel in the other.
        let other = arcs == nil ? graph.incoming : try graph.incoming?.distinct(options).rows
        incoming = graph.isDirected ? other : outgoing
    }

    /// Adds the dependencies of each source on each node, in the order of the sources.
    func addDependencies(
        to sums: inout [Double], _ options: RunOptions
    ) throws(AlgorithmError) {
        let nodes = outgoing.offsets.count - 1
        let cost = (nodes + outgoing.arcCount) * min(sources.count, 1 << 20)
        let workers = options.workerCount(work: cost, tasks: sources.count)
        // As long as sources reach so little that handing them to other threads would take longer
        // than searching, one thread does it.
        let done = try addAlone(
            to: &sums, arcs: workers == 1 ? .max : min(1 << 16, outgoing.arcCount / 8), options)
        // As many at once as there is room for: each gives two columns of what it reached.
        let wave = max(workers, min(64, (1 << 24) / max(nodes, 1)))
        for first in stride(from: done, to: sources.count, by: wave) {
            let part = Array(sources[first..<min(first + wave, sources.count)])
            let found = try runWave(part, workers, options)
            try add(found, to: &sums, workers, options)
            options.report("sources", min(first + wave, sources.count), of: sources.count)
        }
    }

    /// Adds what searches found, to each node in their order.
    private func add(
        _ found: [BrandesSearch.Dependencies], to sums: inout [Double], _ workers: Int,
        _ options: RunOptions
    ) throws(AlgorithmError) {
        guard found.allSatisfy({ $0.nodes == nil }) else {
            for dependencies in found { dependencies.add(to: &sums) }
            return
        }
        var span = sums.mutableSpan
        let parts = stretches(span.count, of: options.blockSize / 4)
        _ = try options.fillParts(parts, of: &span, workers: workers, scratch: {}) {
            _, task, part in
            let first = parts[task].lowerBound
            for dependencies in found {
                let values = dependencies.values.span
                for place in part.indices { part[place] += values[first &+ place] }
            }
        }
    }

    /// Adds the dependencies of the first sources that can be searched from by following so many
    /// arcs; returns how many these are.
    private func addAlone(
        to sums: inout [Double], arcs: Int, _ options: RunOptions
    ) throws(AlgorithmError) -> Int {
        guard !(isWeighted && arcs < .max) else { return 0 }
        try options.checkCancellation()
        var search = Searches(self)
        var ticker = CancellationTicker(options)
        var left = arcs
        for (place, source) in sources.enumerated() {
            // What one source alone is worth a thread for; little is lost when its search is begun
            // again there.
            let most = arcs == .max ? arcs : min(left, 1 << 13)
            var own = most
            guard try search.add(source, to: &sums, arcsLeft: &own, &ticker) else { return place }
            left -= most - own
            if place & 63 == 63 { options.report("sources", place + 1, of: sources.count) }
        }
        return sources.count
    }

    private func runWave(
        _ part: [UInt32], _ workers: Int, _ options: RunOptions
    ) throws(AlgorithmError) -> [BrandesSearch.Dependencies] {
        let dispenser = TaskDispenser(count: part.count, options: options)
        let found = try options.onWorkers(min(workers, part.count)) {
            _ throws(AlgorithmError) -> [(Int, BrandesSearch.Dependencies)] in
            var search = Searches(self)
            var ticker = CancellationTicker(options)
            var mine: [(Int, BrandesSearch.Dependencies)] = []
            while let task = try dispenser.take() {
                mine.append((task, try search.run(part[task], &ticker)))
            }
            return mine
        }
        return found.flatMap(\.self).sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// The memory of one thread's searches.
    private struct Searches: ~Copyable {
        private var plain: BrandesSearch?
        private var weighted: WeightedBrandesSearch?

        init(_ plan: BetweennessPlan) {
            if plan.isWeighted {
                weighted = WeightedBrandesSearch(plan.outgoing)
            } else {
                plain = BrandesSearch(
                    plan.outgoing, plan.incoming, isSymmetric: plan.isSymmetric)
            }
        }

        /// Returns false, with nothing added, when the arcs do not suffice.
        mutating func add(
            _ source: UInt32, to sums: inout [Double], arcsLeft: inout Int,
            _ ticker: inout CancellationTicker
        ) throws(AlgorithmError) -> Bool {
            if let isAdded = try plain?.addDependencies(
                of: source, to: &sums, arcsLeft: &arcsLeft, &ticker)
            {
                return isAdded
            }
            try run(source, &ticker).add(to: &sums)
            return true
        }

        mutating func run(
            _ source: UInt32, _ ticker: inout CancellationTicker
        ) throws(AlgorithmError) -> BrandesSearch.Dependencies {
            if let found = try plain?.dependencies(of: source, &ticker) { return found }
            var none: [Double] = []
            return try weighted?.dependencies(of: source, arcSums: &none, &ticker)
                ?? .init(nodes: [], values: [])
        }
    }
}
