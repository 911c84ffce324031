import GraphAlgorithms

/// The engine's answer to a query, in the form of the oracle.
func oracleAnswer(
    _ query: LearningCase.Query, _ graph: PrerequisiteGraph
) throws -> JSONValue {
    let goals = query.goals ?? []
    let options = query.options
    switch query.op {
    case "plan": return try planAnswer(graph, goals, options)
    case "alternatives":
        let found = try graph.alternatives(goals: goals, count: query.k ?? 3, query: options)
        return .object([
            "plans": .array(
                found.plans.map {
                    .object(["set": .ids($0.concepts), "minutes": .integer($0.minutes)])
                })
        ])
    case "need":
        let need = try graph.need(goals: goals, query: options)
        return .object(["must": .ids(need.must), "may": .ids(need.may)])
    case "frontier":
        let frontier = try graph.frontier(goals: goals, query: options)
        return .object([
            "frontier": .array(
                frontier.entries.map {
                    .object(["ids": .ids($0.ids), "unlocks": .integer(Int64($0.unlocks))])
                })
        ])
    case "gaps":
        let gaps = try graph.gaps(query: options)
        return .object([
            "gaps": .object(
                Dictionary(
                    uniqueKeysWithValues: gaps.gaps.map {
                        ($0.concept, JSONValue.array($0.groups.map { .ids($0) }))
                    })),
            "inner": .ids(gaps.inner),
        ])
    case "bottlenecks":
        let found = try graph.bottlenecks(goals: goals, query: options)
        return .object([
            "bottlenecks": .array(
                found.map {
                    .object([
                        "id": .string($0.id), "gates": .integer(Int64($0.gates)),
                        "minutes": .integer($0.minutes),
                    ])
                })
        ])
    case "chain":
        let chains = try graph.chains(
            from: query.from ?? "", to: query.to ?? "", count: query.k ?? 1, query: options)
        return .object([
            "chains": .array(
                chains.map { .object(["ids": .ids($0.ids), "minutes": .integer($0.minutes)]) })
        ])
    case "explain":
        let why = try graph.explain(concept: query.concept ?? "", goals: goals, query: options)
        guard case .because(let because) = why else { return .object(["because": .null]) }
        return .object(["because": .ids(because.ids)])
    case "within":
        let within = try graph.within(minutes: query.minutes ?? 0, goals: goals, query: options)
        return .object(["goals": .ids(within.goals), "minutes": .integer(within.minutes)])
    default:
        throw LearningPathError(.invalidArgument, "The oracle has no '\(query.op)'.")
    }
}

private func planAnswer(
    _ graph: PrerequisiteGraph, _ goals: [String], _ options: LearningPathQuery
) throws -> JSONValue {
    let result = Result { try graph.plan(goals: goals, query: options) }
    if case .failure(let failure) = result, let error = failure as? LearningPathError,
        error.code == .unreachable
    {
        return .object(["unreachable": .ids(error.unreachable.map(\.goal))])
    }
    let plan = try result.get()
    return .object([
        "order": .array(plan.order.map { .ids($0) }),
        "minutes": .integer(plan.minutes),
        "progress": plan.progress.map { .number($0.value) } ?? .null,
    ])
}
