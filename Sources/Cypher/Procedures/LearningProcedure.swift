internal import GraphAlgorithms
internal import GraphStore
internal import PropertyGraph

/// `learn.*`: learning paths over the concepts of a graph and what they require.
///
/// The last argument of each is a map: `label` ('Concept'), `type` ('REQUIRES') and `key` ('id')
/// say where concepts are; `known`, `exclude`, `theta`, `cycles`, `order`, `partial`,
/// `assumeClosed`, `mastery`, `masteryThreshold`, `partialCredit`, `budget` (milliseconds) and
/// `steps` what the learner brings and how to search.
struct LearningProcedure: Procedure {
    enum Question: CaseIterable {
        case plan, need, alternatives, within, frontier, gaps, bottlenecks, chains, explain
        case modules, schedule, lint, weakest
    }

    let question: Question

    static let all: [any Procedure] = Question.allCases.map { LearningProcedure(question: $0) }

    var signature: ProcedureSignature { LearningSignatures.signature(of: question) }

    func rows<T: GraphReading & ~Copyable>(
        _ call: ProcedureArguments, in transaction: borrowing T
    ) throws -> [[CypherValue]] {
        let request = try LearningRequest(call, signature.name)
        let curriculum = try Curriculum(
            transaction, label: request.label, type: request.type, key: request.key)
        guard !curriculum.concepts.isEmpty else {
            throw ProcedureFailure.argument(
                "No node with the label \(request.label.name) has the property "
                    + "`\(request.key.name)`. Name others with `label` and `key`.")
        }
        let answers = LearningAnswersAsRows(curriculum: curriculum, query: request.query)
        let goals = request.goals
        switch question {
        case .plan: return try answers.plan(goals)
        case .need: return try answers.need(goals)
        case .alternatives: return try answers.alternatives(goals, Int(request.count ?? 3))
        case .within: return try answers.within(goals, request.minutes)
        case .frontier: return try answers.frontier(goals)
        case .gaps: return try answers.gaps()
        case .bottlenecks: return try answers.bottlenecks(goals)
        case .chains:
            return try answers.chains(request.source, request.target, Int(request.count ?? 1))
        case .explain: return try answers.explain(request.concept, goals)
        case .modules: return try answers.modules(goals)
        case .schedule: return try answers.schedule(goals, request.minutes, request.start)
        case .lint: return try answers.lint()
        case .weakest: return try answers.weakest()
        }
    }
}

/// What `learn.*` procedures take and give.
enum LearningSignatures {
    typealias Field = ProcedureSignature.Field

    private static let goals = Field("goals", "LIST<STRING>")
    private static let ids = Field("ids", "LIST<STRING>")
    private static let nodes = Field("nodes", "LIST<NODE>")
    private static let concept = Field("concept", "STRING")
    private static let minutes = Field("minutes", "INTEGER")

    static func signature(of question: LearningProcedure.Question) -> ProcedureSignature {
        switch question {
        case .plan:
            make(
                "plan", [goals],
                [
                    Field("step", "INTEGER"), ids, nodes, minutes, Field("total", "INTEGER"),
                    Field("isOptimal", "BOOLEAN"),
                ], "What to learn for goals, in order: a row for each step.")
        case .need:
            make(
                "need", [goals], [concept, Field("node", "NODE"), Field("always", "BOOLEAN")],
                "What every way to goals needs, and what some way uses.")
        case .alternatives:
            make(
                "alternatives", [goals, Field("count", "INTEGER")],
                [Field("rank", "INTEGER"), ids, nodes, minutes],
                "The best ways to goals, each as a set.")
        case .within:
            make(
                "within", [goals, minutes], [ids, nodes, minutes, Field("isOptimal", "BOOLEAN")],
                "The most goals that fit a time.")
        case .frontier:
            make(
                "frontier", [Field("goals", "LIST?")], [ids, nodes, Field("unlocks", "INTEGER")],
                "What can be learned next.")
        case .gaps:
            make(
                "gaps", [], [concept, Field("node", "NODE"), Field("groups", "LIST")],
                "What claims of knowledge leave open.")
        case .bottlenecks:
            make(
                "bottlenecks", [Field("goals", "LIST?")],
                [concept, Field("node", "NODE"), Field("gates", "INTEGER"), minutes],
                "Concepts without which others can never be learned.")
        case .chains:
            make(
                "chains",
                [Field("source", "STRING"), Field("target", "STRING"), Field("count", "INTEGER")],
                [ids, nodes, minutes], "The longest chains from a prerequisite to a goal.")
        case .explain:
            make(
                "explain", [concept, goals],
                [Field("isPlanned", "BOOLEAN"), Field("reason", "STRING"), ids, nodes],
                "Why a concept is, or is not, in a plan.")
        case .modules:
            make(
                "modules", [goals], [Field("module", "INTEGER"), ids, nodes, minutes],
                "A plan in chapters.")
        case .schedule:
            make(
                "schedule", [goals, Field("minutesPerWeek", "INTEGER"), Field("start", "DATE")],
                [Field("week", "DATE"), ids, nodes, minutes], "A plan filled into weeks.")
        case .lint:
            make(
                "lint", [], [Field("problem", "STRING"), ids, nodes, Field("detail", "STRING?")],
                "What is wrong with a curriculum.")
        case .weakest:
            make(
                "weakestEdges", [],
                [Field("of", "STRING"), Field("needs", "STRING"), Field("strength", "FLOAT")],
                "Requirements without which no cycle is left.")
        }
    }

    private static func make(
        _ name: String, _ inputs: [Field], _ outputs: [Field], _ summary: String
    ) -> ProcedureSignature {
        ProcedureSignature(
            "learn." + name, inputs: inputs + [Field("configuration", "MAP?")],
            requiredInputs: inputs.filter { !$0.type.hasSuffix("?") }.count, outputs: outputs,
            summary: summary)
    }
}

/// The arguments of a `learn.*` call.
struct LearningRequest {
    private static let keys = [
        "label", "type", "key", "known", "exclude", "theta", "cycles", "order", "partial",
        "assumeClosed", "mastery", "masteryThreshold", "partialCredit", "budget", "steps",
    ]

    let label: Label
    let type: EdgeType
    let key: PropertyKey
    var query: LearningPathQuery
    let goals: [String]
    let count: Int64?
    let minutes: Int64
    let source: String
    let target: String
    let concept: String
    let start: CalendarDate

    init(_ call: ProcedureArguments, _ name: String) throws {
        var configuration = try ProcedureConfiguration(call["configuration"], of: name)
        label = Label(try configuration.string("label") ?? "Concept")
        type = EdgeType(try configuration.string("type") ?? "REQUIRES")
        key = PropertyKey(try configuration.string("key") ?? "id")
        query = try Self.query(&configuration, name)
        try configuration.refuseRest(Self.keys)
        switch call["goals"] {
        case .null: goals = []
        case let value:
            guard let found = ProcedureConfiguration.strings(value) else {
                throw ProcedureFailure.argument("The goals of \(name) are a list of ids.")
            }
            goals = found
        }
        func integer(_ name: String) -> Int64? {
            if case .integer(let number) = call[name] { number } else { nil }
        }
        func text(_ name: String) -> String {
            ProcedureConfiguration.strings(call[name])?.first ?? ""
        }
        count = integer("count")
        minutes = integer("minutes") ?? integer("minutesPerWeek") ?? 0
        (source, target, concept) = (text("source"), text("target"), text("concept"))
        if case .property(.date(let date)) = call["start"] {
            start = date
        } else {
            start = CalendarDate(daysSinceEpoch: 0)
        }
    }

    private static func query(
        _ configuration: inout ProcedureConfiguration, _ name: String
    ) throws -> LearningPathQuery {
        var query = LearningPathQuery(
            known: try configuration.strings("known") ?? [],
            exclude: try configuration.strings("exclude") ?? [])
        if let theta = try configuration.number("theta") { query.theta = theta }
        if let word = try configuration.string("cycles") {
            guard let policy = CyclePolicy(rawValue: word) else {
                throw configuration.wrong("cycles", "'report' or 'together'")
            }
            query.cycles = policy
        }
        if let word = try configuration.string("order") {
            guard let order = StepOrder(rawValue: word) else {
                throw configuration.wrong("order", "'easiest', 'levels' or 'focus'")
            }
            query.order = order
        }
        query.partial = try configuration.boolean("partial") ?? false
        query.assumeClosed = try configuration.boolean("assumeClosed") ?? false
        query.partialCredit = try configuration.boolean("partialCredit") ?? false
        if let level = try configuration.number("masteryThreshold") {
            query.masteryThreshold = level
        }
        switch configuration.take("mastery") {
        case nil: break
        case .map(let levels)?:
            query.mastery = try levels.sorted { UTF8Order.precedes($0.key, $1.key) }.map {
                switch $0.value {
                case .integer(let level): Mastery(concept: $0.key, level: Double(level))
                case .float(let level): Mastery(concept: $0.key, level: level)
                default: throw configuration.wrong("mastery", "a map from ids to numbers")
                }
            }
        default: throw configuration.wrong("mastery", "a map from ids to numbers")
        }
        if let milliseconds = try configuration.integer("budget") {
            guard (0...86_400_000).contains(milliseconds) else {
                throw configuration.wrong("budget", "0 to 86,400,000 milliseconds")
            }
            query.budget = .time(.milliseconds(milliseconds))
        }
        if let steps = try configuration.integer("steps") {
            guard steps >= 0 else { throw configuration.wrong("steps", "0 or more") }
            query.budget = .steps(steps)
        }
        return query
    }
}
