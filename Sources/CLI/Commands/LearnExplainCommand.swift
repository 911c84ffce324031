import ArgumentParser
import Cypher
import GraphAlgorithms

/// `cairn learn explain`.
struct LearnExplainCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "explain", "Tell why a concept is, or is not, in the plan for a goal.",
        examples: [
            Example("Why vectors?", "cairn learn explain vectors --goal pagerank --db DB")
        ])

    @Argument(help: "The concept to explain, by id.")
    var concept: String
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The goals of the plan; may be repeated.", valueName: "ids"))
    var goal: [String]
    @OptionGroup(title: "Learner") var learner: LearnerOptions
    @OptionGroup(title: "Curriculum") var curriculum: CurriculumOptions
    @OptionGroup(title: "Common options") var common: CommonOptions

    func validate() throws {
        try OptionText.checkName(concept, "concept to explain")
        if goal.isEmpty { throw ValidationError("Name a goal with --goal.") }
        try OptionText.checkNames(goal, "goals")
    }

    func run(on console: Console) throws {
        let (curriculum, query) = try self.curriculum.read(learner)
        let goals = OptionText.list(goal)
        let explanation = try curriculum.graph.explain(
            concept: concept, goals: goals, query: query)
        switch console.format {
        case .table:
            for line in words(explanation, goals, curriculum) {
                try console.output.line(TextWidth.printable(line))
            }
        case .json, .jsonl: try console.printAnswer(json(explanation))
        case .plain, .csv:
            let rows = ConceptRows(
                curriculum: curriculum, costs: try curriculum.graph.costs(query: query))
            try console.print(rows.explanation(concept, explanation))
        }
    }

    private func words(
        _ explanation: LearningExplanation, _ goals: [String], _ curriculum: Curriculum
    ) -> [String] {
        let title = curriculum.title(concept)
        switch explanation {
        case .because(let way):
            guard way.ids.count > 1 else { return ["\(title) is a goal itself."] }
            var lines = ["\(title) is in the plan:"]
            for (place, edge) in way.edges.enumerated() {
                let reason = edge.reason.map { ": \($0)" } ?? ""
                lines.append(
                    String(repeating: "  ", count: place + 1)
                        + "\(curriculum.title(edge.of)) needs \(curriculum.title(edge.needs))\(reason)"
                )
            }
            return lines
        case .absent(.known): return ["\(title) is not in the plan: it is known already."]
        case .absent(.excluded): return ["\(title) is not in the plan: it was excluded."]
        case .absent(.notNeeded): return ["\(title) is not in the plan: no goal needs it."]
        case .absent(.noPlan(let goals)): return ["There is no plan."] + goals.map(\.sentence)
        case .absent(.replaced(let of, _, let option, let metBy)):
            let instead = metBy.map { curriculum.title($0) }.joined(separator: ", ")
            return [
                "\(title) is not in the plan: \(curriculum.title(of)) could use "
                    + "\(curriculum.title(option)), but \(instead) does as well."
            ]
        }
    }

    private func json(_ explanation: LearningExplanation) -> JSON {
        switch explanation {
        case .because(let way):
            return .object([
                ("because", LearnJSON.ids(way.ids)),
                ("edges", .array(way.edges.map { LearnJSON.requirement($0) })),
            ])
        case .absent(let absence):
            var members: [(String, JSON)] = []
            switch absence {
            case .known: members = [("absent", .string("known"))]
            case .excluded: members = [("absent", .string("excluded"))]
            case .notNeeded: members = [("absent", .string("notNeeded"))]
            case .noPlan(let goals):
                members = [
                    ("absent", .string("noPlan")), ("unreachable", LearnJSON.unreachable(goals)),
                ]
            case .replaced(let of, let group, let option, let metBy):
                members = [
                    ("absent", .string("replaced")), ("of", .string(of)),
                    ("group", .optional(group)), ("option", .string(option)),
                    ("metBy", LearnJSON.ids(metBy)),
                ]
            }
            return .object(members)
        }
    }
}
