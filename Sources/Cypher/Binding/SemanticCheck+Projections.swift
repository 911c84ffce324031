extension SemanticCheck {
    /// A WITH or RETURN: checks it, and leaves only what it projects in sight.
    mutating func projection(
        _ projection: Projection, isReturn: Bool
    ) throws(CypherError) -> Output {
        if isReturn, projection.includesAll, scope.isEmpty {
            throw .syntax(
                .noVariablesInScope, "There is no variable that * could stand for.",
                at: projection.range)
        }
        var output = Output()
        if projection.includesAll {
            // RETURN * has its columns in alphabetical order.
            for name in scope.names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
                try column(name, scope[name] ?? .any, at: projection.range, &output)
            }
        }
        for item in projection.items {
            let type = try expression(item.expression, aggregates: .allowed)
            try column(
                try name(of: item, isReturn: isReturn), type, at: item.expression.range, &output)
        }
        let isAggregating = projection.items.contains { $0.expression.hasAggregate }
        if isAggregating { try grouping(projection) }
        try order(projection, output, isAggregating: isAggregating)
        if let skip = projection.skip { try rows(skip, "SKIP") }
        if let limit = projection.limit { try rows(limit, "LIMIT") }
        try condition(of: projection, output, isAggregating: isAggregating)
        scope = output.types
        return output
    }

    private mutating func column(
        _ name: String, _ type: StaticType, at range: SourceRange, _ output: inout Output
    ) throws(CypherError) {
        guard output.types[name] == nil else {
            throw .syntax(
                .columnNameConflict,
                "Two columns are named `\(name)`. Give one another name with AS.", at: range)
        }
        output.columns.append(name)
        output.types.add(name, type)
    }

    /// The name of a column: the alias, the variable, or for RETURN what was written.
    private func name(
        of item: ProjectionItem, isReturn: Bool
    ) throws(CypherError) -> String {
        if let alias = item.alias { return alias.text }
        if case .variable(let name) = item.expression.kind { return name }
        guard isReturn else {
            throw .syntax(
                .noExpressionAlias,
                "An expression in WITH needs a name: "
                    + "\(text.text(item.expression.range)) AS name.",
                at: item.expression.range)
        }
        return text.text(item.expression.range)
    }

    // MARK: Grouping

    /// What stands beside an aggregate in one item must be the same for the whole group.
    private func grouping(_ projection: Projection) throws(CypherError) {
        var keys: Set<String> = projection.includesAll ? Set(scope.names.map(Name.quoted)) : []
        for item in projection.items where !item.expression.hasAggregate {
            switch item.expression.kind {
            case .variable, .property: keys.insert(item.expression.canonicalText)
            default: break
            }
        }
        for item in projection.items where item.expression.hasAggregate {
            try groupable(item.expression, keys, isTop: true)
        }
    }

    private func groupable(
        _ expression: Expression, _ keys: Set<String>, isTop: Bool
    ) throws(CypherError) {
        if expression.isAggregate || keys.contains(expression.canonicalText) { return }
        switch expression.kind {
        case .variable(let name) where scope[name] != nil:
            throw ambiguous(expression)
        case .property(let base, _):
            if base.isPath { throw ambiguous(expression) }
            try groupable(base, keys, isTop: false)
        default:
            for part in expression.parts { try groupable(part, keys, isTop: false) }
        }
    }

    private func ambiguous(_ expression: Expression) -> CypherError {
        .syntax(
            .ambiguousAggregationExpression,
            "`\(text.text(expression.range))` stands beside an aggregate and is no grouping key. "
                + "Project it by itself first: WITH \(text.text(expression.range)) AS key.",
            at: expression.range)
    }

    // MARK: Order

    private mutating func order(
        _ projection: Projection, _ output: Output, isAggregating: Bool
    ) throws(CypherError) {
        guard !projection.order.isEmpty else { return }
        let before = scope
        defer { scope = before }
        if isAggregating || projection.isDistinct {
            scope = output.types
            let columns = Set(projection.items.map(\.expression.canonicalText))
            for item in projection.order {
                try projected(item.expression, columns, isAggregating: isAggregating)
            }
            return
        }
        // An alias hides the old variable of its name.
        scope.add(output.types)
        for item in projection.order { _ = try expression(item.expression) }
    }

    /// An expression of ORDER BY that sees only what was projected.
    private mutating func projected(
        _ expression: Expression, _ columns: Set<String>, isAggregating: Bool
    ) throws(CypherError) {
        if columns.contains(expression.canonicalText) { return }
        switch expression.kind {
        case .variable(let name):
            _ = try variable(name, at: expression.range)
        case .call, .countAll:
            if expression.isAggregate, !isAggregating {
                throw .syntax(
                    .invalidAggregation,
                    "ORDER BY can only aggregate where the projection does.", at: expression.range)
            }
            fallthrough
        default:
            if expression.isLocal { _ = try self.expression(expression, aggregates: .allowed) }
            for part in expression.parts where !expression.isLocal {
                try projected(part, columns, isAggregating: isAggregating)
            }
        }
    }

    /// The WHERE of a WITH. Like ORDER BY it sees what was there before, where rows stay rows.
    private mutating func condition(
        of projection: Projection, _ output: Output, isAggregating: Bool
    ) throws(CypherError) {
        guard let condition = projection.condition else { return }
        guard isAggregating || projection.isDistinct else {
            scope.add(output.types)
            return try self.condition(condition)
        }
        scope = output.types
        let columns = Set(projection.items.map(\.expression.canonicalText))
        try projected(condition, columns, isAggregating: isAggregating)
    }

    // MARK: Rows

    /// SKIP and LIMIT: an integer that no row decides.
    private mutating func rows(_ expression: Expression, _ clause: String) throws(CypherError) {
        try constant(expression, clause)
        switch expression.kind {
        case .literal(.integer(let value)) where value < 0:
            throw .syntax(
                .negativeIntegerArgument, "\(clause) takes no negative number.",
                at: expression.range)
        case .unary(.minus, _), .literal(.integer): break
        case .literal:
            throw .syntax(
                .invalidArgumentType, "\(clause) takes an integer.", at: expression.range)
        default: break
        }
    }

    /// An expression without variables.
    mutating func constant(_ expression: Expression, _ what: String) throws(CypherError) {
        if let name = expression.firstVariable {
            throw .syntax(
                .nonConstantExpression,
                "\(what) cannot use the variable `\(name)`. Use a number or a parameter.",
                at: expression.range)
        }
        _ = try self.expression(expression)
    }
}
