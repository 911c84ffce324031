/// What operators take and give, as far as it shows before the query runs.
extension SemanticCheck {
    mutating func unary(
        _ sign: UnaryOperator, _ operand: Expression, _ aggregates: AggregateRule,
        _ isPredicate: Bool
    ) throws(CypherError) -> StaticType {
        let type = try expression(
            operand, aggregates: aggregates, isPredicate: isPredicate && sign == .not)
        if sign == .not {
            try require(type, .boolean, "NOT takes a truth value", at: operand.range)
            return StaticType(kinds: [.boolean, .null])
        }
        try require(
            type, .number.union(.duration), "\(sign.rawValue) takes a number", at: operand.range)
        return type
    }

    mutating func binary(
        _ sign: BinaryOperator, _ left: Expression, _ right: Expression,
        _ aggregates: AggregateRule
    ) throws(CypherError) -> StaticType {
        let first = try expression(left, aggregates: aggregates)
        let second = try expression(right, aggregates: aggregates)
        switch sign {
        case .add:
            guard Self.isSum(first, second) else {
                throw .syntax(
                    .invalidArgumentType,
                    "\(first.description) + \(second.description) is not defined.",
                    at: SourceRange(start: left.range.start, end: right.range.end))
            }
            return Self.sum(first, second)
        case .concatenate:
            return Self.sum(first, second)
        case .subtract, .multiply, .divide, .remainder, .power:
            let kinds = StaticType.Kinds.number.union(
                sign == .subtract
                    ? .temporal : sign == .multiply || sign == .divide ? .duration : [])
            for (type, operand) in [(first, left), (second, right)] {
                try require(type, kinds, "\(sign.rawValue) takes numbers", at: operand.range)
            }
            return Self.arithmetic(sign, first, second)
        case .isIn:
            try require(second, .list, "IN looks through a list", at: right.range)
            return StaticType(kinds: [.boolean, .null])
        case .startsWith, .endsWith, .contains, .matches:
            return StaticType(kinds: [.boolean, .null])
        }
    }

    /// Whether `+` may join values of these types: numbers and strings, a list with anything, a
    /// duration with what has a date or time.
    private static func isSum(_ first: StaticType, _ second: StaticType) -> Bool {
        func match(_ left: StaticType.Kinds, _ right: StaticType.Kinds) -> Bool {
            first.mayBe(left) && second.mayBe(right)
        }
        let word = StaticType.Kinds.number.union(.string)
        return match(word, word) || match(.list, .any) || match(.any, .list)
            || match(.temporal, .duration) || match(.duration, .temporal)
    }

    private static func sum(_ first: StaticType, _ second: StaticType) -> StaticType {
        let both = first.kinds.union(second.kinds)
        if both.isSubset(of: .integer) { return StaticType(kinds: .integer) }
        if both.isSubset(of: .number) { return StaticType(kinds: .float) }
        if both.isSubset(of: .string) { return StaticType(kinds: .string) }
        if both == .list {
            return StaticType(kinds: .list, element: first.element.union(second.element))
        }
        return .any
    }

    private static func arithmetic(
        _ sign: BinaryOperator, _ first: StaticType, _ second: StaticType
    ) -> StaticType {
        if sign == .power { return StaticType(kinds: [.float, .null]) }
        let both = first.kinds.union(second.kinds)
        if both.isSubset(of: .integer) { return StaticType(kinds: .integer) }
        if both.isSubset(of: .number) { return StaticType(kinds: .number) }
        return StaticType(kinds: .number.union(.temporal).union(.null))
    }

    mutating func property(
        _ base: Expression, _ aggregates: AggregateRule, at range: SourceRange
    ) throws(CypherError) -> StaticType {
        let type = try expression(base, aggregates: aggregates)
        let holders = StaticType.Kinds.entity.union(.map).union(.temporal).union(.point)
        if !type.mayBe(holders) {
            let kind: CypherError.Kind = type.kinds == .path ? .syntaxError : .typeError
            throw CypherError(
                kind, .compileTime, .invalidArgumentType,
                "Properties are those of nodes, relationships and maps, and this is "
                    + "\(type.description).", at: base.range)
        }
        return .any
    }
}
