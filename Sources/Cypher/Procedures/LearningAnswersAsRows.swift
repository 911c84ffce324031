internal import GraphAlgorithms
internal import PropertyGraph

/// The answers of learning queries as rows of `learn.*` procedures.
struct LearningAnswersAsRows {
    let curriculum: Curriculum
    let query: LearningPathQuery

    private var graph: PrerequisiteGraph { curriculum.graph }

    private func ids(_ ids: [String]) -> CypherValue { .list(ids.map { .string($0) }) }

    private func node(_ id: String) -> CypherValue {
        curriculum.node(id).map { .node(Node(id: $0)) } ?? .null
    }

    private func nodes(_ ids: [String]) -> CypherValue {
        .list(ids.map { node($0) })
    }

    private func check(_ unreachable: [UnreachableGoal]) throws {
        guard let goal = unreachable.first else { return }
        throw CypherError(
            .procedureError, .runtime, .procedureCallFailed,
            goal.sentence + " Leave the goal out, or pass partial: true.")
    }

    private func planned(_ goals: [String]) throws -> LearningPlan {
        let plan = try graph.plan(goals: goals, query: query)
        if !query.partial { try check(plan.unreachable) }
        return plan
    }

    func plan(_ goals: [String]) throws -> [[CypherValue]] {
        let plan = try planned(goals)
        let costs = try graph.costs(query: query)
        return plan.order.enumerated().map { place, step in
            [
                .integer(Int64(place + 1)), ids(step), nodes(step), .integer(costs.minutes(step)),
                .integer(plan.minutes), .boolean(plan.isOptimal),
            ]
        }
    }

    func need(_ goals: [String]) throws -> [[CypherValue]] {
        let need = try graph.need(goals: goals, query: query)
        let must = Set(need.must.map { PropertyKey($0) })
        return need.may.map {
            [.string($0), node($0), .boolean(must.contains(PropertyKey($0)))]
        }
    }

    func alternatives(_ goals: [String], _ count: Int) throws -> [[CypherValue]] {
        let found = try graph.alternatives(goals: goals, count: count, query: query)
        try check(found.unreachable)
        return found.plans.enumerated().map { place, plan in
            [
                .integer(Int64(place + 1)), ids(plan.concepts), nodes(plan.concepts),
                .integer(plan.minutes),
            ]
        }
    }

    func within(_ goals: [String], _ minutes: Int64) throws -> [[CypherValue]] {
        let found = try graph.within(minutes: minutes, goals: goals, query: query)
        return [
            [
                ids(found.goals), nodes(found.goals), .integer(found.minutes),
                .boolean(found.isOptimal),
            ]
        ]
    }

    func frontier(_ goals: [String]) throws -> [[CypherValue]] {
        let found = try graph.frontier(goals: goals, query: query)
        try check(found.unreachable)
        return found.entries.map { [ids($0.ids), nodes($0.ids), .integer(Int64($0.unlocks))] }
    }

    func gaps() throws -> [[CypherValue]] {
        try graph.gaps(query: query).gaps.map {
            [.string($0.concept), node($0.concept), .list($0.groups.map { ids($0) })]
        }
    }

    func bottlenecks(_ goals: [String]) throws -> [[CypherValue]] {
        try graph.bottlenecks(goals: goals, query: query).map {
            [
                .string($0.id), node($0.id), .integer(Int64($0.gates)),
                .integer($0.minutes),
            ]
        }
    }

    func chains(_ source: String, _ target: String, _ count: Int) throws -> [[CypherValue]] {
        try graph.chains(from: source, to: target, count: count, query: query).map {
            [ids($0.ids), nodes($0.ids), .integer($0.minutes)]
        }
    }

    func explain(_ concept: String, _ goals: [String]) throws -> [[CypherValue]] {
        switch try graph.explain(concept: concept, goals: goals, query: query) {
        case .because(let why):
            return [
                [
                    .boolean(true), .string(why.ids.count == 1 ? "goal" : "needed"),
                    ids(why.ids), nodes(why.ids),
                ]
            ]
        case .absent(let absence):
            var (reason, found): (String, [String]) = ("", [])
            switch absence {
            case .known: reason = "known"
            case .excluded: reason = "excluded"
            case .notNeeded: reason = "notNeeded"
            case .noPlan(let goals): (reason, found) = ("noPlan", goals.map(\.goal))
            case .replaced(_, _, _, let metBy): (reason, found) = ("replaced", metBy)
            }
            return [[.boolean(false), .string(reason), ids(found), nodes(found)]]
        }
    }

    func modules(_ goals: [String]) throws -> [[CypherValue]] {
        try graph.modules(try planned(goals), query: query).enumerated().map { place, module in
            [
                .integer(Int64(place + 1)), ids(module.concepts), nodes(module.concepts),
                .integer(module.minutes),
            ]
        }
    }

    func schedule(
        _ goals: [String], _ perWeek: Int64, _ start: CalendarDate
    ) throws -> [[CypherValue]] {
        let schedule = try graph.schedule(
            try planned(goals), minutesPerWeek: perWeek, start: start, query: query)
        return schedule.weeks.map { week in
            let found = week.items.flatMap(\.ids)
            return [
                .property(.date(week.start)), ids(found), nodes(found), .integer(week.minutes),
            ]
        }
    }

    func lint() throws -> [[CypherValue]] {
        let lint = try graph.lint(theta: query.theta)
        func row(_ problem: String, _ found: [String], _ detail: String? = nil) -> [CypherValue] {
            [.string(problem), ids(found), nodes(found), detail.map { .string($0) } ?? .null]
        }
        var rows = lint.cycles.map {
            row("cycle", $0.members, $0.witness.joined(separator: " → "))
        }
        rows += lint.missing.map { row("missing", [$0.of, $0.needs]) }
        rows += lint.selfLoops.map { row("selfLoop", [$0]) }
        rows += lint.duplicates.map {
            row("duplicate", [$0.edge.of, $0.edge.needs], "\($0.copies) copies")
        }
        rows += lint.unreachable.map { row("unreachable", [$0]) }
        rows += lint.implied.map {
            row("implied", [$0.edge.of, $0.edge.needs], "through \($0.through)")
        }
        rows += lint.harder.map { row("harder", [$0.edge.of, $0.edge.needs]) }
        return rows
    }

    func weakest() throws -> [[CypherValue]] {
        try graph.weakestEdges(theta: query.theta).map {
            [.string($0.of), .string($0.needs), .float($0.strength)]
        }
    }
}
