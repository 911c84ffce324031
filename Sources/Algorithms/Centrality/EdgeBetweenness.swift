public import PropertyGraph

/// How many shortest paths between nodes lead along each edge.
///
/// As `BetweennessCentrality`, but of edges; of parallel edges the lightest, else the first, gets
/// all.
///
/// - SeeAlso: Girvan, Newman, *Community Structure in Social and Biological Networks* (2002);
///   Brandes, *On Variants of Shortest-Path Betweenness Centrality* (2008).
public struct EdgeBetweenness: Hashable, Sendable {
    /// The nodes whose paths count; nil for all.
    public var sources: [UInt32]?
    /// How many sources to draw, by the seed of the options; nil for all.
    public var sampleSize: Int?
    /// Whether values are divided by the number of pairs of nodes.
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

    /// Searches from each source.
    ///
    /// - Returns: A value for each arc of `graph.outgoing`; in an undirected graph both arcs of an
    ///   edge have its value.
    /// - Throws: As `BetweennessCentrality.run`.
    /// - Complexity: O((nodes + edges) × sources) time, with weights a factor of log nodes more;
    ///   O(nodes + edges) extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> [Double] {
        let plan = try BetweennessPlan(
            graph, sources, sampleSize, isWeighted, "edge-betweenness", options)
        var sums = [Double](repeating: 0, count: plan.outgoing.arcCount)
        var ticker = CancellationTicker(options)
        try options.checkCancellation()
        if isWeighted {
            var search = WeightedBrandesSearch(plan.outgoing)
            for source in plan.sources {
                _ = try search.dependencies(of: source, arcSums: &sums, &ticker)
            }
        } else {
            var search = BrandesSearch(
                plan.outgoing, plan.incoming, isSymmetric: plan.isSymmetric)
            for source in plan.sources {
                try search.addArcDependencies(of: source, to: &sums, &ticker)
            }
        }
        let pairs = Double(graph.nodeCount) * Double(graph.nodeCount - 1)
        var scale = plan.sampleScale
        if isNormalized {
            scale = pairs > 0 ? scale / pairs : 1
        } else if !graph.isDirected {
            scale /= 2
        }
        var values = [Double](repeating: 0, count: graph.outgoing.arcCount)
        for (arc, sum) in sums.enumerated() { values[plan.arcs?[arc] ?? arc] = sum * scale }
        return graph.isDirected ? values : Self.joinedDirections(values, graph.outgoing)
    }

    /// Gives both arcs of each undirected edge the sum of both.
    private static func joinedDirections(_ values: [Double], _ rows: CSRRows) -> [Double] {
        var result = values
        for source in 0..<UInt32(truncatingIfNeeded: rows.offsets.count - 1) {
            for arc in rows.range(of: source) where rows.targets[arc] > source {
                // Parallel arcs stand in the same order in both rows.
                let target = rows.targets[arc]
                guard let first = rows.firstArc(from: source, to: target),
                    let back = rows.firstArc(from: target, to: source)
                else { continue }
                let sum = values[arc] + values[back + (arc - first)]
                result[arc] = sum
                result[back + (arc - first)] = sum
            }
        }
        return result
    }
}
