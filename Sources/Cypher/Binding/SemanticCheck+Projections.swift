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
        for name in scope.names { outOfSight[name] = .unprojected }
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
        if case .variable(let name) = item.expression.kind, isReturn || scope[name] != nil {
            return name
        }
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
        let keys = groupingKeys(projection)
        for item in projection.items where item.expression.hasAggregate {
            try groupable(item.expression, keys, own: [])
        }
    }

    /// The variables and properties that rows are grouped by. What is computed from others is no
    /// key that an aggregate may stand beside.
    private func groupingKeys(_ projection: Projection) -> Set<String> {
        var keys: Set<String> = projection.includesAll ? Set(scope.names.map(Name.quoted)) : []
        for item in projection.items where item.expression.isSimple {
            keys.insert(item.expression.canonicalText)
        }
        return keys
    }

    /// - Parameter own: The variables of the comprehensions that it stands in.
    private func groupable(
        _ expression: Expression, _ keys: Set<String>, own: Set<String>
    ) throws(CypherError) {
        if expression.isAggregate || keys.contains(expression.canonicalText) { return }
        switch expression.kind {
        case .variable, .property:
            if expression.isPath {
                guard isGrouped(expression, keys, own: own) else { throw ambiguous(expression) }
                return
            }
        case .listComprehension(let inner), .quantifier(_, let inner):
            try groupable(inner.list, keys, own: own)
            let own = own.union([inner.variable.text])
            for part in [inner.condition, inner.result].compactMap({ $0 }) {
                try groupable(part, keys, own: own)
            }
            return
        case .reduction(let inner):
            try groupable(inner.initial, keys, own: own)
            try groupable(inner.list, keys, own: own)
            let own = own.union([inner.accumulator.text, inner.variable.text])
            return try groupable(inner.body, keys, own: own)
        case .patternComprehension, .patternPredicate, .subquery, .shortestPath:
            // What a pattern mentions, and was there before, is read from the group.
            for name in expression.mentions
            where scope[name] != nil && !own.contains(name) && !keys.contains(Name.quoted(name)) {
                throw ambiguous(expression)
            }
            return
        case .mapProjection(let name, let items):
            let names = items.reduce(into: [name.text]) { names, item in
                if case .variable(let other) = item { names.append(other.text) }
            }
            for name in names where !own.contains(name) && !keys.contains(Name.quoted(name)) {
                throw ambiguous(expression)
            }
        default: break
        }
        for part in expression.parts { try groupable(part, keys, own: own) }
    }

    /// Whether a variable, or a property of one, is the same for a whole group.
    private func isGrouped(_ path: Expression, _ keys: Set<String>, own: Set<String>) -> Bool {
        if keys.contains(path.canonicalText) { return true }
        switch path.kind {
        case .variable(let name): return own.contains(name) || scope[name] == nil
        case .property(let base, _): return isGrouped(base, keys, own: own)
        default: return false
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
        let columns = Set(projection.items.map(\.expression.canonicalText))
        if isAggregating || projection.isDistinct {
            scope = output.types
            for item in projection.order {
                try projected(item.expression, columns, isAggregating: isAggregating)
            }
            return
        }
        // An alias hides the old variable of its name.
        scope.add(output.types)
        for item in projection.order where !columns.contains(item.expression.canonicalText) {
            _ = try expression(item.expression)
        }
    }

    /// An expression that sees only what was projected, by name or by the same words.
    private mutating func projected(
        _ expression: Expression, _ columns: Set<String>, isAggregating: Bool,
        isPredicate: Bool = false
    ) throws(CypherError) {
        if columns.contains(expression.canonicalText) { return }
        do throws(CypherError) {
            let type = try self.expression(expression, isPredicate: isPredicate)
            guard isPredicate else { return }
            return try require(
                type, .boolean, "A condition is true or false", at: expression.range)
        } catch {
            // The names of these may be those of what was projected by the same words.
            guard error.detail == .undefinedVariable || error.detail == .invalidAggregation else {
                throw error
            }
        }
        try parts(
            of: expression, columns, isAggregating: isAggregating, isPredicate: isPredicate,
            besideAggregate: expression.hasAggregate)
    }

    private mutating func parts(
        of expression: Expression, _ columns: Set<String>, isAggregating: Bool,
        isPredicate: Bool, besideAggregate: Bool
    ) throws(CypherError) {
        if columns.contains(expression.canonicalText) {
            if besideAggregate, !expression.isSimple, !expression.hasAggregate,
                !expression.mentions.isEmpty
            {
                throw ambiguous(expression)
            }
            return
        }
        switch expression.kind {
        case .variable(let name):
            _ = try variable(name, at: expression.range)
            return
        case .call, .countAll:
            guard expression.isAggregate else { break }
            if isAggregating {
                // What the argument speaks of may be missing as well, which is the nearer error.
                for argument in expression.parts {
                    try parts(
                        of: argument, columns, isAggregating: isAggregating, isPredicate: false,
                        besideAggregate: false)
                }
            }
            throw unprojected(expression)
        default: break
        }
        if expression.isLocal {
            if let aggregate = expression.firstAggregate { throw unprojected(aggregate) }
            _ = try self.expression(expression, isPredicate: isPredicate)
            return
        }
        var passesOn = false
        switch expression.kind {
        case .junction, .unary(.not, _): passesOn = isPredicate
        default: break
        }
        for part in expression.parts {
            try parts(
                of: part, columns, isAggregating: isAggregating, isPredicate: passesOn,
                besideAggregate: besideAggregate)
        }
    }

    private func unprojected(_ aggregate: Expression) -> CypherError {
        let written = text.text(aggregate.range)
        return .syntax(
            .invalidAggregation,
            "ORDER BY only knows aggregates that are columns. Project it, \(written) AS name, and "
                + "order by the name.", at: aggregate.range)
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
        if let aggregate = condition.firstAggregate {
            let column = projection.items.first {
                $0.expression.canonicalText == aggregate.canonicalText
            }
            let name = column?.alias.map { "Write `\($0.text)`, which is its column." }
            throw .syntax(
                .invalidAggregation,
                "WHERE cannot aggregate. "
                    + (name ?? "Name the aggregate in WITH, and use the name."),
                at: aggregate.range)
        }
        let columns = Set(projection.items.map(\.expression.canonicalText))
        try projected(condition, columns, isAggregating: isAggregating, isPredicate: true)
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

    /// An expression without variables, but for those of its own.
    mutating func constant(_ expression: Expression, _ what: String) throws(CypherError) {
        let outer = scope
        scope = Scope()
        defer { scope = outer }
        let isFree: Bool
        do throws(CypherError) {
            _ = try self.expression(expression)
            // A pattern would bind the names that it mentions anew.
            isFree = !expression.hasPattern || expression.mentions.allSatisfy { outer[$0] == nil }
        } catch {
            guard error.detail == .undefinedVariable else { throw error }
            isFree = false
        }
        guard isFree else {
            throw .syntax(
                .nonConstantExpression,
                "\(what) cannot use variables. Use a number or a parameter.",
                at: expression.range)
        }
    }
}
