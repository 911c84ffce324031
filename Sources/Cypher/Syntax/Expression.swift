/// A name as it was written, and where.
struct Name: Hashable, Sendable {
    let text: String
    let range: SourceRange
}

/// An expression of a query.
struct Expression: Sendable {
    indirect enum Kind: Sendable {
        case literal(Literal)
        case parameter(String)
        case variable(String)
        case list([Expression])
        case map([MapEntry])
        case property(Expression, key: Name)
        case element(Expression, Expression)
        case slice(Expression, from: Expression?, to: Expression?)
        case unary(UnaryOperator, Expression)
        case binary(BinaryOperator, Expression, Expression)
        /// `a AND b AND …`: at least two operands.
        case junction(Junction, [Expression])
        /// `a < b <= c`: one operator less than operands.
        case comparison([Expression], [ComparisonOperator])
        case isNull(Expression, isNegated: Bool)
        case hasLabels(Expression, LabelExpression)
        case call(FunctionCall)
        case countAll
        case conditional(Conditional)
        case listComprehension(Comprehension)
        case quantifier(Quantifier, Comprehension)
        case reduction(Reduction)
        case patternComprehension(PatternComprehension)
        /// `(a)-->(b)` where a truth value is expected.
        case patternPredicate(PathPattern)
        case subquery(SubqueryExpression)
        case mapProjection(Name, [MapProjectionItem])
        case shortestPath(PathPattern)
    }

    let kind: Kind
    let range: SourceRange
    /// How many expressions are inside one another here at most, this one counted.
    let depth: Int
}

/// A value written in the query.
enum Literal: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case float(Double)
    case string(String)

    /// The float that a word stands for where no variable has its name; nil for other words.
    static func float(named word: String) -> Literal? {
        switch word.uppercased() {
        case "INF", "INFINITY": .float(.infinity)
        case "NAN": .float(.nan)
        default: nil
        }
    }
}

enum UnaryOperator: String, Sendable { case not = "NOT", plus = "+", minus = "-" }

enum Junction: String, Sendable { case and = "AND", or = "OR", xor = "XOR" }

enum BinaryOperator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
    case power = "^"
    case concatenate = "||"
    case isIn = "IN"
    case startsWith = "STARTS WITH"
    case endsWith = "ENDS WITH"
    case contains = "CONTAINS"
    case matches = "=~"
}

enum ComparisonOperator: String, Sendable {
    case equal = "="
    case notEqual = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
}

struct MapEntry: Sendable {
    let key: Name
    let value: Expression
}

struct FunctionCall: Sendable {
    /// With its namespace, as written: `duration.between`.
    let name: Name
    let isDistinct: Bool
    let arguments: [Expression]
}

struct Conditional: Sendable {
    let subject: Expression?
    let branches: [(condition: Expression, result: Expression)]
    let otherwise: Expression?
}

enum Quantifier: String, Sendable { case all, any, none, single }

/// `variable IN list WHERE condition | result`.
struct Comprehension: Sendable {
    let variable: Name
    let list: Expression
    let condition: Expression?
    let result: Expression?
}

/// `reduce(total = 0, x IN list | total + x)`.
struct Reduction: Sendable {
    let accumulator: Name
    let initial: Expression
    let variable: Name
    let list: Expression
    let body: Expression
}

/// `[p = (a)-->(b) WHERE condition | result]`.
struct PatternComprehension: Sendable {
    let pattern: PathPattern
    let condition: Expression?
    let result: Expression
}

struct SubqueryExpression: Sendable {
    enum Form: String, Sendable { case exists = "EXISTS", count = "COUNT", collect = "COLLECT" }

    let form: Form
    /// A pattern with its WHERE is a query of one MATCH, without RETURN.
    let query: Query
}

enum MapProjectionItem: Sendable {
    /// `.key`
    case property(Name)
    /// `.*`
    case allProperties
    /// `key: expression`
    case entry(MapEntry)
    /// `variable`
    case variable(Name)
}

/// Which labels or types an element has: `A&!(B|C)`.
indirect enum LabelExpression: Sendable {
    case name(Name)
    case and([LabelExpression])
    case or([LabelExpression])
    case not(LabelExpression)
    /// `%`: any label at all.
    case any
    /// `$(expression)`: a label, or a list of labels all of which are meant.
    case computed(Expression)

    /// The names when all of them are asked for and nothing else is.
    var conjunction: [Name]? {
        switch self {
        case .name(let name): return [name]
        case .and(let parts):
            var names: [Name] = []
            for part in parts {
                guard let more = part.conjunction else { return nil }
                names += more
            }
            return names
        default: return nil
        }
    }

    /// The names when any one of them is asked for and nothing else is.
    var disjunction: [Name]? {
        switch self {
        case .name(let name): return [name]
        case .or(let parts):
            var names: [Name] = []
            for part in parts {
                guard let more = part.disjunction else { return nil }
                names += more
            }
            return names
        default: return nil
        }
    }
}
