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
