import ArgumentParser
import GraphStore

/// `cairn salvage`.
struct SalvageCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "salvage", "Get everything readable out of a damaged database, into a sound one.",
        examples: [
            Example("Into a new database", "cairn salvage people.cairn --to rescued.cairn")
        ],
        discussion: """
            First restore a backup, if there is one. Salvage reads the file page by page and never \
            changes it; no program may write to it meanwhile. What is lost is listed; the exit code \
            is 0 when a sound database came out, also where something is lost.
            """)

    @Argument(help: "The directory of the damaged database.", completion: .directory)
    var damaged: String
    @Option(help: ArgumentHelp("The directory to make.", valueName: "path"), completion: .directory)
    var to: String
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let report = try GraphSalvage.salvage(damaged, to: to) { Interruption.isRequested }
        var details = Details()
        details.add("nodes", "Nodes", .count(report.nodes))
        details.add("edges", "Edges", .count(report.edges))
        details.add("damaged_pages", "Damaged pages", .count(report.damagedPages))
        details.add("recognized_pages", "Recognised pages", .count(report.recognizedPages))
        details.add("from_change_log", "From the change log", .count(report.fromChangeLog))
        details.add("losses", "Losses", .array(report.losses.map { .string($0) }))
        for loss in report.losses { try console.note(loss) }
        try console.report(
            "Salvaged \(NumberText.counted(report.nodes, "node")) and "
                + "\(NumberText.counted(report.edges, "edge")) into '\(to)'; "
                + (report.damagedPages == 0
                    ? "no damaged page was met."
                    : "\(NumberText.counted(report.damagedPages, "page")) could not be read."),
            details)
        try console.suggest("cairn info --db \(ShellText.word(to))", "See what is there")
    }
}
