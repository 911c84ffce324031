import ArgumentParser
import Cypher
import GraphAlgorithms
import GraphStore
import PropertyGraph

/// The options of all learning queries about where concepts are.
struct CurriculumOptions: ParsableArguments {
    @OptionGroup var moment: MomentOption
    @OptionGroup var database: DatabaseOption
    @Option(help: "The label of concepts.")
    var label = "Concept"
    @Option(help: "The type of the edges from a concept to what it needs.")
    var type = "REQUIRES"
    @Option(help: ArgumentHelp("The property that names a concept.", valueName: "property"))
    var key = "id"

    /// Reads the curriculum.
    func read() throws -> Curriculum {
        let database = try database.openForReading()
        return try moment.read(database) {
            try curriculum(in: $0)
        }
    }

    /// Reads the curriculum and what a learner brings, from one snapshot.
    ///
    /// - Throws: A failure for known or excluded concepts that are not there: most likely a typo.
    func read(_ learner: LearnerOptions) throws -> (Curriculum, LearningPathQuery) {
        let database = try database.openForReading()
        var query = learner.query()
        let curriculum = try moment.read(database) { transaction in
            if let name = learner.learner {
                query.mastery = try LearnerRecord.read(name, key: key, in: transaction)
            }
            return try self.curriculum(in: transaction)
        }
        try learner.check(against: curriculum)
        return (curriculum, query)
    }

    /// The curriculum of a snapshot; refuses names that the database does not have.
    private func curriculum(in transaction: borrowing ReadTransaction) throws -> Curriculum {
        let label = try transaction.requireLabel(label)
        // A curriculum without any requirement is sound, so an unknown type is no error then.
        let type =
            try transaction.edgeCount() > 0
            ? transaction.requireEdgeType(type) : EdgeType(type)
        let curriculum = try Curriculum(
            transaction, label: label, type: type, key: PropertyKey(key))
        if try curriculum.concepts.isEmpty && transaction.nodeCount(label: label) > 0 {
            throw CommandError.failure(
                "No \(label.name) has the property '\(key)' that tells them apart. Name another "
                    + "with --key.")
        }
        return curriculum
    }
}

/// The options of learning queries about the learner.
struct LearnerOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Concepts that are known already, joined by commas; may be repeated.",
            valueName: "ids"))
    var known: [String] = []
    @Option(
        name: [.customShort("x"), .long],
        help: ArgumentHelp("Concepts to do without; may be repeated.", valueName: "ids"))
    var exclude: [String] = []
    @Option(
        help: ArgumentHelp(
            "Requirements at least this strong are needed, others only recommended.",
            valueName: "strength"))
    var theta = PrerequisiteGraph.defaultTheta
    @Option(help: "What to do with cycles: report them, or learn their members together.")
    var cycles = CycleChoice.report

    @Option(
        help: ArgumentHelp(
            "Whose mastery counts: the id of a Learner, as 'cairn learn mark' keeps it.",
            valueName: "id"))
    var learner: String?
    @Option(help: ArgumentHelp("Mastery from which on a concept is known.", valueName: "m"))
    var tau = 0.95
    @Flag(help: "Let mastery below that shorten a concept.")
    var partialCredit = false
    @Flag(help: "Hold that who knows a concept knows all that it cannot do without.")
    var assumeClosed = false
    @Option(
        help: ArgumentHelp(
            "How long to search among alternatives, in milliseconds.", valueName: "ms"))
    var budget = 200
    @Option(
        help: ArgumentHelp(
            "Search so many steps instead: the same answer on every machine.", valueName: "n"))
    var steps: Int?

    func validate() throws {
        try OptionText.check(theta, 0...1, "theta")
        try OptionText.check(tau, 0...1, "tau")
        try OptionText.check(budget, 0...86_400_000, "budget")
        try OptionText.check(steps, atLeast: 0, "steps")
    }

    /// The query without goals.
    func query() -> LearningPathQuery {
        var query = LearningPathQuery(
            known: OptionText.list(known), exclude: OptionText.list(exclude))
        query.theta = theta
        query.cycles = cycles.policy
        query.masteryThreshold = tau
        query.partialCredit = partialCredit
        query.assumeClosed = assumeClosed
        query.budget = steps.map { .steps($0) } ?? .time(.milliseconds(budget))
        return query
    }

    /// Refuses known or excluded concepts that the curriculum does not have: most likely a typo.
    func check(against curriculum: Curriculum) throws {
        for id in OptionText.list(known) + OptionText.list(exclude)
        where !curriculum.graph.contains(id) {
            let near = curriculum.graph.suggestions(for: id)
            let hint =
                near.isEmpty
                ? "" : " Did you mean \(near.map { "'\($0)'" }.joined(separator: " or "))?"
            throw CommandError.failure("There is no concept '\(id)'.\(hint)")
        }
    }
}

/// What to do with cycles, as typed.
enum CycleChoice: String, CaseIterable, ExpressibleByArgument {
    case report, together

    var policy: CyclePolicy { self == .report ? .report : .together }
}

/// In which order to list steps, as typed.
enum OrderChoice: String, CaseIterable, ExpressibleByArgument {
    case easiest, levels, focus

    var order: StepOrder {
        switch self {
        case .easiest: .easiest
        case .levels: .levels
        case .focus: .focus
        }
    }
}
