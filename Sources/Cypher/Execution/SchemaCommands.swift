internal import GraphStore
internal import PropertyGraph

extension SchemaCommand {
    /// Whether it changes the schema.
    var isChanging: Bool { if case .show = self { false } else { true } }
}

extension SchemaCommand.Rule {
    /// The type that a type constraint asks for; nil for other rules.
    func type(_ target: SchemaCommand.Target) throws -> PropertyType? {
        guard case .type(let word) = self else { return nil }
        guard let type = PropertyType(word) else {
            throw CypherError.syntax(
                .unexpectedSyntax,
                "There is no type \(word). Properties are BOOLEAN, INTEGER, FLOAT, STRING, DATE, "
                    + "LOCAL TIME, ZONED TIME, LOCAL DATETIME, ZONED DATETIME, DURATION, POINT, "
                    + "or LIST<…> of one.", at: target.label.range)
        }
        return type
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
                CypherError.Detail(rawValue: "SchemaAlreadyExists"),
                error.message + " Write IF NOT EXISTS to let it be.")
        }
        return QueryResult(columns: [], rows: [])
    }

    private static func change(_ command: SchemaCommand, _ txn: inout WriteTransaction) throws {
        switch command {
        case .createIndex(let name, let target, let ifNotExists):
            if ifNotExists, try isThere(name, target, .index, txn) { return }
            if target.isRelationship {
                try txn.createIndex(
                    edgeType: target.type, properties: target.properties, name: name?.text)
            } else {
                try txn.createIndex(
                    label: target.nodeLabel, properties: target.properties, name: name?.text)
            }
        case .createConstraint(let name, let target, let rule, let ifNotExists):
            if ifNotExists, try isThere(name, target, rule.kind, txn) { return }
            try createConstraint(name?.text, target, rule, &txn)
        case .dropIndex(let name, let ifExists):
            try drop(name, ifExists, isConstraint: false, &txn)
        case .dropConstraint(let name, let ifExists):
            try drop(name, ifExists, isConstraint: true, &txn)
        case .show: return
        }
    }

    private static func createConstraint(
        _ name: String?, _ target: SchemaCommand.Target, _ rule: SchemaCommand.Rule,
        _ txn: inout WriteTransaction
    ) throws {
        let (label, type, keys) = (target.nodeLabel, target.type, target.properties)
        switch rule {
        case .unique where target.isRelationship:
            try txn.createUniqueConstraint(edgeType: type, properties: keys, name: name)
        case .unique: try txn.createUniqueConstraint(label: label, properties: keys, name: name)
        case .key where target.isRelationship:
            try txn.createKeyConstraint(edgeType: type, properties: keys, name: name)
        case .key: try txn.createKeyConstraint(label: label, properties: keys, name: name)
        case .exists:
            let key = try onlyKey(target)
            if target.isRelationship {
                try txn.createExistenceConstraint(edgeType: type, property: key, name: name)
            } else {
                try txn.createExistenceConstraint(label: label, property: key, name: name)
            }
        case .type:
            let key = try onlyKey(target)
            guard let kinds = try rule.type(target) else { return }
            if target.isRelationship {
                try txn.createTypeConstraint(
                    edgeType: type, property: key, type: kinds, name: name)
            } else {
                try txn.createTypeConstraint(label: label, property: key, type: kinds, name: name)
            }
        }
    }

    private static func onlyKey(_ target: SchemaCommand.Target) throws -> PropertyKey {
        guard let key = target.properties.first, target.properties.count == 1 else {
            throw CypherError.syntax(
                .unexpectedSyntax, "This kind of constraint is over one property.",
                at: target.label.range)
        }
        return key
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

extension SchemaCommand.Target {
    var nodeLabel: Label { Label(label.text) }
    var type: EdgeType { EdgeType(label.text) }
    var properties: [PropertyKey] { keys.map { PropertyKey($0.text) } }
}

extension SchemaCommand.Rule {
    /// What the store calls it.
    var kind: SchemaKind {
        switch self {
        case .unique: .unique
        case .exists: .existence
        case .key: .key
        case .type: .type
        }
    }
}
