/// Where the word CASE begins an expression and is no name: where a WHEN follows that belongs to it.
///
/// It is found for a whole query in one go over its tokens. Were it tried by parsing, each CASE
/// inside of another would double the work.
struct Conditionals {
    private enum State {
        /// CASE: a conditional once a WHEN follows, else a name.
        case open
        case when
        case then
    }

    /// The tokens that begin conditionals.
    private var places: Set<Int> = []
    /// What was begun and has not ended, the innermost last.
    private var begun: [(place: Int, state: State)] = []
    /// How much was begun before each bracket that is open.
    private var bases: [Int] = []
    private var base: Int { bases.last ?? 0 }

    init(_ tokens: [Token]) {
        guard tokens.contains(where: { $0.isKeyword("CASE") }) else { return }
        for (place, token) in tokens.enumerated() {
            switch token.kind {
            case .sign(let sign): meet(sign)
            case .identifier where !Self.isName(place, tokens): meet(token, at: place)
            default: break
            }
        }
    }

    func contains(_ place: Int) -> Bool { places.contains(place) }

    /// Keys of maps, properties and names given with AS.
    private static func isName(_ place: Int, _ tokens: [Token]) -> Bool {
        let isKey = place + 1 < tokens.count && tokens[place + 1].isSign(.colon)
        guard place > 0 else { return isKey }
        return isKey || tokens[place - 1].isSign(.dot) || tokens[place - 1].isKeyword("AS")
    }

    private mutating func meet(_ sign: Token.Sign) {
        switch sign {
        case .leftParenthesis, .leftBracket, .leftBrace: bases.append(begun.count)
        case .rightParenthesis, .rightBracket, .rightBrace:
            begun.removeLast(begun.count - base)
            _ = bases.popLast()
        case .comma, .semicolon: begun.removeLast(begun.count - base)
        default: break
        }
    }

    private mutating func meet(_ word: Token, at place: Int) {
        if word.isKeyword("CASE") {
            begun.append((place, .open))
        } else if word.isKeyword("WHEN") {
            guard begun.count > base, let last = begun.last else { return }
            if last.state == .open { places.insert(last.place) }
            begun[begun.count - 1].state = .when
        } else if word.isKeyword("THEN") {
            dropNames()
            if begun.count > base { begun[begun.count - 1].state = .then }
        } else if word.isKeyword("ELSE") {
            dropNames()
        } else if word.isKeyword("END") {
            dropNames()
            if begun.count > base, begun.last?.state == .then { begun.removeLast() }
        }
    }

    /// What has had no WHEN when a part of a conditional around it ends is a name.
    private mutating func dropNames() {
        while begun.count > base, begun.last?.state == .open { begun.removeLast() }
    }
}
