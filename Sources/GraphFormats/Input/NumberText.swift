/// Numbers read from bytes, exactly, without making a `String` on the common paths.
enum NumberText {
    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    /// What kept a text from being a number.
    enum Failure: Error { case notANumber, outOfRange }

    /// Reads an integer: an optional sign and digits, nothing else.
    static func integer(
        _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(Failure) -> Int64 {
        var index = range.lowerBound
        var isNegative = false
        if index < range.upperBound, bytes[index] == 0x2D || bytes[index] == 0x2B {
            isNegative = bytes[index] == 0x2D
            index += 1
        }
        guard index < range.upperBound else { throw .notANumber }
        var value: UInt64 = 0
        var overflow = false
        while index < range.upperBound {
            let digit = bytes[index] &- 0x30
            guard digit <= 9 else { throw .notANumber }
            // 10 × (2^63 / 10) + 9 < 2^64, so the check before each step suffices.
            overflow = overflow || value > UInt64(Int64.max) / 10
            value = value &* 10 &+ UInt64(digit)
            index += 1
        }
        let limit = UInt64(Int64.max) + (isNegative ? 1 : 0)
        guard !overflow, value <= limit else { throw .outOfRange }
        return isNegative ? Int64(truncatingIfNeeded: 0 &- value) : Int64(value)
    }

    /// Reads a double: decimal digits with an optional point and exponent, or `NaN`, `Infinity`,
    /// `Inf` in any case with an optional sign.
    ///
    /// Correctly rounded: up to 2^53 × 10^±22 by one exact operation (Clinger 1990), else by the
    /// standard library. A finite text beyond the range is refused, not made infinite.
    static func double(
        _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(Failure) -> Double {
        var index = range.lowerBound
        let end = range.upperBound
        let isNegative = index < end && bytes[index] == 0x2D
        if isNegative || (index < end && bytes[index] == 0x2B) { index += 1 }
        var mantissa: UInt64 = 0
        var significant = 0
        var exponent = 0
        var digits = 0
        var sawPoint = false
        while index < end {
            let byte = bytes[index]
            let digit = byte &- 0x30
            if digit <= 9 {
                digits += 1
                if significant > 0 || digit > 0 { significant += 1 }
                if significant <= 18 { mantissa = mantissa &* 10 &+ UInt64(digit) }
                if sawPoint { exponent &-= 1 }
            } else if byte == 0x2E, !sawPoint {
                sawPoint = true
            } else {
                break
            }
            index += 1
        }
        guard digits > 0 else { return try special(bytes, index..<end, isNegative: isNegative) }
        if index < end { exponent &+= try exponentPart(bytes, index..<end) }
        if significant <= 18, mantissa <= 1 << 53, abs(exponent) <= 22 {
            let scale = powersOfTen[abs(exponent)]
            let value = exponent < 0 ? Double(mantissa) / scale : Double(mantissa) * scale
            return isNegative ? -value : value
        }
        guard let value = Double(text(bytes, range)) else { throw .notANumber }
        guard value.isFinite else { throw .outOfRange }
        return value
    }

    /// The bytes as text; damaged UTF-8 is replaced, so this is for texts already checked.
    static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        var copy: [UInt8] = []
        copy.reserveCapacity(range.count)
        for index in range { copy.append(bytes[index]) }
        return String(decoding: copy, as: UTF8.self)
    }

    private static func exponentPart(
        _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(Failure) -> Int {
        var index = range.lowerBound
        guard bytes[index] | 0x20 == 0x65 else { throw .notANumber }
        index += 1
        var isNegative = false
        if index < range.upperBound, bytes[index] == 0x2D || bytes[index] == 0x2B {
            isNegative = bytes[index] == 0x2D
            index += 1
        }
        guard index < range.upperBound else { throw .notANumber }
        var value = 0
        while index < range.upperBound {
            let digit = bytes[index] &- 0x30
            guard digit <= 9 else { throw .notANumber }
            if value < 1_000_000 { value = value * 10 + Int(digit) }
            index += 1
        }
        return isNegative ? -value : value
    }

    private static func special(
        _ bytes: Span<UInt8>, _ range: Range<Int>, isNegative: Bool
    ) throws(Failure) -> Double {
        guard range.count == 3 || range.count == 8 else { throw .notANumber }
        switch text(bytes, range).lowercased() {
        case "nan": return .nan
        case "inf", "infinity": return isNegative ? -.infinity : .infinity
        default: throw .notANumber
        }
    }
}
