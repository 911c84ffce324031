import ArgumentParser
import GraphFormats
import GraphStore
import PropertyGraph

/// `cairn export`.
struct ExportCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "export", "Export a database to files that import reads back.",
        examples: [
            Example("A folder of CSV files", "cairn export people/ --db people.cairn"),
            Example("One JSON object a line", "cairn export people.jsonl --db people.cairn"),
            Example(
                "Edges with a weight, to a pipe",
                "cairn export - --as edges --weight length --db roads.cairn | head"),
        ])

    /// The formats there are.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case csv, jsonl, edges
    }

    @Argument(
        help: "The folder (csv) or file to write; - for standard output.", completion: .file())
    var destination: String
    @Option(
        name: .customLong("as"),
        help: "The format; without it, by the ending: .jsonl, .tsv and .txt are known, else csv.")
    var exportFormat: Format?
    @Option(
        help: ArgumentHelp("The third column of edges.", valueName: "property"))
    var weight: String?
    @Flag(help: "Replace what is at the destination.")
    var force = false
    @OptionGroup var moment: MomentOption
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let database = try database.openForReading()
        var options = ExportOptions()
        options.format = format
        options.weightProperty = weight.map { PropertyKey($0) }
        options.replacesExisting = force
        options.moment = try moment.moment()
        let progress = console.progressLine()
        let hooks = FormatHooks(
            progress: { progress.show($0.words) }, isCancelled: { Interruption.isRequested })
        let summary: ExportSummary
        do {
            summary = try GraphExporter(options: options).run(
                database, to: destination, hooks: hooks)
        } catch let error as FormatError where isStandardOutput && error.code == .inputOutput {
            // Nobody reads the rest.
            guard SystemCalls.wait(milliseconds: 0, watching: 1) else { throw ClosedPipe() }
            throw error
        }
        progress.clear()
        // The rows themselves are on standard output; a report among them would be one row more.
        guard !isStandardOutput else { return }
        var details = Details()
        details.add("nodes", "Nodes", .count(summary.nodes))
        details.add("edges", "Edges", .count(summary.edges))
        details.add("files", "Files", .array(summary.files.map { .string($0) }))
        try console.report(
            "Exported \(NumberText.counted(summary.nodes, "node")) and "
                + "\(NumberText.counted(summary.edges, "edge")) to '\(destination)'.", details)
    }

    private var isStandardOutput: Bool { UTF8Order.equal(destination, "-") }

    private var format: ExportFormat {
        switch exportFormat {
        case .csv?: return .csv
        case .jsonl?: return .jsonl
        case .edges?: return .edgeList
        case nil: break
        }
        if destination.hasSuffix(".jsonl") || isStandardOutput { return .jsonl }
        if destination.hasSuffix(".tsv") || destination.hasSuffix(".txt") { return .edgeList }
        return .csv
    }
}
