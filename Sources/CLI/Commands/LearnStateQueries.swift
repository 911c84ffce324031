import ArgumentParser
import Cypher
import GraphAlgorithms
import PropertyGraph

/// `cairn learn gaps`.
struct LearnGapsCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "gaps", "Tell what a claim of knowledge leaves open.",
        examples: [
            Example("What is missing", "cairn learn gaps --known transformers,python --db DB")
        ],
        discussion: """
            For each claimed concept its needs that nothing claimed meets. What no other claimed \
            concept leans on alone is the edge of what is known: ask about that first.
            """)

    @OptionGroup(title: "Learner") var learner: LearnerOptions
    @OptionGroup(title: "Curriculum") var curriculum: CurriculumOptions
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let (curriculum, query) = try self.curriculum.read(learner)
        let gaps = try curriculum.graph.gaps(query: query)
        if console.format == .json || console.format == .jsonl {
            return try console.printAnswer(LearnJSON.gaps(gaps))
        }
        if console.format != .table {
            let rows = ConceptRows(
                curriculum: curriculum, costs: try curriculum.graph.costs(query: query))
            return try console.print(rows.gaps(gaps.gaps))
        }
        var listing = Listing(
            [.init("id", "Id"), .init("title", "Title"), .init("missing", "Lacks")],
            ifEmpty: "The claim has no gaps.")
        for gap in gaps.gaps {
            for group in gap.groups {
                let names = group.map { curriculum.title($0) }
                listing.rows.append([
                    .string(gap.concept), .string(curriculum.title(gap.concept)),
                    .string(names.joined(separator: " or ")),
                ])
            }
        }
        try console.print(listing)
        if !console.isQuiet, !gaps.inner.isEmpty {
            let names = gaps.inner.map { curriculum.title($0) }.joined(separator: ", ")
            try console.note("At the edge of what is known: \(names).")
        }
    }
}

/// `cairn learn chain`.
struct LearnChainCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "chain", "Show how one concept leads to another.",
        examples: [
            Example("The cheapest chain", "cairn learn chain vectors transformers --db DB"),
            Example("The five cheapest", "cairn learn chain vectors transformers -n 5 --db DB"),
        ])

    @Argument(help: "The prerequisite, by id.")
    var from: String
    @Argument(help: "The goal, by id.")
    var to: String
    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("How many.", valueName: "n"))
    var count = 1
    @OptionGroup(title: "Learner") var learner: LearnerOptions
    @OptionGroup(title: "Curriculum") var curriculum: CurriculumOptions
    @OptionGroup(title: "Common options") var common: CommonOptions

    func validate() throws {
        try OptionText.checkName(from, "prerequisite")
        try OptionText.checkName(to, "goal")
        try OptionText.check(count, 1...10_000, "count", short: "n")
    }

    func run(on console: Console) throws {
        let (curriculum, query) = try self.curriculum.read(learner)
        let chains = try curriculum.graph.chains(from: from, to: to, count: count, query: query)
        if console.format == .json || console.format == .jsonl {
            return try console.printAnswer(
                .object([("chains", .array(chains.map { LearnJSON.chain($0) }))]))
        }
        if console.format != .table {
            let rows = ConceptRows(
                curriculum: curriculum, costs: try curriculum.graph.costs(query: query))
            return try console.print(rows.chains(chains))
        }
        var listing = Listing(
            [.init("minutes", "Minutes"), .init("chain", "Chain")],
            ifEmpty: "'\(to)' does not need '\(from)'.")
        listing.rows = chains.map { chain in
            [
                .integer(chain.minutes),
                .string(chain.ids.map { curriculum.title($0) }.joined(separator: " → ")),
            ]
        }
        try console.print(listing)
    }
}

/// `cairn learn bottlenecks`.
struct LearnBottlenecksCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "bottlenecks", "List the concepts that gate the most others.",
        examples: [
            Example("Of the whole curriculum", "cairn learn bottlenecks --db DB"),
            Example(
                "On the way to a goal", "cairn learn bottlenecks --goal transformers --db DB"),
        ])

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Count only what lies behind these; may be repeated.", valueName: "ids"))
    var goal: [String] = []
    @OptionGroup(title: "Learner") var learner: LearnerOptions
    @OptionGroup var limit: LimitOption
    @OptionGroup(title: "Curriculum") var curriculum: CurriculumOptions
    @OptionGroup(title: "Common options") var common: CommonOptions

    func validate() throws { try OptionText.checkNames(goal, "goals") }

    func run(on console: Console) throws {
        let (curriculum, query) = try self.curriculum.read(learner)
        let found = try curriculum.graph.bottlenecks(goals: OptionText.list(goal), query: query)
            .prefix(limit.count())
        if console.format == .json || console.format == .jsonl {
            return try console.printAnswer(
                .object([("bottlenecks", .array(found.map { LearnJSON.bottleneck($0) }))]))
        }
        var listing = Listing(
            [
                .init("id", "Id"), .init("title", "Title"), .init("gates", "Gates"),
                .init("minutes", "Minutes"),
            ], ifEmpty: "Nothing gates anything.")
        listing.rows = found.map {
            [
                .string($0.id), .string(curriculum.title($0.id)), .count($0.gates),
                .integer($0.minutes),
            ]
        }
        try console.print(listing)
    }
}

/// Failures of learning queries that are no errors of the library.
enum LearnFailure {
    /// Refuses goals that cannot be reached.
    static func check(_ goals: [UnreachableGoal]) throws {
        guard !goals.isEmpty else { return }
        throw CommandError.failure(goals.map(\.sentence).joined(separator: " "))
    }
}

extension Console {
    /// Prints an answer as JSON: indented, or on one line.
    func printAnswer(_ answer: JSON) throws {
        try format == .json ? print(answer) : printLine(answer)
    }
}
