/// Conversions between types; arguments are never null, but for those that end in `OrNull`.
enum ConversionFunctions {
    static func value(
        _ function: FunctionID, _ arguments: [Value], at range: SourceRange
    ) throws(CypherError) -> Value? {
        guard let argument = arguments.first else { return nil }
        switch function {
        case .toBoolean: return try required(boolean(argument), argument, at: range)
        case .toInteger: return try required(integer(argument), argument, at: range)
        case .toFloat: return try required(float(argument), argument, at: range)
        case .toString: return try required(string(argument), argument, at: range)
        case .toBooleanOrNull: return boolean(argument) ?? .null
        case .toIntegerOrNull: return integer(argument) ?? .null
        case .toFloatOrNull: return float(argument) ?? .null
        case .toStringOrNull: return string(argument) ?? .null
        case .toBooleanList: return list(argument, boolean)
        case .toIntegerList: return list(argument, integer)
        case .toFloatList: return list(argument, float)
        case .toStringList: return list(argument, string)
        case .valueType: return .string(typeName(argument))
        case .nullIf:
            guard let other = arguments[safe: 1] else { return nil }
            return argument.equals(other) == true ? .null : argument
        default: return nil
        }
    }

    private static func required(
        _ result: Value?, _ argument: Value, at range: SourceRange
    ) throws(CypherError) -> Value {
        if let result { return result }
        throw .type(
            .invalidArgumentValue, "A \(argument.typeName) cannot be converted so.", at: range)
    }

    private static func list(_ value: Value, _ convert: (Value) -> Value?) -> Value? {
        guard case .list(let elements) = value else { return nil }
        return .list(elements.map { convert($0) ?? .null })
    }

    /// Nil for types that have no boolean; null for text that is none.
    private static func boolean(_ value: Value) -> Value? {
        switch value {
        case .null, .boolean: return value
        case .integer(let number): return .boolean(number != 0)
        case .string(let text):
            switch trimmed(text).lowercased() {
            case "true": return .boolean(true)
            case "false": return .boolean(false)
            default: return .null
            }
        default: return nil
        }
    }

    private static func integer(_ value: Value) -> Value? {
        switch value {
        case .null, .integer: return value
        case .boolean(let flag): return .integer(flag ? 1 : 0)
        case .float(let number): return truncated(number)
        case .string(let text):
            let text = trimmed(text)
            if let number = Int64(text) { return .integer(number) }
            return Double(text).map(truncated) ?? .null
        default: return nil
        }
    }

    private static func truncated(_ number: Double) -> Value {
        Int64(exactly: number.rounded(.towardZero)).map { .integer($0) } ?? .null
    }

    private static func float(_ value: Value) -> Value? {
        switch value {
        case .null, .float: value
        case .integer(let number): .float(Double(number))
        case .string(let text): Double(trimmed(text)).map { .float($0) } ?? .null
        default: nil
        }
    }

    private static func string(_ value: Value) -> Value? {
        switch value {
        case .null: .null
        case .boolean, .integer, .float, .string, .date, .localTime, .time, .localDateTime,
            .dateTime, .duration, .point:
            .string(value.text)
        default: nil
        }
    }

    private static func trimmed(_ text: String) -> String {
        var scalars = Substring(text).unicodeScalars.drop { $0.properties.isWhitespace }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }

    private static func typeName(_ value: Value) -> String {
        switch value {
        case .null: "NULL"
        case .localTime: "LOCAL TIME NOT NULL"
        case .time: "ZONED TIME NOT NULL"
        case .localDateTime: "LOCAL DATETIME NOT NULL"
        case .dateTime: "ZONED DATETIME NOT NULL"
        case .list(let elements):
            elements.isEmpty
                ? "LIST<NOTHING> NOT NULL"
                : "LIST<\(elementType(elements))> NOT NULL"
        default: "\(value.typeName.uppercased()) NOT NULL"
        }
    }

    private static func elementType(_ elements: [Value]) -> String {
        let names = Set(elements.map(typeName))
        return names.count == 1 ? names.first ?? "ANY" : "ANY"
    }
}
