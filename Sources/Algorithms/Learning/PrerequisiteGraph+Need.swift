extension PrerequisiteGraph {
    /// Returns what no plan for some goals can do without, and what some minimal plan uses.
    ///
    /// Goals that cannot be reached have no plan: both lists are empty then.
    ///
    /// - Throws: `.notYetSupported` where minimal plans differ; `mustLearn` answers there too.
    /// - Complexity: As `plan`.
    public func need(
        goals: [String], query: LearningPathQuery = LearningPathQuery()
    ) throws(LearningPathError) -> LearningNeed {
        let question = try PlanQuery(self, goals: goals, query: query)
        guard question.unreachable.isEmpty, let members = question.plan?.members
        else { return LearningNeed(must: [], may: []) }
        let ids = visibleIDs(members)
        return LearningNeed(must: ids, may: ids)
    }

    /// Returns the concepts in every plan for some goals, ascending: each is lost to the goals when
    /// it is excluded. Goals that cannot be reached give an empty list.
    ///
    /// - Complexity: O(relevant concepts × edges), alternatives or not.
    public func mustLearn(
        goals: [String], query: LearningPathQuery = LearningPathQuery()
    ) throws(LearningPathError) -> [String] {
        let question = try PlanQuery(self, goals: goals, query: query)
        guard question.unreachable.isEmpty else { return [] }
        if let plan = question.plan, plan.isOnly { return visibleIDs(plan.members) }
        let usable = question.state.excluded.prefix(question.hard.conceptCount).map { !$0 }
        return visibleIDs(question.chooser.necessary(question.goals, among: usable))
    }

    /// Returns the best minimal plans for some goals.
    ///
    /// - Parameter count: How many at most, 1 or more.
    /// - Throws: `.notYetSupported` where there is more than one; `.invalidArgument`.
    /// - Complexity: As `plan`.
    public func alternatives(
        goals: [String], count: Int = 3, query: LearningPathQuery = LearningPathQuery()
    ) throws(LearningPathError) -> LearningAlternatives {
        guard count >= 1 else {
            throw LearningPathError(
                .invalidArgument, "Cannot list \(count) alternatives; ask for 1 or more.")
        }
        let question = try PlanQuery(self, goals: goals, query: query)
        guard question.unreachable.isEmpty, let members = question.plan?.members
        else { return LearningAlternatives(plans: [], isExhausted: true) }
        let plan = LearningAlternative(
            concepts: visibleIDs(members),
            minutes: try LearnerState.sum(members, question.state.cost))
        return LearningAlternatives(plans: [plan], isExhausted: true)
    }
}
