/// What an expression may hold at its place.
enum AggregateRule {
    case allowed
    /// Inside of another aggregate.
    case nested
    case forbidden
}

extension SemanticCheck {
    /// A condition: a truth value, in which patterns may stand.
    mutating func condition(_ expression: Expression) throws(CypherError) {
        let type = try self.expression(expression, isPredicate: true)
        try require(type, .boolean, "A condition is true or false", at: expression.range)
    }

    /// Checks an expression and returns its type.
    @discardableResult
    mutating func expression(
        _ expression: Expression, aggregates: AggregateRule = .forbidden, isPredicate: Bool = false
    ) throws(CypherError) -> StaticType {
        switch expression.kind {
        case .literal(let literal): return literal.staticType
        case .parameter: return .any
        case .variable(let name): return try variable(name, at: expression.range)
        case .list(let elements):
            var element: StaticType.Kinds = []
            for part in elements {
                let type = try self.expression(part, aggregates: aggregates)
                element.formUnion(type.kinds == .null ? .any : type.kinds)
            }
            return StaticType(kinds: .list, element: StaticType(kinds: element).widened.kinds)
        case .map(let entries):
            for entry in entries { try self.expression(entry.value, aggregates: aggregates) }
            return StaticType(kinds: .map)
        case .property(let base, _):
            return try property(base, aggregates, at: expression.range)
        case .element(let base, let index):
            let list = try self.expression(base, aggregates: aggregates)
            try self.expression(index, aggregates: aggregates)
            return list.elements
        case .slice(let base, let from, let to):
            let list = try self.expression(base, aggregates: aggregates)
            for bound in [from, to].compactMap({ $0 }) {
                try self.expression(bound, aggregates: aggregates)
            }
            return StaticType(kinds: list.kinds.union(.null), element: list.element)
        case .unary(let sign, let operand):
            return try unary(sign, operand, aggregates, isPredicate)
        case .binary(let sign, let left, let right):
            return try binary(sign, left, right, aggregates)
        case .junction(let junction, let operands):
            for operand in operands {
                let type = try self.expression(
                    operand, aggregates: aggregates, isPredicate: isPredicate)
                try require(
                    type, .boolean, "\(junction.rawValue) joins truth values", at: operand.range)
            }
            return StaticType(kinds: [.boolean, .null])
        case .comparison(let operands, _):
            for operand in operands { try self.expression(operand, aggregates: aggregates) }
            return StaticType(kinds: [.boolean, .null])
        case .isNull(let operand, _):
            try self.expression(operand, aggregates: aggregates)
            return StaticType(kinds: .boolean)
        case .hasLabels(let base, let labels):
            let type = try self.expression(base, aggregates: aggregates)
            try require(type, .entity, "Labels are those of nodes", at: base.range)
            try self.labels(labels)
            return StaticType(kinds: [.boolean, .null])
        case .countAll:
            try aggregate(aggregates, at: expression.range)
            return StaticType(kinds: .integer)
        case .call(let call):
            return try self.call(call, aggregates, at: expression.range)
        case .conditional(let conditional):
            return try self.conditional(conditional, aggregates)
        default:
            return try local(expression, aggregates, isPredicate)
        }
    }

    /// Expressions with variables of their own.
    private mutating func local(
        _ expression: Expression, _ aggregates: AggregateRule, _ isPredicate: Bool
    ) throws(CypherError) -> StaticType {
        switch expression.kind {
        case .listComprehension(let comprehension):
            let element = try self.comprehension(comprehension, aggregates)
            return StaticType(kinds: [.list, .null], element: element.kinds)
        case .quantifier(_, let comprehension):
            _ = try self.comprehension(comprehension, aggregates)
            return StaticType(kinds: [.boolean, .null])
        case .reduction(let reduction):
            return try self.reduction(reduction, aggregates)
        case .patternComprehension(let comprehension):
            let element = try inner { check throws(CypherError) in
                try check.pattern(comprehension.pattern, bindsNew: true)
                if let condition = comprehension.condition { try check.condition(condition) }
                return try check.expression(comprehension.result)
            }
            return StaticType(kinds: .list, element: element.kinds)
        case .patternPredicate(let path):
            guard isPredicate else {
                throw .syntax(
                    .unexpectedSyntax,
                    "A pattern can only stand where a condition is expected. Write "
                        + "EXISTS { \(text.text(expression.range)) } or count with COUNT { … }.",
                    at: expression.range)
            }
            try inner { check throws(CypherError) in
                try check.pattern(path, bindsNew: false)
            }
            return StaticType(kinds: .boolean)
        case .subquery(let subquery):
            return try inner { check throws(CypherError) in
                let output = try check.query(subquery.query, .expression)
                if subquery.form == .collect, output.columns.count != 1 {
                    throw .syntax(
                        .unexpectedSyntax, "COLLECT { … } returns exactly one column.",
                        at: expression.range)
                }
                return StaticType(
                    kinds: subquery.form == .exists
                        ? .boolean : subquery.form == .count ? .integer : .list)
            }
        case .mapProjection(let name, let items):
            return try mapProjection(name, items, aggregates)
        case .shortestPath(let path):
            try inner { check throws(CypherError) in
                try check.pattern(path, bindsNew: true)
            }
            return StaticType(kinds: path.search == .allShortest ? .list : [.path, .null])
        default:
            return .any
        }
    }

    private mutating func comprehension(
        _ comprehension: Comprehension, _ aggregates: AggregateRule
    ) throws(CypherError) -> StaticType {
        let list = try expression(comprehension.list, aggregates: aggregates)
        try require(list, .list, "IN goes through a list", at: comprehension.list.range)
        return try inner { check throws(CypherError) in
            check.scope.add(comprehension.variable.text, list.elements)
            if let condition = comprehension.condition { try check.condition(condition) }
            guard let result = comprehension.result else { return list.elements }
            return try check.expression(result)
        }
    }

    private mutating func reduction(
        _ reduction: Reduction, _ aggregates: AggregateRule
    ) throws(CypherError) -> StaticType {
        try expression(reduction.initial, aggregates: aggregates)
        let list = try expression(reduction.list, aggregates: aggregates)
        try require(list, .list, "reduce goes through a list", at: reduction.list.range)
        return try inner { check throws(CypherError) in
            check.scope.add(reduction.accumulator.text, .any)
            check.scope.add(reduction.variable.text, list.elements)
            try check.expression(reduction.body)
            return .any
        }
    }

    private mutating func mapProjection(
        _ name: Name, _ items: [MapProjectionItem], _ aggregates: AggregateRule
    ) throws(CypherError) -> StaticType {
        let type = try variable(name.text, at: name.range)
        try require(
            type, .entity.union(.map), "A map is made from a node, relationship or map",
            at: name.range)
        for item in items {
            switch item {
            case .entry(let entry): try expression(entry.value, aggregates: aggregates)
            case .variable(let name): _ = try variable(name.text, at: name.range)
            case .property, .allProperties: break
            }
        }
        return StaticType(kinds: [.map, .null])
    }

    private mutating func conditional(
        _ conditional: Conditional, _ aggregates: AggregateRule
    ) throws(CypherError) -> StaticType {
        if let subject = conditional.subject { try expression(subject, aggregates: aggregates) }
        var type = StaticType(kinds: [])
        for branch in conditional.branches {
            let isPredicate = conditional.subject == nil
            let condition = try expression(
                branch.condition, aggregates: aggregates, isPredicate: isPredicate)
            if isPredicate {
                try require(
                    condition, .boolean, "WHEN takes a truth value", at: branch.condition.range)
            }
            type = type.union(try expression(branch.result, aggregates: aggregates).widened)
        }
        guard let otherwise = conditional.otherwise else {
            return type.union(StaticType(kinds: .null))
        }
        return type.union(try expression(otherwise, aggregates: aggregates).widened)
    }

    // MARK: Functions

    private mutating func call(
        _ call: FunctionCall, _ aggregates: AggregateRule, at range: SourceRange
    ) throws(CypherError) -> StaticType {
        guard let signature = FunctionSignature.find(call.name.text) else {
            let advice =
                FunctionSignature.nearMiss(of: call.name.text)
                .map { " Did you mean \($0)?" } ?? " SHOW FUNCTIONS lists them."
            throw .syntax(
                .unknownFunction, "There is no function \(call.name.text).\(advice)",
                at: call.name.range)
        }
        try count(call, signature)
        guard signature.isAggregate else {
            return try self.arguments(call, signature, aggregates)
        }
        try aggregate(aggregates, at: range)
        for argument in call.arguments where argument.isRandom {
            throw .syntax(
                .nonConstantExpression,
                "An aggregate cannot go over a value that differs with each look. Project it with "
                    + "WITH first.", at: argument.range)
        }
        return try self.arguments(call, signature, .nested)
    }

    private func count(
        _ call: FunctionCall, _ signature: FunctionSignature
    ) throws(CypherError) {
        let most = signature.isVariadic ? Int.max : signature.parameters.count
        guard (signature.required...most).contains(call.arguments.count) else {
            let wanted =
                signature.required == signature.parameters.count || signature.isVariadic
                ? "\(signature.required)" : "\(signature.required) to \(most)"
            throw .syntax(
                .invalidNumberOfArguments,
                "\(signature.name) takes \(wanted) argument\(wanted == "1" ? "" : "s"), not "
                    + "\(call.arguments.count).", at: call.name.range)
        }
    }

    private mutating func arguments(
        _ call: FunctionCall, _ signature: FunctionSignature, _ aggregates: AggregateRule
    ) throws(CypherError) -> StaticType {
        for (place, argument) in call.arguments.enumerated() {
            let type = try expression(argument, aggregates: aggregates)
            guard let accepted = signature.parameters[safe: place] ?? signature.parameters.last
            else { continue }
            if signature.name == "exists", !argument.isLookup {
                throw .syntax(
                    .invalidArgumentType,
                    "exists takes a property, as in exists(n.key), or a pattern. To ask for any "
                        + "value, write IS NOT NULL.", at: argument.range)
            }
            guard type.mayBe(accepted) else {
                throw .syntax(
                    .invalidArgumentType,
                    "\(signature.name) takes \(StaticType(kinds: accepted).description), and this "
                        + "is \(type.description).", at: argument.range)
            }
        }
        return signature.result
    }

    private func aggregate(_ rule: AggregateRule, at range: SourceRange) throws(CypherError) {
        switch rule {
        case .allowed: return
        case .nested:
            throw .syntax(
                .nestedAggregation,
                "An aggregate cannot stand inside another. Aggregate with WITH "
                    + "first.", at: range)
        case .forbidden:
            throw .syntax(
                .invalidAggregation,
                "An aggregate can only stand in WITH or RETURN. Aggregate with WITH first, and use "
                    + "its result here.", at: range)
        }
    }

    // MARK: Types

    func require(
        _ type: StaticType, _ kinds: StaticType.Kinds, _ rule: String, at range: SourceRange
    ) throws(CypherError) {
        guard !type.mayBe(kinds) else { return }
        throw .syntax(
            .invalidArgumentType, "\(rule), and this is \(type.description).", at: range)
    }
}

extension Literal {
    /// The type of the value.
    var staticType: StaticType {
        switch self {
        case .null: StaticType(kinds: .null)
        case .boolean: StaticType(kinds: .boolean)
        case .integer: StaticType(kinds: .integer)
        case .float: StaticType(kinds: .float)
        case .string: StaticType(kinds: .string)
        }
    }
}

extension Expression {
    /// Whether it differs each time it is looked at.
    fileprivate var isRandom: Bool {
        if case .call(let call) = kind,
            let signature = FunctionSignature.find(call.name.text), !signature.isDeterministic
        {
            return true
        }
        return parts.contains { $0.isRandom }
    }
}

extension Array {
    /// The element at a place, nil beyond the end.
    subscript(safe place: Int) -> Element? { indices.contains(place) ? self[place] : nil }
}
