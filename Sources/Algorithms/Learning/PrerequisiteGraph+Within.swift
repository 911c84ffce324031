import PropertyGraph

extension PrerequisiteGraph {
    /// Returns the most goals whose best plan fits a time; of several choices the cheapest, then
    /// the one with the smallest ids. What goals share is paid once.
    ///
    /// - Parameters:
    ///   - minutes: The time there is, 0 or more.
    ///   - goals: Ids; known ones cost nothing, and those that cannot be reached are left out.
    ///   - query: What the learner brings; `partial` does not matter.
    /// - Throws: `.invalidArgument`; `.overflow`.
    /// - Complexity: One plan for each set of goals tried: exponential in the goals at worst,
    ///   within the budget.
    public func within(
        minutes: Int64, goals: [String], query: LearningPathQuery = LearningPathQuery()
    ) throws(LearningPathError) -> LearningWithin {
        guard minutes >= 0 else {
            throw LearningPathError(
                .invalidArgument, "Cannot fit goals into \(minutes) minutes; give 0 or more.")
        }
        var each = query
        each.partial = true
        let question = try PlanQuery(self, goals: goals, query: each, isSearched: false)
        var search = GoalSelection(
            question.chooser, goals: question.goals.sorted(), limit: minutes,
            meter: SearchMeter(query.budget))
        try search.run()
        let chosen = search.best.goals.map { id($0) } + question.knownGoals.map { id($0) }
        return LearningWithin(
            goals: (chosen + question.foreignGoals).sorted(by: UTF8Order.precedes),
            minutes: search.best.cost, isOptimal: search.isOptimal,
            unreachable: question.unreachable)
    }
}

/// Tries sets of goals, first by id, and leaves out what cannot be better than the best found.
private struct GoalSelection {
    private let chooser: PlanChooser
    private let goals: [Int32]
    private let limit: Int64
    private var meter: SearchMeter
    private(set) var best: (goals: [Int32], cost: Int64) = ([], 0)
    private(set) var isOptimal = true

    init(_ chooser: PlanChooser, goals: [Int32], limit: Int64, meter: SearchMeter) {
        self.chooser = chooser
        self.goals = goals
        self.limit = limit
        self.meter = meter
    }

    mutating func run() throws(LearningPathError) {
        try descend(chosen: [], cost: 0, open: goals[...])
        if meter.isSpent { isOptimal = false }
    }

    /// Goals ascend, so of equally good sets the first found has the smallest ids.
    private mutating func descend(
        chosen: [Int32], cost: Int64, open: ArraySlice<Int32>
    ) throws(LearningPathError) {
        if (chosen.count, -cost) > (best.goals.count, -best.cost) { best = (chosen, cost) }
        // A goal that does not fit beside those chosen does not fit beside more of them.
        var fitting: [(goal: Int32, cost: Int64)] = []
        for goal in open {
            guard meter.step() else { return }
            if let cost = try price(chosen + [goal]), cost <= limit { fitting.append((goal, cost)) }
        }
        for (place, next) in fitting.enumerated() {
            let most = chosen.count + fitting.count - place
            if most < best.goals.count { return }
            if most == best.goals.count, next.cost >= best.cost { continue }
            try descend(
                chosen: chosen + [next.goal], cost: next.cost,
                open: fitting[(place + 1)...].map(\.goal)[...])
            if meter.isSpent { return }
        }
    }

    /// The cost of the best plan for some goals.
    private mutating func price(_ goals: [Int32]) throws(LearningPathError) -> Int64? {
        guard case .plan(let plan) = try chooser.choose(goals) else { return nil }
        if !plan.isOptimal { isOptimal = false }
        return try LearnerState.sum(plan.members, chooser.cost)
    }
}
