internal import PropertyGraph

enum TemporalFunctions {
    static func value(
        _ function: FunctionID, _ arguments: [Value], clock: QueryClock, at range: SourceRange
    ) throws(CypherError) -> Value? { nil }
}

enum TemporalComponents {
    static func value(_ name: String, of value: Value) -> Value { .null }
}

enum TemporalArithmetic {
    static func value(
        _ sign: BinaryOperator, _ left: Value, _ right: Value, at range: SourceRange
    ) throws(CypherError) -> Value? { nil }
}
