import Glibc

/// Functions over numbers; arguments are never null.
enum MathFunctions {
    /// The result; nil when the arguments are of types it does not take.
    static func value(
        _ function: FunctionID, _ arguments: [Value], at range: SourceRange
    ) throws(CypherError) -> Value? {
        switch function {
        case .pi: return .float(.pi)
        case .e: return .float(M_E)
        case .rand: return .float(Double.random(in: 0..<1))
        case .abs:
            if case .integer(let value)? = arguments.first {
                guard value != .min else { throw overflow(at: range) }
                return .integer(Swift.abs(value))
            }
        case .sign:
            if case .integer(let value)? = arguments.first { return .integer(value.signum()) }
            guard case .float(let value)? = arguments.first else { return nil }
            return .integer(value > 0 ? 1 : value < 0 ? -1 : 0)
        case .isNaN:
            guard let value = double(arguments.first) else { return nil }
            return .boolean(value.isNaN)
        case .round: return rounded(arguments)
        case .atan2:
            guard let y = double(arguments.first), let x = double(arguments[safe: 1]) else {
                return nil
            }
            return .float(Glibc.atan2(y, x))
        default: break
        }
        guard let value = double(arguments.first), let result = unary(function, value) else {
            return nil
        }
        return .float(result)
    }

    static func overflow(at range: SourceRange) -> CypherError {
        CypherError(
            .arithmeticError, .runtime, .integerOverflow,
            "The result does not fit 64 bits. Use floats, such as 1.0 * n.", at: range)
    }

    static func double(_ value: Value?) -> Double? {
        switch value {
        case .integer(let value)?: Double(value)
        case .float(let value)?: value
        default: nil
        }
    }

    private static func unary(_ function: FunctionID, _ x: Double) -> Double? {
        switch function {
        case .abs: x.magnitude
        case .ceil: x.rounded(.up)
        case .floor: x.rounded(.down)
        case .sqrt: x.squareRoot()
        case .exp: Glibc.exp(x)
        case .log, .ln: Glibc.log(x)
        case .log10: Glibc.log10(x)
        case .sin: Glibc.sin(x)
        case .cos: Glibc.cos(x)
        case .tan: Glibc.tan(x)
        case .cot: 1 / Glibc.tan(x)
        case .asin: Glibc.asin(x)
        case .acos: Glibc.acos(x)
        case .atan: Glibc.atan(x)
        case .sinh: Glibc.sinh(x)
        case .cosh: Glibc.cosh(x)
        case .tanh: Glibc.tanh(x)
        case .degrees: x * 180 / .pi
        case .radians: x * .pi / 180
        case .haversin: (1 - Glibc.cos(x)) / 2
        default: nil
        }
    }

    /// `round(x [, digits [, mode]])`; without a mode ties go up, away from minus infinity.
    private static func rounded(_ arguments: [Value]) -> Value? {
        guard let value = double(arguments.first) else { return nil }
        var digits: Int64 = 0
        if let second = arguments[safe: 1] {
            guard case .integer(let given) = second else { return nil }
            digits = min(max(given, -308), 308)
        }
        guard case .string(let mode)? = arguments[safe: 2] else {
            if digits == 0 { return .float((value + 0.5).rounded(.down)) }
            return .float(scaled(value, digits) { $0.rounded(.toNearestOrAwayFromZero) })
        }
        let rules: [String: FloatingPointRoundingRule] = [
            "UP": .awayFromZero, "DOWN": .towardZero, "CEILING": .up, "FLOOR": .down,
            "HALF_UP": .toNearestOrAwayFromZero, "HALF_EVEN": .toNearestOrEven,
        ]
        if let rule = rules[mode.uppercased()] {
            return .float(scaled(value, digits) { $0.rounded(rule) })
        }
        guard mode.uppercased() == "HALF_DOWN" else { return nil }
        return .float(
            scaled(value, digits) { x in
                let whole = x.rounded(.towardZero)
                return (x - whole).magnitude > 0.5 ? x.rounded(.awayFromZero) : whole
            })
    }

    private static func scaled(
        _ value: Double, _ digits: Int64, _ round: (Double) -> Double
    ) -> Double {
        let factor = Glibc.pow(10, Double(digits))
        let scaled = value * factor
        return scaled.isFinite ? round(scaled) / factor : value
    }
}
