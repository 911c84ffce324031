internal import GraphStore
internal import PropertyGraph

extension SchemaCommand {
    /// Whether it changes the schema.
    var isChanging: Bool { if case .show = self { false } else { true } }
}

/// Commands over indexes and constraints.
enum SchemaCommands {
    static func run(_ command: SchemaCommand, on database: GraphDatabase) throws -> QueryResult {
        if case .show(let what, let name) = command {
            return try database.read { try show(what, name, $0) }
        }
        try database.write { txn in try change(command, &txn) }
        return QueryResult(columns: [], rows: [])
    }

    /// Runs a command as a part of a transaction.
    static func run(
        _ command: SchemaCommand, in txn: inout WriteTransaction
    ) throws -> QueryResult {
        if case .show(let what, let name) = command { return try show(what, name, txn) }
        try change(command, &txn)
        return QueryResult(columns: [], rows: [])
    }

    private static func change(_ command: SchemaCommand, _ txn: inout WriteTransaction) throws {
        switch command {
        case .createIndex(let name, let target, let ifNotExists):
            if ifNotExists, try isThere(name, target, .index, txn) { return }
            let keys = target.keys.map { PropertyKey($0.text) }
            if target.isRelationship {
                try txn.createIndex(
                    edgeType: EdgeType(target.label.text), properties: keys, name: name?.text)
            } else {
                try txn.createIndex(
                    label: Label(target.label.text), properties: keys, name: name?.text)
            }
        case .createConstraint(let name, let target, .unique, let ifNotExists):
            if ifNotExists, try isThere(name, target, .unique, txn) { return }
            guard !target.isRelationship else { throw unsupported(target.label.range) }
            try txn.createUniqueConstraint(
                label: Label(target.label.text),
                properties: target.keys.map { PropertyKey($0.text) },
                name: name?.text)
        case .createConstraint(_, let target, _, _): throw unsupported(target.label.range)
        case .dropIndex(let name, let ifExists), .dropConstraint(let name, let ifExists):
            let isKnown = try txn.schemaObjects().contains { UTF8Order.equal($0.name, name.text) }
            if ifExists, !isKnown { return }
            try txn.dropSchemaObject(named: name.text)
        case .show: return
        }
    }

    private static func isThere<T: GraphReading & ~Copyable>(
        _ name: Name?, _ target: SchemaCommand.Target, _ kind: SchemaKind, _ txn: borrowing T
    ) throws -> Bool {
        try txn.schemaObjects().contains { object in
            if let name, UTF8Order.equal(object.name, name.text) { return true }
            return object.kind == kind && (object.entity == .edge) == target.isRelationship
                && UTF8Order.equal(object.labelOrType, target.label.text)
                && object.properties == target.keys.map { PropertyKey($0.text) }
        }
    }

    private static func unsupported(_ range: SourceRange) -> CypherError {
        .syntax(
            .unexpectedSyntax,
            "This kind of constraint cannot be made here yet; nodes can be "
                + "required to be unique: REQUIRE n.key IS UNIQUE.", at: range)
    }

    private static func show<T: GraphReading & ~Copyable>(
        _ what: String, _ name: Name, _ txn: borrowing T
    ) throws -> QueryResult {
        switch what {
        case "INDEXES", "INDEX", "CONSTRAINTS", "CONSTRAINT":
            let wantsIndexes = what.hasPrefix("INDEX")
            let objects = try txn.schemaObjects()
                .filter { ($0.kind == .index) == wantsIndexes }
            return QueryResult(
                columns: ["name", "type", "entityType", "labelsOrTypes", "properties"],
                rows: objects.map { object in
                    [
                        .string(object.name), .string(object.kind.word),
                        .string(object.entity == .node ? "NODE" : "RELATIONSHIP"),
                        .list([.string(object.labelOrType)]),
                        .list(object.properties.map { .string($0.name) }),
                    ]
                })
        case "FUNCTIONS", "FUNCTION":
            return QueryResult(
                columns: ["name", "isAggregate"],
                rows: FunctionSignature.all.sorted { $0.name < $1.name }.map {
                    [.string($0.name), .boolean($0.isAggregate)]
                })
        default:
            throw .syntax(
                .unexpectedSyntax, "SHOW lists INDEXES, CONSTRAINTS and FUNCTIONS.",
                at: name.range) as CypherError
        }
    }
}
