import ArgumentParser
import GraphStore
import PropertyGraph

/// `cairn edge`.
struct EdgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        "edge", "Create, read, change and delete edges.",
        examples: [
            Example("Connect two nodes", "cairn edge create Person:name=Ada KNOWS 2 --db DB"),
            Example("What leaves and reaches a node", "cairn neighbors Person:name=Ada --db DB"),
        ],
        subcommands: [
            EdgeCreateCommand.self, EdgeGetCommand.self, EdgeListCommand.self,
            EdgeSetCommand.self, EdgeDeleteCommand.self,
        ])
}

/// `cairn edge create`.
struct EdgeCreateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "create", "Create an edge between two nodes.",
        examples: [
            Example(
                "By ids",
                "cairn edge create 1 KNOWS 2 since=1833 --db DB"),
            Example(
                "By keys",
                "cairn edge create Person:name=Ada KNOWS Person:name=Bob --db DB"),
        ])

    @Argument(help: "The node it leaves: id, or Label:key=value.")
    var source: String
    @Argument(help: "The type of the edge, such as KNOWS.")
    var type: String
    @Argument(help: "The node it reaches: id, or Label:key=value.")
    var target: String
    @Argument(
        help: ArgumentHelp(
            "Properties, as key=value or key:type=value.", valueName: "key=value"))
    var properties: [String] = []
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let (source, target) = (try NodeReference(source), try NodeReference(target))
        let type = EdgeType(type)
        let properties = try PropertyText.parse(properties).compactMapValues { $0 }
        let database = try database.openForWriting()
        let edge = try database.write { transaction in
            let from = try source.resolve(in: transaction)
            let to = try target.resolve(in: transaction)
            let id = try transaction.createEdge(type, from: from, to: to, properties: properties)
            return Edge(id: id, type: type, source: from, target: to, properties: properties)
        }
        try console.report("Created \(ElementText.words(edge)).", edge)
    }
}

/// `cairn edge get`.
struct EdgeGetCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "get", "Show an edge.",
        examples: [
            Example(
                "By id",
                "cairn edge get 3 --db DB")
        ])

    @Argument(help: "The id of the edge.")
    var edge: String
    @OptionGroup var moment: MomentOption
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let id = try EdgeReference.parse(edge)
        let database = try database.openForReading()
        let edge = try moment.read(database) { try $0.edge(id) }
        guard let edge else { throw CommandError.failure("There is no edge \(id).") }
        try console.print(edge)
    }
}

/// `cairn edge list`.
struct EdgeListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "list", "List edges.",
        examples: [
            Example(
                "The first twenty of a type",
                "cairn edge list --type KNOWS --db DB")
        ])

    @Option(help: "Only edges of this type.")
    var type: String?
    @Option(
        name: .customLong("where"),
        help: ArgumentHelp("Only those whose property has this value.", valueName: "key=value"))
    var filter: String?
    @OptionGroup var limit: LimitOption
    @OptionGroup var moment: MomentOption
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let filter = try filter.map { try PropertyText.parse($0) }
        let database = try database.openForReading()
        let edges = try moment.read(database) { try select($0, filter, limit.count()) }
        try console.print(edges, ifEmpty: "No such edges.")
    }

    private func select(
        _ transaction: borrowing ReadTransaction,
        _ filter: (key: PropertyKey, value: PropertyValue?)?, _ limit: Int
    ) throws -> [Edge] {
        let type = try self.type.map { try transaction.requireEdgeType($0) }
        if let filter { _ = try transaction.requirePropertyKey(filter.key.name) }
        if let type, let key = filter?.key, let value = filter?.value {
            return try transaction.edgeIDs(type: type, where: key, .equals(value), limit: limit)
                .compactMap { try transaction.edge($0) }
        }
        var edges: [Edge] = []
        try transaction.forEachEdge(type: type) { edge in
            if filter == nil || edge[filter?.key ?? ""] == filter?.value { edges.append(edge) }
            return edges.count < limit && !Interruption.isRequested
        }
        return edges
    }
}

/// `cairn edge set`.
struct EdgeSetCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "set", "Change properties of an edge.",
        examples: [
            Example(
                "Set one, remove another",
                "cairn edge set 3 since=1834 note= --db DB")
        ])

    @Argument(help: "The id of the edge.")
    var edge: String
    @Argument(
        help: ArgumentHelp("Properties to set; key= removes one.", valueName: "key=value"))
    var properties: [String]
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let id = try EdgeReference.parse(edge)
        let changes = try PropertyText.parse(properties)
        let database = try database.openForWriting()
        let edge = try database.write { transaction in
            for (key, value) in changes { try transaction.setProperty(key, of: id, to: value) }
            return try transaction.edge(id)
        }
        if let edge { try console.report("Changed edge \(id).", edge) }
    }
}

/// `cairn edge delete`.
struct EdgeDeleteCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "delete", "Delete an edge.",
        examples: [
            Example(
                "Without being asked",
                "cairn edge delete 3 --force --db DB")
        ])

    @Argument(help: "The id of the edge.")
    var edge: String
    @Flag(help: "Do it without asking.")
    var force = false
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let id = try EdgeReference.parse(edge)
        let database = try database.openForWriting()
        let edge = try EdgeReference.require(id, in: database)
        let what = ElementText.words(edge)
        try console.confirm("Delete \(what)?", isForced: force)
        try database.write { try $0.deleteEdge(id) }
        try console.report("Deleted \(what).", edge)
    }
}
