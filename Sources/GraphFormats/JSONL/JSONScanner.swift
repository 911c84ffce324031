import PropertyGraph

/// A strict reader of JSON (RFC 8259) on the bytes of one line: no tree is built.
///
/// Refused beside what the grammar refuses: damaged UTF-8, lone surrogates, a name twice in one
/// object (by the callers), nesting beyond a limit. Integers never go through a double.
enum JSONScanner {
    /// What is wrong, and the byte where.
    struct Failure: Error {
        var code = FormatError.Code.malformed
        var message: String
        var position: Int
    }

    /// A number: whole if it has neither point nor exponent.
    enum Number {
        case integer(Int64)
        case double(Double)
    }

    static func skipBlanks(_ bytes: Span<UInt8>, _ index: inout Int) {
        while index < bytes.count,
            bytes[index] == 0x20 || bytes[index] == 0x09 || bytes[index] == 0x0D
                || bytes[index] == 0x0A
        {
            index += 1
        }
    }

    /// The next byte that is no blank; 0 at the end.
    static func peek(_ bytes: Span<UInt8>, _ index: inout Int) -> UInt8 {
        skipBlanks(bytes, &index)
        return index < bytes.count ? bytes[index] : 0
    }

    /// Takes a mark such as `:`.
    static func expect(
        _ byte: UInt8, _ bytes: Span<UInt8>, _ index: inout Int
    ) throws(Failure) {
        guard peek(bytes, &index) == byte, index < bytes.count else {
            let mark = String(decoding: [byte], as: UTF8.self)
            throw Failure(message: "'\(mark)' is expected here; mend the JSON.", position: index)
        }
        index += 1
    }

    /// Calls `member` with the position after each `"name":` of an object; it reads the value.
    static func object(
        _ bytes: Span<UInt8>, _ index: inout Int,
        _ member: (String, Int, inout Int) throws(Failure) -> Void
    ) throws(Failure) {
        try expect(0x7B, bytes, &index)
        if peek(bytes, &index) == 0x7D {
            index += 1
            return
        }
        while true {
            skipBlanks(bytes, &index)
            let start = index
            let name = try string(bytes, &index)
            try expect(0x3A, bytes, &index)
            skipBlanks(bytes, &index)
            try member(name, start, &index)
            guard peek(bytes, &index) == 0x2C else {
                return try expect(0x7D, bytes, &index)
            }
            index += 1
        }
    }

    /// Calls `element` at each element of an array; it reads the element.
    static func array(
        _ bytes: Span<UInt8>, _ index: inout Int,
        _ element: (inout Int) throws(Failure) -> Void
    ) throws(Failure) {
        try expect(0x5B, bytes, &index)
        if peek(bytes, &index) == 0x5D {
            index += 1
            return
        }
        while true {
            skipBlanks(bytes, &index)
            try element(&index)
            guard peek(bytes, &index) == 0x2C else {
                return try expect(0x5D, bytes, &index)
            }
            index += 1
        }
    }

    /// Reads a string.
    static func string(_ bytes: Span<UInt8>, _ index: inout Int) throws(Failure) -> String {
        try expect(0x22, bytes, &index)
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x22 {
                let range = start..<index
                index += 1
                return try text(bytes, range, at: start)
            }
            if byte == 0x5C { return try escapedString(bytes, &index, start: start) }
            if byte < 0x20 { break }
            index += 1
        }
        throw unfinished(bytes, index, start)
    }

    private static func unfinished(_ bytes: Span<UInt8>, _ index: Int, _ start: Int) -> Failure {
        index < bytes.count
            ? Failure(
                message: "A control character stands in a string; write it as \\u00XX.",
                position: index)
            : Failure(message: "The string is never closed; add the quote.", position: start - 1)
    }

    private static func text(
        _ bytes: Span<UInt8>, _ range: Range<Int>, at start: Int
    ) throws(Failure) -> String {
        do {
            return String(copying: try UTF8Span(validating: bytes.extracting(range)))
        } catch {
            throw Failure(
                code: .invalidText, message: "The string is not UTF-8; convert the file to UTF-8.",
                position: start)
        }
    }

    private static func escapedString(
        _ bytes: Span<UInt8>, _ index: inout Int, start: Int
    ) throws(Failure) -> String {
        var result: [UInt8] = []
        for position in start..<index { result.append(bytes[position]) }
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x22 {
                index += 1
                return try text(result.span, 0..<result.count, at: start)
            }
            if byte < 0x20 { break }
            index += 1
            if byte != 0x5C {
                result.append(byte)
                continue
            }
            let escape = index < bytes.count ? bytes[index] : 0
            index += 1
            switch escape {
            case 0x22, 0x5C, 0x2F: result.append(escape)
            case 0x62: result.append(0x08)
            case 0x66: result.append(0x0C)
            case 0x6E: result.append(0x0A)
            case 0x72: result.append(0x0D)
            case 0x74: result.append(0x09)
            case 0x75: try appendScalar(bytes, &index, to: &result)
            default:
                throw Failure(
                    message: "The escape is none of JSON's; write \\\\ for a backslash.",
                    position: index - 2)
            }
        }
        throw unfinished(bytes, index, start)
    }

    private static func appendScalar(
        _ bytes: Span<UInt8>, _ index: inout Int, to result: inout [UInt8]
    ) throws(Failure) {
        let start = index - 2
        var code = try hexadecimal(bytes, &index)
        if code & 0xFC00 == 0xD800, index + 1 < bytes.count, bytes[index] == 0x5C,
            bytes[index + 1] == 0x75
        {
            index += 2
            let low = try hexadecimal(bytes, &index)
            guard low & 0xFC00 == 0xDC00 else { throw loneSurrogate(start) }
            code = 0x10000 + (code & 0x3FF) << 10 + (low & 0x3FF)
        }
        guard let scalar = Unicode.Scalar(code) else { throw loneSurrogate(start) }
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { result.append(byte) }
    }

    private static func loneSurrogate(_ position: Int) -> Failure {
        Failure(
            code: .invalidText, message: "A surrogate stands alone; write both halves of the pair.",
            position: position)
    }

    private static func hexadecimal(
        _ bytes: Span<UInt8>, _ index: inout Int
    ) throws(Failure) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = index < bytes.count ? bytes[index] : 0
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x41 + 10
            case 0x61...0x66: digit = byte - 0x61 + 10
            default:
                throw Failure(message: "\\u needs four hexadecimal digits.", position: index)
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }

    /// Reads a number.
    static func number(_ bytes: Span<UInt8>, _ index: inout Int) throws(Failure) -> Number {
        let start = index
        if index < bytes.count, bytes[index] == 0x2D { index += 1 }
        let first = index
        skipDigits(bytes, &index)
        var isWhole = true
        var isSound = index > first && (bytes[first] != 0x30 || index == first + 1)
        if index < bytes.count, bytes[index] == 0x2E {
            isWhole = false
            index += 1
            let digits = index
            skipDigits(bytes, &index)
            isSound = isSound && index > digits
        }
        if index < bytes.count, bytes[index] | 0x20 == 0x65 {
            isWhole = false
            index += 1
            if index < bytes.count, bytes[index] == 0x2B || bytes[index] == 0x2D { index += 1 }
            let digits = index
            skipDigits(bytes, &index)
            isSound = isSound && index > digits
        }
        guard isSound else {
            throw Failure(message: "This is no JSON value; mend or quote it.", position: start)
        }
        do throws(NumberText.Failure) {
            return isWhole
                ? .integer(try NumberText.integer(bytes, start..<index))
                : .double(try NumberText.double(bytes, start..<index))
        } catch {
            throw Failure(
                code: .badValue,
                message: "The number is out of range; write it as a string or with a point.",
                position: start)
        }
    }

    private static func skipDigits(_ bytes: Span<UInt8>, _ index: inout Int) {
        while index < bytes.count, bytes[index] &- 0x30 <= 9 { index += 1 }
    }

    /// Takes `true`, `false` or `null`.
    static func word(
        _ word: StaticString, _ bytes: Span<UInt8>, _ index: inout Int
    ) throws(Failure) {
        let start = index
        for byte in "\(word)".utf8 {
            guard index < bytes.count, bytes[index] == byte else {
                throw Failure(message: "This is no JSON value; mend or quote it.", position: start)
            }
            index += 1
        }
    }

    /// Passes over any value.
    static func skipValue(
        _ bytes: Span<UInt8>, _ index: inout Int, depth: Int
    ) throws(Failure) {
        switch peek(bytes, &index) {
        case 0x22: _ = try string(bytes, &index)
        case 0x7B:
            try checkDepth(depth, index)
            try object(bytes, &index) { (_, _, index) throws(Failure) in
                try skipValue(bytes, &index, depth: depth - 1)
            }
        case 0x5B:
            try checkDepth(depth, index)
            try array(bytes, &index) { index throws(Failure) in
                try skipValue(bytes, &index, depth: depth - 1)
            }
        case 0x74: try word("true", bytes, &index)
        case 0x66: try word("false", bytes, &index)
        case 0x6E: try word("null", bytes, &index)
        default: _ = try number(bytes, &index)
        }
    }

    static func checkDepth(_ depth: Int, _ position: Int) throws(Failure) {
        guard depth > 0 else {
            throw Failure(
                code: .limitExceeded, message: "The JSON is nested too deeply; flatten it.",
                position: position)
        }
    }
}
