import ArgumentParser
import GraphFormats
import GraphStore
import PropertyGraph

/// `cairn export`.
struct ExportCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "export", "Export a database to files.",
        examples: [
            Example("A folder of CSV files", "cairn export people/ --db people.cairn"),
            Example("One JSON object a line", "cairn export people.jsonl --db people.cairn"),
            Example(
                "Edges with a weight, to a pipe",
                "cairn export - --as edges --weight length --db roads.cairn | head"),
            Example("GraphML, compressed", "cairn export net.graphml.gz --db net.cairn"),
            Example("A drawing", "cairn export - --as dot --db net.cairn | dot -Tsvg > net.svg"),
            Example("Statements of openCypher", "cairn export net.cypher --db net.cairn"),
        ],
        discussion: """
            Import reads back everything but dot and cypher; 'cairn cypher' runs a script. CSV, \
            JSONL, GraphML, GEXF, N-Triples and Turtle keep all of a graph, edges and mtx only its \
            edges. CSV, JSONL and cypher carry indexes and constraints.
            """)

    /// The formats there are.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case csv, jsonl, edges, graphml, gexf, mtx, dot, ntriples, turtle, cypher
    }

    @Argument(
        help: "The folder (csv) or file to write; - for standard output.", completion: .file())
    var destination: String
    @Option(
        name: .customLong("as"),
        help: "The format; without it, by the ending (.jsonl, .tsv, .graphml, .ttl …), else csv.")
    var exportFormat: Format?
    @Option(
        help: ArgumentHelp("The number of an edge in edges, mtx and dot.", valueName: "property"))
    var weight: String?
    @Flag(help: "Compress with gzip; a destination that ends in .gz says so too.")
    var gzip = false
    @OptionGroup var rdf: RDFNameOptions
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
        options.isCompressed = gzip || destination.hasSuffix(".gz")
        options.rdf = rdf.options
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
        if console.format == .table, !console.isQuiet {
            for note in summary.notes { try console.note(note) }
        }
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
        if let exportFormat { return ExportFormat(rawValue: exportFormat.rawValue) ?? .csv }
        if isStandardOutput { return .jsonl }
        let name = destination.hasSuffix(".gz") ? String(destination.dropLast(3)) : destination
        let endings: [(String, ExportFormat)] = [
            (".jsonl", .jsonl), (".tsv", .edgeList), (".txt", .edgeList), (".graphml", .graphML),
            (".gexf", .gexf), (".mtx", .matrixMarket), (".dot", .dot), (".gv", .dot),
            (".nt", .nTriples), (".ttl", .turtle), (".cypher", .cypher),
        ]
        return endings.first { name.hasSuffix($0.0) }?.1 ?? .csv
    }
}
