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
                "CREATE CONSTRAINT and CREATE INDEX stand in a schema, and nothing else.",
                at: try Lexer.tokens(of: statement).first?.range)
        }
        return object
    }
}

/// Commands over indexes and constraints.
enum SchemaCommands {
    static func run(
        _ command: SchemaCommand, on database: GraphDatabase, _ procedures: ProcedureRegistry
    ) throws -> QueryResult {
        guard case .show(let what, let name) = command else {
            return try database.write { try run(command, in: &$0, procedures) }
        }
        if what.hasPrefix("TRANSACTION") {
            return QueryResult(
                columns: ["id", "query", "milliseconds"],
                rows: database.runningQueries.map {
                    [
                        .integer(Int64(clamping: $0.id)), .string($0.text),
                        .float($0.elapsed.milliseconds),
                    ]
                })
        }
        return try database.read { try show(what, name, $0, procedures) }
    }

    /// Runs a command in a transaction that was opened already.
    static func run(
        _ command: SchemaCommand, in txn: inout WriteTransaction, _ procedures: ProcedureRegistry
    ) throws -> QueryResult {
        if case .show(let what, let name) = command { return try show(what, name, txn, procedures) }
        do {
            try change(command, &txn)
        } catch let error as GraphStoreError where error.code == .schemaExists {
            throw CypherError(
                .constraintValidationFailed, .runtime,
                .schemaAlreadyExists,
                error.message + " Write IF NOT EXISTS to let it be.")
        }
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
        case .dropIndex(let name, let ifExists):
            try drop(name, ifExists, isConstraint: false, &txn)
        case .dropConstraint(let name, let ifExists):
            try drop(name, ifExists, isConstraint: true, &txn)
        case .show: return
        }
    }

    private static func drop(
        _ name: Name, _ ifExists: Bool, isConstraint: Bool, _ txn: inout WriteTransaction
    ) throws {
        let known = try txn.schemaObjects().first { UTF8Order.equal($0.name, name.text) }
        if ifExists, known == nil { return }
        if let known, known.kind.isConstraint != isConstraint {
            throw CypherError.syntax(
                .unexpectedSyntax,
                "\(name.text) is a \(known.kind.word). Write DROP "
                    + (isConstraint ? "INDEX" : "CONSTRAINT") + " \(name.text).", at: name.range)
        }
        try txn.dropSchemaObject(named: name.text)
    }

    private static func show<T: GraphReading & ~Copyable>(
        _ what: String, _ name: Name, _ txn: borrowing T, _ procedures: ProcedureRegistry
    ) throws -> QueryResult {
        switch what {
        case "INDEXES", "INDEX", "CONSTRAINTS", "CONSTRAINT":
            return QueryResult(
                columns: SchemaListing.fields.map(\.name),
                rows: try SchemaListing.rows(ofIndexes: what.hasPrefix("INDEX"), txn))
        case "PROCEDURES", "PROCEDURE":
            return QueryResult(
                columns: ["name", "signature", "mode", "description"],
                rows: procedures.signatures.map {
                    [
                        .string($0.name), .string($0.description),
                        .string($0.isWriting ? "WRITE" : "READ"), .string($0.summary),
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
                .unexpectedSyntax,
                "SHOW lists INDEXES, CONSTRAINTS, PROCEDURES, FUNCTIONS and TRANSACTIONS.",
                at: name.range) as CypherError
        }
    }
}
