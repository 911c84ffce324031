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
