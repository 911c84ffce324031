import ArgumentParser
import GraphStore
import PropertyGraph

/// `cairn node`.
struct NodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        "node", "Create, read, change and delete nodes.",
        examples: [
            Example(
                "A node with a label and properties", "cairn node create Person name=Ada --db DB"),
            Example("Look at it by id or by key", "cairn node get Person:name=Ada --db DB"),
        ], discussion: propertyRules,
        subcommands: [
            NodeCreateCommand.self, NodeGetCommand.self, NodeListCommand.self,
            NodeSetCommand.self, NodeDeleteCommand.self,
        ])

    static let propertyRules = """
        Properties are written key=value. A value that looks like a number is one, true and false \
        are booleans, all else is text; key:type=value says the type: code:string=007, \
        born:date=1815-12-10, tags:string[]=a;b, key:bytes=3q2+7w== (base64).
        """
}

/// `cairn node create`.
struct NodeCreateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "create", "Create a node.",
        examples: [
            Example(
                "One label, two properties",
                "cairn node create Person name=Ada born:date=1815-12-10 --db DB"),
            Example(
                "Several labels",
                "cairn node create Person Author name=Ada --db DB"),
        ], discussion: NodeCommand.propertyRules)

    @Argument(
        help: ArgumentHelp(
            "Labels, and properties as key=value or key:type=value.",
            valueName: "label or key=value"))
    var words: [String] = []
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let labels = words.filter { !$0.utf8.contains(0x3D) }.map { Label($0) }
        let properties = try PropertyText.parse(words.filter { $0.utf8.contains(0x3D) })
            .compactMapValues { $0 }
        let database = try database.openForWriting()
        let node = try database.write { transaction in
            let id = try transaction.createNode(labels: labels, properties: properties)
            return Node(id: id, labels: labels, properties: properties)
        }
        try console.report("Created node \(node.id).", node)
    }
}

/// `cairn node get`.
struct NodeGetCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "get", "Show a node.",
        examples: [
            Example(
                "By id",
                "cairn node get 7 --db DB"),
            Example(
                "By key, for a program",
                "cairn node get Person:name=Ada --json --db DB"),
        ])

    @Argument(help: "The node: its id, or Label:key=value as in Person:name=Ada.")
    var node: String
    @OptionGroup var moment: MomentOption
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let reference = try NodeReference(node)
        let database = try database.openForReading()
        let node = try moment.read(database) { try $0.node(reference.resolve(in: $0)) }
        if let node { try console.print(node) }
    }
}

/// `cairn node list`.
struct NodeListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "list", "List nodes.",
        examples: [
            Example(
                "The first twenty of a label",
                "cairn node list --label Person --db DB"),
            Example(
                "All with a value, as CSV",
                "cairn node list --label Person --where city=Paris -n 0 --format csv --db DB"),
        ])

    @Option(help: "Only nodes with this label.")
    var label: String?
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
        let nodes = try moment.read(database) { try select($0, filter, limit.count()) }
        try console.print(nodes, ifEmpty: "No such nodes.")
    }

    private func select(
        _ transaction: borrowing ReadTransaction,
        _ filter: (key: PropertyKey, value: PropertyValue?)?, _ limit: Int
    ) throws -> [Node] {
        let label = try self.label.map { try transaction.requireLabel($0) }
        if let filter { _ = try transaction.requirePropertyKey(filter.key.name) }
        if let label, let key = filter?.key, let value = filter?.value {
            return try transaction.nodeIDs(label: label, where: key, .equals(value), limit: limit)
                .compactMap { try transaction.node($0) }
        }
        var nodes: [Node] = []
        try transaction.forEachNode(label: label) { node in
            if filter == nil || node[filter?.key ?? ""] == filter?.value { nodes.append(node) }
            return nodes.count < limit && !Interruption.isRequested
        }
        return nodes
    }
}

/// `cairn node set`.
struct NodeSetCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "set", "Change labels and properties of a node.",
        examples: [
            Example(
                "Set one property, remove another",
                "cairn node set 7 city=Paris nickname= --db DB"),
            Example(
                "Add a label",
                "cairn node set Person:name=Ada --add-label Author --db DB"),
        ])

    @Argument(help: "The node: its id, or Label:key=value as in Person:name=Ada.")
    var node: String
    @Argument(
        help: ArgumentHelp("Properties to set; key= removes one.", valueName: "key=value"))
    var properties: [String] = []
    @Option(name: .customLong("add-label"), help: "Add a label; may be repeated.")
    var addedLabels: [String] = []
    @Option(name: .customLong("remove-label"), help: "Remove a label; may be repeated.")
    var removedLabels: [String] = []
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func validate() throws {
        guard !properties.isEmpty || !addedLabels.isEmpty || !removedLabels.isEmpty else {
            throw ValidationError(
                "Nothing to change. Give key=value, --add-label or --remove-label.")
        }
    }

    func run(on console: Console) throws {
        let reference = try NodeReference(node)
        let changes = try PropertyText.parse(properties)
        let (added, removed) = (addedLabels.map { Label($0) }, removedLabels.map { Label($0) })
        let database = try database.openForWriting()
        let node = try database.write { transaction in
            let id = try reference.resolve(in: transaction)
            for (key, value) in changes { try transaction.setProperty(key, of: id, to: value) }
            for label in added { try transaction.addLabel(label, to: id) }
            for label in removed { try transaction.removeLabel(label, from: id) }
            return try transaction.node(id)
        }
        if let node { try console.report("Changed node \(node.id).", node) }
    }
}

/// `cairn node delete`.
struct NodeDeleteCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "delete", "Delete a node.",
        examples: [
            Example(
                "A node without edges",
                "cairn node delete 7 --db DB"),
            Example(
                "With its edges, without being asked",
                "cairn node delete 7 --detach --force --db DB"),
        ])

    @Argument(help: "The node: its id, or Label:key=value as in Person:name=Ada.")
    var node: String
    @Flag(help: "Delete its edges as well.")
    var detach = false
    @Flag(help: "Do it without asking.")
    var force = false
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let reference = try NodeReference(node)
        let database = try database.openForWriting()
        let (id, degree) = try database.read { transaction in
            let id = try reference.resolve(in: transaction)
            let edges = Set(try transaction.neighbors(of: id, .both).map(\.edge))
            return (id, edges.count)
        }
        let edges = NumberText.counted(degree, "edge")
        guard detach || degree == 0 else {
            throw CommandError.failure(
                "Node \(id) still has \(edges). Pass --detach to delete them as well.")
        }
        let what = degree == 0 ? "node \(id)" : "node \(id) and its \(edges)"
        try console.confirm("Delete \(what)?", isForced: force)
        let detaches = detach
        try database.write { transaction in
            if detaches {
                try transaction.detachDeleteNode(id)
            } else {
                try transaction.deleteNode(id)
            }
        }
        var details = Details()
        details.add("id", "Id", .unsigned(id.rawValue))
        details.add("edges", "Edges", .count(degree))
        try console.report("Deleted \(what).", details)
    }
}
