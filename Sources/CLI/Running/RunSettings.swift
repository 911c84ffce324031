import ArgumentParser

/// The options of `run` about the graph.
struct GraphOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The edge list; - for standard input.", valueName: "file"),
        completion: .file())
    var input: String?
    @Option(
        help: ArgumentHelp(
            "A file that names every node; for nodes without edges.", valueName: "file"),
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
    @Flag(help: "Drop loops and parallel edges.")
    var simple = false

    func validate() throws {
        guard !(directed && undirected) else {
            throw ValidationError("--directed and --undirected exclude each other.")
        }
        if input != nil, database.path != nil {
            throw ValidationError("--input and --db exclude each other.")
        }
        if input != nil, moment.text != nil {
            throw ValidationError("--at is about a database, not about a file.")
        }
        if input != nil, !labels.isEmpty || !types.isEmpty || weight != nil || key != nil {
            throw ValidationError(
                "--labels, --types, --weight and --key are about a database; a file has none.")
        }
        if input == nil, nodes != nil {
            throw ValidationError("--nodes goes with --input.")
        }
    }
}

/// The options of `run` about the run and its results.
struct RunSettings: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A parameter of the algorithm; with several, algorithm.name=value is for one.",
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
    @Flag(help: "Tell how long loading and running took.")
    var timings = false
    @Flag(help: "List the algorithms.")
    var list = false

    func validate() throws {
        try OptionText.check(threads, 1...1_024, "threads")
        try OptionText.check(top, atLeast: 0, "top")
    }
}
