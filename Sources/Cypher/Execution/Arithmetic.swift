import Glibc
internal import PropertyGraph

/// `+ - * / % ^` over values.
enum Arithmetic {
    static func value(
        _ sign: BinaryOperator, _ left: Value, _ right: Value, at range: SourceRange
    ) throws -> Value {
        switch (left, right) {
        case (.integer(let a), .integer(let b)): return try integers(sign, a, b, at: range)
        case (.float(let a), .float(let b)): return floats(sign, a, b)
        case (.integer(let a), .float(let b)): return floats(sign, Double(a), b)
        case (.float(let a), .integer(let b)): return floats(sign, a, Double(b))
        default: break
        }
        if sign == .add || sign == .concatenate, let sum = joined(left, right) { return sum }
        if left.isNull || right.isNull { return .null }
        if let result = try TemporalArithmetic.value(sign, left, right, at: range) { return result }
        throw CypherError.type(
            .invalidArgumentType,
            "\(left.typeName) \(sign.rawValue) \(right.typeName) is not defined.", at: range)
    }

    static func negated(_ value: Value, at range: SourceRange) throws -> Value {
        switch value {
        case .null: return .null
        case .integer(let number):
            guard number != .min else { throw MathFunctions.overflow(at: range) }
            return .integer(-number)
        case .float(let number): return .float(-number)
        case .duration:
            return try TemporalArithmetic.value(.multiply, value, .integer(-1), at: range) ?? .null
        default:
            throw CypherError.type(
                .invalidArgumentType, "- takes a number, and this is \(value.typeName).", at: range)
        }
    }

    private static func integers(
        _ sign: BinaryOperator, _ a: Int64, _ b: Int64, at range: SourceRange
    ) throws -> Value {
        let result: (partialValue: Int64, overflow: Bool)
        switch sign {
        case .add: result = a.addingReportingOverflow(b)
        case .subtract: result = a.subtractingReportingOverflow(b)
        case .multiply: result = a.multipliedReportingOverflow(by: b)
        case .divide, .remainder:
            guard b != 0 else {
                throw CypherError(
                    .arithmeticError, .runtime, .divisionByZero,
                    "An integer is divided by zero. Make it a float to get Infinity or NaN.",
                    at: range)
            }
            // The smallest integer divided by -1 is the one quotient that does not fit.
            if sign == .remainder { return .integer(b == -1 ? 0 : a % b) }
            result = a.dividedReportingOverflow(by: b)
        case .power: return .float(pow(Double(a), Double(b)))
        case .concatenate, .isIn, .startsWith, .endsWith, .contains, .matches:
            throw CypherError.type(
                .invalidArgumentType, "\(sign.rawValue) does not take numbers.", at: range)
        }
        guard !result.overflow else { throw MathFunctions.overflow(at: range) }
        return .integer(result.partialValue)
    }

    private static func floats(_ sign: BinaryOperator, _ a: Double, _ b: Double) -> Value {
        switch sign {
        case .subtract: .float(a - b)
        case .multiply: .float(a * b)
        case .divide: .float(a / b)
        case .remainder: .float(fmod(a, b))
        case .power: .float(pow(a, b))
        default: .float(a + b)
        }
    }

    /// Lists and strings that are joined; nil when it is something else.
    private static func joined(_ left: Value, _ right: Value) -> Value? {
        switch (left, right) {
        case (.list(let a), .list(let b)): .list(a + b)
        case (.null, _), (_, .null): .null
        case (.list(let a), let element): .list(a + [element])
        case (let element, .list(let b)): .list([element] + b)
        case (.string(let a), .string(let b)): .string(a + b)
        case (.string(let a), .integer), (.string(let a), .float): .string(a + right.text)
        case (.integer, .string(let b)), (.float, .string(let b)): .string(left.text + b)
        default: nil
        }
    }
}

/// `STARTS WITH` and its kin: null unless both sides are strings.
enum TextPredicates {
    static func value(_ sign: BinaryOperator, _ left: Value, _ right: Value) throws -> Value {
        guard case .string(let text) = left, case .string(let part) = right else { return .null }
        switch sign {
        case .startsWith: return .boolean(text.utf8.starts(with: part.utf8))
        case .endsWith: return .boolean(text.utf8.reversed().starts(with: part.utf8.reversed()))
        case .contains: return .boolean(contains(Array(text.utf8), Array(part.utf8)))
        case .matches: return .boolean(try matches(text, part))
        default: return .null
        }
    }

    private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        guard let first = part.first else { return true }
        guard text.count >= part.count else { return false }
        for start in 0...(text.count - part.count) where text[start] == first {
            if text[start..<(start + part.count)].elementsEqual(part) { return true }
        }
        return false
    }

    private static func matches(_ text: String, _ pattern: String) throws -> Bool {
        do {
            return try Regex(pattern).wholeMatch(in: text) != nil
        } catch {
            throw CypherError.argument(
                .invalidArgumentValue, "`\(pattern)` is no regular expression: \(error)")
        }
    }
}
