internal import PropertyGraph

extension Compiler {
    mutating func code(_ expression: Expression) throws(CypherError) -> Code {
        if !substitutions.isEmpty, let known = substitutions[expression.canonicalText] {
            return .slot(known.slot)
        }
        let range = expression.range
        switch expression.kind {
        case .literal(let literal): return .constant(Value(literal))
        case .parameter(let name): return .parameter(name, range)
        case .variable(let name):
            if let slot = scope[name] { return .slot(slot) }
            if let constant = Literal.float(named: name) { return .constant(Value(constant)) }
            throw impossible(range, "variable")
        case .list(let elements): return .list(try codes(elements))
        case .map(let entries):
            var codes: [(key: String, value: Code)] = []
            for entry in entries { codes.append((entry.key.text, try code(entry.value))) }
            return .map(codes)
        case .property(let base, let key):
            return .property(try code(base), PropertyKey(key.text), range)
        case .element(let base, let index): return .element(try code(base), try code(index), range)
        case .slice(let base, let from, let to):
            return .slice(try code(base), try optional(from), try optional(to), range)
        case .unary(.not, let operand): return .not(try code(operand), range)
        case .unary(.minus, let operand): return .negated(try code(operand), range)
        case .unary(.plus, let operand): return .positive(try code(operand), range)
        case .binary(let sign, let left, let right):
            return try binary(sign, try code(left), try code(right), range)
        case .junction(let junction, let operands):
            return .junction(junction, try codes(operands), range)
        case .comparison(let operands, let signs): return .comparison(try codes(operands), signs)
        case .isNull(let operand, let isNegated):
            return .isNull(try code(operand), isNegated: isNegated)
        case .hasLabels(let base, let labels):
            return .hasLabels(try code(base), try test(labels), range)
        case .call(let call): return try self.call(call, range)
        case .conditional(let conditional): return try self.conditional(conditional)
        default: return try local(expression)
        }
    }

    func binary(
        _ sign: BinaryOperator, _ left: Code, _ right: Code, _ range: SourceRange
    ) throws(CypherError) -> Code {
        switch sign {
        case .isIn: .isIn(left, right, range)
        case .startsWith, .endsWith, .contains, .matches: .text(sign, left, right)
        default: .arithmetic(sign, left, right, range)
        }
    }

    mutating func codes(_ expressions: [Expression]) throws(CypherError) -> [Code] {
        var codes: [Code] = []
        for expression in expressions { codes.append(try code(expression)) }
        return codes
    }

    mutating func optional(_ expression: Expression?) throws(CypherError) -> Code? {
        guard let expression else { return nil }
        return try code(expression)
    }

    mutating func test(_ labels: LabelExpression) throws(CypherError) -> LabelTest {
        switch labels {
        case .name(let name): return .name(name.text)
        case .and(let parts): return .and(try tests(parts))
        case .or(let parts): return .or(try tests(parts))
        case .not(let part): return .not(try test(part))
        case .any: return .any
        case .computed(let expression): return .computed(try code(expression))
        }
    }

    private mutating func tests(_ parts: [LabelExpression]) throws(CypherError) -> [LabelTest] {
        var tests: [LabelTest] = []
        for part in parts { tests.append(try test(part)) }
        return tests
    }

    private mutating func call(
        _ call: FunctionCall, _ range: SourceRange
    ) throws(CypherError) -> Code {
        guard let function = FunctionID(rawValue: call.name.text.lowercased()) else {
            throw .syntax(
                .unknownFunction, "There is no function \(call.name.text).", at: call.name.range)
        }
        return .call(function, try codes(call.arguments), range)
    }

    private mutating func conditional(
        _ conditional: Conditional
    ) throws(CypherError) -> Code {
        var branches: [(Code, Code)] = []
        for branch in conditional.branches {
            branches.append((try code(branch.condition), try code(branch.result)))
        }
        let otherwise = try optional(conditional.otherwise)
        guard let subject = conditional.subject else { return .searchedCase(branches, otherwise) }
        return .simpleCase(try code(subject), branches, otherwise)
    }

    // MARK: Expressions with variables of their own

    private mutating func local(_ expression: Expression) throws(CypherError) -> Code {
        let range = expression.range
        switch expression.kind {
        case .listComprehension(let comprehension):
            let list = try code(comprehension.list)
            return try inner { compiler throws(CypherError) in
                let slot = compiler.shadow(comprehension.variable.text)
                return .listComprehension(
                    slot: slot, list, condition: try compiler.optional(comprehension.condition),
                    result: try compiler.optional(comprehension.result), range)
            }
        case .quantifier(let quantifier, let comprehension):
            let list = try code(comprehension.list)
            return try inner { compiler throws(CypherError) in
                let slot = compiler.shadow(comprehension.variable.text)
                return .quantifier(
                    quantifier, slot: slot, list,
                    condition: try compiler.optional(comprehension.condition), range)
            }
        case .reduction(let reduction):
            let initial = try code(reduction.initial)
            let list = try code(reduction.list)
            return try inner { compiler throws(CypherError) in
                let accumulator = compiler.shadow(reduction.accumulator.text)
                let slot = compiler.shadow(reduction.variable.text)
                return .reduction(
                    accumulator: accumulator, initial, slot: slot, list,
                    body: try compiler.code(reduction.body), range)
            }
        case .patternComprehension(let comprehension):
            return try inner { compiler throws(CypherError) in
                let pipeline = try compiler.matching(
                    [comprehension.pattern], comprehension.condition)
                return .patternComprehension(
                    pipeline, result: try compiler.code(comprehension.result))
            }
        case .patternPredicate(let path):
            return try inner { compiler throws(CypherError) in
                .exists(try compiler.matching([path], nil, endsSuffice: true))
            }
        case .subquery(let subquery): return try self.subquery(subquery)
        case .mapProjection(let name, let items): return try mapProjection(name, items)
        case .shortestPath(let path):
            return try inner { compiler throws(CypherError) in
                let slot = compiler.newSlot()
                let pipeline = try compiler.matching([path], nil, pathSlot: slot)
                return .shortestPath(pipeline, path: slot, isAll: path.search == .allShortest)
            }
        default: throw impossible(range, "expression")
        }
    }

    private mutating func subquery(_ subquery: SubqueryExpression) throws(CypherError) -> Code {
        try inner { compiler throws(CypherError) in
            compiler.substitutions = [:]
            let outer = compiler.endsSuffice
            compiler.endsSuffice = subquery.form == .exists && subquery.query.onlyMatches
            defer { compiler.endsSuffice = outer }
            let plan = try compiler.plan(subquery.query)
            let pipeline = Pipeline(steps: [.subquery(plan, isOptional: false)])
            switch subquery.form {
            case .exists: return .exists(pipeline)
            case .count: return .count(pipeline, isDistinct: false)
            case .collect: return .collect(pipeline, result: plan.outputs.first ?? 0)
            }
        }
    }

    private mutating func mapProjection(
        _ name: Name, _ items: [MapProjectionItem]
    ) throws(CypherError) -> Code {
        guard let slot = scope[name.text] else { throw impossible(name.range, "variable") }
        var codes: [MapProjectionCode] = []
        for item in items {
            switch item {
            case .property(let key): codes.append(.property(PropertyKey(key.text)))
            case .allProperties: codes.append(.allProperties)
            case .entry(let entry): codes.append(.entry(entry.key.text, try code(entry.value)))
            case .variable(let other):
                guard let value = scope[other.text] else { throw impossible(other.range) }
                codes.append(.entry(other.text, .slot(value)))
            }
        }
        return .mapProjection(.slot(slot), codes)
    }
}
