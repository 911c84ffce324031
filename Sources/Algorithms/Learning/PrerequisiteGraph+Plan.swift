extension PrerequisiteGraph {
    /// Returns what to learn for some goals, and in which order.
    ///
    /// With prerequisites joined by "and" there is one minimal plan: what lies behind the goals,
    /// stopping at known concepts. Among alternatives the best plan is searched for, within
    /// `query.budget`: least minutes, then fewest concepts, then the smallest ascending list of ids.
    ///
    /// - Parameters:
    ///   - goals: Ids; known ones are reached already, repeated ones count once.
    ///   - query: What the learner brings, and how to answer.
    /// - Returns: Steps in the order of `query.order`. Empty goals give an empty plan.
    /// - Throws: `.unreachable` with a reason for each goal that cannot be reached, unless
    ///   `query.partial`; `.invalidArgument`; `.overflow`.
    /// - Complexity: O(concepts + edges + steps × log steps) where no alternative is met; else
    ///   exponential in the alternatives at worst, cut off by the budget.
    public func plan(
        goals: [String], query: LearningPathQuery = LearningPathQuery()
    ) throws(LearningPathError) -> LearningPlan {
        if let plan = try lay(try PlanQuery(self, goals: goals, query: query, isChecked: false)) {
            return plan
        }
        let question = try PlanQuery(self, goals: goals, query: query)
        guard let plan = try lay(question) else { throw selfLoop(question) }
        return plan
    }

    /// The answer to a question; nil when what was chosen cannot be laid out.
    private func lay(_ question: PlanQuery) throws(LearningPathError) -> LearningPlan? {
        if !question.query.partial, !question.unreachable.isEmpty {
            if question.isChecked { throw unreachable(question) }
            return nil
        }
        let chosen = question.plan ?? ChosenPlan(members: [])
        let members = chosen.members
        let minutes = try LearnerState.sum(members, question.state.cost)
        var layout = PlanLayout(
            members, known: question.state.known, graph: self, hard: question.hard,
            cost: question.state.cost)
        guard layout.layOut(question.query.order, goals: question.goals) else { return nil }
        let named = layout.namedSteps()
        return LearningPlan(
            order: named, minutes: minutes,
            progress: try progress(of: question, members: members, minutes: minutes),
            isOptimal: chosen.isOptimal, lowerBound: chosen.lowerBound ?? minutes,
            recommended: recommended(members, question),
            corequisites: question.isTogether ? named.filter { $0.count > 1 } : [],
            unreachable: question.unreachable,
            concepts: hasHidden ? visibleIDs(members) : members.map { ids[Int($0)] })
    }

    private func unreachable(_ question: PlanQuery) -> LearningPathError {
        LearningPathError(
            .unreachable, question.unreachable.map(\.sentence).joined(separator: " "),
            unreachable: question.unreachable)
    }

    /// How far the learner is to the goals that can be reached: 1 − cost of the plan / cost of the
    /// plan from nothing.
    private func progress(
        of question: PlanQuery, members: [Int32], minutes: Int64
    ) throws(LearningPathError) -> LearningProgress? {
        if members.allSatisfy({ isHidden[Int($0)] }) {
            // Where every goal is out of reach nothing is planned, and yet nothing is done.
            let hasGoal =
                !question.goals.isEmpty || !question.knownGoals.isEmpty
                || !question.foreignGoals.isEmpty
            return hasGoal || question.unreachable.isEmpty
                ? LearningProgress(tenThousandths: 10_000) : nil
        }
        if !question.foreignGoals.isEmpty { return nil }
        if !question.state.known.contains(true) {
            return LearningProgress(left: minutes, of: try LearnerState.sum(members, self.minutes))
        }
        let nothing = [Bool](repeating: false, count: question.state.known.count)
        let chooser = PlanChooser(
            graph: self, hard: question.hard, known: nothing, excluded: question.state.barred,
            cost: self.minutes, budget: question.query.budget)
        let choice = try chooser.choose(question.goals + question.knownGoals)
        guard case .plan(let whole) = choice else { return nil }
        return LearningProgress(
            left: minutes, of: try LearnerState.sum(whole.members, self.minutes))
    }

    private func recommended(_ members: [Int32], _ question: PlanQuery) -> [String] {
        var isIn = [Bool](repeating: false, count: ids.count)
        for concept in members { isIn[Int(concept)] = true }
        var found: Set<Int32> = []
        for concept in members {
            for position in question.hard.soft(of: concept) {
                let soft = Int(question.hard.softNeeds[position])
                if !isIn[soft], !question.state.known[soft], !question.state.excluded[soft] {
                    found.insert(Int32(soft))
                }
            }
        }
        return visibleIDs(found.sorted())
    }

    /// A set that chaining reaches and no sequence of steps does: several concepts that need
    /// themselves as corequisites, of which one is left over.
    private func selfLoop(_ question: PlanQuery) -> LearningPathError {
        let loops = question.goals.map {
            UnreachableGoal(goal: id($0), reason: .cycle([id($0)]))
        }
        return LearningPathError(
            .unreachable,
            "The goals wait for concepts that need themselves as corequisites. "
                + "Remove the edges from a concept to itself; lint lists them.",
            unreachable: loops)
    }
}
