internal import PropertyGraph

/// An expression whose variables are slots of the frame: what the executor evaluates.
indirect enum Code: Sendable {
    case constant(Value)
    case parameter(String, SourceRange)
    case slot(Int)
    case list([Code])
    case map([(key: String, value: Code)])
    case property(Code, PropertyKey, SourceRange)
    case element(Code, Code, SourceRange)
    case slice(Code, Code?, Code?, SourceRange)
    case not(Code, SourceRange)
    case negated(Code, SourceRange)
    case positive(Code, SourceRange)
    case arithmetic(BinaryOperator, Code, Code, SourceRange)
    case text(BinaryOperator, Code, Code)
    case isIn(Code, Code, SourceRange)
    case junction(Junction, [Code], SourceRange)
    case comparison([Code], [ComparisonOperator])
    case isNull(Code, isNegated: Bool)
    case hasLabels(Code, LabelTest, SourceRange)
    case call(FunctionID, [Code], SourceRange)
    /// `CASE value WHEN …`; the subject is evaluated once.
    case simpleCase(Code, [(Code, Code)], Code?)
    case searchedCase([(Code, Code)], Code?)
    case listComprehension(slot: Int, Code, condition: Code?, result: Code?, SourceRange)
    case quantifier(Quantifier, slot: Int, Code, condition: Code?, SourceRange)
    case reduction(accumulator: Int, Code, slot: Int, Code, body: Code, SourceRange)
    case patternComprehension(Pipeline, result: Code)
    case exists(Pipeline)
    case count(Pipeline, isDistinct: Bool)
    case collect(Pipeline, result: Int)
    case mapProjection(Code, [MapProjectionCode])
    case shortestPath(Pipeline, path: Int, isAll: Bool)
    /// A path of slots that are bound: nodes and relationships in turn.
    case path([PathPart])
}

/// One part of a path that a pattern made.
enum PathPart: Sendable {
    case node(Int)
    /// A relationship, or a list of them.
    case relationships(Int)
}

enum MapProjectionCode: Sendable {
    case property(PropertyKey)
    case allProperties
    case entry(String, Code)
}

/// Labels or types to test for.
indirect enum LabelTest: Sendable {
    case name(String)
    case and([LabelTest])
    case or([LabelTest])
    case not(LabelTest)
    case any
    case computed(Code)
}
