extension SemanticCheck {
    /// What a pattern variable is.
    private enum Role {
        case node, relationship, relationships

        var type: StaticType {
            switch self {
            case .node: StaticType(kinds: .node)
            case .relationship: StaticType(kinds: .relationship)
            case .relationships: StaticType(kinds: .list, element: .relationship)
            }
        }

        var name: String {
            switch self {
            case .node: "a node"
            case .relationship: "a relationship"
            case .relationships: "a list of relationships"
            }
        }
    }

    // MARK: Reading

    /// The pattern of a MATCH: binds its variables.
    mutating func matched(_ pattern: Pattern, isOptional: Bool) throws(CypherError) {
        var used: Set<String> = []
        for path in pattern.paths {
            try self.path(path, isOptional: isOptional, bindsNew: true, &used)
        }
        // Properties may speak of variables that stand further right.
        for path in pattern.paths { try details(path) }
    }

    /// A pattern inside an expression, with variables of its own where `bindsNew`.
    mutating func pattern(_ path: PathPattern, bindsNew: Bool) throws(CypherError) {
        var used: Set<String> = []
        try self.path(path, isOptional: false, bindsNew: bindsNew, &used)
        try details(path)
    }

    private mutating func path(
        _ path: PathPattern, isOptional: Bool, bindsNew: Bool, _ used: inout Set<String>
    ) throws(CypherError) {
        if let name = path.variable, scope[name.text] != nil { throw alreadyBound(name) }
        if path.isFunction { try shortest(path) }
        try elements(path.elements, isOptional: isOptional, bindsNew: bindsNew, &used)
        if let name = path.variable {
            guard scope[name.text] == nil else { throw alreadyBound(name) }
            scope.add(name.text, StaticType(kinds: isOptional ? [.path, .null] : .path))
        }
    }

    /// `shortestPath` takes one relationship of any length between two nodes.
    private func shortest(_ path: PathPattern) throws(CypherError) {
        guard path.elements.count == 3, case .relationship = path.elements[1] else {
            throw .syntax(
                .unexpectedSyntax,
                "A shortest path is asked for with one relationship between two nodes, such as "
                    + "shortestPath((a)-[*]-(b)).", at: path.range)
        }
    }

    private mutating func elements(
        _ elements: [PatternElement], isOptional: Bool, bindsNew: Bool, _ used: inout Set<String>
    ) throws(CypherError) {
        for element in elements {
            switch element {
            case .node(let node):
                if let name = node.variable {
                    try bind(name, .node, isOptional: isOptional, bindsNew: bindsNew)
                }
            case .relationship(let pattern):
                guard let name = pattern.variable else { continue }
                guard used.insert(name.text).inserted else {
                    throw .syntax(
                        .relationshipUniquenessViolation,
                        "Relationship `\(name.text)` stands twice in one pattern, which never "
                            + "matches. Give one another name.", at: name.range)
                }
                let role: Role = pattern.length == nil ? .relationship : .relationships
                try bind(name, role, isOptional: isOptional, bindsNew: bindsNew)
            case .group(let path, let condition, _, _):
                try group(path, condition, isOptional: isOptional, bindsNew: bindsNew, &used)
            }
        }
    }

    /// The variables of a repeated path are single inside of it and lists outside.
    private mutating func group(
        _ path: PathPattern, _ condition: Expression?, isOptional: Bool, bindsNew: Bool,
        _ used: inout Set<String>
    ) throws(CypherError) {
        let outer = scope
        try elements(path.elements, isOptional: false, bindsNew: bindsNew, &used)
        try details(path)
        if let condition { try self.condition(condition) }
        let inside = scope
        scope = outer
        for name in inside.names where outer[name] == nil {
            let kinds = inside[name]?.kinds ?? .any
            scope.add(name, StaticType(kinds: .list, element: kinds))
        }
    }

    private mutating func bind(
        _ name: Name, _ role: Role, isOptional: Bool, bindsNew: Bool
    ) throws(CypherError) {
        if let known = scope[name.text] {
            let isRight =
                known.kinds == .null
                || known.kinds.contains(role.type.kinds)
                    && (role != .relationships || !known.element.isDisjoint(with: .relationship))
            guard isRight else {
                throw .syntax(
                    .variableTypeConflict,
                    "Variable `\(name.text)` is \(known.description) and cannot be \(role.name) "
                        + "as well.", at: name.range)
            }
            return
        }
        guard bindsNew else { _ = try variable(name.text, at: name.range); return }
        var type = role.type
        if isOptional { type.kinds.insert(.null) }
        scope.add(name.text, type)
    }

    /// Labels, properties and conditions.
    private mutating func details(_ path: PathPattern) throws(CypherError) {
        for element in path.elements {
            switch element {
            case .node(let node):
                try labels(node.labels)
                try matchedProperties(node.properties)
                if let condition = node.condition { try self.condition(condition) }
            case .relationship(let pattern):
                try labels(pattern.types)
                try matchedProperties(pattern.properties)
                if let condition = pattern.condition { try self.condition(condition) }
            case .group:
                break
            }
        }
    }

    private mutating func matchedProperties(_ properties: Expression?) throws(CypherError) {
        guard let properties else { return }
        if case .parameter = properties.kind {
            throw .syntax(
                .invalidParameterUse,
                "A parameter cannot stand for all properties here. Name them: {key: $map.key}.",
                at: properties.range)
        }
        _ = try expression(properties)
    }

    mutating func labels(_ labels: LabelExpression?) throws(CypherError) {
        switch labels {
        case .and(let parts), .or(let parts): for part in parts { try self.labels(part) }
        case .not(let part): try self.labels(part)
        case .computed(let expression): _ = try self.expression(expression)
        case .name, .any, nil: break
        }
    }

    // MARK: Creating

    /// The path of a CREATE or MERGE: what it names is new, but for nodes at the ends of new
    /// relationships.
    mutating func created(_ path: PathPattern, isMerge: Bool) throws(CypherError) {
        guard path.search == .every else {
            throw .syntax(.unexpectedSyntax, "Only MATCH looks for shortest paths.", at: path.range)
        }
        if let name = path.variable, scope[name.text] != nil { throw alreadyBound(name) }
        let isAlone = path.elements.count == 1
        // Relationships come after all nodes of their path, which cannot speak of them.
        var later: Set<String> = []
        for element in path.elements {
            switch element {
            case .node(let node): try created(node, isAlone: isAlone, isMerge: isMerge, later)
            case .relationship(let pattern):
                try created(pattern, isMerge: isMerge)
                if let name = pattern.variable { later.insert(name.text) }
            case .group(_, _, _, let range):
                throw .syntax(
                    .creatingVarLength, "Repeated paths can be matched and not created.", at: range)
            }
        }
        if let name = path.variable { try declare(name, StaticType(kinds: .path)) }
    }

    private mutating func created(
        _ node: NodePattern, isAlone: Bool, isMerge: Bool, _ later: Set<String>
    ) throws(CypherError) {
        if let name = node.variable, let known = scope[name.text] {
            if isAlone { throw alreadyBound(name) }
            guard known.kinds.contains(.node) || known.kinds == .null else {
                throw .syntax(
                    .variableTypeConflict,
                    "Variable `\(name.text)` is \(known.description) and cannot be a node as well.",
                    at: name.range)
            }
            if node.labels != nil || node.properties != nil { throw alreadyBound(name) }
            return
        }
        try inner { check throws(CypherError) in
            check.scope = check.scope.without(later)
            if let labels = node.labels { try check.creatable(labels, at: node.range) }
            try check.createdProperties(node.properties, isMerge: isMerge)
        }
        if let name = node.variable { scope.add(name.text, StaticType(kinds: .node)) }
        if let condition = node.condition { throw noCondition(condition) }
    }

    private mutating func created(
        _ pattern: RelationshipPattern, isMerge: Bool
    ) throws(CypherError) {
        if let name = pattern.variable, scope[name.text] != nil { throw alreadyBound(name) }
        guard pattern.length == nil else {
            throw .syntax(
                .creatingVarLength,
                "A relationship of variable length can be matched and not created.",
                at: pattern.range)
        }
        switch pattern.types {
        case .name: break
        case .computed(let type): _ = try expression(type)
        default:
            throw .syntax(
                .noSingleRelationshipType,
                "A new relationship has exactly one type, such as -[:KNOWS]->.", at: pattern.range)
        }
        if pattern.direction == .either, !isMerge {
            throw .syntax(
                .requiresDirectedRelationship,
                "A new relationship has a direction. Write --> or <--.", at: pattern.range)
        }
        try createdProperties(pattern.properties, isMerge: isMerge)
        if let name = pattern.variable { scope.add(name.text, StaticType(kinds: .relationship)) }
        if let condition = pattern.condition { throw noCondition(condition) }
    }

    private func noCondition(_ condition: Expression) -> CypherError {
        .syntax(
            .unexpectedSyntax, "WHERE belongs to MATCH; what is created has no condition.",
            at: condition.range)
    }

    private mutating func creatable(
        _ labels: LabelExpression, at range: SourceRange
    ) throws(CypherError) {
        switch labels {
        case .name: break
        case .computed(let expression): _ = try self.expression(expression)
        case .and(let parts): for part in parts { try creatable(part, at: range) }
        case .or, .not, .any:
            throw .syntax(
                .unexpectedSyntax, "A new node has labels by name, such as :A:B.", at: range)
        }
    }

    private mutating func createdProperties(
        _ properties: Expression?, isMerge: Bool
    ) throws(CypherError) {
        guard let properties else { return }
        if isMerge { return try matchedProperties(properties) }
        _ = try expression(properties)
    }
}
