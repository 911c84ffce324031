extension PrerequisiteGraph {
    /// Returns the concepts and blocks that are ready to be learned, best first.
    ///
    /// With goals only those inside the best plan for them; if a goal cannot be reached there is no
    /// plan, and the answer says which.
    ///
    /// - Throws: `.tooManyBlocks` where alternatives among corequisites allow more blocks than can
    ///   be listed; `.invalidArgument`; `.overflow`.
    /// - Complexity: O(concepts + edges); with corequisites each entry takes besides what the search
    ///   for blocks does among the concepts that it brings closer.
    public func frontier(
        goals: [String] = [], query: LearningPathQuery = LearningPathQuery()
    ) throws(LearningPathError) -> LearningFrontier {
        let question = try PlanQuery(self, goals: goals, query: query)
        if !query.partial, !question.unreachable.isEmpty {
            return LearningFrontier(entries: [], unreachable: question.unreachable)
        }
        var readiness = try Readiness(self, question.hard, question.state)
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
    /// The same before and after each call.
    private var state: ForwardChaining
    /// Ready concepts, ascending, then ready blocks, by size and members; requirement nodes may be
    /// members of blocks.
    let ready: [[Int32]]
    /// Whether a concept is in one of them.
    private let isReady: [Bool]
    /// Whether a concept has itself as a corequisite: two such are a block, however far apart.
    private let hasSelfCorequisites: Bool
    /// Whether a concept is wanted by `candidates(near:)`; false between two calls.
    private var isNear: [Bool]

    init(
        _ graph: PrerequisiteGraph, _ hard: HardRequirements, _ learner: LearnerState
    ) throws(LearningPathError) {
        self.graph = graph
        self.hard = hard
        var state = ForwardChaining(hard, known: learner.known, isBlocked: learner.excluded)
        if graph.hasHidden { state.deriveHidden(graph.isHidden) }
        self.state = state
        var ready = (0..<Int32(hard.conceptCount)).filter { state.isReady($0) }.map { [$0] }
        if hard.hasCorequisites {
            ready += try Self.blocks(
                among: hard.corequisiteConcepts.filter { state.canJoinBlock($0) }, graph, hard,
                state)
        }
        self.ready = ready
        var isReady = [Bool](repeating: false, count: hard.conceptCount)
        for concept in ready.joined() { isReady[Int(concept)] = true }
        self.isReady = isReady
        hasSelfCorequisites = hard.corequisiteConcepts.contains { concept in
            hard.groups(of: concept).contains { group in
                hard.options(of: group).contains {
                    hard.isCorequisite[$0] && hard.option[$0] == concept
                }
            }
        }
        isNear = hard.hasCorequisites ? [Bool](repeating: false, count: hard.conceptCount) : []
    }

    /// How many concepts are in some ready entry once this one is learned, and are in none now.
    ///
    /// Nothing but a concept of which the entry meets a group can become ready, and no block
    /// without one: whatever else is ready then is ready now.
    mutating func unlocks(_ entry: [Int32]) throws(LearningPathError) -> Int {
        var taken: [Int32] = []
        var touched: [Int32] = []
        var waiting = entry
        while let concept = waiting.popLast() {
            guard !state.have[Int(concept)] else { continue }
            taken.append(concept)
            let first = touched.count
            state.take(concept, meeting: &touched)
            // Requirement nodes are met as soon as they can be.
            for owner in touched[first...]
            where graph.isHidden[Int(owner)] && state.isReady(owner) { waiting.append(owner) }
        }
        defer { for concept in taken.reversed() { state.giveBack(concept) } }
        var after = Set(touched.filter { state.isReady($0) })
        let near = touched.filter { state.canJoinBlock($0) }
        if hard.hasCorequisites, !near.isEmpty {
            let candidates =
                hasSelfCorequisites
                ? hard.corequisiteConcepts.filter { state.canJoinBlock($0) }
                : candidates(near: near)
            for block in try Self.blocks(among: candidates, graph, hard, state) {
                after.formUnion(block)
            }
        }
        return after.filter { !isReady[Int($0)] && !graph.isHidden[Int($0)] }.count
    }

    /// The concepts that blocks with one of those given may have as members, ascending: what they
    /// need as corequisites, and so on.
    private mutating func candidates(near concepts: [Int32]) -> [Int32] {
        var found: [Int32] = []
        var next = 0
        func visit(_ concept: Int32) {
            guard !isNear[Int(concept)], state.canJoinBlock(concept) else { return }
            isNear[Int(concept)] = true
            found.append(concept)
        }
        for concept in concepts { visit(concept) }
        while next < found.count {
            let concept = found[next]
            next += 1
            for group in hard.groups(of: concept) where state.support[group] == 0 {
                for position in hard.options(of: group) where hard.isCorequisite[position] {
                    let atom = hard.option[position]
                    if Int(atom) < hard.conceptCount { visit(atom) }
                }
            }
        }
        for concept in found { isNear[Int(concept)] = false }
        return found.sorted()
    }

    /// The ready blocks among some concepts, by size and members.
    private static func blocks(
        among candidates: [Int32], _ graph: PrerequisiteGraph, _ hard: HardRequirements,
        _ state: ForwardChaining
    ) throws(LearningPathError) -> [[Int32]] {
        let finder = BlockFinder(hard)
        let members = finder.supporting(among: candidates, support: state.support)
        return try finder.blocks(within: members, support: state.support).filter { block in
            block.contains { !graph.isHidden[Int($0)] }
        }
    }
}
