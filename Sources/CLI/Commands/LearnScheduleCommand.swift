import ArgumentParser
import Cypher
import GraphAlgorithms
import PropertyGraph

/// `cairn learn schedule`.
struct LearnScheduleCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "schedule", "Lay a plan out as a calendar.",
        examples: [
            Example(
                "Five hours a week", "cairn learn schedule transformers --hours 5 --db DB"),
            Example(
                "From a day on",
                "cairn learn schedule pagerank --hours 3 --start 2026-09-07 --db DB"),
        ],
        discussion: """
            Steps are filled week by week in the order of the plan. A step longer than what is left \
            of a week moves on; one longer than a week takes whole weeks.
            """)

    @Argument(help: "The concepts to reach, by id.")
    var goals: [String]
    @Option(help: ArgumentHelp("Hours a week.", valueName: "hours"))
    var hours: Double
    @Option(help: ArgumentHelp("The first day of the first week.", valueName: "date"))
    var start: String?
    @Option(help: "The order of steps: easiest first, in levels, or focused on one goal at a time.")
    var order = OrderChoice.easiest
    @Flag(help: "Plan the goals that can be reached although others cannot.")
    var partial = false
    @OptionGroup(title: "Learner") var learner: LearnerOptions
    @OptionGroup(title: "Curriculum") var curriculum: CurriculumOptions
    @OptionGroup(title: "Common options") var common: CommonOptions

    func validate() throws {
        try OptionText.checkNames(goals, "goals")
        try OptionText.check(hours, 0.1...168, "hours")
        if let start, CalendarDate(iso: start) == nil {
            throw ValidationError("'\(start)' is no date. Write it like 2026-09-01.")
        }
    }

    func run(on console: Console) throws {
        let (curriculum, learned) = try self.curriculum.read(learner)
        var query = learned
        query.order = order.order
        query.partial = partial
        let goals = OptionText.list(self.goals)
        let plan = try curriculum.graph.plan(goals: goals, query: query)
        let schedule = try curriculum.graph.schedule(
            plan, minutesPerWeek: Int64((hours * 60).rounded()), start: Today.date(start),
            query: query)
        let words = GoalWords(
            console: console, curriculum: curriculum, goals: goals, unreachable: plan.unreachable)
        switch console.format {
        case .table:
            try CalendarPrinter(
                console: console, curriculum: curriculum, schedule: schedule, goals: words
            ).print()
        case .json, .jsonl:
            var members = [("schedule", LearnJSON.schedule(schedule))]
            if !plan.unreachable.isEmpty {
                members.append(("unreachable", LearnJSON.unreachable(plan.unreachable)))
            }
            try console.printAnswer(.object(members))
        case .plain, .csv:
            var listing = Listing(
                [
                    .init("week", "Week"), .init("start", "From"), .init("ids", "Id"),
                    .init("minutes", "Minutes"),
                ], ifEmpty: "Nothing left to learn.")
            for (number, week) in schedule.weeks.enumerated() {
                for item in week.items {
                    listing.rows.append([
                        .count(number + 1), .string(week.start.description),
                        LearnJSON.ids(item.ids), .integer(item.minutes),
                    ])
                }
            }
            try console.print(listing)
            try words.noteOutOfReach()
        }
    }
}
