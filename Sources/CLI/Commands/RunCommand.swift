import ArgumentParser
import GraphAlgorithms
import PropertyGraph

/// `cairn run`.
struct RunCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "run", "Run graph algorithms on a file or a database.",
        examples: [
            Example(
                "Which nodes matter", "cairn run pagerank --input edges.tsv --directed --top 20"),
            Example(
                "Several at once, the graph loaded once",
                "cairn run pagerank,bfs,wcc --input edges.tsv --param source=1 --json --timings"),
            Example(
                "A value for each node, to a file",
                "cairn run sssp -i roads.csv --weighted --param source=A --output distances.csv"),
            Example(
                "On a part of a database",
                "cairn run pagerank --db packages.cairn --types DEPENDS --top 10"),
            Example("What there is", "cairn run --list"),
            Example("What an algorithm takes and tells", "cairn run pagerank --help"),
        ],
        discussion: """
            A file holds one edge a line, 'source target [weight]', separated by tabs, commas or \
            blanks, plain or compressed with gzip; lines that begin with # are left out. Nodes are \
            numbers or names. Without --weighted a third column is not read. Of a database, \
            parameters name nodes by their id or by the property --key.

            As a table the summary is shown, and the greatest values where they rank nodes. As \
            json one object a line tells algorithm, graph, parameters and result_summary; as plain \
            or csv the rows are printed, one a node. --output writes the rows to a file: CSV with \
            a header, tabs for .tsv, objects for .jsonl.
            """)

    @Argument(
        help: "The algorithm; several joined by commas run on one load.",
        completion: .list(AlgorithmCatalog.all.map(\.name)))
    var algorithm: String?
    @OptionGroup(title: "Graph") var graph: GraphOptions
    @OptionGroup(title: "Run") var settings: RunSettings
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        if settings.list { return try Self.printCatalog(console) }
        let request = try RunRequest(algorithm, settings)
        if let output = settings.output,
            [graph.input, graph.nodes].contains(where: { input in
                input.map { SystemCalls.isSameFile($0, output) } ?? false
            })
        {
            throw CommandError.usage(
                "--output would overwrite '\(output)', which is to be read. Name another file.")
        }
        let threads = settings.threads ?? SystemCalls.processorCount()
        let progress = console.progressLine()
        let loaded = try GraphLoading(graph, request, threads).load(progress)
        try loaded.check(names: request.nodeNames)
        if loaded.skippedLines > 0 {
            try console.note("Left out \(NumberText.counted(loaded.skippedLines, "line")).")
        }
        let printer = RunPrinter(
            console: console, loaded: loaded, request: request, threads: threads)
        for (place, algorithm) in request.algorithms.enumerated() {
            let options = RunOptions(
                threads: threads, seed: settings.seed, isCancelled: { Interruption.isRequested },
                progress: { step in
                    let total = step.total.map { " of \(NumberText.grouped($0))" } ?? ""
                    let done = NumberText.grouped(step.completed)
                    progress.show("\(algorithm.name): \(step.phase) \(done)\(total)")
                })
            let start = ContinuousClock.now
            let output = try algorithm.run(
                on: loaded.graph, parameters: request.parameters(at: place), options: options,
                resolve: { loaded.resolve($0) })
            let runTime = ContinuousClock.now - start
            progress.clear()
            try printer.print(algorithm, at: place, output, runTime: runTime)
        }
    }

    private static func printCatalog(_ console: Console) throws {
        var listing = Listing(
            [
                .init("name", "Name"), .init("family", "Family"),
                .init("summary", "What it computes"),
            ], ifEmpty: "There are no algorithms.")
        listing.rows = AlgorithmCatalog.all.map {
            [.string($0.name), .string($0.family.rawValue), .string($0.summary)]
        }
        try console.print(listing)
        try console.suggest("cairn run pagerank --help", "What one takes and tells")
    }
}
