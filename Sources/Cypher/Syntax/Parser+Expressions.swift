extension Parser {

    /// An expression.
    ///
    /// - Parameter pipes: Whether `|` belongs to a label expression; in a comprehension it ends the
    ///   condition.
    mutating func expression(pipes: Bool = true) throws(CypherError) -> Expression {
        let before = arePipesLabels
        arePipesLabels = pipes
        defer { arePipesLabels = before }
        return try nested { parser throws(CypherError) in try parser.disjunction() }
    }

    private mutating func disjunction() throws(CypherError) -> Expression {
        try junction(.or) { parser throws(CypherError) in
            try parser.junction(.xor) { parser throws(CypherError) in
                try parser.junction(.and) { parser throws(CypherError) in try parser.negation() }
            }
        }
    }

    private mutating func junction(
        _ kind: Junction, _ operand: (inout Parser) throws(CypherError) -> Expression
    ) throws(CypherError) -> Expression {
        let start = start
        let first = try operand(&self)
        guard at(kind.rawValue) else { return first }
        var operands = [first]
        while take(kind.rawValue) { operands.append(try operand(&self)) }
        return try expression(
            .junction(kind, operands), from: start, depth: operands.map(\.depth).max() ?? 0)
    }

    private mutating func negation() throws(CypherError) -> Expression {
        let start = start
        var count = 0
        while at("NOT") {
            advance()
            count += 1
        }
        var result = try comparison()
        for _ in 0..<count {
            result = try expression(.unary(.not, result), from: start, over: result)
        }
        return result
    }

    private mutating func comparison() throws(CypherError) -> Expression {
        let start = start
        var operands = [try predicate()]
        var operators: [ComparisonOperator] = []
        while case .sign(let sign) = current.kind,
            let comparison = ComparisonOperator(rawValue: sign.rawValue)
        {
            advance()
            operators.append(comparison)
            operands.append(try predicate())
        }
        if operators.isEmpty { return operands[0] }
        return try expression(
            .comparison(operands, operators), from: start,
            depth: operands.map(\.depth).max() ?? 0)
    }

    /// `IN`, `STARTS WITH` and their like, from left to right.
    private mutating func predicate() throws(CypherError) -> Expression {
        let start = start
        var result = try additive()
        while true {
            if take("IS") {
                let isNegated = take("NOT")
                guard take("NULL") else { throw unexpected("NULL") }
                result = try expression(
                    .isNull(result, isNegated: isNegated), from: start, over: result)
                continue
            }
            let kind: BinaryOperator
            if take("IN") {
                kind = .isIn
            } else if take("STARTS", "WITH") {
                kind = .startsWith
            } else if take("ENDS", "WITH") {
                kind = .endsWith
            } else if take("CONTAINS") {
                kind = .contains
            } else if take(.matches) {
                kind = .matches
            } else {
                return result
            }
            let right = try additive()
            result = try expression(
                .binary(kind, result, right), from: start, over: result, right)
        }
    }

    private mutating func additive() throws(CypherError) -> Expression {
        try leftToRight([.plus: .add, .minus: .subtract, .doubleBar: .concatenate]) {
            parser throws(CypherError) in try parser.multiplicative()
        }
    }

    private mutating func multiplicative() throws(CypherError) -> Expression {
        try leftToRight([.star: .multiply, .slash: .divide, .percent: .remainder]) {
            parser throws(CypherError) in
            try parser.leftToRight([.caret: .power]) { parser throws(CypherError) in
                try parser.signed()
            }
        }
    }

    private mutating func leftToRight(
        _ operators: [Token.Sign: BinaryOperator],
        _ operand: (inout Parser) throws(CypherError) -> Expression
    ) throws(CypherError) -> Expression {
        let start = start
        var result = try operand(&self)
        while case .sign(let sign) = current.kind, let kind = operators[sign] {
            advance()
            let right = try operand(&self)
            result = try expression(
                .binary(kind, result, right), from: start, over: result, right)
        }
        return result
    }

    /// Unary plus and minus. A minus belongs to the number behind it, for that of
    /// -9223372036854775808 is no integer by itself.
    private mutating func signed() throws(CypherError) -> Expression {
        let start = start
        guard at(.plus) || at(.minus) else { return try postfix() }
        let isMinus = at(.minus)
        let next = ahead(1)
        if isMinus, next.kind == .integer || next.kind == .float {
            advance()
            let literal = try number(isNegative: true)
            advance()
            return try lookups(
                on: try expression(.literal(literal), from: start, depth: 0), from: start)
        }
        advance()
        let operand = try nested { parser throws(CypherError) in try parser.signed() }
        return try expression(
            .unary(isMinus ? .minus : .plus, operand), from: start, over: operand)
    }

    /// The number of the current token.
    func number(isNegative: Bool) throws(CypherError) -> Literal {
        let digits = current.text
        if current.kind == .float {
            guard let value = Double(digits), value.isFinite else {
                throw .syntax(
                    .floatingPointOverflow,
                    "The number \(digits) is too large for a float. Write INF, or a smaller one.",
                    at: current.range)
            }
            // A zero has no sign as a literal.
            return .float(isNegative && value != 0 ? -value : value)
        }
        let isPrefixed =
            digits.utf8.count > 2 && digits.utf8.first == UInt8(ascii: "0")
            && "xXoO".utf8.contains(digits.utf8[digits.utf8.index(after: digits.startIndex)])
        let magnitude =
            isPrefixed
            ? UInt64(
                digits.dropFirst(2),
                radix: digits.lowercased().hasPrefix("0x") ? 16 : 8)
            : UInt64(digits)
        if let magnitude {
            if isNegative, magnitude <= 1 << 63 {
                return .integer(Int64(truncatingIfNeeded: 0 &- magnitude))
            }
            if !isNegative, let value = Int64(exactly: magnitude) { return .integer(value) }
        }
        throw .syntax(
            .integerOverflow,
            "The number \(isNegative ? "-" : "")\(digits) does not fit 64 bits. Write it as a float, "
                + "such as 1e19.", at: current.range)
    }

    // MARK: Lookups

    /// The property that SET or REMOVE changes.
    mutating func postfixTarget() throws(CypherError) -> Expression { try postfix() }

    private mutating func postfix() throws(CypherError) -> Expression {
        let start = start
        return try lookups(on: try atom(), from: start)
    }

    /// `.key`, `[index]`, `[from..to]` and `:Label` behind an expression.
    private mutating func lookups(
        on base: Expression, from start: Int
    ) throws(CypherError) -> Expression {
        var result = base
        while true {
            if at(.dot) {
                advance()
                let key = try name("the name of a property")
                result = try expression(.property(result, key: key), from: start, over: result)
            } else if at(.leftBracket) {
                advance()
                result = try subscripted(result, from: start)
            } else if at(.colon), ahead(1).kind != .end {
                let labels = try labelExpression()
                return try expression(.hasLabels(result, labels), from: start, over: result)
            } else {
                return result
            }
        }
    }

    private mutating func subscripted(
        _ base: Expression, from start: Int
    ) throws(CypherError) -> Expression {
        if take(.dots) {
            let to = at(.rightBracket) ? nil : try expression()
            try expect(.rightBracket)
            return try expression(.slice(base, from: nil, to: to), from: start, over: base, to)
        }
        let index = try expression()
        if take(.dots) {
            let to = at(.rightBracket) ? nil : try expression()
            try expect(.rightBracket)
            return try expression(
                .slice(base, from: index, to: to), from: start, over: base, index, to)
        }
        try expect(.rightBracket)
        return try expression(.element(base, index), from: start, over: base, index)
    }
}
