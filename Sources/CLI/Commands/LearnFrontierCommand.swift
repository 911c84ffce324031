import ArgumentParser
import Cypher
import GraphAlgorithms

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

    func validate() throws { try OptionText.checkNames(goal, "goals") }

    func run(on console: Console) throws {
        let (curriculum, query) = try self.curriculum.read(learner)
        let frontier = try curriculum.graph.frontier(
            goals: OptionText.list(goal), query: query)
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
        let costs = try curriculum.graph.costs(query: query)
        var listing = Listing(
            [
                .init("ids", "Id"), .init("title", "Title"), .init("minutes", "Minutes"),
                .init("unlocks", "Unlocks"),
            ], ifEmpty: "Nothing is ready to be learned.")
        for entry in entries {
            listing.rows.append([
                LearnJSON.ids(entry.ids),
                .string(entry.ids.map { curriculum.title($0) }.joined(separator: " + ")),
                .integer(costs.minutes(entry.ids)),
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
