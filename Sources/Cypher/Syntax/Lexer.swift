/// Cuts the text of a query into tokens.
struct Lexer {
    private let bytes: [UInt8]
    private var place = 0

    /// The most bytes a query may have.
    static let maximumBytes = 1 << 20

    /// All tokens, the last of them `.end`.
    ///
    /// - Throws: `QueryTooLarge`; `UnexpectedSyntax` at a character that begins no token, and the
    ///   errors of strings.
    static func tokens(of query: String) throws(CypherError) -> [Token] {
        guard query.utf8.count <= maximumBytes else {
            throw .syntax(
                .queryTooLarge,
                "The query has \(query.utf8.count) bytes; the most is \(maximumBytes). Hand large "
                    + "data over as parameters.", at: nil)
        }
        var lexer = Lexer(bytes: Array(query.utf8))
        var tokens: [Token] = []
        tokens.reserveCapacity(query.utf8.count / 4 + 1)
        repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func byte(_ offset: Int = 0) -> UInt8 {
        place + offset < bytes.count ? bytes[place + offset] : 0
    }

    private func token(_ kind: Token.Kind, from start: Int, text: String? = nil) -> Token {
        Token(
            kind: kind, range: SourceRange(start: start, end: place),
            text: text ?? String(decoding: bytes[start..<place], as: UTF8.self))
    }

    private mutating func next() throws(CypherError) -> Token {
        try skipBlanks()
        let start = place
        guard place < bytes.count else { return token(.end, from: start) }
        switch byte() {
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            let text = try string()
            return token(.string, from: start, text: text)
        case UInt8(ascii: "`"):
            let text = try quotedName()
            return token(.quotedIdentifier, from: start, text: text)
        case UInt8(ascii: "$"):
            return try parameter()
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            return number()
        case UInt8(ascii: ".") where Self.isDigit(byte(1)) && !followsName(start):
            return number()
        default:
            break
        }
        if try takeName() { return token(.identifier, from: start) }
        return try sign()
    }

    /// Whether the character before is part of a name or a bracket, so that `.5` there is a
    /// property access gone wrong and not a number.
    private func followsName(_ start: Int) -> Bool {
        guard start > 0 else { return false }
        let last = bytes[start - 1]
        return Self.isNameByte(last) || last == UInt8(ascii: ")") || last == UInt8(ascii: "]")
            || last == UInt8(ascii: ".")
    }

    private mutating func skipBlanks() throws(CypherError) {
        while place < bytes.count {
            let start = place
            if byte() == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "/") {
                while place < bytes.count, byte() != UInt8(ascii: "\n") { place += 1 }
            } else if byte() == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
                place += 2
                while place < bytes.count,
                    byte() != UInt8(ascii: "*") || byte(1) != UInt8(ascii: "/")
                {
                    place += 1
                }
                guard place < bytes.count else {
                    throw .syntax(
                        .unexpectedSyntax, "This comment does not end. Close it with */.",
                        at: SourceRange(start: start, end: start + 2))
                }
                place += 2
            } else if byte() <= 0x20 {
                place += 1
            } else if byte() >= 0x80, let scalar = scalar(), scalar.properties.isWhitespace {
                place += scalar.utf8.count
            } else {
                return
            }
        }
    }

    /// The character at the place.
    private func scalar() -> Unicode.Scalar? {
        var iterator = bytes[place..<min(place + 4, bytes.count)].makeIterator()
        var decoder = UTF8()
        if case .scalarValue(let scalar) = decoder.decode(&iterator) { return scalar }
        return nil
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    static func isNameByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte >= 0x41 && byte <= 0x5A) || (byte >= 0x61 && byte <= 0x7A)
            || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    /// Takes letters, digits and underscores that begin with no digit; whether there were any.
    private mutating func takeName() throws(CypherError) -> Bool {
        let start = place
        while place < bytes.count {
            if byte() < 0x80 {
                guard Self.isNameByte(byte()), place > start || !Self.isDigit(byte()) else { break }
                place += 1
            } else {
                guard let scalar = scalar() else { break }
                let properties = scalar.properties
                guard
                    place > start
                        ? properties.isIDContinue
                        : properties.isIDStart
                            || properties.generalCategory == .connectorPunctuation
                else { break }
                place += scalar.utf8.count
            }
        }
        return place > start
    }

    private mutating func quotedName() throws(CypherError) -> String {
        let start = place
        place += 1
        var name: [UInt8] = []
        while place < bytes.count {
            if byte() == UInt8(ascii: "`") {
                if byte(1) != UInt8(ascii: "`") {
                    place += 1
                    return String(decoding: name, as: UTF8.self)
                }
                place += 1
            }
            name.append(byte())
            place += 1
        }
        throw .syntax(
            .unexpectedSyntax, "This name does not end. Close it with a backtick.",
            at: SourceRange(start: start, end: start + 1))
    }

    private mutating func parameter() throws(CypherError) -> Token {
        let start = place
        place += 1
        if byte() == UInt8(ascii: "`") {
            let name = try quotedName()
            return token(.parameter, from: start, text: name)
        }
        let name = place
        while Self.isDigit(byte()) { place += 1 }
        if place == name, try !takeName() { return token(.sign(.dollar), from: start) }
        return token(
            .parameter, from: start, text: String(decoding: bytes[name..<place], as: UTF8.self))
    }

    /// A number, or what begins like one.
    private mutating func number() -> Token {
        let start = place
        var kind = Token.Kind.integer
        if byte() == UInt8(ascii: "0"), "xXoO".utf8.contains(byte(1)) {
            let isHex = byte(1) | 0x20 == UInt8(ascii: "x")
            place += 2
            let digits = place
            while isHex ? byte().isHexDigit : (0x30...0x37).contains(byte()) { place += 1 }
            if place == digits { kind = .malformedNumber }
        } else {
            while Self.isDigit(byte()) { place += 1 }
            if byte() == UInt8(ascii: "."), Self.isDigit(byte(1)) {
                kind = .float
                place += 1
                while Self.isDigit(byte()) { place += 1 }
            }
            if byte() | 0x20 == UInt8(ascii: "e") {
                let hasSign = byte(1) == UInt8(ascii: "-") || byte(1) == UInt8(ascii: "+")
                if Self.isDigit(byte(hasSign ? 2 : 1)) {
                    kind = .float
                    place += hasSign ? 2 : 1
                    while Self.isDigit(byte()) { place += 1 }
                }
            }
        }
        if place < bytes.count, Self.isNameByte(byte()) {
            kind = .malformedNumber
            while place < bytes.count, Self.isNameByte(byte()) { place += 1 }
        }
        return token(kind, from: start)
    }

    private mutating func sign() throws(CypherError) -> Token {
        let start = place
        for length in [2, 1] where place + length <= bytes.count {
            let text = String(decoding: bytes[place..<(place + length)], as: UTF8.self)
            if let sign = Token.Sign(rawValue: text) {
                place += length
                return token(.sign(sign), from: start)
            }
        }
        let scalar = scalar() ?? "\u{FFFD}"
        let range = SourceRange(start: start, end: start + max(1, scalar.utf8.count))
        if scalar.properties.isDash {
            throw .syntax(
                .invalidUnicodeCharacter,
                "This is a typographic dash. Write a hyphen (-) as minus sign.", at: range)
        }
        throw .syntax(
            .unexpectedSyntax, "The character `\(scalar)` cannot stand here.", at: range)
    }
}

extension UInt8 {
    /// Whether it is an ASCII hexadecimal digit.
    var isHexDigit: Bool {
        (0x30...0x39).contains(self) || (0x41...0x46).contains(self) || (0x61...0x66).contains(self)
    }
}

extension Lexer {
    /// The text of a string, its escapes resolved.
    private mutating func string() throws(CypherError) -> String {
        let quote = byte()
        let start = place
        place += 1
        var text: [UInt8] = []
        while place < bytes.count {
            switch byte() {
            case quote:
                place += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                text += String(try escape()).utf8
            default:
                text.append(byte())
                place += 1
            }
        }
        throw .syntax(
            .unexpectedSyntax,
            "This string does not end. Close it with \(Character(Unicode.Scalar(quote))).",
            at: SourceRange(start: start, end: start + 1))
    }

    private mutating func escape() throws(CypherError) -> Unicode.Scalar {
        let start = place
        let letter = byte(1)
        place += 2
        switch letter {
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "'"): return "'"
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "`"): return "`"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicode(start, digits: 4)
        case UInt8(ascii: "U"): return try unicode(start, digits: 8)
        default:
            throw .syntax(
                .unexpectedSyntax,
                "There is no such escape. The escapes are \\\\ \\' \\\" \\b \\f \\n \\r \\t \\uXXXX "
                    + "and \\UXXXXXXXX.",
                at: SourceRange(start: start, end: min(place, bytes.count)))
        }
    }

    /// The character of `\uXXXX`; two of them may be the halves of one.
    private mutating func unicode(_ start: Int, digits: Int) throws(CypherError) -> Unicode.Scalar {
        guard let first = hexadecimal(digits) else {
            throw badUnicode(start, "Write \(digits) hexadecimal digits.")
        }
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard digits == 4, (0xD800..<0xDC00).contains(first), byte() == UInt8(ascii: "\\"),
            byte(1) == UInt8(ascii: "u")
        else { throw badUnicode(start, "It is no character.") }
        place += 2
        guard let second = hexadecimal(4), (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw badUnicode(start, "The second half of the pair is missing.") }
        return scalar
    }

    private mutating func hexadecimal(_ digits: Int) -> UInt32? {
        guard place + digits <= bytes.count else { return nil }
        let text = bytes[place..<(place + digits)]
        guard text.allSatisfy(\.isHexDigit) else { return nil }
        place += digits
        return UInt32(String(decoding: text, as: UTF8.self), radix: 16)
    }

    private func badUnicode(_ start: Int, _ advice: String) -> CypherError {
        .syntax(
            .invalidUnicodeLiteral, "This Unicode escape is not valid. \(advice)",
            at: SourceRange(start: start, end: min(place, bytes.count)))
    }
}
