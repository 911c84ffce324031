/// A word, number, string or sign of a query.
struct Token {
    enum Kind: Hashable {
        /// A word that may be a keyword.
        case identifier
        /// A word in backticks, which is never a keyword.
        case quotedIdentifier
        case integer
        case float
        /// Something that begins like a number and is none, such as `12h4`.
        case malformedNumber
        case string
        /// `$name`; the text is the name.
        case parameter
        case sign(Sign)
        case end
    }

    enum Sign: String, Hashable, CaseIterable {
        case leftParenthesis = "("
        case rightParenthesis = ")"
        case leftBracket = "["
        case rightBracket = "]"
        case leftBrace = "{"
        case rightBrace = "}"
        case comma = ","
        case semicolon = ";"
        case colon = ":"
        case doubleColon = "::"
        case dot = "."
        case dots = ".."
        case plus = "+"
        case plusEqual = "+="
        case minus = "-"
        case star = "*"
        case slash = "/"
        case percent = "%"
        case caret = "^"
        case equal = "="
        case matches = "=~"
        case notEqual = "<>"
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case bar = "|"
        case doubleBar = "||"
        case ampersand = "&"
        case exclamation = "!"
        case dollar = "$"
    }

    let kind: Kind
    let range: SourceRange
    /// The name, number as written, or text of a string with its escapes resolved.
    let text: String

    func isSign(_ sign: Sign) -> Bool { kind == .sign(sign) }

    /// Whether it can be a name of the store: a word, of a length that names have.
    var canBeName: Bool {
        switch kind {
        case .identifier, .quotedIdentifier: text.utf8.count < 256
        default: false
        }
    }

    /// Whether it is a keyword, in any case; `keyword` in capitals.
    func isKeyword(_ keyword: String) -> Bool {
        guard kind == .identifier, text.utf8.count == keyword.utf8.count else { return false }
        return zip(text.utf8, keyword.utf8).allSatisfy { byte, wanted in
            byte == wanted || (byte >= 0x61 && byte <= 0x7A && byte - 0x20 == wanted)
        }
    }
}
