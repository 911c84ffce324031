import PropertyGraph

/// A plan query in the making: goals resolved, and the requirements it was decided under.
struct PlanQuery {
    let graph: PrerequisiteGraph
    let query: LearningPathQuery
    /// The requirements in force: with cycles taken together where that was needed.
    private(set) var hard: HardRequirements
    let state: LearnerState
    /// Goals that are concepts and can be reached, as given, each once.
    private(set) var goals: [Int32] = []
    /// Goals that are known concepts, each once.
    private(set) var knownGoals: [Int32] = []
    /// Known goals that are no concepts, so that no plan from nothing reaches them.
    private(set) var foreignGoals: [String] = []
    /// Goals that cannot, ascending.
    private(set) var unreachable: [UnreachableGoal] = []
    /// Whether the plan was tried out.
    let isChecked: Bool
    /// Whether cycles were taken together.
    private(set) var isTogether = false
    /// The best plan found for the reachable goals.
    private(set) var choice = PlanChoice.plan(ChosenPlan(members: []))

    /// - Parameters:
    ///   - isChecked: Whether the plan is tried out; else it may hold a cycle.
    ///   - isSearched: Whether the best plan is searched for; else any plan will do.
    init(
        _ graph: PrerequisiteGraph, goals names: [String], query: LearningPathQuery,
        isChecked: Bool = true, isSearched: Bool = true
    ) throws(LearningPathError) {
        self.graph = graph
        self.query = query
        self.isChecked = isChecked
        hard = try graph.requirements(theta: query.theta)
        state = try LearnerState(query, graph: graph, hard: hard)
        resolve(names)
        choice = try chooser.choose(goals, isChecked: isChecked, isSearched: isSearched)
        var isStuck = !unreachable.isEmpty
        if case .unreachable = choice { isStuck = true }
        if isStuck, query.cycles == .together {
            hard = hard.together()
            isTogether = true
            choice = try chooser.choose(goals, isSearched: isSearched)
        }
        if case .unreachable = choice {
            try sortOut()
            choice = try chooser.choose(goals, isSearched: isSearched)
        }
        unreachable.sort { UTF8Order.precedes($0.goal, $1.goal) }
    }

    /// Chooses plans from what the learner knows.
    var chooser: PlanChooser {
        PlanChooser(
            graph: graph, hard: hard, known: state.known, excluded: state.excluded,
            cost: state.cost, budget: query.budget)
    }

    /// The plan; nil where there is none.
    var plan: ChosenPlan? {
        if case .plan(let plan) = choice { plan } else { nil }
    }

    /// The choices behind the reachable goals; nil when a goal is not learnable after all.
    func frame() throws(LearningPathError) -> PlanFrame? { try chooser.frame(goals) }

    private mutating func resolve(_ names: [String]) {
        for name in PrerequisiteGraph.firstOfEach(names) {
            let isKnown = graph.atom(name).map { state.known[Int($0)] } ?? false
            if let concept = graph.concept(name) {
                if isKnown { knownGoals.append(concept) } else { goals.append(concept) }
            } else if isKnown || state.strangers.contains(where: { UTF8Order.equal($0, name) }) {
                foreignGoals.append(name)
            } else {
                unreachable.append(
                    UnreachableGoal(
                        goal: name,
                        reason: .unknownConcept(suggestions: graph.suggestions(for: name))))
            }
        }
    }

    /// Parts the goals into those that can be learned and those that cannot.
    private mutating func sortOut() throws(LearningPathError) {
        var possible = ForwardChaining(hard, known: state.known, isBlocked: state.excluded)
        possible.run()
        let why = Unreachability(
            graph: graph, hard: hard, excluded: state.excluded, possible: possible)
        var reached: [Int32] = []
        for goal in goals {
            if possible.have[Int(goal)] {
                reached.append(goal)
            } else {
                unreachable.append(
                    UnreachableGoal(goal: graph.id(goal), reason: why.reason(for: goal)))
            }
        }
        goals = reached
    }
}

extension PrerequisiteGraph {
    /// The texts in their order, repeated ones left out.
    static func firstOfEach(_ texts: [String]) -> [String] {
        var seen: Set<[UInt8]> = []
        return texts.filter { seen.insert(Array($0.utf8)).inserted }
    }
}
