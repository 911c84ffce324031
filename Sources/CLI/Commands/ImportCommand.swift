import ArgumentParser
import Cypher
import GraphFormats
import GraphStore
import PropertyGraph

/// `cairn import`.
struct ImportCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "import", "Import files into a database: all of them, or nothing.",
        examples: [
            Example(
                "A folder of typed CSV files", "cairn import datasets/people --db people.cairn"),
            Example(
                "Two files, updating nodes that are there",
                "cairn import persons.csv knows.csv --merge id --db people.cairn"),
            Example(
                "An edge list",
                "cairn import links.tsv.gz --type LINKS --id-property id --db links.cairn"),
            Example("A graph of Gephi or networkx", "cairn import net.gexf --db net.cairn"),
            Example(
                "RDF, updating what is there",
                "cairn import terms.ttl --merge iri --db terms.cairn"),
            Example(
                "Held to constraints",
                "cairn import datasets/people --schema people.cypher --db people.cairn"),
            Example("What would happen", "cairn import datasets/people --dry-run"),
        ],
        discussion: """
            Files of nodes have a column ':ID' or 'name:ID', files of edges ':START_ID' and \
            ':END_ID'; other columns are properties, 'age:int' or 'born:date' with their type. A \
            label or edge type stands in ':LABEL' or ':TYPE', in an option, or in the name of the \
            file. JSONL holds one object a line. GraphML, GEXF, Matrix Market (.mtx), N-Triples (.nt) \
            and Turtle (.ttl) are read as well, and .gz of any. The database is made when there is none. Readers \
            see nothing of an import before it is whole; Ctrl-C leaves the database as it was. \
            Constraints that --schema or a JSONL file declares hold for every record: all comes, or \
            nothing.
            """)

    @Argument(
        help: "Files, folders of files, or - for standard input.", completion: .file())
    var paths: [String]
    @OptionGroup(title: "Reading") var reading: ImportReadingOptions
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        for path in paths where !UTF8Order.equal(path, "-") && SystemCalls.kind(path) == .nothing {
            throw CommandError.failure("There is no file or folder '\(path)'.")
        }
        var options = try reading.options()
        if let schema = reading.schema { options.schema = try Self.schema(schema) }
        let importer = GraphImporter(options: options)
        let progress = console.progressLine()
        let hooks = FormatHooks(
            progress: { step in progress.show(step.words) },
            isCancelled: { Interruption.isRequested })
        if reading.dryRun {
            let existing = try database.existing().map { try GraphDatabase.reading($0) }
            let summary = try importer.dryRun(paths, against: existing, hooks: hooks)
            progress.clear()
            return try printDryRun(summary, console)
        }
        let path = try database.requirePath()
        let start = ContinuousClock.now
        let summary: ImportSummary
        if SystemCalls.kind(path) == .nothing {
            // Built aside and renamed: faster, and nothing is left of one that fails.
            summary = try importer.run(paths, creating: path, hooks: hooks)
        } else {
            let target = try GraphDatabase(path: path, options: .ofEnvironment())
            do {
                summary = try importer.run(paths, into: target, hooks: hooks)
            } catch let error as GraphStoreError
                where error.code == .uniqueViolation && reading.merge == nil
            {
                throw CommandError.failure(
                    "\(error.message) To update the nodes that are there, import with --merge.")
            }
            target.close()
        }
        progress.clear()
        try report(summary, path, ContinuousClock.now - start, console)
    }

    /// The indexes and constraints of a file of statements.
    private static func schema(_ path: String) throws -> [SchemaObject] {
        let text = try ScriptFile.read(path)
        var statement = text
        do {
            var objects: [SchemaObject] = []
            var rest = text[...]
            var lines = 0
            for next in try CypherScript.statements(of: text) {
                // Blanks in the place of what stands before it, so that errors tell lines of the file.
                if let range = rest.firstRange(of: next) {
                    lines += rest[..<range.lowerBound].utf8.count { $0 == 0x0A }
                    let line = text[..<range.lowerBound].reversed().prefix { !$0.isNewline }
                    statement =
                        String(repeating: "\n", count: lines)
                        + String(repeating: " ", count: line.count) + next
                    lines += next.utf8.count { $0 == 0x0A }
                    rest = rest[range.upperBound...]
                }
                objects.append(try CypherScript.schemaObject(of: statement))
            }
            return objects
        } catch let error as CypherError {
            throw CommandError.failure("\(path):\(error.rendered(in: statement))")
        }
    }

    private func report(
        _ summary: ImportSummary, _ path: String, _ time: Duration, _ console: Console
    ) throws {
        var details = Details()
        details.add("nodes", "Nodes", .count(summary.nodes))
        details.add("edges", "Edges", .count(summary.edges))
        details.add("merged_nodes", "Merged nodes", .count(summary.mergedNodes))
        details.add("merged_edges", "Merged edges", .count(summary.mergedEdges))
        details.add("skipped", "Skipped", .count(summary.problems.count))
        details.add("import_ms", "Milliseconds", .double(DurationText.milliseconds(time)))
        var sentence =
            "Imported \(NumberText.counted(summary.nodes, "node")) and "
            + "\(NumberText.counted(summary.edges, "edge")) in \(DurationText.words(time))."
        if summary.mergedNodes + summary.mergedEdges > 0 {
            sentence +=
                " \(NumberText.counted(summary.mergedNodes, "node")) and "
                + "\(NumberText.counted(summary.mergedEdges, "edge")) of them were there already."
        }
        try console.report(sentence, details)
        if console.format == .table, !console.isQuiet {
            for note in summary.notes { try console.note(note) }
        }
        try noteProblems(summary.problems, console)
        try console.suggest("cairn info --db \(ShellText.word(path))", "See what is in it")
    }

    private func printDryRun(_ summary: ImportSummary, _ console: Console) throws {
        var listing = Listing(
            [
                .init("file", "File"), .init("kind", "Kind"), .init("names", "Label or type"),
                .init("rows", "Rows"), .init("properties", "Properties"),
            ], ifEmpty: "The files hold nothing.")
        for file in summary.files {
            for table in file.tables {
                let columns = table.properties.map { column in
                    JSON.string("\(column.key.name):\(column.types.joined(separator: "|"))")
                }
                listing.rows.append([
                    .string(file.path), .string(table.isNodes ? "nodes" : "edges"),
                    .array(table.names.map { .string($0) }), .count(table.rows), .array(columns),
                ])
            }
        }
        try console.print(listing)
        try noteProblems(summary.problems, console)
        if console.format == .table, !console.isQuiet {
            for note in summary.notes { try console.note(note) }
            try console.note("Nothing was imported: this was a dry run.")
        }
    }

    private func noteProblems(_ problems: ProblemSummary, _ console: Console) throws {
        guard problems.count > 0 else { return }
        try console.note("Left out \(NumberText.counted(problems.count, "record")):")
        for problem in problems.first {
            try console.note("  \(problem.description)")
        }
    }
}

/// How `import` reads files.
struct ImportReadingOptions: ParsableArguments {
    /// The formats of files that can be told.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case csv, jsonl, edges, graphml, gexf, mtx, ntriples, turtle
    }

    /// What to do with a record that cannot be imported.
    enum ErrorPolicy: String, CaseIterable, ExpressibleByArgument {
        case stop, skip
    }

    @Option(
        name: .customLong("input-format"),
        help: "The format of the files; without it, by their names and first bytes.")
    var format: Format?
    @Option(help: ArgumentHelp("A label for every node; may be repeated.", valueName: "label"))
    var label: [String] = []
    @Option(help: ArgumentHelp("The type of edges whose file names none.", valueName: "type"))
    var type: String?
    @Option(
        name: .customLong("id-property"),
        help: ArgumentHelp("The property that keeps the ids of the files.", valueName: "property"))
    var idProperty: String?
    @Option(
        help: ArgumentHelp(
            "Update nodes that have the same label and value of this property.",
            valueName: "property"))
    var merge: String?
    @Option(
        help: ArgumentHelp(
            "Declare what the CREATE CONSTRAINT and CREATE INDEX of this file say.",
            valueName: "file"),
        completion: .file())
    var schema: String?
    @Flag(
        name: .customLong("no-schema"),
        help: "Leave out the indexes and constraints that JSONL files carry.")
    var noSchema = false
    @Flag(
        inversion: .prefixedNo, exclusivity: .exclusive,
        help: """
            The first line of edge lists names their columns, or is an edge; found out without it, as \
            by run.
            """)
    var header: Bool?
    @Flag(help: "Find the types of CSV columns that name none, instead of taking text.")
    var infer = false
    @Option(
        name: .customLong("on-error"),
        help: "Stop at a record that cannot be imported (so without it), or skip it.")
    var onError: ErrorPolicy?
    @Option(
        help: ArgumentHelp("Skip such records and write them to a file.", valueName: "file"),
        completion: .file())
    var report: String?
    @OptionGroup var rdf: RDFNameOptions
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Threads that parse; one for each processor without it.", valueName: "count"))
    var threads: Int?
    @Flag(name: .customLong("dry-run"), help: "Read everything, store nothing, tell what is there.")
    var dryRun = false

    func validate() throws {
        try OptionText.check(threads, 1...1_024, "threads")
        if onError == .stop, report != nil {
            throw ValidationError(
                "--report lists records that were skipped, and --on-error stop skips none. Leave "
                    + "one of them out.")
        }
    }

    /// The options of the importer.
    func options() throws -> ImportOptions {
        var options = ImportOptions()
        if let format { options.format = ImportFormat(rawValue: format.rawValue) ?? .automatic }
        options.rdf = rdf.options
        options.labels = OptionText.list(label).map { Label($0) }
        options.edgeType = type.map { EdgeType($0) }
        options.idProperty = idProperty.map { PropertyKey($0) }
        options.mergeKey = merge.map { PropertyKey($0) }
        options.infersTypes = infer
        options.readsSchema = !noSchema
        options.edgeList.hasHeader = header
        options.threads = threads ?? SystemCalls.processorCount()
        options.onError = report.map { .report(path: $0) } ?? (onError == .skip ? .skip : .stop)
        return options
    }
}

/// How names and IRIs become each other.
struct RDFNameOptions: ParsableArguments {
    /// What the IRI of a class or predicate becomes.
    enum Names: String, CaseIterable, ExpressibleByArgument {
        case local, full
    }

    @Option(
        name: .customLong("rdf-names"),
        help: "RDF: classes and predicates by their local names, or by their full IRIs.")
    var names = Names.local
    @Option(
        name: .customLong("rdf-vocabulary"),
        help: ArgumentHelp("RDF: what the IRIs of names begin with.", valueName: "iri"))
    var vocabulary = RDFOptions.standardVocabulary

    var options: RDFOptions {
        var options = RDFOptions()
        options.names = names == .full ? .full : .local
        options.vocabulary = vocabulary
        return options
    }
}

extension FormatProgress {
    /// For a line of progress.
    var words: String {
        var text = file
        if let bytesTotal, bytesTotal > 0 {
            text += " \(Int(100 * Double(bytesDone) / Double(bytesTotal))) %"
        }
        return text + ", \(NumberText.grouped(rows)) rows"
    }
}
