import ArgumentParser
import Cypher
import GraphAlgorithms

/// `cairn learn lint`.
struct LearnLintCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "lint", "Find what is unsound in a curriculum.",
        examples: [
            Example("All findings", "cairn learn lint --db DB"),
            Example(
                "Which edges to remove from cycles", "cairn learn lint --break weakest --db DB"),
        ],
        discussion: """
            Nothing is changed. The exit code is 1 when something makes concepts unreachable: a \
            cycle, a missing target, or a concept that needs itself.
            """)

    /// How to break cycles.
    enum Breaking: String, CaseIterable, ExpressibleByArgument {
        case weakest
    }

    @Option(
        name: .customLong("break"),
        help: "List the edges whose removal leaves no cycle: the weakest of each in turn.")
    var breaking: Breaking?
    @Option(
        help: ArgumentHelp(
            "Requirements at least this strong are needed.", valueName: "strength"))
    var theta = PrerequisiteGraph.defaultTheta
    @OptionGroup(title: "Curriculum") var curriculum: CurriculumOptions
    @OptionGroup(title: "Common options") var common: CommonOptions

    func validate() throws { try OptionText.check(theta, 0...1, "theta") }

    func run(on console: Console) throws {
        let curriculum = try self.curriculum.read()
        if breaking != nil { return try printWeakest(curriculum, console) }
        let lint = try curriculum.graph.lint(theta: theta)
        if console.format == .json || console.format == .jsonl {
            let answer = LearnJSON.lint(lint)
            try console.format == .json ? console.print(answer) : console.printLine(answer)
        } else {
            var listing = Listing(
                [.init("finding", "Finding"), .init("text", "What")],
                ifEmpty: "Nothing is unsound.")
            listing.rows = Self.rows(lint)
            try console.print(listing)
        }
        let isBroken = !lint.cycles.isEmpty || !lint.missing.isEmpty || !lint.selfLoops.isEmpty
        if isBroken {
            throw CommandError.failure("The curriculum has concepts that cannot be learned.")
        }
    }

    private func printWeakest(_ curriculum: Curriculum, _ console: Console) throws {
        let edges = try curriculum.graph.weakestEdges(theta: theta)
        var listing = Listing(
            [
                .init("of", "Of"), .init("needs", "Needs"), .init("strength", "Strength"),
                .init("reason", "Reason"),
            ], ifEmpty: "There is no cycle to break.")
        listing.rows = edges.map {
            [.string($0.of), .string($0.needs), .double($0.strength), .optional($0.reason)]
        }
        try console.print(listing)
    }

    private static func rows(_ lint: LearningLint) -> [[JSON]] {
        var rows: [[JSON]] = []
        func add(_ finding: String, _ text: String) {
            rows.append([.string(finding), .string(text)])
        }
        for cycle in lint.cycles {
            add("cycle", (cycle.witness + cycle.witness.prefix(1)).joined(separator: " needs "))
        }
        for edge in lint.missing {
            add("missing", "\(edge.of) needs \(edge.needs), which is not there")
        }
        for id in lint.selfLoops { add("self-loop", "\(id) needs itself") }
        for id in lint.unreachable { add("unreachable", "\(id) cannot be learned from nothing") }
        for entry in lint.duplicates {
            add("duplicate", "\(entry.edge.of) needs \(entry.edge.needs): \(entry.copies) too many")
        }
        for entry in lint.implied {
            add(
                "implied",
                "\(entry.edge.of) needs \(entry.edge.needs) by way of \(entry.through) anyway")
        }
        for entry in lint.harder {
            let by = NumberText.fixed(Double(entry.byMillionths) / 1_000_000, 2)
            add(
                "harder",
                "\(entry.edge.needs) is harder by \(by) than \(entry.edge.of), which needs it")
        }
        return rows
    }
}
