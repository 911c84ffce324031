/// A recursive-descent parser over the tokens of a query.
///
/// It follows the openCypher 9 grammar with the extensions named in the reference. Keywords are
/// not reserved: a word is a keyword where the grammar wants one.
struct Parser {
    let text: SourceText
    private let tokens: [Token]
    /// For each opening bracket the token that closes it.
    let closings: [Int: Int]
    private let conditionals: Conditionals
    private(set) var place = 0
    private(set) var nesting = 0
    /// Whether `|` between labels means "or"; see `expression(pipes:)`.
    var arePipesLabels = true

    /// How deep expressions may be nested. It keeps every walk over a tree within small stacks.
    static let maximumDepth = 200

    /// Parses one statement.
    static func statement(_ query: String) throws(CypherError) -> Statement {
        try statement(query, try Lexer.tokens(of: query))
    }

    /// Parses one statement of these tokens.
    static func statement(
        _ query: String, _ tokens: [Token]
    ) throws(CypherError) -> Statement {
        var parser = Parser(query, tokens)
        let statement = try parser.statement()
        _ = parser.take(.semicolon)
        guard parser.current.kind == .end else { throw parser.unexpected("the end of the query") }
        return statement
    }

    private init(_ query: String, _ tokens: [Token]) {
        text = SourceText(query)
        self.tokens = tokens
        var open: [(Int, Token.Sign)] = []
        var closings: [Int: Int] = [:]
        for (place, token) in tokens.enumerated() {
            guard case .sign(let sign) = token.kind else { continue }
            switch sign {
            case .leftParenthesis: open.append((place, .rightParenthesis))
            case .leftBracket: open.append((place, .rightBracket))
            case .leftBrace: open.append((place, .rightBrace))
            case .rightParenthesis, .rightBracket, .rightBrace:
                if let last = open.last, last.1 == sign {
                    closings[last.0] = place
                    open.removeLast()
                }
            default: break
            }
        }
        self.closings = closings
        conditionals = Conditionals(tokens)
    }

    // MARK: Tokens

    var current: Token { tokens[place] }

    func ahead(_ count: Int) -> Token { tokens[min(place + count, tokens.count - 1)] }

    /// The token before this one.
    var previous: Token? { place > 0 ? tokens[place - 1] : nil }

    /// Whether a CASE with its WHEN begins here.
    var isAtConditional: Bool { conditionals.contains(place) }

    /// How many tokens after this one stands the one that closes this bracket.
    var closing: Int? { closings[place].map { $0 - place } }

    /// The range from a token's beginning to the end of the last token taken.
    func range(from start: Int) -> SourceRange {
        SourceRange(start: start, end: place > 0 ? max(start, tokens[place - 1].range.end) : start)
    }

    var start: Int { current.range.start }

    mutating func advance() { if place < tokens.count - 1 { place += 1 } }

    func at(_ sign: Token.Sign) -> Bool { current.isSign(sign) }

    func at(_ keyword: String) -> Bool { current.isKeyword(keyword) }

    func at(_ first: String, _ second: String) -> Bool {
        current.isKeyword(first) && ahead(1).isKeyword(second)
    }

    mutating func take(_ sign: Token.Sign) -> Bool {
        guard at(sign) else { return false }
        advance()
        return true
    }

    mutating func take(_ keyword: String) -> Bool {
        guard at(keyword) else { return false }
        advance()
        return true
    }

    /// Takes all of the keywords, or none.
    mutating func take(_ keywords: String...) -> Bool {
        for (offset, keyword) in keywords.enumerated() where !ahead(offset).isKeyword(keyword) {
            return false
        }
        for _ in keywords { advance() }
        return true
    }

    mutating func expect(_ sign: Token.Sign) throws(CypherError) {
        guard take(sign) else { throw unexpected("'\(sign.rawValue)'") }
    }

    mutating func expect(_ keyword: String) throws(CypherError) {
        guard take(keyword) else { throw unexpected(keyword) }
    }

    /// A name of a variable, label, type, key or the like.
    mutating func name(_ what: String) throws(CypherError) -> Name {
        guard current.kind == .identifier || current.kind == .quotedIdentifier else {
            throw unexpected(what)
        }
        let name = Name(text: current.text, range: current.range)
        advance()
        return name
    }

    var isAtName: Bool { current.kind == .identifier || current.kind == .quotedIdentifier }

    // MARK: Errors

    /// What stands here is not what the grammar wants.
    ///
    /// A word that is nearly a keyword which may stand here is told, since a misspelt keyword reads
    /// like a name.
    func unexpected(_ wanted: String) -> CypherError {
        let found =
            current.kind == .end ? "the query ends" : "there is `\(text.text(current.range))`"
        let advice = advice(wanted) ?? meantKeyword(wanted).map { "Did you mean \($0)?" }
        return .syntax(
            .unexpectedSyntax,
            "Expected \(wanted), but \(found) here.\(advice.map { " \($0)" } ?? "")",
            at: current.range)
    }

    // MARK: Depth

    /// Parses something that may hold itself, within the limit of nesting.
    mutating func nested<Result>(
        _ body: (inout Parser) throws(CypherError) -> Result
    ) throws(CypherError) -> Result {
        guard nesting < Self.maximumDepth else { throw tooDeep(current.range) }
        nesting += 1
        defer { nesting -= 1 }
        return try body(&self)
    }

    /// An expression over its parts, unless they are nested too deep.
    func expression(
        _ kind: Expression.Kind, from start: Int, over parts: Expression?...
    ) throws(CypherError) -> Expression {
        try expression(kind, from: start, depth: parts.lazy.map { $0?.depth ?? 0 }.max() ?? 0)
    }

    func expression(
        _ kind: Expression.Kind, from start: Int, depth: Int
    ) throws(CypherError) -> Expression {
        guard depth < Self.maximumDepth else { throw tooDeep(range(from: start)) }
        return Expression(kind: kind, range: range(from: start), depth: depth + 1)
    }

    private func tooDeep(_ range: SourceRange) -> CypherError {
        .syntax(
            .queryTooLarge,
            "Expressions are nested more than \(Self.maximumDepth) deep here. Split the expression "
                + "with WITH, or hand values over as parameters.", at: range)
    }
}
