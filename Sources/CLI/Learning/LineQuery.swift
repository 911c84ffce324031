import GraphAlgorithms
import GraphFormats
import PropertyGraph

/// One query of a line, and its answer in the form that line tools compare.
struct LineQuery {
    private let tree: JSONTree
    private let op: String
    private let goals: [String]
    private let query: LearningPathQuery

    init(_ tree: JSONTree) throws {
        guard case .object = tree, let op = try LineReader.text(tree, "op", of: "a query") else {
            throw CommandError.failure("A query lacks 'op'. Name what it asks, such as \"plan\".")
        }
        self.tree = tree
        self.op = op
        goals = try LineReader.texts(tree, "goals", of: "a query") ?? []
        query = try Self.options(tree)
    }

    private static func options(_ tree: JSONTree) throws -> LearningPathQuery {
        var query = LearningPathQuery(
            known: try LineReader.texts(tree, "known", of: "a query") ?? [],
            exclude: try LineReader.texts(tree, "exclude", of: "a query") ?? [])
        query.theta =
            try LineReader.number(tree, "theta", of: "a query") ?? PrerequisiteGraph.defaultTheta
        if let text = try LineReader.text(tree, "cycles", of: "a query") {
            guard let cycles = CyclePolicy(rawValue: text) else {
                throw LineReader.wrong("cycles", "a query", "\"report\" or \"together\"")
            }
            query.cycles = cycles
        }
        if let text = try LineReader.text(tree, "order", of: "a query") {
            guard let order = StepOrder(rawValue: text) else {
                throw LineReader.wrong(
                    "order", "a query", "\"easiest\", \"levels\" or \"focus\"")
            }
            query.order = order
        }
        query.partial = try LineReader.flag(tree, "partial", of: "a query") ?? false
        query.assumeClosed = try LineReader.flag(tree, "assumeClosed", of: "a query") ?? false
        query.partialCredit = try LineReader.flag(tree, "partialCredit", of: "a query") ?? false
        if let tau = try LineReader.number(tree, "tau", of: "a query") {
            query.masteryThreshold = tau
        }
        if case .object(let members)? = tree["mastery"] {
            query.mastery = try members.map { member in
                guard
                    let level = try LineReader.number(
                        .object([member]), member.name, of: "'mastery'")
                else { throw LineReader.wrong(member.name, "'mastery'", "a number") }
                return Mastery(concept: member.name, level: level)
            }
        }
        if let steps = try LineReader.whole(tree, "steps", of: "a query") {
            query.budget = .steps(Int(clamping: steps))
        } else if let budget = try LineReader.whole(tree, "budget", of: "a query") {
            query.budget = .time(.milliseconds(budget))
        } else {
            // An answer has no place to say that it was cut off, so a moment in which the machine
            // did other things must not cut one off.
            query.budget = .time(.seconds(10))
        }
        return query
    }

    private func count(_ name: String, _ default: Int) throws -> Int {
        try LineReader.whole(tree, name, of: "a query").map { Int(clamping: $0) } ?? `default`
    }

    private func name(_ name: String) throws -> String {
        if let text = try LineReader.text(tree, name, of: "a query") { return text }
        throw CommandError.failure("The query '\(op)' lacks '\(name)'. Name a concept.")
    }

    private func minutes(_ name: String) throws -> Int64 {
        if let minutes = try LineReader.whole(tree, name, of: "a query") { return minutes }
        throw CommandError.failure("The query '\(op)' lacks '\(name)'. Give minutes.")
    }

    /// The answer.
    func answer(on graph: PrerequisiteGraph) throws -> JSON {
        switch op {
        case "plan", "schedule", "modules", "progress": return try planned(on: graph)
        case "alternatives":
            let found = try graph.alternatives(goals: goals, count: count("k", 3), query: query)
            return .object([("plans", .array(found.plans.map { LearnJSON.alternative($0) }))])
        case "need":
            let need = try graph.need(goals: goals, query: query)
            return .object([
                ("must", LearnJSON.ids(need.must)), ("may", LearnJSON.ids(need.may)),
            ])
        case "frontier":
            let frontier = try graph.frontier(goals: goals, query: query)
            return .object([("frontier", .array(frontier.entries.map { LearnJSON.entry($0) }))])
        case "gaps": return LearnJSON.gaps(try graph.gaps(query: query))
        case "bottlenecks":
            let found = try graph.bottlenecks(goals: goals, query: query)
            return .object([("bottlenecks", .array(found.map { LearnJSON.bottleneck($0) }))])
        case "chain":
            let chains = try graph.chains(
                from: name("from"), to: name("to"), count: count("k", 1), query: query)
            return .object([("chains", .array(chains.map { LearnJSON.chain($0) }))])
        case "explain":
            let why = try graph.explain(concept: name("concept"), goals: goals, query: query)
            guard case .because(let because) = why else { return .object([("because", .null)]) }
            return .object([("because", LearnJSON.ids(because.ids))])
        case "within":
            let within = try graph.within(minutes: minutes("minutes"), goals: goals, query: query)
            return .object([
                ("goals", LearnJSON.ids(within.goals)), ("minutes", .integer(within.minutes)),
            ])
        case "lint": return LearnJSON.lint(try graph.lint(theta: query.theta))
        default:
            throw CommandError.failure(
                "There is no query '\(op)'. Ask plan, alternatives, need, frontier, gaps, chain, "
                    + "explain, within, bottlenecks, modules, schedule, progress or lint.")
        }
    }

    /// The answers that rest on a plan; goals that cannot be reached are the answer otherwise.
    private func planned(on graph: PrerequisiteGraph) throws -> JSON {
        let outcome = Result { () throws(LearningPathError) in
            try graph.plan(goals: goals, query: query)
        }
        if case .failure(let error) = outcome, error.code == .unreachable {
            return .object([("unreachable", LearnJSON.ids(error.unreachable.map(\.goal)))])
        }
        let plan = try outcome.get()
        var members = try answer(plan, on: graph)
        if !plan.unreachable.isEmpty {
            members.append(("unreachable", LearnJSON.ids(plan.unreachable.map(\.goal))))
        }
        return .object(members)
    }

    private func answer(
        _ plan: LearningPlan, on graph: PrerequisiteGraph
    ) throws -> [(String, JSON)] {
        switch op {
        case "progress": return [("progress", LearnJSON.progress(plan.progress))]
        case "modules":
            let modules = try graph.modules(plan, query: query)
            return [("modules", .array(modules.map { LearnJSON.ids($0.concepts) }))]
        case "schedule":
            let text = try LineReader.text(tree, "start", of: "a query") ?? "1970-01-01"
            guard let start = CalendarDate(iso: text) else {
                throw LineReader.wrong("start", "a query", "a date like 2026-09-01")
            }
            let schedule = try graph.schedule(
                plan, minutesPerWeek: minutes("minutesPerWeek"), start: start, query: query)
            return [("schedule", LearnJSON.schedule(schedule))]
        default:
            return [
                ("order", .array(plan.order.map { LearnJSON.ids($0) })),
                ("minutes", .integer(plan.minutes)),
                ("progress", LearnJSON.progress(plan.progress)),
            ]
        }
    }
}
