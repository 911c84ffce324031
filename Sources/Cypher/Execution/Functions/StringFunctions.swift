/// Functions over strings; arguments are never null.
enum StringFunctions {
    /// The result; nil when the arguments are of types it does not take.
    static func value(
        _ function: FunctionID, _ arguments: [Value], at range: SourceRange
    ) throws(CypherError) -> Value? {
        if function == .randomUUID { return .string(randomUUID()) }
        guard case .string(let text)? = arguments.first else { return nil }
        switch function {
        case .toLower, .lower: return .string(text.lowercased())
        case .toUpper, .upper: return .string(text.uppercased())
        case .trim, .btrim: return trimmed(text, arguments, start: true, end: true)
        case .leftTrim: return trimmed(text, arguments, start: true, end: false)
        case .rightTrim: return trimmed(text, arguments, start: false, end: true)
        case .charLength, .characterLength, .size:
            return .integer(Int64(text.unicodeScalars.count))
        case .isEmpty: return .boolean(text.isEmpty)
        case .reverse:
            return .string(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
        case .substring: return try substring(text, arguments, at: range)
        case .left, .right:
            guard case .integer(let count)? = arguments[safe: 1] else { return nil }
            try checkLength(count, at: range)
            let scalars = text.unicodeScalars
            return .string(
                function == .left
                    ? String(scalars.prefix(Int(clamping: count)))
                    : String(scalars.suffix(Int(clamping: count))))
        case .replace:
            guard case .string(let old)? = arguments[safe: 1],
                case .string(let new)? = arguments[safe: 2]
            else { return nil }
            return .string(replaced(text, old, new))
        case .split: return split(text, arguments[safe: 1])
        default: return nil
        }
    }

    /// A random identifier (RFC 9562, version 4).
    private static func randomUUID() -> String {
        let high = UInt64.random(in: 0 ... .max) & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = UInt64.random(in: 0 ... .max) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        let digits = [high, low].map { half in
            let text = String(half, radix: 16)
            return String(repeating: "0", count: 16 - text.utf8.count) + text
        }.joined()
        var result = ""
        for (place, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(place) { result.append("-") }
            result.append(digit)
        }
        return result
    }

    private static func trimmed(
        _ text: String, _ arguments: [Value], start: Bool, end: Bool
    ) -> Value? {
        var unwanted: Set<Unicode.Scalar>?
        if let second = arguments[safe: 1] {
            guard case .string(let characters) = second else { return nil }
            unwanted = Set(characters.unicodeScalars)
        }
        func isUnwanted(_ scalar: Unicode.Scalar) -> Bool {
            unwanted?.contains(scalar) ?? scalar.properties.isWhitespace
        }
        var scalars = Substring(text).unicodeScalars
        if start { scalars = scalars.drop(while: isUnwanted) }
        if end { while let last = scalars.last, isUnwanted(last) { scalars.removeLast() } }
        return .string(String(scalars))
    }

    private static func checkLength(
        _ length: Int64, at range: SourceRange
    ) throws(CypherError) {
        guard length >= 0 else {
            throw .argument(.numberOutOfRange, "A length is not negative.", at: range)
        }
    }

    private static func substring(
        _ text: String, _ arguments: [Value], at range: SourceRange
    ) throws(CypherError) -> Value? {
        guard case .integer(let start)? = arguments[safe: 1] else { return nil }
        try checkLength(start, at: range)
        let rest = text.unicodeScalars.dropFirst(Int(clamping: start))
        guard let third = arguments[safe: 2] else { return .string(String(rest)) }
        guard case .integer(let length) = third else { return nil }
        try checkLength(length, at: range)
        return .string(String(rest.prefix(Int(clamping: length))))
    }

    /// Every place where the bytes of `old` stand, from the left; an empty `old` stands nowhere.
    private static func replaced(_ text: String, _ old: String, _ new: String) -> String {
        guard !old.isEmpty else { return text }
        return pieces(of: text, around: [Array(old.utf8)]).joined(separator: new)
    }

    private static func split(_ text: String, _ separator: Value?) -> Value? {
        var separators: [[UInt8]] = []
        switch separator {
        case .string(let one)?: separators = [Array(one.utf8)]
        case .list(let many)?:
            for case .string(let one) in many { separators.append(Array(one.utf8)) }
        default: return nil
        }
        if separators.contains(where: \.isEmpty) {
            return .list(text.unicodeScalars.map { .string(String($0)) })
        }
        return .list(pieces(of: text, around: separators).map { .string($0) })
    }

    private static func pieces(of text: String, around separators: [[UInt8]]) -> [String] {
        let bytes = Array(text.utf8)
        var pieces: [String] = []
        var start = 0
        var place = 0
        while place < bytes.count {
            let found = separators.first { bytes[place...].starts(with: $0) }
            if let found {
                pieces.append(String(decoding: bytes[start..<place], as: UTF8.self))
                place += found.count
                start = place
            } else {
                place += 1
            }
        }
        pieces.append(String(decoding: bytes[start...], as: UTF8.self))
        return pieces
    }
}
