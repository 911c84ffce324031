import PropertyGraph

/// Why a text is not a value of its type; the caller adds the place.
struct ValueFailure: Error {
    let code: FormatError.Code
    /// What is wrong and how to mend it.
    let message: String

    init(_ message: String, code: FormatError.Code = .badValue) {
        self.code = code
        self.message = message
    }
}

/// Values as text: exact in both directions for every type.
enum ValueText {
    /// Reads a scalar.
    static func scalar(
        _ bytes: Span<UInt8>, _ range: Range<Int>, as type: ValueType
    ) throws(ValueFailure) -> PropertyValue {
        switch type.scalar {
        case .string:
            let value = try text(bytes, range)
            if type.isCharacter, value.count != 1 {
                throw ValueFailure("'\(value.prefix(20))' is not one character; use type string.")
            }
            return .string(value)
        case .integer: return .integer(try integer(bytes, range, within: type.range))
        case .double: return .double(try double(bytes, range))
        case .boolean: return .boolean(try boolean(bytes, range))
        case .bytes:
            guard let value = Base64.decode(bytes, range) else {
                throw ValueFailure("The value is not base64 (RFC 4648); encode the bytes so.")
            }
            return .bytes(value)
        case .vector: return try vector(bytes, range, delimiter: 0x3B)
        default: return try temporal(text(bytes, range), as: type.scalar)
        }
    }

    /// Reads text that must be UTF-8.
    static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ValueFailure) -> String {
        do {
            return String(copying: try UTF8Span(validating: bytes.extracting(range)))
        } catch {
            throw ValueFailure(
                "The text is not UTF-8; convert the file to UTF-8.", code: .invalidText)
        }
    }

    /// Reads a date, time, moment, duration or point.
    static func temporal(
        _ text: String, as scalar: ValueType.Scalar
    ) throws(ValueFailure) -> PropertyValue {
        let value: PropertyValue?
        let example: String
        switch scalar {
        case .date: (value, example) = (CalendarDate(iso: text).map { .date($0) }, "2015-07-21")
        case .localTime:
            (value, example) = (LocalTime(iso: text).map { .localTime($0) }, "21:40:32.142")
        case .zonedTime:
            (value, example) = (ZonedTime(iso: text).map { .zonedTime($0) }, "21:40:32+01:00")
        case .localDateTime:
            (value, example) = (
                LocalDateTime(iso: text).map { .localDateTime($0) }, "2015-07-21T21:40:32"
            )
        case .zonedDateTime:
            (value, example) = (
                ZonedDateTime(iso: text).map { .zonedDateTime($0) }, "2015-07-21T21:40:32+01:00"
            )
        case .duration:
            (value, example) = (TemporalDuration(iso: text).map { .duration($0) }, "P1Y2M3DT4H")
        default:
            (value, example) = (Point(text: text).map { .point($0) }, "{x:1.0, y:2.0}")
        }
        guard let value else {
            throw ValueFailure(
                "'\(text.prefix(40))' is no \(scalar.rawValue); write it as \(example).")
        }
        return value
    }

    private static func integer(
        _ bytes: Span<UInt8>, _ range: Range<Int>, within allowed: ClosedRange<Int64>?
    ) throws(ValueFailure) -> Int64 {
        do throws(NumberText.Failure) {
            let value = try NumberText.integer(bytes, range)
            guard allowed?.contains(value) ?? true else { throw .outOfRange }
            return value
        } catch {
            let shown = NumberText.text(bytes, range.prefix(40))
            switch error {
            case .notANumber:
                throw ValueFailure(
                    "'\(shown)' is no integer; write digits only, or use another type.")
            case .outOfRange:
                throw ValueFailure(
                    "\(shown) is out of range of its type; use long, double or string.")
            }
        }
    }

    private static func double(
        _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(ValueFailure) -> Double {
        if let bits = nanBits(bytes, range, digits: 16) { return Double(bitPattern: bits) }
        do throws(NumberText.Failure) {
            return try NumberText.double(bytes, range)
        } catch {
            let shown = NumberText.text(bytes, range.prefix(40))
            switch error {
            case .notANumber:
                throw ValueFailure("'\(shown)' is no number; write it like 1.5 or 1e-3.")
            case .outOfRange:
                throw ValueFailure("\(shown) is out of range of a double; use type string.")
            }
        }
    }

    private static func boolean(
        _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(ValueFailure) -> Bool {
        switch NumberText.text(bytes, range.prefix(6)).lowercased() {
        case "true": return true
        case "false": return false
        default: throw ValueFailure("The value is no boolean; write true or false.")
        }
    }

    /// Reads floats separated by a delimiter; an empty text is an empty vector.
    static func vector(
        _ bytes: Span<UInt8>, _ range: Range<Int>, delimiter: UInt8
    ) throws(ValueFailure) -> PropertyValue {
        var elements: [Float] = []
        var start = range.lowerBound
        while start < range.upperBound {
            var end = start
            while end < range.upperBound, bytes[end] != delimiter { end += 1 }
            if let bits = nanBits(bytes, start..<end, digits: 8) {
                elements.append(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
            } else if let value = Float(NumberText.text(bytes, start..<end)) {
                elements.append(value)
            } else {
                throw ValueFailure("The vector holds something that is no number; write 0.5;1.25.")
            }
            start = end + 1
        }
        return .vector(elements)
    }

    /// Reads `NaN:` and the bits in hexadecimal: a NaN that is not the usual one.
    private static func nanBits(_ bytes: Span<UInt8>, _ range: Range<Int>, digits: Int) -> UInt64? {
        guard range.count == digits + 4, bytes[range.lowerBound] == 0x4E else { return nil }
        let text = NumberText.text(bytes, range)
        guard text.utf8.starts(with: "NaN:".utf8) else { return nil }
        return UInt64(text.dropFirst(4), radix: 16)
    }

    /// Writes a double so that reading gives the same bits.
    static func text(_ value: Double) -> String {
        if value.isNaN {
            if value.bitPattern == Double.nan.bitPattern { return "NaN" }
            return "NaN:" + hexadecimal(value.bitPattern, digits: 16)
        }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return value.description
    }

    /// Writes a float so that reading gives the same bits.
    static func text(_ value: Float) -> String {
        if value.isNaN {
            if value.bitPattern == Float.nan.bitPattern { return "NaN" }
            return "NaN:" + hexadecimal(UInt64(value.bitPattern), digits: 8)
        }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return value.description
    }

    private static func hexadecimal(_ bits: UInt64, digits: Int) -> String {
        let text = String(bits, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }

    /// Writes a scalar or a vector.
    static func text(_ value: PropertyValue) -> String {
        switch value {
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .double(let value): text(value)
        case .string(let value): value
        case .bytes(let value): Base64.encode(value)
        case .date(let value): value.description
        case .localTime(let value): value.description
        case .zonedTime(let value): value.description
        case .localDateTime(let value): value.description
        case .zonedDateTime(let value): value.description
        case .duration(let value): value.description
        case .point(let value): value.description
        case .vector(let value): value.map { text($0) }.joined(separator: ";")
        case .list(let elements): elements.map { text($0) }.joined(separator: ";")
        }
    }
}
