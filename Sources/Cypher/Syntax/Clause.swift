internal import PropertyGraph

/// A query: single queries joined by UNION.
struct Query: Sendable {
    let parts: [SingleQuery]
    /// Whether duplicates are kept; nil for a single part.
    let isUnionAll: Bool?
    let range: SourceRange
}

/// Clauses in a row.
struct SingleQuery: Sendable {
    let clauses: [Clause]
    let range: SourceRange
}

/// A clause, and where its keyword stands.
struct Clause: Sendable {
    indirect enum Kind: Sendable {
        case match(MatchClause)
        case unwind(Expression, Name)
        case with(Projection)
        case `return`(Projection)
        case create(Pattern)
        case merge(MergeClause)
        case set([SetItem])
        case remove([RemoveItem])
        case delete([Expression], isDetaching: Bool)
        case call(ProcedureCall)
        case subquery(SubqueryCall)
        case forEach(Name, Expression, [Clause])
        case loadCSV(LoadCSV)
        case finish
    }

    let kind: Kind
    let range: SourceRange
}

struct MatchClause: Sendable {
    let isOptional: Bool
    let pattern: Pattern
    let condition: Expression?
}

/// What WITH and RETURN share.
struct Projection: Sendable {
    let isDistinct: Bool
    /// Whether it begins with `*`.
    let includesAll: Bool
    let items: [ProjectionItem]
    let order: [SortItem]
    let skip: Expression?
    let limit: Expression?
    /// The WHERE of a WITH.
    let condition: Expression?
    let range: SourceRange
}

struct ProjectionItem: Sendable {
    let expression: Expression
    let alias: Name?
}

struct SortItem: Sendable {
    let expression: Expression
    let isDescending: Bool
}

struct MergeClause: Sendable {
    let path: PathPattern
    let onCreate: [SetItem]
    let onMatch: [SetItem]
}

enum SetItem: Sendable {
    /// `target.key = value`
    case property(Expression, key: Name, Expression)
    /// `target[key] = value`
    case element(Expression, key: Expression, Expression)
    /// `variable = map`
    case replace(Name, Expression)
    /// `variable += map`
    case add(Name, Expression)
    /// `variable:Label`
    case labels(Name, [LabelExpression])
}

enum RemoveItem: Sendable {
    case property(Expression, key: Name)
    case element(Expression, key: Expression)
    case labels(Name, [LabelExpression])
}

struct ProcedureCall: Sendable {
    let name: Name
    /// Nil when there are no parentheses: then they come from parameters of the same names.
    let arguments: [Expression]?
    let isOptional: Bool
    /// Nil without YIELD.
    let yield: Yield?

    struct Yield: Sendable {
        let includesAll: Bool
        let items: [(field: Name, alias: Name?)]
        let condition: Expression?
        let range: SourceRange
    }
}

struct SubqueryCall: Sendable {
    struct Batches: Sendable {
        /// Rows to a transaction; nil means 1,000.
        let rows: Expression?
        /// What happens when one fails: nil and `FAIL` end the query.
        let onError: String?
        /// A variable that tells of each batch.
        let report: Name?
    }

    let query: Query
    let isOptional: Bool
    /// The outer variables it sees: nil when it imports with WITH, `*` as `importsAll`.
    let imports: [Name]?
    let importsAll: Bool
    let batches: Batches?
}

struct LoadCSV: Sendable {
    let hasHeaders: Bool
    let source: Expression
    let variable: Name
    let separator: Expression?
}

/// What can be asked of a database.
struct Statement: Sendable {
    enum Mode: Sendable {
        case run
        case explain
        case profile
    }

    indirect enum Kind: Sendable {
        case query(Query)
        case schema(SchemaCommand)
    }

    let mode: Mode
    /// `USE graph AT moment`: a position or time to read as of.
    let asOf: Expression?
    let kind: Kind
}

enum SchemaCommand: Sendable {
    struct Target: Sendable {
        let isRelationship: Bool
        let label: Name
        let keys: [Name]
    }

    enum Rule: Hashable, Sendable {
        case unique
        case exists
        case key
        /// `IS :: TYPE`
        case type(PropertyType)
    }

    case createIndex(Name?, Target, ifNotExists: Bool)
    case createConstraint(Name?, Target, Rule, ifNotExists: Bool)
    case dropIndex(Name, ifExists: Bool)
    case dropConstraint(Name, ifExists: Bool)
    /// `SHOW INDEXES`, `SHOW CONSTRAINTS`, `SHOW PROCEDURES`, `SHOW FUNCTIONS`, `SHOW TRANSACTIONS`.
    case show(String, Name)
}
