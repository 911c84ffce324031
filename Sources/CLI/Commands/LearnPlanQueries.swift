import ArgumentParser
import Cypher
import GraphAlgorithms
import PropertyGraph

/// `cairn learn alternatives`.
struct LearnAlternativesCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "alternatives", "List the best ways to goals, not only the first.",
        examples: [
            Example("The three best", "cairn learn alternatives vector_search --db DB"),
            Example("The ten best", "cairn learn alternatives vector_search -n 10 --db DB"),
        ],
        discussion: """
            Only ways without a superfluous concept are listed, by minutes, then concepts, then ids.
            """)

    @Argument(help: "The concepts to reach, by id.")
    var goals: [String]
    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("How many.", valueName: "n"))
    var count = 3
    @OptionGroup(title: "Learner") var learner: LearnerOptions
    @OptionGroup(title: "Curriculum") var curriculum: CurriculumOptions
    @OptionGroup(title: "Common options") var common: CommonOptions

    func validate() throws {
        try OptionText.checkNames(goals, "goals")
        try OptionText.check(count, 1...10_000, "count", short: "n")
    }

    func run(on console: Console) throws {
        let (curriculum, query) = try self.curriculum.read(learner)
        let found = try curriculum.graph.alternatives(
            goals: OptionText.list(goals), count: count, query: query)
        try LearnFailure.check(found.unreachable)
        if console.format == .json || console.format == .jsonl {
            return try console.printAnswer(
                .object([
                    ("plans", .array(found.plans.map { LearnJSON.alternative($0) })),
                    ("exhausted", .boolean(found.isExhausted)),
                    ("complete", .boolean(found.isComplete)),
                ]))
        }
        let common = Self.common(found.plans.map(\.concepts))
        if console.format != .table {
            let rows = ConceptRows(
                curriculum: curriculum, costs: try curriculum.graph.costs(query: query))
            return try console.print(rows.alternatives(found.plans, common: common))
        }
        var listing = Listing(
            [
                .init("way", "Way"), .init("minutes", "Minutes"), .init("concepts", "Concepts"),
                .init("own", "By way of"),
            ], ifEmpty: "Nothing left to learn.")
        for (place, plan) in found.plans.enumerated() {
            let own = plan.concepts.filter { !common.contains(PropertyKey($0)) }
            listing.rows.append([
                .count(place + 1), .integer(plan.minutes), .count(plan.concepts.count),
                .string(own.map { curriculum.title($0) }.joined(separator: ", ")),
            ])
        }
        try console.print(listing)
        guard !console.isQuiet else { return }
        if !found.isComplete {
            try console.note("The time ran out; there may be more. Give more with --budget.")
        } else if found.isExhausted {
            try console.note("There are no other ways.")
        }
    }

    /// What all ways share.
    private static func common(_ plans: [[String]]) -> Set<PropertyKey> {
        guard !plans.isEmpty else { return [] }
        var common = Set(plans[0].map { PropertyKey($0) })
        for plan in plans { common.formIntersection(plan.map { PropertyKey($0) }) }
        return common
    }
}

/// `cairn learn need`.
struct LearnNeedCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "need", "Tell what every way to goals needs, and what some way uses.",
        examples: [
            Example("What cannot be avoided", "cairn learn need vector_search --db DB")
        ])

    @Argument(help: "The concepts to reach, by id.")
    var goals: [String]
    @OptionGroup(title: "Learner") var learner: LearnerOptions
    @OptionGroup(title: "Curriculum") var curriculum: CurriculumOptions
    @OptionGroup(title: "Common options") var common: CommonOptions

    func validate() throws { try OptionText.checkNames(goals, "goals") }

    func run(on console: Console) throws {
        let (curriculum, query) = try self.curriculum.read(learner)
        let goals = OptionText.list(self.goals)
        let need = try curriculum.graph.need(goals: goals, query: query)
        if need.must.isEmpty { _ = try curriculum.graph.plan(goals: goals, query: query) }
        if console.format == .json || console.format == .jsonl {
            return try console.printAnswer(
                .object([
                    ("must", LearnJSON.ids(need.must)), ("may", LearnJSON.ids(need.may)),
                    ("complete", .boolean(need.isComplete)),
                ]))
        }
        let must = Set(need.must.map { PropertyKey($0) })
        let costs = try curriculum.graph.costs(query: query)
        var listing = Listing(
            [
                .init("id", "Id"), .init("title", "Title"), .init("minutes", "Minutes"),
                .init("need", "Need"),
            ], ifEmpty: "Nothing left to learn.")
        for id in need.may {
            listing.rows.append([
                .string(id), .string(curriculum.title(id)), .integer(costs.minutes(id)),
                .string(must.contains(PropertyKey(id)) ? "must" : "may"),
            ])
        }
        try console.print(listing)
        if !need.isComplete, console.format == .table, !console.isQuiet {
            try console.note("The time ran out; other ways may use more. Give more with --budget.")
        }
    }
}

/// `cairn learn within`.
struct LearnWithinCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "within", "Choose the most goals that fit a time.",
        examples: [
            Example(
                "What fits 120 hours",
                "cairn learn within pagerank transformers raft_consensus --hours 120 --db DB")
        ],
        discussion: """
            What goals share is paid once. Of equally many goals the cheapest are chosen.
            """)

    @Argument(help: "The concepts to choose from, by id.")
    var goals: [String]
    @Option(help: ArgumentHelp("The time there is, in minutes.", valueName: "minutes"))
    var minutes: Int?
    @Option(help: ArgumentHelp("The time there is, in hours.", valueName: "hours"))
    var hours: Double?
    @OptionGroup(title: "Learner") var learner: LearnerOptions
    @OptionGroup(title: "Curriculum") var curriculum: CurriculumOptions
    @OptionGroup(title: "Common options") var common: CommonOptions

    func validate() throws {
        try OptionText.checkNames(goals, "goals")
        if (minutes == nil) == (hours == nil) {
            throw ValidationError("Give the time with --minutes or with --hours.")
        }
        try OptionText.check(minutes, atLeast: 0, "minutes")
        try OptionText.check(hours, 0...1_000_000, "hours")
    }

    func run(on console: Console) throws {
        let (curriculum, query) = try self.curriculum.read(learner)
        let time = minutes.map { Int64($0) } ?? Int64(((hours ?? 0) * 60).rounded(.down))
        let found = try curriculum.graph.within(
            minutes: time, goals: OptionText.list(goals), query: query)
        if console.format == .json || console.format == .jsonl {
            return try console.printAnswer(
                .object([
                    ("goals", LearnJSON.ids(found.goals)), ("minutes", .integer(found.minutes)),
                    ("optimal", .boolean(found.isOptimal)),
                    ("unreachable", LearnJSON.unreachable(found.unreachable)),
                ]))
        }
        var listing = Listing(
            [.init("id", "Id"), .init("title", "Title")], ifEmpty: "No goal fits.")
        listing.rows = found.goals.map { [.string($0), .string(curriculum.title($0))] }
        try console.print(listing)
        for goal in found.unreachable { try console.note("Out of reach: \(goal.sentence)") }
        guard console.format == .table, !console.isQuiet else { return }
        if !found.goals.isEmpty {
            try console.note("Together they take \(NumberText.minutes(found.minutes)).")
        }
        if !found.isOptimal { try console.note("The time to search ran out; more may fit.") }
    }
}

/// `cairn learn modules`.
struct LearnModulesCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "modules", "Part a plan into modules, like chapters.",
        examples: [Example("The chapters", "cairn learn modules transformers --db DB")])

    @Argument(help: "The concepts to reach, by id.")
    var goals: [String]
    @OptionGroup(title: "Learner") var learner: LearnerOptions
    @OptionGroup(title: "Curriculum") var curriculum: CurriculumOptions
    @OptionGroup(title: "Common options") var common: CommonOptions

    func validate() throws { try OptionText.checkNames(goals, "goals") }

    func run(on console: Console) throws {
        let (curriculum, query) = try self.curriculum.read(learner)
        let plan = try curriculum.graph.plan(goals: OptionText.list(goals), query: query)
        let modules = try curriculum.graph.modules(plan, query: query)
        if console.format == .json || console.format == .jsonl {
            return try console.printAnswer(
                .object([("modules", .array(modules.map { LearnJSON.module($0) }))]))
        }
        if console.format != .table {
            let rows = ConceptRows(
                curriculum: curriculum, costs: try curriculum.graph.costs(query: query))
            return try console.print(rows.modules(modules))
        }
        var listing = Listing(
            [
                .init("module", "Module"), .init("minutes", "Minutes"),
                .init("count", "Concepts"), .init("concepts", "What"),
            ], ifEmpty: "Nothing left to learn.")
        for (place, module) in modules.enumerated() {
            listing.rows.append([
                .count(place + 1), .integer(module.minutes), .count(module.concepts.count),
                .array(module.concepts.map { .string(curriculum.title($0)) }),
            ])
        }
        try console.print(listing)
    }
}

/// `cairn learn progress`.
struct LearnProgressCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "progress", "Tell how far a learner is on the way to goals.",
        examples: [
            Example("How far", "cairn learn progress transformers --learner ada --db DB")
        ])

    @Argument(help: "The concepts to reach, by id.")
    var goals: [String]
    @OptionGroup(title: "Learner") var learner: LearnerOptions
    @OptionGroup(title: "Curriculum") var curriculum: CurriculumOptions
    @OptionGroup(title: "Common options") var common: CommonOptions

    func validate() throws { try OptionText.checkNames(goals, "goals") }

    func run(on console: Console) throws {
        let (curriculum, query) = try self.curriculum.read(learner)
        let plan = try curriculum.graph.plan(goals: OptionText.list(goals), query: query)
        var details = Details()
        details.add("progress", "Progress", LearnJSON.progress(plan.progress))
        details.add("minutes", "Minutes left", .integer(plan.minutes))
        details.add("concepts", "Concepts left", .count(plan.concepts.count))
        try console.print(details)
    }
}
