import PropertyGraph

/// What Louvain and Leiden share: levels of moving and aggregating, repeated from the graph itself
/// until no single node can do better.
struct CommunitySearch: Sendable {
    let isRefined: Bool
    let resolution: Double
    let maxIterations: Int
    let options: RunOptions
    private let moving: LocalMoving

    init(isRefined: Bool, resolution: Double, maxIterations: Int, options: RunOptions) {
        self.isRefined = isRefined
        self.resolution = resolution
        self.maxIterations = maxIterations
        self.options = options
        moving = LocalMoving(resolution: resolution, options: options)
    }

    /// Below this modularity a graph has no structure to speak of, and going through all levels
    /// again would only polish noise: random graphs of few edges a node reach as much.
    ///
    /// - SeeAlso: Guimerà, Sales-Pardo, Amaral, *Modularity from Fluctuations in Random Graphs and
    ///   Complex Networks* (2004).
    static let leastStructure = 0.2

    /// The outcome.
    struct Outcome: Sendable {
        /// For each node the lowest node of its community.
        var labels: [UInt32]
        /// The partition after each level of the first iteration, finest first, in the same form.
        var levels: [[UInt32]]
        var iterations: Int
        /// The modularity when the last way up ended.
        var modularity = 0.0
    }

    func run(on graph: LevelGraph) throws(AlgorithmError) -> Outcome {
        var outcome = Outcome(labels: [], levels: [], iterations: 0)
        var labels: [UInt32]?
        var isCut = false
        while outcome.iterations < maxIterations, !isCut {
            let found = try iterate(graph, from: labels, &outcome)
            outcome.iterations += 1
            options.report("iterations", outcome.iterations)
            guard let found else { break }
            labels = found
            isCut = outcome.modularity < Self.leastStructure
        }
        var final = labels ?? []
        if labels == nil {
            for node in 0..<graph.nodeCount { final.append(UInt32(truncatingIfNeeded: node)) }
        }
        if outcome.iterations == maxIterations || isCut || isRefined { try settle(graph, &final) }
        outcome.labels = try Partition.lowestMembers(final, options)
        return outcome
    }

    /// Lets single nodes move until none does better and, for Leiden, cuts communities into their
    /// connected pieces, until neither does anything. A piece alone is never worse: no edge joined
    /// it with the rest.
    private func settle(_ graph: LevelGraph, _ labels: inout [UInt32]) throws(AlgorithmError) {
        var former: [UInt32]?
        for round in 0..<100 {
            let moved =
                round == 0
                ? try moving.moveAll(
                    graph, from: labels, isShuffled: false, givesTotals: false)
                : try moving.moveRest(graph, from: labels)
            labels = moved.communities
            var hasSplit = false
            if isRefined {
                hasSplit = try Partition.splitDisconnected(
                    &labels, since: former, graph, options: options)
                former = labels
            }
            // Whoever leaves a community makes it better for nodes that nobody calls back, so only
            // a round without moves shows that all is done.
            if moved.moves == 0, !hasSplit { return }
        }
    }

    /// One way up through all levels; nil when the nodes of the graph itself did not move at all.
    private func iterate(
        _ graph: LevelGraph, from start: [UInt32]?, _ outcome: inout Outcome
    ) throws(AlgorithmError) -> [UInt32]? {
        var level = graph
        // For each node of the graph its node on this level, and the other way round the lowest.
        var places: [UInt32] = []
        var lowest: [UInt32] = []
        var communities = start
        var depth = 0
        while true {
            let moved = try moving.moveAll(
                level, from: communities, isShuffled: depth == 0, givesTotals: isRefined)
            if depth == 0, moved.moves == 0 { return nil }
            var found = moved.communities
            let communityCount = Partition.makeDense(&found)
            var groups = found
            var count = communityCount
            if isRefined {
                groups = try Refinement(
                    level, within: moved.communities, totals: moved.totals, resolution: resolution,
                    options: options
                ).groups()
                count = Partition.makeDense(&groups)
            }
            let isDone = isRefined ? communityCount == level.nodeCount : moved.moves == 0
            if start == nil, !isDone || depth == 0 {
                let names = Partition.lowestMembers(of: found, communityCount, lowest)
                outcome.levels.append(
                    try Partition.follow(
                        Partition.follow(names, from: found, options), from: places, options))
            }
            if isDone || count == level.nodeCount {
                let top = try Partition.lowestMembers(found, options)
                outcome.modularity = try level.quality(
                    of: top, resolution: resolution, options: options
                ).modularity
                return try Partition.follow(found, from: places, options)
            }
            if start == nil { lowest = Partition.lowestMembers(of: groups, count, lowest) }
            places = try Partition.follow(groups, from: places, options)
            communities = isRefined ? Self.lifted(found, by: groups, count: count) : nil
            level = try level.aggregated(by: groups, count: count, options: options)
            depth += 1
        }
    }

    /// The communities of groups, from those of their members.
    private static func lifted(_ found: [UInt32], by groups: [UInt32], count: Int) -> [UInt32] {
        var communities = [UInt32](repeating: 0, count: count)
        for node in groups.indices { communities[Int(groups[node])] = found[node] }
        return communities
    }
}
