import ArgumentParser
import GraphAlgorithms
import GraphStore
import PropertyGraph

/// `cairn run`.
struct RunCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "run", "Run graph algorithms on a file or a database.",
        examples: [
            Example("Which nodes matter", "cairn run pagerank edges.tsv --directed --top 20"),
            Example(
                "Several at once, the graph loaded once",
                "cairn run pagerank,bfs,wcc edges.tsv source=1 --json --timings"),
            Example(
                "A value for each node, to a file",
                "cairn run sssp roads.csv --weighted sources=A,B --output distances.csv"),
            Example(
                "On a part of a database",
                "cairn run pagerank --db packages.cairn --types DEPENDS --top 10"),
            Example(
                "Results as properties of the nodes",
                "cairn run pagerank,louvain --db packages.cairn --write rank,louvain=community"),
            Example("What there is", "cairn run --list"),
            Example("What an algorithm takes and tells", "cairn run pagerank --help"),
        ],
        discussion: """
            A file holds one edge a line, 'source target [weight]', separated by tabs, commas or \
            blanks, plain or compressed with gzip; lines that begin with # are left out. Nodes are \
            numbers or names; between commas, a name in quotes may hold commas. Without --weighted a \
            third column is not read. Of a database, parameters name nodes by their id or by the \
            property --key.

            As a table the summary is shown, and the greatest values or largest groups. As json \
            one object a line tells algorithm, graph, parameters and result_summary; as plain \
            or csv the rows are printed, one a node. --output writes the rows to a file: CSV with \
            a header, tabs for .tsv and .txt, objects for .jsonl and .ndjson. --output - prints the \
            rows and nothing else: CSV, or what --format says, an object a row for json and jsonl. \
            --write puts them into the database, in one transaction; a node as a value is written as \
            its id.

            A run whose estimate is more than the free memory is refused; see --memory and --force. \
            Ctrl-C ends a run at once.
            """)

    @Argument(
        help: "The algorithm; several joined by commas run on one load.",
        completion: .list(AlgorithmCatalog.all.map(\.name)))
    var algorithm: String?
    @Argument(
        help: ArgumentHelp(
            "A file of edges or a database, and parameters as name=value.", valueName: "file"),
        completion: .file())
    var words: [String] = []
    @OptionGroup(title: "Graph") var graph: GraphOptions
    @OptionGroup(title: "Run") var settings: RunSettings
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        if settings.list {
            try checkList()
            return try AlgorithmList.print(to: console)
        }
        let words = try RunWords(words)
        let request = try RunRequest(
            algorithm, words.parameters + settings.param, settings, format: common.formatAsked)
        try request.checkFormat(console.format)
        let source = try graph.source(words)
        try checkOutput(source)
        let threads = settings.threads ?? SystemCalls.processorCount()
        let loading = try GraphLoading(graph, request, source, threads)
        Interruption.mayEndAtOnce(true)
        let files = try request.readFiles()
        let progress = console.progressLine()
        let memory = settings.memoryGuard
        let loaded = try loading.load(memory, progress)
        if console.format == .table, !console.isQuiet {
            for note in loaded.notes { try console.note(note) }
        }
        try loaded.check(names: request.nodeNames)
        try checkNames(loaded, request)
        if loaded.skippedLines > 0 {
            try console.note("Left out \(NumberText.counted(loaded.skippedLines, "line")).")
        }
        for (place, algorithm) in request.algorithms.enumerated() {
            try memory.check(
                algorithm, on: loaded.graph, parameters: request.parameters(at: place),
                threads: threads)
        }
        HeapMemory.keepFreed()
        let printer = RunPrinter(
            console: console, loaded: loaded, request: request, threads: threads)
        for place in request.algorithms.indices {
            try run(at: place, loaded, request, files, threads, progress, printer)
        }
        if !console.isQuiet, let note = request.unusedWeights(graph) { try console.note(note) }
    }

    /// Refuses words beside `--list`, which would go unheard.
    private func checkList() throws {
        guard let word = algorithm ?? words.first else { return }
        throw RunCommand.usage(
            "--list shows all algorithms and takes nothing else; '\(word)' is too much. "
                + "'cairn run pagerank --help' tells of one.")
    }

    private func run(
        at place: Int, _ loaded: LoadedGraph, _ request: RunRequest, _ files: [[UInt8]: [UInt8]],
        _ threads: Int, _ progress: ProgressLine, _ printer: RunPrinter
    ) throws {
        let algorithm = request.algorithms[place]
        let options = RunOptions(
            threads: threads, seed: request.seed, isCancelled: { Interruption.isRequested },
            progress: { step in
                let total = step.total.map { " of \(NumberText.grouped($0))" } ?? ""
                let done = NumberText.grouped(step.completed)
                progress.show("\(algorithm.name): \(step.phase) \(done)\(total)")
            })
        let start = ContinuousClock.now
        let output: AlgorithmOutput
        do {
            output = try algorithm.run(
                on: loaded.graph, parameters: request.parameters(at: place), options: options,
                resolve: { loaded.resolve($0) },
                readFile: { path throws(AlgorithmError) in files[Array(path.utf8)] ?? [] })
        } catch {
            throw loaded.renamed(error, algorithm)
        }
        let runTime = ContinuousClock.now - start
        let written = try write(output, at: place, loaded, request, progress)
        progress.clear()
        try printer.print(algorithm, at: place, output, runTime: runTime, written: written)
    }

    private func write(
        _ output: AlgorithmOutput, at place: Int, _ loaded: LoadedGraph, _ request: RunRequest,
        _ progress: ProgressLine
    ) throws -> PropertyWriter.Summary? {
        let targets = request.targets(at: place)
        guard !targets.isEmpty, let database = loaded.database else { return nil }
        let columns = try targets.map { target in
            (
                property: target.property,
                column: try target.column(of: output, request.algorithms[place].name)
            )
        }
        return try PropertyWriter(database: database, graph: loaded.graph).write(columns, progress)
    }

    /// Refuses to write rows over what is to be read.
    private func checkOutput(_ source: GraphSource) throws {
        guard let output = settings.output else { return }
        var inputs = [graph.nodes]
        if case .file(let path) = source { inputs.append(path) }
        let isRead = inputs.contains { input in
            input.map { SystemCalls.isSameFile($0, output) } ?? false
        }
        guard isRead else { return }
        throw CommandError.usage(
            "--output would overwrite '\(output)', which is to be read. Name another file.")
    }

    /// Refuses to write results over the names of nodes.
    private func checkNames(_ loaded: LoadedGraph, _ request: RunRequest) throws {
        guard let key = loaded.nameKey, request.writtenProperties.contains(key), !settings.force
        else { return }
        throw CommandError.failure(
            "'\(key.name)' names the nodes, and --write would replace it. Name another property, "
                + "or pass --force.")
    }
}
