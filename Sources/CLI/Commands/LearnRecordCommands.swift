import ArgumentParser
import GraphAlgorithms
import GraphStore
import PropertyGraph

/// What `mark` and `observe` share: whom and what they speak of.
struct LearnerTarget: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The learner, by id; made where there is none.", valueName: "id"))
    var learner: String
    @Option(help: "The label of concepts.")
    var label = "Concept"
    @Option(help: ArgumentHelp("The property that names a concept.", valueName: "property"))
    var key = "id"
    @OptionGroup var database: DatabaseOption

    /// One change of mastery.
    struct Change: Sendable {
        let concept: String
        let before: Double
        let after: Double
    }

    /// Changes the mastery of some concepts in one transaction.
    func update(
        _ concepts: [String], _ change: @escaping @Sendable (Double) -> Double
    ) throws -> [Change] {
        guard !learner.isEmpty else {
            throw CommandError.usage("The learner has no name. Give one with --learner.")
        }
        let (learner, label, key) = (learner, label, key)
        let database = try database.openForWriting()
        return try database.write { transaction in
            let label = try transaction.requireLabel(label)
            return try concepts.map { name in
                var found = try transaction.nodeIDs(
                    label: label, where: PropertyKey(key), .equals(.string(name)), limit: 2)
                if found.isEmpty, let number = Int64(name) {
                    found = try transaction.nodeIDs(
                        label: label, where: PropertyKey(key), .equals(.integer(number)), limit: 2)
                }
                guard found.count == 1 else {
                    throw CommandError.failure(
                        found.isEmpty
                            ? "There is no \(label.name) '\(name)'."
                            : "More than one \(label.name) has the \(key) '\(name)'.")
                }
                let (before, after) = try LearnerRecord.update(
                    learner, found[0], in: &transaction, change)
                return Change(concept: name, before: before, after: after)
            }
        }
    }

    /// - Parameter format: People get thousandths, programs every digit.
    static func listing(_ changes: [Change], for format: OutputFormat) -> Listing {
        func level(_ mastery: Double) -> JSON {
            .double(format == .table ? (mastery * 1_000).rounded() / 1_000 : mastery)
        }
        var listing = Listing(
            [.init("concept", "Concept"), .init("before", "Before"), .init("m", "Mastery")],
            ifEmpty: "Nothing was marked.")
        listing.rows = changes.map {
            [.string($0.concept), level($0.before), level($0.after)]
        }
        return listing
    }
}

/// `cairn learn mark`.
struct LearnMarkCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "mark", "Note how well a learner masters concepts.",
        examples: [
            Example("Known for certain", "cairn learn mark python sets --learner ada --db DB"),
            Example("Half known", "cairn learn mark vectors --mastery 0.5 --learner ada --db DB"),
            Example("And plan with it", "cairn learn plan pagerank --learner ada --db DB"),
        ],
        discussion: """
            The graph keeps an edge MASTERS with m from the node Learner to each concept. A concept \
            is known from --tau (0.95) on.
            """)

    @Argument(help: "The concepts, by id.")
    var concepts: [String]
    @Option(
        name: .shortAndLong, help: ArgumentHelp("How well, from 0 to 1.", valueName: "m"))
    var mastery = 1.0
    @OptionGroup(title: "Learner") var target: LearnerTarget
    @OptionGroup(title: "Common options") var common: CommonOptions

    func validate() throws {
        try OptionText.checkNames(concepts, "concepts")
        try OptionText.check(mastery, 0...1, "mastery", short: "m")
    }

    func run(on console: Console) throws {
        let mastery = mastery
        let changes = try target.update(OptionText.list(concepts)) { _ in mastery }
        try console.print(LearnerTarget.listing(changes, for: console.format))
    }
}

/// `cairn learn observe`.
struct LearnObserveCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "observe", "Note a right or wrong answer of a learner, and trace mastery from it.",
        examples: [
            Example("A right answer", "cairn learn observe vectors --right --learner ada --db DB"),
            Example(
                "A wrong one, of a test that is easy to guess",
                "cairn learn observe vectors --wrong --guess 0.5 --learner ada --db DB"),
        ],
        discussion: """
            Bayesian knowledge tracing (Corbett and Anderson 1995): the answer moves m by the \
            chances of a slip and of a guess, then by that of learning from it.
            """)

    @Argument(help: "The concepts that were asked about, by id.")
    var concepts: [String]
    @Flag(help: "The answer was right.")
    var right = false
    @Flag(help: "The answer was wrong.")
    var wrong = false
    @Option(help: ArgumentHelp("The chance of a wrong answer by who knows.", valueName: "chance"))
    var slip = 0.1
    @Option(help: ArgumentHelp("The chance of a right answer by luck.", valueName: "chance"))
    var guess = 0.2
    @Option(help: ArgumentHelp("The chance of learning by answering.", valueName: "chance"))
    var transit = 0.1
    @OptionGroup(title: "Learner") var target: LearnerTarget
    @OptionGroup(title: "Common options") var common: CommonOptions

    func validate() throws {
        try OptionText.checkNames(concepts, "concepts")
        if right == wrong { throw ValidationError("Say --right or --wrong.") }
        try OptionText.check(slip, 0...1, "slip")
        try OptionText.check(guess, 0...1, "guess")
        try OptionText.check(transit, 0...1, "transit")
    }

    func run(on console: Console) throws {
        var model = KnowledgeTracing()
        (model.slip, model.guess, model.transit) = (slip, guess, transit)
        let (traced, isRight) = (model, right)
        let changes = try target.update(OptionText.list(concepts)) {
            traced.updated($0, isRight: isRight)
        }
        try console.print(LearnerTarget.listing(changes, for: console.format))
    }
}
