import GraphAlgorithms
import GraphFormats
import PropertyGraph

/// Loads the graph that a `run` command line names.
struct GraphLoading {
    private let options: GraphOptions
    private let request: RunRequest
    private let threads: Int

    init(_ options: GraphOptions, _ request: RunRequest, _ threads: Int) {
        self.options = options
        self.request = request
        self.threads = threads
    }

    /// Loads it, and tells how long that took.
    func load(_ progress: ProgressLine) throws -> LoadedGraph {
        guard let input = options.input else {
            throw RunCommand.usage("No graph was named. Pass --input FILE.")
        }
        return try loadFile(input, progress)
    }

    private var isDirected: Bool {
        if options.directed { return true }
        if options.undirected { return false }
        return request.neededDirection ?? true
    }

    private func loadFile(_ path: String, _ progress: ProgressLine) throws -> LoadedGraph {
        if !UTF8Order.equal(path, "-"), SystemCalls.kind(path) == .directory {
            throw CommandError.failure(
                "'\(path)' is a folder. Name an edge list, or import the folder into a database "
                    + "and run on that.")
        }
        var format = EdgeListOptions()
        format.threads = threads
        format.weights = options.weighted ? .required : .ignored
        let reader = EdgeListReader(
            isDirected: isDirected, isSimple: options.simple, options: format)
        let hooks = FormatHooks(
            progress: { step in
                let share = step.bytesTotal.map { total in
                    total > 0 ? " \(Int(100 * Double(step.bytesDone) / Double(total))) %" : ""
                }
                progress.show(
                    "Loading \(step.file)\(share ?? ""), \(NumberText.grouped(step.rows)) edges")
            },
            isCancelled: { Interruption.isRequested })
        let start = ContinuousClock.now
        let outcome = try reader.load(path: path, nodes: options.nodes, hooks: hooks)
        let time = ContinuousClock.now - start
        progress.clear()
        return LoadedGraph(
            outcome.graph, names: outcome.graph.nodeColumns[EdgeListReader.nameColumn],
            origin: path, loadTime: time, skippedLines: outcome.problems.count,
            hasIndex: request.namesNodes)
    }
}
