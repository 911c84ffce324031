extension PrerequisiteGraph {
    /// Returns what no plan for some goals can do without, and what some minimal plan uses.
    ///
    /// Goals that cannot be reached have no plan: both lists are empty then.
    ///
    /// - Throws: `.invalidArgument`; `.overflow`.
    /// - Complexity: What every plan needs is found in polynomial time: O(options × concepts / 64)
    ///   behind the goals, or O(concepts × edges) where cycles make order matter. What some minimal
    ///   plan uses takes exponential time at worst, within the budget.
    public func need(
        goals: [String], query: LearningPathQuery = LearningPathQuery()
    ) throws(LearningPathError) -> LearningNeed {
        let question = try PlanQuery(self, goals: goals, query: query, isSearched: false)
        guard question.unreachable.isEmpty, case .plan(let plan) = question.choice else {
            return LearningNeed(must: [], may: [], isComplete: true)
        }
        guard !plan.isOnly, let frame = try question.frame() else {
            let ids = visibleIDs(plan.members)
            return LearningNeed(must: ids, may: ids, isComplete: true)
        }
        let needs = frame.needs(SearchMeter(query.budget))
        return LearningNeed(
            must: visibleIDs(needs.must), may: visibleIDs(needs.may), isComplete: needs.isComplete)
    }

    /// Returns the concepts in every plan for some goals, ascending: each is lost to the goals when
    /// it is excluded. Goals that cannot be reached give an empty list.
    ///
    /// - Throws: `.invalidArgument`; `.overflow`.
    /// - Complexity: As the first half of `need`: polynomial.
    public func mustLearn(
        goals: [String], query: LearningPathQuery = LearningPathQuery()
    ) throws(LearningPathError) -> [String] {
        let question = try PlanQuery(self, goals: goals, query: query, isSearched: false)
        guard question.unreachable.isEmpty, case .plan(let plan) = question.choice else {
            return []
        }
        guard !plan.isOnly, let frame = try question.frame() else {
            return visibleIDs(plan.members)
        }
        return visibleIDs(frame.mustLearn())
    }

    /// Returns the best minimal plans for some goals, by cost, then number of concepts, then ids.
    ///
    /// - Parameter count: How many at most, 1 or more.
    /// - Throws: `.invalidArgument`; `.overflow`.
    /// - Complexity: `count` times the concepts of a plan that others can stand in for, times a
    ///   search as for `plan`; all within the budget.
    public func alternatives(
        goals: [String], count: Int = 3, query: LearningPathQuery = LearningPathQuery()
    ) throws(LearningPathError) -> LearningAlternatives {
        guard count >= 1 else {
            throw LearningPathError(
                .invalidArgument, "Cannot list \(count) alternatives; ask for 1 or more.")
        }
        let question = try PlanQuery(self, goals: goals, query: query, isSearched: false)
        guard question.unreachable.isEmpty, case .plan(let plan) = question.choice else {
            return LearningAlternatives(
                plans: [], isExhausted: true, isComplete: true, unreachable: question.unreachable)
        }
        func alternative(_ members: [Int32]) throws(LearningPathError) -> LearningAlternative {
            LearningAlternative(
                concepts: visibleIDs(members),
                minutes: try LearnerState.sum(members, question.state.cost))
        }
        guard !plan.isOnly, let frame = try question.frame() else {
            return LearningAlternatives(
                plans: [try alternative(plan.members)], isExhausted: true, isComplete: true,
                unreachable: [])
        }
        var search = MinimalPlans(frame, meter: SearchMeter(query.budget))
        var plans: [LearningAlternative] = []
        // One more is looked for, to tell whether these are all.
        while let next = search.next() {
            if plans.count == count {
                return LearningAlternatives(
                    plans: plans, isExhausted: false, isComplete: true, unreachable: [])
            }
            plans.append(try alternative(next.names))
        }
        let isExhausted = !search.meter.isSpent
        return LearningAlternatives(
            plans: plans, isExhausted: isExhausted,
            isComplete: isExhausted || plans.count == count, unreachable: [])
    }
}

extension PlanFrame {
    /// What every plan needs and what some minimal plan uses, without requirement nodes.
    func needs(
        _ meter: SearchMeter
    ) -> (must: [Int32], may: [Int32], isComplete: Bool) {
        var meter = meter
        if mayLackOrder {
            var plans = MinimalPlans(self, meter: meter)
            var may: Set<Int32> = []
            while let next = plans.next() { may.formUnion(next.names) }
            let must = mustLearn()
            return (must, may.union(must).sorted(), !plans.meter.isSpent)
        }
        let whole = problem()
        guard let reduced = ReducedProblem(whole, limit: totalWeight, &meter, keepsAll: true) else {
            return ([], [], true)
        }
        var may = reduced.names
        var isComplete = true
        if reduced.problem.groupCount > 0 {
            for part in reduced.problem.components() {
                var relevant = RelevantNodes(part)
                may += relevant.concepts(&meter)
                if !relevant.isComplete { isComplete = false }
            }
        }
        return (mustLearn(), may.sorted(), isComplete)
    }

    /// What every plan needs, without requirement nodes.
    func mustLearn() -> [Int32] {
        var unlimited = SearchMeter(.steps(.max))
        if !mayLackOrder,
            let reduced = ReducedProblem(
                problem(), limit: totalWeight, &unlimited, keepsAll: true),
            reduced.problem.nodeCount <= MustSets.limit
        {
            return reduced.names.sorted()
        }
        var isUsable = [Bool](repeating: false, count: chooser.hard.conceptCount)
        for concept in members { isUsable[Int(concept)] = true }
        return chooser.necessary(targets, among: isUsable)
    }
}
