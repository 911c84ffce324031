import ArgumentParser

/// The options of `run` about the graph.
struct GraphOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The edge list, as behind the algorithm; - for standard input.", valueName: "file"),
        completion: .file())
    var input: String?
    @Option(
        help: ArgumentHelp(
            "A file that names every node, for nodes without edges; its header may name columns of "
                + "numbers.",
            valueName: "file"),
        completion: .file())
    var nodes: String?
    @OptionGroup var moment: MomentOption
    @OptionGroup var database: DatabaseOption
    @Option(
        help: ArgumentHelp(
            "Of a database: only nodes with these labels, joined by commas.", valueName: "labels"))
    var labels: [String] = []
    @Option(
        help: ArgumentHelp(
            "Of a database: only edges of these types, joined by commas.", valueName: "types"))
    var types: [String] = []
    @Option(
        help: ArgumentHelp(
            "Of a database: the property of edges that is their weight.", valueName: "property"))
    var weight: String?
    @Option(
        help: ArgumentHelp(
            "Of a database: the property that names nodes; a unique one, id or name without it.",
            valueName: "property"))
    var key: String?
    @Flag(help: "Edges have a direction; so without it, unless the algorithm wants none.")
    var directed = false
    @Flag(help: "Edges have no direction.")
    var undirected = false
    @Flag(help: "The third column of the file holds weights.")
    var weighted = false
    @Flag(
        name: .customLong("fill-ids"),
        help: "All numbers from 0 to the largest are nodes, also those that no line names.")
    var fillsIDs = false
    @Flag(
        inversion: .prefixedNo, exclusivity: .exclusive,
        help: """
            The first line of the file names its columns, or is an edge; found out without it: a \
            header has no number, and numbers alone behind it or a usual pair such as source, target.
            """)
    var header: Bool?
    @Flag(help: "A line of the file holds a node and all its neighbours.")
    var adjacency = false
    @Flag(help: "Drop loops and parallel edges.")
    var simple = false

    func validate() throws {
        guard !(directed && undirected) else {
            throw ValidationError("--directed and --undirected exclude each other.")
        }
        guard !(adjacency && weighted) else {
            throw ValidationError("--adjacency and --weighted exclude each other.")
        }
        guard !(fillsIDs && nodes != nil) else {
            throw ValidationError("--fill-ids and --nodes exclude each other.")
        }
    }
}

/// The options of `run` about the run and its results.
struct RunSettings: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A parameter, as behind the file; with several algorithms, algorithm.name=value is for "
                + "one.",
            valueName: "name=value"))
    var param: [String] = []
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Threads to work with; one for each processor without it.", valueName: "count"))
    var threads: Int?
    @Option(help: ArgumentHelp("Where random choices start.", valueName: "number"))
    var seed: UInt64 = 0
    @Option(
        help: ArgumentHelp("Show so many nodes with the greatest values.", valueName: "count"))
    var top: Int?
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write a row for each node to a file; - for standard output.", valueName: "file"),
        completion: .file())
    var output: String?
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Of a database: write the first column, or the one named, into a property of the nodes; "
                + "may be repeated.",
            valueName: "[column=]property"))
    var write: [String] = []
    @Option(
        help: ArgumentHelp(
            "How much memory a run may take, such as 2GB; what is free without it.",
            valueName: "size"))
    var memory: String?
    @Flag(
        help: "Run also what does not fit into memory, and write also over the names of nodes.")
    var force = false
    @Flag(help: "Tell how long loading and running took.")
    var timings = false
    @Flag(help: "List the algorithms.")
    var list = false

    func validate() throws {
        try OptionText.check(threads, 1...1_024, "threads")
        try OptionText.check(top, atLeast: 0, "top")
        if let memory, SizeText.bytes(memory) == nil {
            throw ValidationError("The value of --memory is '\(memory)'. Give a size such as 2GB.")
        }
    }

    /// Refuses what would not fit.
    var memoryGuard: MemoryGuard {
        MemoryGuard(limit: memory.flatMap { SizeText.bytes($0) }, isForced: force)
    }
}
