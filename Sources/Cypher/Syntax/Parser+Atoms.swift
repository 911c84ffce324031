extension Parser {
    /// Something without an operator: a literal, a variable, a call, brackets.
    mutating func atom() throws(CypherError) -> Expression {
        let start = start
        switch current.kind {
        case .integer, .float:
            let literal = try number(isNegative: false)
            advance()
            return try expression(.literal(literal), from: start, depth: 0)
        case .malformedNumber:
            throw .syntax(
                .invalidNumberLiteral,
                "`\(current.text)` is no number. Numbers are written as 42, 0x2A, 0o52, 4.2 or "
                    + "4.2e1.", at: current.range)
        case .string:
            let value = current.text
            advance()
            return try expression(.literal(.string(value)), from: start, depth: 0)
        case .parameter:
            let name = current.text
            advance()
            return try expression(.parameter(name), from: start, depth: 0)
        case .sign(.leftBracket): return try bracketed()
        case .sign(.leftBrace): return try map()
        case .sign(.leftParenthesis): return try parenthesised()
        case .identifier: return try word()
        case .quotedIdentifier: return try variableOrCall()
        default: throw unexpected("an expression")
        }
    }

    // MARK: Brackets

    private mutating func parenthesised() throws(CypherError) -> Expression {
        let start = start
        if isAtPattern {
            let path = try pathWithoutName()
            return try expression(.patternPredicate(path), from: start, depth: 0)
        }
        advance()
        let inner = try expression()
        try expect(.rightParenthesis)
        return Expression(kind: inner.kind, range: range(from: start), depth: inner.depth)
    }

    private mutating func bracketed() throws(CypherError) -> Expression {
        let start = start
        advance()
        if isAtName, ahead(1).isKeyword("IN") {
            // `[x IN xs]` may be a list of one comparison; with WHERE or `|` it is none.
            let comprehension = try comprehension()
            try expect(.rightBracket)
            return try expression(
                .listComprehension(comprehension), from: start, over: comprehension.list,
                comprehension.condition, comprehension.result)
        }
        let isNamed = isAtName && ahead(1).isSign(.equal) && ahead(2).isSign(.leftParenthesis)
        if isNamed || (at(.leftParenthesis) && isAtPattern) {
            if let found = try patternComprehension(isNamed: isNamed, from: start) { return found }
            // What is left is a list that begins with a comparison.
        }
        var elements: [Expression] = []
        if !at(.rightBracket) {
            repeat { elements.append(try expression()) } while take(.comma)
        }
        try expect(.rightBracket)
        return try expression(
            .list(elements), from: start, depth: elements.map(\.depth).max() ?? 0)
    }

    /// `variable IN list [WHERE condition] [| result]`.
    private mutating func comprehension() throws(CypherError) -> Comprehension {
        let variable = try name("a variable")
        try expect("IN")
        let list = try expression(pipes: false)
        let condition = take("WHERE") ? try expression(pipes: false) : nil
        let result = take(.bar) ? try expression() : nil
        return Comprehension(variable: variable, list: list, condition: condition, result: result)
    }

    /// `[p = (a)-->(b) WHERE condition | result]`; nil when `p = (` begins a comparison.
    private mutating func patternComprehension(
        isNamed: Bool, from start: Int
    ) throws(CypherError) -> Expression? {
        let before = self
        let variable = isNamed ? try name("a variable") : nil
        if isNamed { advance() }
        guard isAtPattern else {
            self = before
            return nil
        }
        let path = try pathWithoutName(variable)
        let condition = take("WHERE") ? try expression(pipes: false) : nil
        try expect(.bar)
        let result = try expression()
        try expect(.rightBracket)
        return try expression(
            .patternComprehension(
                PatternComprehension(pattern: path, condition: condition, result: result)),
            from: start, over: condition, result)
    }

    mutating func map() throws(CypherError) -> Expression {
        let start = start
        try expect(.leftBrace)
        var entries: [MapEntry] = []
        if !at(.rightBrace) {
            repeat {
                let key = try name("a key")
                try expect(.colon)
                entries.append(MapEntry(key: key, value: try expression()))
            } while take(.comma)
        }
        try expect(.rightBrace)
        return try expression(
            .map(entries), from: start, depth: entries.map(\.value.depth).max() ?? 0)
    }

    // MARK: Words

    private mutating func word() throws(CypherError) -> Expression {
        if isAtConditional { return try conditional() }
        let start = start
        let next = ahead(1)
        if next.isSign(.leftParenthesis) {
            if let special = try specialCall() { return special }
            return try variableOrCall()
        }
        if next.isSign(.leftBrace), let found = try braced() { return found }
        let constants: [(String, Literal)] = [
            ("NULL", .null), ("TRUE", .boolean(true)), ("FALSE", .boolean(false)),
        ]
        if let constant = constants.first(where: { at($0.0) }) {
            advance()
            return try expression(.literal(constant.1), from: start, depth: 0)
        }
        return try variableOrCall()
    }

    /// A variable, or a call such as `date.truncate(…)`.
    private mutating func variableOrCall() throws(CypherError) -> Expression {
        let start = start
        var count = 1
        while ahead(count).isSign(.dot),
            ahead(count + 1).kind == .identifier || ahead(count + 1).kind == .quotedIdentifier
        {
            count += 2
        }
        guard ahead(count).isSign(.leftParenthesis) else {
            let name = try name("a variable")
            return try expression(.variable(name.text), from: start, depth: 0)
        }
        var parts: [String] = []
        repeat { parts.append(try name("the name of a function").text) } while take(.dot)
        let name = Name(text: parts.joined(separator: "."), range: range(from: start))
        try expect(.leftParenthesis)
        let isDistinct = take("DISTINCT")
        var arguments: [Expression] = []
        if !at(.rightParenthesis) {
            repeat { arguments.append(try expression()) } while take(.comma)
        }
        try expect(.rightParenthesis)
        return try expression(
            .call(FunctionCall(name: name, isDistinct: isDistinct, arguments: arguments)),
            from: start, depth: arguments.map(\.depth).max() ?? 0)
    }

    /// Calls with a syntax of their own.
    private mutating func specialCall() throws(CypherError) -> Expression? {
        let start = start
        let before = self
        if at("COUNT"), ahead(2).isSign(.star), ahead(3).isSign(.rightParenthesis) {
            for _ in 0..<4 { advance() }
            return try expression(.countAll, from: start, depth: 0)
        }
        if at("SHORTESTPATH") || at("ALLSHORTESTPATHS") {
            let path = try shortestPathFunction(variable: nil)
            return try expression(.shortestPath(path), from: start, depth: 0)
        }
        if at("REDUCE"), ahead(3).isSign(.equal) { return try reduction() }
        for kind in [Quantifier.all, .any, .none, .single] where at(kind.rawValue.uppercased()) {
            guard ahead(3).isKeyword("IN") else { return nil }
            advance()
            advance()
            let comprehension = try comprehension()
            guard comprehension.result == nil else { throw unexpected("')'") }
            guard comprehension.condition != nil else { throw unexpected("WHERE") }
            try expect(.rightParenthesis)
            return try expression(
                .quantifier(kind, comprehension), from: start, over: comprehension.list,
                comprehension.condition)
        }
        if at("EXISTS") {
            advance()
            advance()
            guard isAtPattern else {
                self = before
                return nil
            }
            let query = try subquery()
            try expect(.rightParenthesis)
            return try expression(
                .subquery(SubqueryExpression(form: .exists, query: query)), from: start, depth: 0)
        }
        return nil
    }

    private mutating func reduction() throws(CypherError) -> Expression {
        let start = start
        advance()
        advance()
        let accumulator = try name("a variable")
        try expect(.equal)
        let initial = try expression()
        try expect(.comma)
        let variable = try name("a variable")
        try expect("IN")
        let list = try expression(pipes: false)
        try expect(.bar)
        let body = try expression()
        try expect(.rightParenthesis)
        let reduction = Reduction(
            accumulator: accumulator, initial: initial, variable: variable, list: list, body: body)
        return try expression(.reduction(reduction), from: start, over: initial, list, body)
    }

    /// `EXISTS { … }` and its kin, or a map projection.
    private mutating func braced() throws(CypherError) -> Expression? {
        let start = start
        for form in [SubqueryExpression.Form.exists, .count, .collect] where at(form.rawValue) {
            advance()
            advance()
            let query = try nested { parser throws(CypherError) in try parser.subquery() }
            try expect(.rightBrace)
            return try expression(
                .subquery(SubqueryExpression(form: form, query: query)), from: start, depth: 0)
        }
        let isProjection =
            ahead(2).isSign(.rightBrace) || ahead(2).isSign(.dot)
            || ((ahead(2).kind == .identifier || ahead(2).kind == .quotedIdentifier)
                && (ahead(3).isSign(.colon) || ahead(3).isSign(.comma)
                    || ahead(3).isSign(.rightBrace)))
        return isProjection ? try mapProjection() : nil
    }

    private mutating func mapProjection() throws(CypherError) -> Expression {
        let start = start
        let variable = try name("a variable")
        try expect(.leftBrace)
        var items: [MapProjectionItem] = []
        var depth = 0
        if !at(.rightBrace) {
            repeat {
                if take(.dot) {
                    items.append(
                        take(.star) ? .allProperties : .property(try name("a property")))
                    continue
                }
                let key = try name("a key")
                guard take(.colon) else {
                    items.append(.variable(key))
                    continue
                }
                let value = try expression()
                depth = max(depth, value.depth)
                items.append(.entry(MapEntry(key: key, value: value)))
            } while take(.comma)
        }
        try expect(.rightBrace)
        return try expression(.mapProjection(variable, items), from: start, depth: depth)
    }

    private mutating func conditional() throws(CypherError) -> Expression {
        let start = start
        advance()
        let subject = at("WHEN") ? nil : try expression()
        var branches: [(condition: Expression, result: Expression)] = []
        while take("WHEN") {
            let condition = try expression()
            try expect("THEN")
            branches.append((condition, try expression()))
        }
        guard !branches.isEmpty else { throw unexpected("WHEN") }
        let otherwise = take("ELSE") ? try expression() : nil
        try expect("END")
        let depths = branches.flatMap { [$0.condition.depth, $0.result.depth] }
        return try expression(
            .conditional(
                Conditional(subject: subject, branches: branches, otherwise: otherwise)),
            from: start,
            depth: max(depths.max() ?? 0, subject?.depth ?? 0, otherwise?.depth ?? 0))
    }
}
