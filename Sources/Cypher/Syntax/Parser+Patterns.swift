extension Parser {
    /// Paths, joined by commas.
    mutating func pattern() throws(CypherError) -> Pattern {
        let start = start
        var paths: [PathPattern] = []
        repeat { paths.append(try path()) } while take(.comma)
        return Pattern(paths: paths, range: range(from: start))
    }

    /// A path, which may have a name and a search.
    mutating func path() throws(CypherError) -> PathPattern {
        var variable: Name?
        if isAtName, ahead(1).isSign(.equal) {
            variable = try name("a variable")
            advance()
        }
        return try pathWithoutName(variable)
    }

    mutating func pathWithoutName(_ variable: Name? = nil) throws(CypherError) -> PathPattern {
        if at("SHORTESTPATH") || at("ALLSHORTESTPATHS") {
            return try shortestPathFunction(variable: variable)
        }
        let start = variable?.range.start ?? start
        let search = try search()
        let elements = try nested { parser throws(CypherError) in try parser.elements() }
        return PathPattern(
            variable: variable, search: search, isFunction: false, elements: elements,
            range: range(from: start))
    }

    /// `shortestPath((a)-[*]->(b))`.
    mutating func shortestPathFunction(variable: Name?) throws(CypherError) -> PathPattern {
        let start = variable?.range.start ?? start
        let search = at("SHORTESTPATH") ? PathPattern.Search.shortest(1) : .allShortest
        advance()
        try expect(.leftParenthesis)
        let elements = try nested { parser throws(CypherError) in try parser.elements() }
        try expect(.rightParenthesis)
        return PathPattern(
            variable: variable, search: search, isFunction: true, elements: elements,
            range: range(from: start))
    }

    /// `SHORTEST 3`, `ALL SHORTEST`, `ANY`, `SHORTEST 2 GROUPS` in front of a path.
    private mutating func search() throws(CypherError) -> PathPattern.Search {
        if take("ALL", "SHORTEST") {
            skipPathWord()
            return .allShortest
        }
        if take("ANY", "SHORTEST") {
            skipPathWord()
            return .shortest(1)
        }
        if at("SHORTEST") {
            advance()
            let count = try count(orElse: 1)
            let isGrouped = take("GROUP") || take("GROUPS")
            skipPathWord()
            return isGrouped ? .shortestGroups(count) : .shortest(count)
        }
        if at("ANY"), !ahead(1).isSign(.equal) {
            advance()
            let count = try count(orElse: 1)
            skipPathWord()
            return .any(count)
        }
        return .every
    }

    private mutating func skipPathWord() { if at("PATH") || at("PATHS") { advance() } }

    private mutating func count(orElse standard: Int) throws(CypherError) -> Int {
        guard current.kind == .integer else { return standard }
        let range = current.range
        let count = try natural("a number of paths")
        guard count > 0 else {
            throw .syntax(.unexpectedSyntax, "A number of paths is at least 1.", at: range)
        }
        return count
    }

    /// Nodes, relationships and repeated groups in a row.
    private mutating func elements() throws(CypherError) -> [PatternElement] {
        var elements = try nodeOrGroup()
        // A path in parentheses stands alone.
        if elements.count > 1 { return elements }
        while isAtRelationship || at(.leftParenthesis) {
            if at(.leftParenthesis) {
                // Two nodes in a row stand for one only beside a group.
                guard isGroup(elements.last) || isAtGroup else { break }
                elements.append(try oneNodeOrGroup())
                continue
            }
            let relationship = try relationship()
            elements.append(.relationship(relationship))
            elements.append(try oneNodeOrGroup())
        }
        return elements
    }

    private func isGroup(_ element: PatternElement?) -> Bool {
        if case .group = element { true } else { false }
    }

    /// Whether a parenthesis with a path in it begins here, and not a node.
    private var isAtGroup: Bool { at(.leftParenthesis) && ahead(1).isSign(.leftParenthesis) }

    private mutating func oneNodeOrGroup() throws(CypherError) -> PatternElement {
        let elements = try nodeOrGroup()
        guard elements.count == 1, let only = elements.first else { throw notRepeated }
        return only
    }

    private var notRepeated: CypherError { unexpected("a quantifier such as {1,5}, + or *") }

    /// One element, or all those of a path in parentheses that is not repeated.
    private mutating func nodeOrGroup() throws(CypherError) -> [PatternElement] {
        guard isAtGroup || (at(.leftParenthesis) && ahead(2).isSign(.equal)) else {
            return [.node(try node())]
        }
        let start = start
        advance()
        let inner = try path()
        let condition = take("WHERE") ? try expression() : nil
        try expect(.rightParenthesis)
        guard let repetition = try repetition() else {
            // Parentheses around a path that is not repeated mean nothing.
            guard condition == nil, inner.variable == nil, inner.search == .every else {
                throw notRepeated
            }
            return inner.elements
        }
        return [.group(inner, condition: condition, repetition, range: range(from: start))]
    }

    /// `{2}`, `{1,5}`, `{,5}`, `{1,}`, `+` or `*`.
    private mutating func repetition() throws(CypherError) -> Repetition? {
        if take(.plus) { return Repetition(minimum: 1, maximum: nil) }
        if take(.star) { return Repetition(minimum: 0, maximum: nil) }
        guard at(.leftBrace) else { return nil }
        let start = start
        advance()
        let minimum = current.kind == .integer ? try natural("a number") : nil
        var maximum = minimum
        if take(.comma) {
            maximum = current.kind == .integer ? try natural("a number") : nil
        } else if minimum == nil {
            throw unexpected("a number")
        }
        try expect(.rightBrace)
        if let maximum, maximum < minimum ?? 0 || maximum == 0 {
            throw .syntax(
                .unexpectedSyntax,
                "The greatest number of repetitions is less than the least, or 0.",
                at: range(from: start))
        }
        return Repetition(minimum: minimum ?? 0, maximum: maximum)
    }

    // MARK: Nodes

    private mutating func node() throws(CypherError) -> NodePattern {
        let start = start
        try expect(.leftParenthesis)
        let variable = isAtName && !isAtCondition ? try name("a variable") : nil
        let labels = at(.colon) || at("IS") ? try labelExpression() : nil
        let properties = try elementProperties()
        let condition = take("WHERE") ? try expression() : nil
        try expect(.rightParenthesis)
        return NodePattern(
            variable: variable, labels: labels, properties: properties, condition: condition,
            range: range(from: start))
    }

    /// Whether `WHERE` begins a condition here and is no variable.
    private var isAtCondition: Bool {
        guard at("WHERE") || at("IS") else { return false }
        let next = ahead(1)
        return
            !(next.isSign(.rightParenthesis) || next.isSign(.rightBracket)
            || next.isSign(.colon) || next.isSign(.leftBrace))
    }

    private mutating func elementProperties() throws(CypherError) -> Expression? {
        let start = start
        if at(.leftBrace) { return try map() }
        guard current.kind == .parameter else { return nil }
        let name = current.text
        advance()
        return try expression(.parameter(name), from: start, depth: 0)
    }

    // MARK: Relationships

    /// Whether `-[`, `--`, `->`, `<-[` or `<--` begins here.
    private var isAtRelationship: Bool { isRelationship(at: 0) }

    private func isRelationship(at offset: Int) -> Bool {
        var offset = offset
        if ahead(offset).isSign(.less) { offset += 1 }
        guard ahead(offset).isSign(.minus) else { return false }
        let next = ahead(offset + 1)
        return next.isSign(.minus) || next.isSign(.leftBracket) || next.isSign(.greater)
            || (next.isSign(.leftParenthesis) && offset > 0 && ahead(offset - 1).isSign(.less))
    }

    /// Whether the parenthesis here begins a pattern of at least one relationship.
    var isAtPattern: Bool {
        if at("SHORTESTPATH") || at("ALLSHORTESTPATHS") { return ahead(1).isSign(.leftParenthesis) }
        guard at(.leftParenthesis), let closing, isRelationshipAfterOperand(at: closing + 1) else {
            return false
        }
        let first = ahead(1)
        let second = ahead(2)
        if first.isSign(.rightParenthesis) || first.isSign(.colon) || first.isSign(.leftBrace) {
            return true
        }
        if first.kind == .parameter { return second.isSign(.rightParenthesis) }
        guard first.kind == .identifier || first.kind == .quotedIdentifier else { return false }
        return second.isSign(.rightParenthesis) || second.isSign(.colon)
            || second.isSign(.leftBrace) || second.kind == .parameter
            || second.isKeyword("WHERE") || second.isKeyword("IS")
    }

    /// Whether a relationship goes on here, after what may also be an operand in parentheses: in
    /// `(x) - [1][0]`, `(x)--1` and `(x)<-(y)` a difference or comparison does.
    private func isRelationshipAfterOperand(at offset: Int) -> Bool {
        guard isRelationship(at: offset) else { return false }
        var place = offset + (ahead(offset).isSign(.less) ? 2 : 1)
        if ahead(place).isSign(.leftBracket) {
            guard let length = closings[self.place + place].map({ $0 - self.place - place }) else {
                return true
            }
            let first = ahead(place + 1)
            switch first.kind {
            case .integer, .float, .malformedNumber, .string: return false
            default: return ahead(place + length + 1).isSign(.minus)
            }
        }
        if ahead(place).isSign(.minus) { place += 1 }
        let isArrow = ahead(place).isSign(.greater)
        if isArrow { place += 1 }
        let next = ahead(place)
        guard isArrow || place > offset + (ahead(offset).isSign(.less) ? 2 : 1) else {
            return false
        }
        return next.isSign(.leftParenthesis)
            || isArrow && (next.isSign(.star) || next.isSign(.plus) || next.isSign(.leftBrace))
    }

    private mutating func relationship() throws(CypherError) -> RelationshipPattern {
        let start = start
        let pointsLeft = take(.less)
        try expect(.minus)
        var variable: Name?
        var types: LabelExpression?
        var length: Repetition?
        var properties: Expression?
        var condition: Expression?
        if take(.leftBracket) {
            if isAtName, !isAtCondition { variable = try name("a variable") }
            if at(.colon) || at("IS") { types = try labelExpression() }
            if at(.dots) { throw badLength("Write * before the bounds: *1..3.") }
            if take(.star) { length = try variableLength() }
            properties = try elementProperties()
            if take("WHERE") { condition = try expression() }
            try expect(.rightBracket)
            try expect(.minus)
        } else if !at(.greater) {
            try expect(.minus)
        }
        let pointsRight = take(.greater)
        if length == nil, let repetition = try repetition() { length = repetition }
        return RelationshipPattern(
            variable: variable, types: types, length: length, properties: properties,
            condition: condition,
            direction: pointsLeft == pointsRight ? .either : pointsLeft ? .incoming : .outgoing,
            range: range(from: start))
    }

    private func badLength(_ advice: String) -> CypherError {
        .syntax(
            .invalidRelationshipPattern, "This is no length of a path. \(advice)",
            at: current.range)
    }

    /// What follows the `*` of `*`, `*2`, `*1..3`, `*..3` and `*2..`.
    private mutating func variableLength() throws(CypherError) -> Repetition {
        if at(.minus) { throw badLength("Bounds are not negative.") }
        let minimum = current.kind == .integer ? try natural("a length") : nil
        guard take(.dots) else {
            return Repetition(minimum: minimum ?? 1, maximum: minimum)
        }
        if at(.minus) { throw badLength("Bounds are not negative.") }
        let maximum = current.kind == .integer ? try natural("a length") : nil
        return Repetition(minimum: minimum ?? 1, maximum: maximum)
    }

    mutating func natural(_ what: String) throws(CypherError) -> Int {
        guard current.kind == .integer, case .integer(let value) = try number(isNegative: false),
            let result = Int(exactly: value)
        else { throw unexpected(what) }
        advance()
        return result
    }

    // MARK: Labels

    /// `:A:B`, `:A|B`, `:A&!(B|C)`, `IS A`, `:%`.
    mutating func labelExpression() throws(CypherError) -> LabelExpression {
        if !take("IS") { try expect(.colon) }
        return try nested { parser throws(CypherError) in try parser.labelDisjunction() }
    }

    private mutating func labelDisjunction() throws(CypherError) -> LabelExpression {
        var parts = [try labelConjunction()]
        while at(.bar), arePipesLabels {
            advance()
            _ = take(.colon)
            parts.append(try labelConjunction())
        }
        return parts.count == 1 ? parts[0] : .or(parts)
    }

    private mutating func labelConjunction() throws(CypherError) -> LabelExpression {
        var parts = [try labelTerm()]
        while at(.ampersand) || (at(.colon) && isLabelStart(ahead(1))) {
            advance()
            parts.append(try labelTerm())
        }
        return parts.count == 1 ? parts[0] : .and(parts)
    }

    private func isLabelStart(_ token: Token) -> Bool {
        token.kind == .identifier || token.kind == .quotedIdentifier || token.isSign(.exclamation)
            || token.isSign(.percent) || token.isSign(.leftParenthesis) || token.isSign(.dollar)
    }

    private mutating func labelTerm() throws(CypherError) -> LabelExpression {
        if take(.exclamation) {
            return .not(try nested { parser throws(CypherError) in try parser.labelTerm() })
        }
        if take(.percent) { return .any }
        if take(.dollar) {
            try expect(.leftParenthesis)
            let computed = try expression()
            try expect(.rightParenthesis)
            return .computed(computed)
        }
        if at(.leftParenthesis) {
            advance()
            let before = arePipesLabels
            arePipesLabels = true
            defer { arePipesLabels = before }
            let inner = try nested { parser throws(CypherError) in try parser.labelDisjunction() }
            try expect(.rightParenthesis)
            return inner
        }
        return .name(try name("a label or type"))
    }
}
