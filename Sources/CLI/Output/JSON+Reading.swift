/// Reads JSON (RFC 8259) from a text of one value.
struct JSONReader {
    /// What is wrong with a text that is no JSON.
    struct Failure: Error {
        let message: String
        /// The byte it was noticed at.
        let offset: Int
    }

    private let bytes: [UInt8]
    private var place = 0

    private static let maximumDepth = 200

    static func value(of text: String) throws(Failure) -> JSON {
        var reader = JSONReader(bytes: Array(text.utf8))
        let value = try reader.value(0)
        reader.skipBlanks()
        guard reader.place == reader.bytes.count else {
            throw reader.failure("There is more behind the value.")
        }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var current: UInt8 { place < bytes.count ? bytes[place] : 0 }

    private func failure(_ message: String) -> Failure { Failure(message: message, offset: place) }

    private mutating func skipBlanks() {
        while current == 0x20 || (0x09...0x0D).contains(current) { place += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard place < bytes.count, current == byte else { return false }
        place += 1
        return true
    }

    private mutating func value(_ depth: Int) throws(Failure) -> JSON {
        guard depth < Self.maximumDepth else { throw failure("It is nested too deep.") }
        skipBlanks()
        switch current {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: String, _ value: JSON) throws(Failure) -> JSON {
        guard bytes[place...].starts(with: word.utf8) else { throw failure("Expected a value.") }
        place += word.utf8.count
        return value
    }

    private mutating func object(_ depth: Int) throws(Failure) -> JSON {
        place += 1
        var members: [(String, JSON)] = []
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipBlanks()
            guard current == UInt8(ascii: "\"") else { throw failure("Expected a key in quotes.") }
            let key = try string()
            guard take(UInt8(ascii: ":")) else { throw failure("Expected ':' behind the key.") }
            members.append((key, try value(depth + 1)))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw failure("Expected ',' or '}'.") }
        return .object(members)
    }

    private mutating func array(_ depth: Int) throws(Failure) -> JSON {
        place += 1
        var elements: [JSON] = []
        if take(UInt8(ascii: "]")) { return .array(elements) }
        repeat { elements.append(try value(depth + 1)) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw failure("Expected ',' or ']'.") }
        return .array(elements)
    }

    /// Digits are an integer where 64 bits hold it; with a point or exponent they are a double.
    private mutating func number() throws(Failure) -> JSON {
        let start = place
        while place < bytes.count, "+-.eE0123456789".utf8.contains(current) { place += 1 }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        let isWhole = !text.utf8.contains { ".eE".utf8.contains($0) }
        if isWhole, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite, !isWhole else {
            place = start
            throw failure("Expected a value.")
        }
        return .double(value)
    }

    private mutating func string() throws(Failure) -> String {
        place += 1
        var text: [UInt8] = []
        while place < bytes.count, current != UInt8(ascii: "\"") {
            guard current == UInt8(ascii: "\\") else {
                text.append(current)
                place += 1
                continue
            }
            place += 1
            try escape(&text)
        }
        guard place < bytes.count else { throw failure("A string does not end.") }
        place += 1
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func escape(_ text: inout [UInt8]) throws(Failure) {
        let plain: [UInt8: UInt8] = [
            0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D,
            0x74: 0x09,
        ]
        if let byte = plain[current] {
            text.append(byte)
            place += 1
            return
        }
        guard current == UInt8(ascii: "u"), let first = hexadecimal() else {
            throw failure("There is no such escape.")
        }
        var scalar = first
        if (0xD800..<0xDC00).contains(first), current == UInt8(ascii: "\\") {
            place += 1
            guard let second = hexadecimal(), (0xDC00..<0xE000).contains(second) else {
                throw failure("Half of a character is missing.")
            }
            scalar = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
        }
        guard let character = Unicode.Scalar(scalar) else {
            throw failure("Half of a character is missing.")
        }
        text += String(character).utf8
    }

    /// The number of `uXXXX` at the place.
    private mutating func hexadecimal() -> UInt32? {
        guard place + 5 <= bytes.count, current == UInt8(ascii: "u") else { return nil }
        let digits = bytes[(place + 1)..<(place + 5)]
        place += 5
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}

extension JSON {
    /// The member of an object.
    subscript(key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.0.utf8.elementsEqual(key.utf8) }?.1
    }

    /// The text, when it is one.
    var stringValue: String? { if case .string(let text) = self { text } else { nil } }

    /// The elements, when it is an array.
    var arrayValue: [JSON]? { if case .array(let elements) = self { elements } else { nil } }
}
