import ArgumentParser
import GraphAlgorithms

/// `cairn learn`.
struct LearnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        "learn", "Plan learning over concepts and what they need.",
        examples: [
            Example("What to learn, in which order", "cairn learn plan pagerank --db DB"),
            Example("What can be learned next", "cairn learn frontier --known python --db DB"),
            Example(
                "Why something is in a plan",
                "cairn learn explain vectors --goal pagerank --db DB"),
        ],
        discussion: """
            Concepts are nodes with the label Concept and the properties id, title, minutes and \
            difficulty; edges of type REQUIRES run from a concept to what it needs and may carry \
            strength, group (alternatives), coreq and reason.
            """,
        subcommands: [
            LearnPlanCommand.self, LearnFrontierCommand.self, LearnExplainCommand.self,
            LearnLintCommand.self,
        ])
}

/// `cairn learn frontier`.
struct LearnFrontierCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "frontier", "List what can be learned next.",
        examples: [
            Example("All that is ready", "cairn learn frontier --known python,sets --db DB"),
            Example(
                "Only what leads to a goal",
                "cairn learn frontier --goal pagerank --known python --db DB"),
        ])

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Only what the plan for these goals holds; may be repeated.", valueName: "ids"))
    var goal: [String] = []
    @OptionGroup(title: "Learner") var learner: LearnerOptions
    @OptionGroup var limit: LimitOption
    @OptionGroup(title: "Curriculum") var curriculum: CurriculumOptions
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let curriculum = try self.curriculum.read()
        try learner.check(against: curriculum)
        let frontier = try curriculum.graph.frontier(
            goals: OptionText.list(goal), query: learner.query())
        if let first = frontier.unreachable.first {
            throw CommandError.failure(first.sentence)
        }
        let entries = frontier.entries.prefix(limit.count())
        if console.format == .json || console.format == .jsonl {
            let answer = JSON.object([
                (
                    "frontier",
                    .array(
                        entries.map {
                            .object([
                                ("ids", LearnJSON.ids($0.ids)), ("unlocks", .count($0.unlocks)),
                            ])
                        })
                )
            ])
            try console.format == .json ? console.print(answer) : console.printLine(answer)
            return
        }
        var listing = Listing(
            [
                .init("ids", "Id"), .init("title", "Title"), .init("minutes", "Minutes"),
                .init("unlocks", "Unlocks"),
            ], ifEmpty: "Nothing is ready to be learned.")
        for entry in entries {
            listing.rows.append([
                LearnJSON.ids(entry.ids),
                .string(entry.ids.map { curriculum.title($0) }.joined(separator: " + ")),
                .integer(entry.ids.reduce(0) { $0 + curriculum.minutes($1) }),
                .count(entry.unlocks),
            ])
        }
        try console.print(listing)
        let rest = frontier.entries.count - entries.count
        if rest > 0, console.format == .table, !console.isQuiet {
            try console.note("and \(NumberText.grouped(rest)) more; -n 0 shows all.")
        }
    }
}
