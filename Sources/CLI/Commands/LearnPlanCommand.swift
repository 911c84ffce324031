import ArgumentParser
import Cypher
import GraphAlgorithms
import PropertyGraph

/// `cairn learn plan`.
struct LearnPlanCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "plan", "Plan what to learn, in which order, to reach goals.",
        examples: [
            Example("From nothing", "cairn learn plan pagerank --db curriculum.cairn"),
            Example(
                "Knowing something, week by week",
                "cairn learn plan transformers --known python --hours 5 --db curriculum.cairn"),
            Example(
                "As a picture", "cairn learn plan pagerank --svg --db curriculum.cairn > plan.svg"),
            Example(
                "Two goals, for a program",
                "cairn learn plan raft_consensus pagerank --json --db curriculum.cairn"),
        ],
        discussion: """
            The plan is the cheapest in minutes that reaches every goal from what is known; each \
            concept comes after what it needs. Among alternatives the best is searched for; an \
            answer that might be bettered says so.
            """)

    @Argument(help: "The concepts to reach, by id.")
    var goals: [String]
    @OptionGroup(title: "Learner") var learner: LearnerOptions
    @Option(help: "The order of steps: easiest first, in levels, or focused on one goal at a time.")
    var order = OrderChoice.easiest
    @Flag(help: "Plan the goals that can be reached although others cannot.")
    var partial = false
    @Option(
        help: ArgumentHelp("Hours a week: heads the steps with weeks.", valueName: "hours"))
    var hours: Double?
    @Option(
        help: ArgumentHelp("The first day of the first week, with --hours.", valueName: "date"))
    var start: String?
    @Flag(help: "Draw the plan for Graphviz.")
    var dot = false
    @Flag(help: "Draw the plan for Mermaid, as in Markdown.")
    var mermaid = false
    @Flag(help: "Draw the plan as an SVG image.")
    var svg = false
    @OptionGroup(title: "Curriculum") var curriculum: CurriculumOptions
    @OptionGroup(title: "Common options") var common: CommonOptions

    func validate() throws {
        if [dot, mermaid, svg].filter({ $0 }).count > 1 {
            throw ValidationError("Give one of --dot, --mermaid and --svg.")
        }
        try checkFormat()
        try OptionText.checkNames(goals, "goals")
        try OptionText.check(hours, 0.1...168, "hours")
        if let start, CalendarDate(iso: start) == nil {
            throw ValidationError("'\(start)' is no date. Write it like 2026-09-01.")
        }
    }

    func run(on console: Console) throws {
        let (curriculum, learned) = try self.curriculum.read(learner)
        let goals = OptionText.list(self.goals)
        var query = learned
        query.order = order.order
        query.partial = partial
        let plan = try curriculum.graph.plan(goals: goals, query: query)
        let costs = try curriculum.graph.costs(query: query)
        let words = GoalWords(
            console: console, curriculum: curriculum, goals: goals, unreachable: plan.unreachable)
        if let drawing {
            let picture = PlanDrawing(plan, curriculum, costs, goals: goals, theta: query.theta)
            for line in picture.lines(drawing.language) { try console.output.line(line) }
            return try words.noteOutOfReach()
        }
        let schedule = try hours.map { hours in
            try curriculum.graph.schedule(
                plan, minutesPerWeek: Int64((hours * 60).rounded()), start: firstDay(),
                query: query)
        }
        switch console.format {
        case .table:
            try PlanPrinter(
                console: console, curriculum: curriculum, plan: plan, goals: goals, query: query,
                schedule: schedule, costs: costs, marking: marking
            ).print()
        case .json, .jsonl:
            var answer = LearnJSON.plan(plan)
            if let schedule, case .object(let members) = answer {
                answer = .object(members + [("schedule", LearnJSON.schedule(schedule))])
            }
            try console.printAnswer(answer)
        case .plain, .csv:
            try console.print(Self.listing(plan, curriculum, costs))
            try words.noteOutOfReach()
        }
    }

    /// The language to draw in, and the option that asks for it.
    private var drawing: (language: PlanDrawing.Language, option: String)? {
        dot ? (.dot, "--dot") : mermaid ? (.mermaid, "--mermaid") : svg ? (.svg, "--svg") : nil
    }

    /// Refuses a drawing that is also to be in another format.
    private func checkFormat() throws {
        guard let drawing, common.json || common.format != nil else { return }
        let other = common.format.map { "--format \($0.rawValue)" } ?? "--json"
        throw ValidationError(
            "\(drawing.option) and \(other) both say how to print the plan. Give one of them.")
    }

    /// The command that notes a step as known by the learner, where there is one.
    private var marking: (([String]) -> String)? {
        guard let name = learner.learner, curriculum.moment.text == nil else { return nil }
        var words = " --learner \(ShellText.word(name))"
        if curriculum.label != "Concept" { words += " --label \(ShellText.word(curriculum.label))" }
        if curriculum.key != "id" { words += " --key \(ShellText.word(curriculum.key))" }
        words += curriculum.database.words
        return { step in "cairn learn mark \(ShellText.word(step.joined(separator: ",")))\(words)" }
    }

    private func firstDay() -> CalendarDate { Today.date(start) }

    private static func listing(
        _ plan: LearningPlan, _ curriculum: Curriculum, _ costs: LearningCosts
    ) -> Listing {
        var listing = Listing(
            [
                .init("step", "Step"), .init("id", "Id"), .init("title", "Title"),
                .init("minutes", "Minutes"),
            ], ifEmpty: "Nothing left to learn.")
        for (place, step) in plan.order.enumerated() {
            for id in step {
                listing.rows.append([
                    .count(place + 1), .string(id), .string(curriculum.title(id)),
                    .integer(costs.minutes(id)),
                ])
            }
        }
        return listing
    }
}

/// Dates that commands take.
enum Today {
    /// The date of a checked text; without one today's.
    static func date(_ text: String?) -> CalendarDate {
        if let text, let date = CalendarDate(iso: text) { return date }
        return CalendarDate(daysSinceEpoch: SystemCalls.secondsSinceEpoch() / 86_400)
    }
}
