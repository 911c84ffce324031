import ArgumentParser
import GraphStore
import PropertyGraph

/// `cairn schema`.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        "schema", "List labels and types; create indexes and constraints; rename; analyse.",
        examples: [
            Example("Labels, edge types, indexes and constraints", "cairn schema list --db DB"),
            Example(
                "No two persons with one e-mail address",
                "cairn schema create unique Person email --db DB"),
            Example(
                "Every person has a name", "cairn schema create exists Person name --db DB"),
        ],
        subcommands: [
            SchemaListCommand.self, SchemaCreateCommand.self, SchemaBuildCommand.self,
            SchemaDropCommand.self, SchemaRenameCommand.self, SchemaAnalyzeCommand.self,
            SchemaStatisticsCommand.self,
        ])
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
        let (contents, keys, objects) = try database.read { transaction in
            (
                try GraphContents.listing(transaction).rows, transaction.propertyKeys(),
                try transaction.schemaObjects()
            )
        }
        // A table leaves out what is everywhere the same.
        let isTable = console.format == .table
        let hasTypes = !isTable || objects.contains { $0.type != nil }
        let hasStates = !isTable || objects.contains { $0.state != .online }
        var listing = Listing(
            [
                .init("kind", "Kind"), .init("name", "Name"), .init("on", "On"),
                .init("properties", "Properties"), .init("count", "Count", as: .grouped),
            ], ifEmpty: "The database is empty.")
        if hasTypes { listing.columns.append(.init("type", "Type")) }
        if hasStates { listing.columns.append(.init("state", "State")) }
        if !isTable { listing.columns.append(.init("built_share", "Built")) }
        func add(_ row: [JSON], type: JSON = .null, state: SchemaState? = nil) {
            let word = state.map { JSON.string(isTable ? $0.text : $0.word) } ?? .null
            listing.rows.append(
                row + (hasTypes ? [type] : []) + (hasStates ? [word] : [])
                    + (isTable ? [] : [state.map { .double($0.share) } ?? .null]))
        }
        for row in contents { add([row[0], row[1], .null, .null, row[2]]) }
        for key in keys { add([.string("property"), .string(key.name), .null, .null, .null]) }
        for object in objects {
            add(
                [
                    .string(object.kind.word), .string(object.name), .string(object.labelOrType),
                    .array(object.properties.map { .string($0.name) }), .null,
                ], type: object.type.map { .string($0.description) } ?? .null,
                state: object.state)
        }
        try console.print(listing)
        for object in objects {
            if case .failed(let reason) = object.state, isTable {
                try console.note("'\(object.name)' was not built. \(reason)")
            }
        }
        if objects.contains(where: { if case .building = $0.state { true } else { false } }) {
            try console.suggest(
                "cairn schema build" + self.database.words, "Build what is not online yet")
        }
    }
}

extension SchemaState {
    /// A word for programs.
    var word: String {
        switch self {
        case .online: "online"
        case .building: "building"
        case .failed: "failed"
        }
    }

    /// How much of it is there: 0 to 1.
    var share: Double {
        switch self {
        case .online: 1
        case .building(let done): done
        case .failed: 0
        }
    }

    /// A word for people.
    var text: String {
        switch self {
        case .online: "online"
        case .building(let done): "building, \(Int((done * 100).rounded(.down))) %"
        case .failed: "failed"
        }
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
                "Every person has a name",
                "cairn schema create exists Person name --db DB"),
            Example(
                "Ages are whole numbers",
                "cairn schema create type Person age --type INTEGER --db DB"),
            Example(
                "Find edges by a property",
                "cairn schema create index KNOWS since --edges --db DB"),
            Example(
                "Keep the length of roads beside neighbours",
                "cairn schema create inline ROAD length --db DB"),
            Example(
                "Let other programs write while a large index is built",
                "cairn schema create index Person name --slices --db DB"),
        ],
        discussion: """
            An index finds nodes by their properties and lists them in order; several properties \
            make a compound index. A unique constraint is an index that also refuses a second node \
            with the same values; one that lacks a value is exempt. A key is unique and must exist. \
            An exists constraint refuses nodes without the property, a type constraint values of \
            other types: BOOLEAN, INTEGER, FLOAT, STRING, BYTES, DATE, LOCAL TIME, ZONED TIME, \
            LOCAL DATETIME, ZONED DATETIME, DURATION, POINT, VECTOR, lists as LIST<STRING>, and \
            several as 'INTEGER | FLOAT'. What is there already must comply. An inline property is \
            kept beside the neighbours of an edge type, so that paths read it without looking up \
            the edge.
            """)

    @Argument(help: "index, unique, key, exists, type or inline.")
    var kind: Kind
    @Argument(help: "The label; the edge type for inline and with --edges.")
    var label: String
    @Argument(help: ArgumentHelp("The properties, in order.", valueName: "property"))
    var properties: [String]
    @Option(help: ArgumentHelp("What a type constraint allows.", valueName: "type"))
    var type: String?
    @Option(help: "What to call it; made up without it.")
    var name: String?
    @Flag(help: "It is about edges of a type.")
    var edges = false
    @Flag(help: "Build an index in slices, between which other programs write.")
    var slices = false
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func validate() throws {
        if kind == .inline, properties.count != 1 {
            throw ValidationError("An edge type keeps one property inline. Name just one.")
        }
        if kind == .exists || kind == .type, properties.count != 1 {
            throw ValidationError("Such a constraint is about one property. Name just one.")
        }
        if (kind == .type) != (type != nil) {
            throw ValidationError("A type constraint, and nothing else, needs --type.")
        }
        if let type, PropertyType(type) == nil {
            throw ValidationError(
                "'\(type)' is no type. There are: \(PropertyType.names.joined(separator: ", ")); "
                    + "lists as LIST<STRING>; several as 'INTEGER | FLOAT'.")
        }
        if slices, !kind.isOrdered {
            throw ValidationError("Only index, unique and key are built. Leave --slices out.")
        }
    }

    func run(on console: Console) throws {
        let command = self
        let database = try database.openForWriting()
        let object = try database.writeAlone { try command.create(in: &$0) }
        guard slices else {
            return try console.report("Created \(object.kind.word) '\(object.name)'.", object)
        }
        try SchemaBuildCommand.wait(for: database, console)
        try SchemaBuildCommand.report(object.name, database, console)
    }

    private func create(in transaction: inout WriteTransaction) throws -> SchemaObject {
        let keys = properties.map { PropertyKey($0) }
        let (label, edgeType) = (Label(label), EdgeType(label))
        let building: IndexBuilding = slices ? .inSlices : .atOnce
        switch (kind, edges) {
        case (.index, false):
            return try transaction.createIndex(
                label: label, properties: keys, name: name, building: building)
        case (.index, true):
            return try transaction.createIndex(
                edgeType: edgeType, properties: keys, name: name, building: building)
        case (.unique, false):
            return try transaction.createUniqueConstraint(
                label: label, properties: keys, name: name, building: building)
        case (.unique, true):
            return try transaction.createUniqueConstraint(
                edgeType: edgeType, properties: keys, name: name, building: building)
        case (.key, false):
            return try transaction.createKeyConstraint(
                label: label, properties: keys, name: name, building: building)
        case (.key, true):
            return try transaction.createKeyConstraint(
                edgeType: edgeType, properties: keys, name: name, building: building)
        case (.exists, false):
            return try transaction.createExistenceConstraint(
                label: label, property: keys[0], name: name)
        case (.exists, true):
            return try transaction.createExistenceConstraint(
                edgeType: edgeType, property: keys[0], name: name)
        case (.type, _):
            guard let allowed = type.flatMap({ PropertyType($0) }) else {
                throw CommandError.usage("A type constraint needs --type.")
            }
            return edges
                ? try transaction.createTypeConstraint(
                    edgeType: edgeType, property: keys[0], type: allowed, name: name)
                : try transaction.createTypeConstraint(
                    label: label, property: keys[0], type: allowed, name: name)
        case (.inline, _):
            return try transaction.setInlineProperty(keys[0], of: edgeType, name: name)
        }
    }

    /// What can be created.
    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case index, unique, key, exists, type, inline

        var isOrdered: Bool { self == .index || self == .unique || self == .key }
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
