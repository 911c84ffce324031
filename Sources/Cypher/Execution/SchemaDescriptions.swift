public import GraphStore
internal import PropertyGraph

extension SchemaCommand {
    /// What a command that creates would make; nil for others.
    fileprivate func object() throws -> SchemaObject? {
        switch self {
        case .createIndex(let name, let target, _): Self.object(.index, name, target)
        case .createConstraint(let name, let target, let rule, _):
            Self.object(rule.kind, name, target, try rule.type(target))
        case .dropIndex, .dropConstraint, .show: nil
        }
    }

    private static func object(
        _ kind: SchemaKind, _ name: Name?, _ target: Target, _ type: PropertyType? = nil
    ) -> SchemaObject {
        SchemaObject(
            name: name?.text, kind: kind, entity: target.isRelationship ? .edge : .node,
            labelOrType: target.label.text, properties: target.properties, type: type)
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
            let object = try command.object()
        else {
            throw CypherError.syntax(
                .unexpectedSyntax,
                "CREATE CONSTRAINT and CREATE INDEX stand in a schema, and nothing else.",
                at: try Lexer.tokens(of: statement).first?.range)
        }
        return object
    }
}
