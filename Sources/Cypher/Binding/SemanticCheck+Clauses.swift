extension SemanticCheck {
    mutating func clause(_ clause: Clause, isLast: Bool) throws(CypherError) {
        switch clause.kind {
        case .match(let match):
            try self.match(match)
        case .unwind(let list, let name):
            let type = try expression(list)
            try declare(name, type.elements)
        case .with(let projection):
            _ = try self.projection(projection, isReturn: false)
        case .create(let pattern):
            for path in pattern.paths { try created(path, isMerge: false) }
        case .merge(let merge):
            try created(merge.path, isMerge: true)
            for item in merge.onCreate + merge.onMatch { try set(item) }
        case .set(let items):
            for item in items { try set(item) }
        case .remove(let items):
            for item in items { try remove(item) }
        case .delete(let targets, _):
            for target in targets { try delete(target) }
        case .call(let call):
            try self.call(call)
        case .subquery(let call):
            try subquery(call)
        case .forEach(let name, let list, let clauses):
            try forEach(name, list, clauses)
        case .loadCSV(let load):
            _ = try expression(load.source)
            if let separator = load.separator { _ = try expression(separator) }
            let row: StaticType.Kinds = load.hasHeaders ? .map : .list
            try declare(load.variable, StaticType(kinds: row))
        case .return, .finish:
            break
        }
    }

    private mutating func match(_ clause: MatchClause) throws(CypherError) {
        try matched(clause.pattern, isOptional: clause.isOptional)
        if let condition = clause.condition { try self.condition(condition) }
    }

    // MARK: Changes

    private mutating func set(_ item: SetItem) throws(CypherError) {
        switch item {
        case .property(let target, _, let value):
            try changeable(target)
            _ = try expression(value)
        case .element(let target, let key, let value):
            try changeable(target)
            _ = try expression(key)
            _ = try expression(value)
        case .replace(let name, let value), .add(let name, let value):
            let type = try variable(name.text, at: name.range)
            try require(type, .entity, "SET changes nodes and relationships", at: name.range)
            let source = try expression(value)
            try require(
                source, .entity.union(.map), "Properties come from a map, node or relationship",
                at: value.range)
        case .labels(let name, let labels):
            let type = try variable(name.text, at: name.range)
            try require(type, .node, "Labels are those of nodes", at: name.range)
            for label in labels { try settable(label, at: name.range) }
        }
    }

    private mutating func remove(_ item: RemoveItem) throws(CypherError) {
        switch item {
        case .property(let target, _):
            try changeable(target)
        case .element(let target, let key):
            try changeable(target)
            _ = try expression(key)
        case .labels(let name, let labels):
            let type = try variable(name.text, at: name.range)
            try require(type, .node, "Labels are those of nodes", at: name.range)
            for label in labels { try settable(label, at: name.range) }
        }
    }

    private mutating func changeable(_ target: Expression) throws(CypherError) {
        let type = try expression(target)
        try require(
            type, .entity, "Properties are set on nodes and relationships", at: target.range)
    }

    /// Labels that are set or removed are named one by one.
    private mutating func settable(
        _ labels: LabelExpression, at range: SourceRange
    ) throws(CypherError) {
        switch labels {
        case .name: break
        case .computed(let expression): _ = try self.expression(expression)
        case .and(let parts): for part in parts { try settable(part, at: range) }
        case .or, .not, .any:
            throw .syntax(
                .unexpectedSyntax,
                "Only labels by name can be set or removed, such as :A:B, not "
                    + ":\(labels.canonicalText).", at: range)
        }
    }

    private mutating func delete(_ target: Expression) throws(CypherError) {
        if case .hasLabels = target.kind {
            throw .syntax(
                .invalidDelete,
                "DELETE takes nodes, relationships and paths. To take labels away, write REMOVE.",
                at: target.range)
        }
        let type = try expression(target)
        try require(
            type, [.node, .relationship, .path],
            "DELETE takes nodes, relationships and paths", at: target.range)
    }

    private mutating func forEach(
        _ name: Name, _ list: Expression, _ clauses: [Clause]
    ) throws(CypherError) {
        let type = try expression(list)
        try require(type, .list, "FOREACH goes through a list", at: list.range)
        try inner { check throws(CypherError) in
            check.scope.add(name.text, type.elements)
            for clause in clauses {
                switch clause.kind {
                case .create, .merge, .set, .remove, .delete, .forEach:
                    try check.clause(clause, isLast: false)
                default:
                    throw .syntax(
                        .invalidClauseComposition,
                        "FOREACH holds only clauses that change the graph.",
                        at: clause.range)
                }
            }
        }
    }

    // MARK: Calls

    private mutating func subquery(_ call: SubqueryCall) throws(CypherError) {
        let outer = scope
        var inside = Scope()
        if let imports = call.imports {
            if call.importsAll { inside = outer }
            for name in imports {
                inside.add(name.text, try variable(name.text, at: name.range))
            }
        } else if case .with = call.query.parts.first?.clauses.first?.kind {
            // An importing WITH names what it takes from outside.
            inside = outer
        }
        let absences = outOfSight
        for name in outer.names { outOfSight[name] = .outside }
        scope = inside
        let output = try query(call.query, .call)
        (scope, outOfSight) = (outer, absences)
        if let rows = call.batches?.rows { try constant(rows, "the number of rows") }
        for name in output.columns {
            guard scope[name] == nil else {
                throw .syntax(
                    .variableAlreadyBound,
                    "The subquery returns `\(name)`, which is bound outside already. Give it "
                        + "another name with AS.", at: call.query.range)
            }
            scope.add(name, output.types[name] ?? .any)
        }
        if let report = call.batches?.report { try declare(report, StaticType(kinds: .map)) }
    }

    /// A query that is nothing but CALL: all results are columns, arguments may be parameters.
    mutating func standaloneCall(_ call: ProcedureCall) throws(CypherError) -> Output {
        let signature = try signature(of: call)
        if let arguments = call.arguments { try self.arguments(arguments, signature, call) }
        var output = Output()
        if let yield = call.yield, !yield.includesAll {
            try yielded(yield, signature)
            output.columns = yield.items.map { ($0.alias ?? $0.field).text }
        } else {
            output.columns = signature.outputs.map(\.name)
            for field in signature.outputs { scope.add(field.name, field.staticType) }
            if let condition = call.yield?.condition { try self.condition(condition) }
        }
        output.types = scope
        return output
    }

    private mutating func call(_ call: ProcedureCall) throws(CypherError) {
        let signature = try signature(of: call)
        guard let arguments = call.arguments else {
            throw .syntax(
                .invalidArgumentPassingMode,
                "Inside a query the arguments of \(call.name.text) stand in parentheses. Write "
                    + "\(call.name.text)(…).",
                at: call.name.range)
        }
        try self.arguments(arguments, signature, call)
        if let yield = call.yield {
            guard !yield.includesAll else {
                throw .syntax(
                    .unexpectedSyntax,
                    "YIELD * stands only where CALL is the whole query. Name the "
                        + "results: YIELD \(Self.list(signature.outputs.map(\.name))).",
                    at: yield.range)
            }
            try yielded(yield, signature)
        }
    }

    private func signature(of call: ProcedureCall) throws(CypherError) -> ProcedureSignature {
        guard let found = procedures(call.name.text) else {
            let advice =
                ProcedureRegistry.nearMiss(of: call.name.text)
                .map { "Did you mean \($0)?" } ?? "SHOW PROCEDURES lists them."
            throw CypherError(
                .procedureError, .compileTime, .procedureNotFound,
                "There is no procedure \(call.name.text). \(advice)",
                at: call.name.range)
        }
        return found
    }

    private mutating func arguments(
        _ arguments: [Expression], _ signature: ProcedureSignature, _ call: ProcedureCall
    ) throws(CypherError) {
        let counts =
            signature.requiredInputs...max(signature.requiredInputs, signature.inputs.count)
        guard counts.contains(arguments.count) else {
            throw .syntax(
                .invalidNumberOfArguments,
                "\(signature.name) takes \(signature.inputs.count) arguments "
                    + "(\(Self.list(signature.inputs.map { "\($0.name): \($0.type)" }))), not "
                    + "\(arguments.count).", at: call.name.range)
        }
        for (argument, field) in zip(arguments, signature.inputs) {
            let type = try expression(argument)
            let accepted = field.acceptedKinds
            let isNull = type.kinds == .null
            guard isNull ? accepted.contains(.null) : type.mayBe(accepted) else {
                throw .syntax(
                    .invalidArgumentType,
                    "`\(field.name)` of \(signature.name) is of type \(field.type), and this is "
                        + "\(type.description).", at: argument.range)
            }
        }
    }

    private mutating func yielded(
        _ yield: ProcedureCall.Yield, _ signature: ProcedureSignature
    ) throws(CypherError) {
        for (field, alias) in yield.items {
            guard let output = signature.outputs.first(where: { $0.name == field.text }) else {
                throw .syntax(
                    .undefinedVariable,
                    "\(signature.name) has no result `\(field.text)`. It has "
                        + "\(Self.list(signature.outputs.map(\.name))).", at: field.range)
            }
            try declare(alias ?? field, output.staticType)
        }
        if let condition = yield.condition { try self.condition(condition) }
    }
}
