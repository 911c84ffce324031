import ArgumentParser

/// The program itself: the root of all commands.
struct CairnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        "cairn", "Keep knowledge graphs, analyse them, and plan learning.",
        examples: [
            Example(
                "Files into a database", "cairn import datasets/curriculum --db curriculum.cairn"),
            Example(
                "What to learn, in which order",
                "cairn learn plan transformers --known python --db curriculum.cairn"),
            Example(
                "An algorithm straight on a file",
                "cairn run pagerank --input links.tsv --directed --top 10"),
        ],
        discussion: """
            Results go to standard output, everything else to standard error. The exit code is 0 \
            when the command did its work, 1 when it could not, 64 when it was called wrongly, and \
            130 after Ctrl-C.
            """,
        version: "cairn \(Program.version) (format \(Program.formatVersion))",
        groups: [
            CommandGroup(
                name: "Database",
                subcommands: [
                    InitCommand.self, ImportCommand.self, ExportCommand.self, InfoCommand.self,
                    CheckCommand.self, BackupCommand.self, RestoreCommand.self,
                    SalvageCommand.self, CopyCommand.self, CompactCommand.self,
                    QuotaCommand.self,
                ]),
            CommandGroup(
                name: "Graph",
                subcommands: [
                    CypherCommand.self, NodeCommand.self, EdgeCommand.self, NeighborsCommand.self,
                    SchemaCommand.self,
                    ChangesCommand.self, HistoryCommand.self,
                ]),
            CommandGroup(
                name: "Analysis", subcommands: [RunCommand.self, LearnCommand.self]),
            CommandGroup(
                name: "Program", subcommands: [CompletionsCommand.self, ReferenceCommand.self]),
        ])
}
