public import GraphStore
internal import PropertyGraph

extension SchemaCommand {
    /// Whether it changes the schema.
    var isChanging: Bool { if case .show = self { false } else { true } }
}

extension SchemaCommand {
    /// What a command that creates would make; nil for others.
    var object: SchemaObject? {
        switch self {
        case .createIndex(let name, let target, _): Self.object(.index, name, target)
        case .createConstraint(let name, let target, let rule, _):
            switch rule {
            case .unique: Self.object(.unique, name, target)
            case .exists: Self.object(.existence, name, target)
            case .key: Self.object(.key, name, target)
            case .type(let type): Self.object(.type, name, target, type)
            }
        case .dropIndex, .dropConstraint, .show: nil
        }
    }

    private static func object(
        _ kind: SchemaKind, _ name: Name?, _ target: Target, _ type: PropertyType? = nil
    ) -> SchemaObject {
        SchemaObject(
            name: name?.text, kind: kind, entity: target.isRelationship ? .edge : .node,
            labelOrType: target.label.text,
            properties: target.keys.map { PropertyKey($0.text) }, type: type)
    }
}

extension CypherScript {
    /// What a statement would create in the schema, without creating it: to declare it elsewhere.
    ///
    /// ```swift
    /// try CypherScript.schemaObject(of: "CREATE CONSTRAINT FOR (p:Person) REQUIRE p.id IS KEY")
    /// ```
    ///
    /// - Throws: `CypherError` for anything but `CREATE INDEX` and `CREATE CONSTRAINT`.
    public static func schemaObject(of statement: String) throws -> SchemaObject {
        guard case .schema(let command) = try Parser.statement(statement).kind,
            let object = command.object
        else {
            throw CypherError.syntax(
                .unexpectedSyntax,
                "CREATE CONSTRAINT and CREATE INDEX stand in a schema, and "
                    + "nothing else.", at: nil)
        }
        return object
    }
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
        case .createIndex(_, _, let ifNotExists), .createConstraint(_, _, _, let ifNotExists):
            guard let object = command.object else { return }
            let isThere = try txn.schemaObjects().contains {
                UTF8Order.equal($0.name, object.name) || $0.demandsSame(as: object)
            }
            if ifNotExists, isThere { return }
            try txn.createSchemaObject(object)
        case .dropIndex(let name, let ifExists), .dropConstraint(let name, let ifExists):
            let isKnown = try txn.schemaObjects().contains { UTF8Order.equal($0.name, name.text) }
            if ifExists, !isKnown { return }
            try txn.dropSchemaObject(named: name.text)
        case .show: return
        }
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
