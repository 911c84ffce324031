extension PrerequisiteGraph {
    /// Returns for each learnable concept how many others are lost if it can never be learned, the
    /// worst first: by count and minutes descending, then id. Concepts that gate nothing are left
    /// out.
    ///
    /// - Parameters:
    ///   - goals: If not empty, only what lies behind them is counted.
    ///   - query: What the learner brings.
    /// - Throws: `.unknownConcept` for a goal that is no concept; `.invalidArgument`; `.overflow`.
    /// - Complexity: O(edges) for each learnable concept at worst; in practice the edges of what it
    ///   gates.
    public func bottlenecks(
        goals: [String] = [], query: LearningPathQuery = LearningPathQuery()
    ) throws(LearningPathError) -> [Bottleneck] {
        let search = try LossSearch(self, goals: goals, query: query)
        var finder = search.finder
        var found: [(concept: Int32, gates: Int, minutes: Int64)] = []
        for concept in search.possible.learned.sorted() where !isHidden[Int(concept)] {
            let lost = finder.lost(with: concept).filter { search.counts[Int($0)] }
            guard !lost.isEmpty else { continue }
            found.append((concept, lost.count, try LearnerState.sum(lost, minutes)))
        }
        found.sort { lhs, rhs in
            if lhs.gates != rhs.gates { return lhs.gates > rhs.gates }
            if lhs.minutes != rhs.minutes { return lhs.minutes > rhs.minutes }
            return lhs.concept < rhs.concept
        }
        return found.map { Bottleneck(id: id($0.concept), gates: $0.gates, minutes: $0.minutes) }
    }

    /// Returns how much is lost if one concept can never be learned; zero when it cannot be learned
    /// anyway or is known.
    ///
    /// - Throws: `.unknownConcept`; `.invalidArgument`; `.overflow`.
    /// - Complexity: O(concepts + edges).
    public func bottleneck(
        of name: String, goals: [String] = [], query: LearningPathQuery = LearningPathQuery()
    ) throws(LearningPathError) -> Bottleneck {
        let concept = try requireConcept(name)
        let search = try LossSearch(self, goals: goals, query: query)
        guard search.possible.have[Int(concept)], !search.isKnown[Int(concept)] else {
            return Bottleneck(id: name, gates: 0, minutes: 0)
        }
        var finder = search.finder
        let lost = finder.lost(with: concept).filter { search.counts[Int($0)] }
        return Bottleneck(
            id: name, gates: lost.count, minutes: try LearnerState.sum(lost, minutes))
    }
}

/// What `bottlenecks` starts from.
private struct LossSearch {
    let possible: ForwardChaining
    let finder: LossFinder
    let isKnown: [Bool]
    /// Whether a concept counts when it is lost.
    let counts: [Bool]

    init(
        _ graph: PrerequisiteGraph, goals: [String], query: LearningPathQuery
    ) throws(LearningPathError) {
        let hard = try graph.requirements(theta: query.theta)
        let learner = try LearnerState(query, graph: graph, hard: hard)
        var possible = ForwardChaining(hard, known: learner.known, isBlocked: learner.excluded)
        possible.run()
        self.possible = possible
        finder = LossFinder(possible)
        isKnown = learner.known
        guard !goals.isEmpty else {
            counts = graph.isHidden.map { !$0 }
            return
        }
        var targets: [Int32] = []
        for goal in goals { targets.append(try graph.requireConcept(goal)) }
        let chooser = PlanChooser(
            graph: graph, hard: hard, known: learner.known, excluded: learner.excluded,
            cost: learner.cost, budget: query.budget)
        let all = [Bool](repeating: true, count: hard.conceptCount)
        var counts = [Bool](repeating: false, count: hard.conceptCount)
        for concept in chooser.behind(targets, usable: all) {
            counts[Int(concept)] = !graph.isHidden[Int(concept)]
        }
        self.counts = counts
    }
}
