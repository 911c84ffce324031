internal import PropertyGraph

extension Parser {
    /// A query, or a command that changes or shows the schema.
    mutating func statement() throws(CypherError) -> Statement {
        let mode: Statement.Mode = take("EXPLAIN") ? .explain : take("PROFILE") ? .profile : .run
        var asOf: Expression?
        if at("USE") {
            advance()
            if !at("AT") { _ = try name("a graph") }
            try expect("AT")
            asOf = try expression()
        }
        if let command = try schemaCommand() {
            return Statement(mode: mode, asOf: asOf, kind: .schema(command))
        }
        return Statement(mode: mode, asOf: asOf, kind: .query(try query()))
    }

    private mutating func schemaCommand() throws(CypherError) -> SchemaCommand? {
        if at("CREATE"), ahead(1).isKeyword("INDEX") || ahead(1).isKeyword("RANGE") {
            return try createIndex()
        }
        if at("CREATE", "CONSTRAINT") { return try createConstraint() }
        if take("DROP", "INDEX") {
            let name = try name("the name of an index")
            return .dropIndex(name, ifExists: take("IF", "EXISTS"))
        }
        if take("DROP", "CONSTRAINT") {
            let name = try name("the name of a constraint")
            return .dropConstraint(name, ifExists: take("IF", "EXISTS"))
        }
        guard at("SHOW"), ahead(1).kind == .identifier else { return nil }
        advance()
        let what = try name("INDEXES, CONSTRAINTS, PROCEDURES, FUNCTIONS or TRANSACTIONS")
        return .show(what.text.uppercased(), what)
    }

    /// The name of what is made, and whether it is made only where it is not there.
    private mutating func newName() throws(CypherError) -> (Name?, Bool) {
        let name = isAtName && !at("IF", "NOT") && !at("FOR") ? try name("a name") : nil
        return (name, take("IF", "NOT", "EXISTS"))
    }

    private mutating func createIndex() throws(CypherError) -> SchemaCommand {
        advance()
        _ = take("RANGE")
        try expect("INDEX")
        let (name, ifNotExists) = try newName()
        try expect("FOR")
        let (variable, isRelationship, label) = try schemaElement()
        try expect("ON")
        let keys = try schemaKeys(of: variable)
        return .createIndex(
            name,
            SchemaCommand.Target(isRelationship: isRelationship, label: label, keys: keys),
            ifNotExists: ifNotExists)
    }

    private mutating func createConstraint() throws(CypherError) -> SchemaCommand {
        advance()
        advance()
        let (name, ifNotExists) = try newName()
        try expect("FOR")
        let (variable, isRelationship, label) = try schemaElement()
        try expect("REQUIRE")
        let keys = try schemaKeys(of: variable)
        let rule: SchemaCommand.Rule
        try expect("IS")
        if take("UNIQUE") || take("NODE", "UNIQUE") || take("RELATIONSHIP", "UNIQUE") {
            rule = .unique
        } else if take("NOT", "NULL") {
            rule = .exists
        } else if take("NODE", "KEY") || take("RELATIONSHIP", "KEY") || take("KEY") {
            rule = .key
        } else if take(.doubleColon) || take("TYPED") {
            rule = .type(try typeName())
        } else {
            throw unexpected("UNIQUE, NOT NULL, NODE KEY or :: and a type")
        }
        if keys.count > 1, rule != .unique, rule != .key, let second = keys.dropFirst().first {
            throw .syntax(
                .unexpectedSyntax,
                "NOT NULL and types are required of one property at a time. Write a constraint for "
                    + "each.", at: second.range)
        }
        return .createConstraint(
            name,
            SchemaCommand.Target(isRelationship: isRelationship, label: label, keys: keys), rule,
            ifNotExists: ifNotExists)
    }

    /// Words such as `ZONED DATETIME`, `LIST<INTEGER NOT NULL>`, or several between bars.
    private mutating func typeName() throws(CypherError) -> PropertyType {
        let start = start
        guard current.kind == .identifier else { throw unexpected("a type such as INTEGER") }
        repeat {
            advance()
        } while current.kind == .identifier || at(.less) || at(.greater) || at(.bar)
        let name = text.text(range(from: start))
        guard let type = PropertyType(String(name)) else {
            throw .syntax(
                .unexpectedSyntax,
                "`\(name)` is no type. There are: \(PropertyType.names.joined(separator: ", ")); "
                    + "lists as LIST<STRING>; several as INTEGER | FLOAT.",
                at: range(from: start))
        }
        return type
    }

    /// `(n:Label)` or `()-[r:TYPE]-()`.
    private mutating func schemaElement() throws(CypherError) -> (Name, Bool, Name) {
        let path = try path()
        if path.elements.count == 1, let node = path.nodes.first, let variable = node.variable,
            case .name(let label) = node.labels
        {
            return (variable, false, label)
        }
        if let pattern = path.relationships.first, let variable = pattern.variable,
            path.relationships.count == 1, case .name(let type) = pattern.types
        {
            return (variable, true, type)
        }
        throw .syntax(
            .unexpectedSyntax, "Write (n:Label) or ()-[r:TYPE]-() here.", at: path.range)
    }

    /// `n.key`, or several in parentheses.
    private mutating func schemaKeys(of variable: Name) throws(CypherError) -> [Name] {
        let isList = take(.leftParenthesis)
        var keys: [Name] = []
        repeat {
            let found = try name("the variable \(variable.text)")
            guard found.text == variable.text else {
                throw .syntax(
                    .undefinedVariable,
                    "Variable `\(found.text)` is not defined. Write \(variable.text) here.",
                    at: found.range)
            }
            try expect(.dot)
            keys.append(try name("a property"))
        } while isList && take(.comma)
        if isList { try expect(.rightParenthesis) }
        return keys
    }
}
