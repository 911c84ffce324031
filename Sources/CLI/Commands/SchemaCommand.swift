import ArgumentParser
import GraphStore
import PropertyGraph

/// `cairn schema`.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        "schema", "List labels and types; create and drop indexes and constraints.",
        examples: [
            Example("Labels, edge types, indexes and constraints", "cairn schema list --db DB"),
            Example(
                "No two persons with one e-mail address",
                "cairn schema create unique Person email --db DB"),
        ],
        subcommands: [SchemaListCommand.self, SchemaCreateCommand.self, SchemaDropCommand.self])
}

/// `cairn schema list`.
struct SchemaListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "list", "List labels, edge types, properties, indexes and constraints.",
        examples: [
            Example(
                "All of it",
                "cairn schema list --db DB")
        ])

    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let database = try database.openForReading()
        let listing = try database.read { transaction in
            var listing = Listing(
                [
                    .init("kind", "Kind"), .init("name", "Name"), .init("on", "On"),
                    .init("properties", "Properties"), .init("count", "Count"),
                ], ifEmpty: "The database is empty.")
            for row in try GraphContents.listing(transaction).rows {
                listing.rows.append([row[0], row[1], .null, .null, row[2]])
            }
            for key in transaction.propertyKeys() {
                listing.rows.append([.string("property"), .string(key.name), .null, .null, .null])
            }
            for object in try transaction.schemaObjects() {
                let keys = JSON.array(object.properties.map { .string($0.name) })
                listing.rows.append([
                    .string(object.kind.word), .string(object.name), .string(object.labelOrType),
                    keys, .null,
                ])
            }
            return listing
        }
        try console.print(listing)
    }
}

/// `cairn schema create`.
struct SchemaCreateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "create", "Create an index or a constraint, also over what is there.",
        examples: [
            Example(
                "Find persons by name",
                "cairn schema create index Person name --db DB"),
            Example(
                "No two persons with one e-mail address",
                "cairn schema create unique Person email --db DB"),
            Example(
                "Find edges by a property",
                "cairn schema create index KNOWS since --edges --db DB"),
            Example(
                "Keep the length of roads beside neighbours",
                "cairn schema create inline ROAD length --db DB"),
        ],
        discussion: """
            An index finds nodes by their properties and lists them in order; several properties \
            make a compound index. A unique constraint is an index that also refuses a second node \
            with the same values. An inline property is kept beside the neighbours of an edge \
            type, so that paths read it without looking up the edge.
            """)

    @Argument(help: "index, unique or inline.")
    var kind: Kind
    @Argument(help: "The label; the edge type for inline and with --edges.")
    var label: String
    @Argument(help: ArgumentHelp("The properties, in order.", valueName: "property"))
    var properties: [String]
    @Option(help: "What to call it; made up without it.")
    var name: String?
    @Flag(help: "The index is over edges of a type.")
    var edges = false
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func validate() throws {
        if kind == .inline, properties.count != 1 {
            throw ValidationError("An edge type keeps one property inline. Name just one.")
        }
        if kind == .unique, edges {
            throw ValidationError("Unique constraints are over nodes. Leave --edges out.")
        }
    }

    func run(on console: Console) throws {
        let keys = properties.map { PropertyKey($0) }
        let (kind, on, name, isOverEdges) = (kind, label, name, edges)
        let database = try database.openForWriting()
        let object = try database.writeAlone { transaction in
            switch kind {
            case .unique:
                return try transaction.createUniqueConstraint(
                    label: Label(on), properties: keys, name: name)
            case .inline:
                return try transaction.setInlineProperty(keys[0], of: EdgeType(on), name: name)
            case .index:
                guard isOverEdges else {
                    return try transaction.createIndex(
                        label: Label(on), properties: keys, name: name)
                }
                return try transaction.createIndex(
                    edgeType: EdgeType(on), properties: keys, name: name)
            }
        }
        try console.report("Created \(object.kind.word) '\(object.name)'.", object)
    }

    /// What can be created.
    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case index, unique, inline
    }
}

/// `cairn schema drop`.
struct SchemaDropCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "drop", "Drop an index or a constraint; the data stay.",
        examples: [
            Example(
                "By the name that list shows",
                "cairn schema drop person_name --db DB")
        ])

    @Argument(help: "Its name, as 'cairn schema list' shows it.")
    var name: String
    @Flag(help: "Do it without asking.")
    var force = false
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let name = name
        let database = try database.openForWriting()
        let objects = try database.read { try $0.schemaObjects() }
        guard let object = objects.first(where: { UTF8Order.equal($0.name, name) }) else {
            throw CommandError.failure(
                "There is no index or constraint '\(name)'."
                    + NearMiss.hint(for: name, among: objects.map(\.name)))
        }
        try console.confirm("Drop the \(object.kind.word) '\(name)'?", isForced: force)
        try database.writeAlone { try $0.dropSchemaObject(named: name) }
        try console.report("Dropped \(object.kind.word) '\(name)'.", object)
    }
}
