import ArgumentParser
import GraphAlgorithms

/// `cairn learn`.
struct LearnCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "learn", "Plan learning over concepts and what they need.",
        examples: [
            Example("What to learn, in which order", "cairn learn plan pagerank --db DB"),
            Example("What can be learned next", "cairn learn frontier --known python --db DB"),
            Example(
                "Why something is in a plan",
                "cairn learn explain vectors --goal pagerank --db DB"),
            Example("Graphs and queries from a program", "cairn learn --json-lines < graphs.jsonl"),
        ],
        discussion: """
            Concepts are nodes with the label Concept and the properties id, title, minutes and \
            difficulty; edges of type REQUIRES run from a concept to what it needs and may carry \
            strength, group (alternatives), coreq and reason. A node Requirement stands for a part \
            of a formula: it takes no time and is never shown. What a learner knows are edges \
            MASTERS with m, from 0 to 1.

            With --json-lines each line of standard input is a graph with queries, \
            {"concepts": […], "requires": […], "queries": […]}, and each gives a line \
            {"answers": [{"id": …, "answer": …}]}. No database is needed.
            """,
        subcommands: [
            LearnPlanCommand.self, LearnAlternativesCommand.self, LearnNeedCommand.self,
            LearnFrontierCommand.self, LearnGapsCommand.self, LearnChainCommand.self,
            LearnExplainCommand.self, LearnWithinCommand.self, LearnBottlenecksCommand.self,
            LearnModulesCommand.self, LearnScheduleCommand.self, LearnProgressCommand.self,
            LearnLintCommand.self, LearnMarkCommand.self, LearnObserveCommand.self,
        ])

    @Flag(help: "Answer graphs that standard input gives one a line.")
    var jsonLines = false
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        guard jsonLines else {
            throw Self.usage("Nothing was asked. Name a query, such as 'cairn learn plan'.")
        }
        var lines = LearnLines(console)
        try lines.run()
    }
}
