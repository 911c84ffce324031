extension PrerequisiteGraph {
    /// Returns the concepts and blocks that are ready to be learned, best first.
    ///
    /// With goals only those inside the best plan for them; if a goal cannot be reached there is no
    /// plan, and the answer says which.
    ///
    /// - Throws: `.tooManyBlocks` where alternatives among corequisites allow more blocks than can
    ///   be listed; `.invalidArgument`; `.overflow`.
    /// - Complexity: O(concepts + edges); with corequisites or requirement nodes that for each
    ///   entry.
    public func frontier(
        goals: [String] = [], query: LearningPathQuery = LearningPathQuery()
    ) throws(LearningPathError) -> LearningFrontier {
        let question = try PlanQuery(self, goals: goals, query: query)
        if !query.partial, !question.unreachable.isEmpty {
            return LearningFrontier(entries: [], unreachable: question.unreachable)
        }
        let readiness = try Readiness(self, question.hard, question.state)
        var candidates = readiness.ready
        if !goals.isEmpty {
            let plan = Set(question.plan?.members ?? [])
            candidates = candidates.filter { $0.allSatisfy(plan.contains) }
        }
        var ranked: [(entry: [Int32], unlocks: Int, difficulty: Double, minutes: Int64)] = []
        for entry in candidates {
            ranked.append(
                (
                    entry, try readiness.unlocks(entry),
                    entry.reduce(0) { max($0, difficulty[Int($1)]) },
                    try LearnerState.sum(entry, minutes)
                ))
        }
        ranked.sort { lhs, rhs in
            if lhs.unlocks != rhs.unlocks { return lhs.unlocks > rhs.unlocks }
            if lhs.difficulty != rhs.difficulty { return lhs.difficulty < rhs.difficulty }
            if lhs.minutes != rhs.minutes { return lhs.minutes < rhs.minutes }
            return lhs.entry.lexicographicallyPrecedes(rhs.entry)
        }
        return LearningFrontier(
            entries: ranked.map { FrontierEntry(ids: visibleIDs($0.entry), unlocks: $0.unlocks) },
            unreachable: question.unreachable)
    }
}

/// What is ready in a state of knowledge.
struct Readiness {
    private let graph: PrerequisiteGraph
    private let hard: HardRequirements
    private let state: ForwardChaining
    /// Ready concepts, ascending, then ready blocks, by size and members; requirement nodes may be
    /// members of blocks.
    let ready: [[Int32]]
    /// Whether a concept is in one of them.
    private let isReady: [Bool]

    init(
        _ graph: PrerequisiteGraph, _ hard: HardRequirements, _ learner: LearnerState
    ) throws(LearningPathError) {
        self.graph = graph
        self.hard = hard
        var state = ForwardChaining(hard, known: learner.known, isBlocked: learner.excluded)
        if graph.hasHidden { state.deriveHidden(graph.isHidden) }
        self.state = state
        ready = try Self.ready(graph, hard, state)
        var isReady = [Bool](repeating: false, count: hard.conceptCount)
        for concept in ready.joined() { isReady[Int(concept)] = true }
        self.isReady = isReady
    }

    /// How many concepts are in some ready entry once this one is learned, and are in none now.
    func unlocks(_ entry: [Int32]) throws(LearningPathError) -> Int {
        guard hard.hasCorequisites || graph.hasHidden else { return unlocksAlone(entry[0]) }
        var next = state
        for concept in entry { next.take(concept) }
        if graph.hasHidden { next.deriveHidden(graph.isHidden) }
        var after: Set<Int32> = []
        for other in try Self.ready(graph, hard, next) {
            for concept in other where !isReady[Int(concept)] && !graph.isHidden[Int(concept)] {
                after.insert(concept)
            }
        }
        return after.subtracting(entry).count
    }

    /// Without blocks: the concepts of which all unmet groups have this option.
    private func unlocksAlone(_ concept: Int32) -> Int {
        var met: [Int32: Int32] = [:]
        for use in hard.uses(of: concept) {
            let group = Int(hard.usedGroup[use])
            guard state.support[group] == 0 else { continue }
            met[hard.groupOwner[group], default: 0] += 1
        }
        return met.lazy.filter { owner, count in
            owner != concept && state.unmet[Int(owner)] == count && !state.have[Int(owner)]
                && !state.isBlocked[Int(owner)]
        }.count
    }

    private static func ready(
        _ graph: PrerequisiteGraph, _ hard: HardRequirements, _ state: ForwardChaining
    ) throws(LearningPathError) -> [[Int32]] {
        var ready = (0..<Int32(hard.conceptCount)).filter { state.isReady($0) }.map { [$0] }
        guard hard.hasCorequisites else { return ready }
        let finder = BlockFinder(hard)
        let members = finder.supporting(
            among: hard.corequisiteConcepts.filter { state.canJoinBlock($0) },
            support: state.support)
        for block in try finder.blocks(within: members, support: state.support)
        where block.contains(where: { !graph.isHidden[Int($0)] }) {
            ready.append(block)
        }
        return ready
    }
}
