public import GraphStore

/// What is wrong with a query, or went wrong while it ran.
///
/// `kind`, `phase` and `detail` are those of the openCypher TCK, so that programs can tell errors
/// apart; `message` is for people and says how to mend it.
public struct CypherError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The family of an error.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The text is not a query, or breaks a rule that shows in the text.
        case syntaxError = "SyntaxError"
        /// The query contradicts itself when it runs.
        case semanticError = "SemanticError"
        /// A parameter that the query names was not given.
        case parameterMissing = "ParameterMissing"
        /// A change would break a constraint of the database.
        case constraintVerificationFailed = "ConstraintVerificationFailed"
        /// A schema object is there already.
        case constraintValidationFailed = "ConstraintValidationFailed"
        /// A node or relationship was deleted before it was read.
        case entityNotFound = "EntityNotFound"
        /// A value is of a type that an operation does not take.
        case typeError = "TypeError"
        /// A value is of the right type and out of range.
        case argumentError = "ArgumentError"
        /// Division by zero, or a result that does not fit.
        case arithmeticError = "ArithmeticError"
        /// A procedure is unknown or failed.
        case procedureError = "ProcedureError"
        /// A limit on time, memory, rows or expansions was reached, or the query was stopped.
        case limitExceeded = "LimitExceeded"
    }

    /// When an error was found.
    public enum Phase: String, Sendable, Hashable {
        /// Before any row was read.
        case compileTime = "compile time"
        /// While the query ran; nothing of it stays.
        case runtime = "runtime"
    }

    /// The name of an error; `docs/reference/cypher-errors.md` explains each. An open set: procedures
    /// that a program registers may have their own.
    public struct Detail: RawRepresentable, Sendable, Hashable {
        /// As the TCK spells it.
        public let rawValue: String

        /// Makes a name.
        public init(rawValue: String) { self.rawValue = rawValue }
    }

    /// The family.
    public let kind: Kind
    /// When it was found.
    public let phase: Phase
    /// The name.
    public let detail: Detail
    /// What is wrong and how to mend it, a sentence or two.
    public let message: String
    /// Where in the query, in UTF-8 bytes; nil when it is nowhere in particular.
    public let range: SourceRange?

    /// Makes an error.
    public init(
        _ kind: Kind, _ phase: Phase, _ detail: Detail, _ message: String,
        at range: SourceRange? = nil
    ) {
        self.kind = kind
        self.phase = phase
        self.detail = detail
        self.message = message
        self.range = range
    }

    /// The message alone; `rendered(in:)` shows the place as well.
    public var description: String { "\(kind.rawValue) (\(detail.rawValue)): \(message)" }

    /// The message with line, column, the line of the query and a caret under the place.
    ///
    /// ```
    /// 2:8: Variable `m` is not defined. Did you mean `n`?
    ///   RETURN m.name
    ///          ^
    /// ```
    public func rendered(in query: String) -> String {
        range.map { SourceText(query).shown(message, at: $0) } ?? message
    }

    /// The error with a place, if it has none.
    func located(at place: SourceRange?) -> CypherError {
        // What the planner made stands nowhere, which is an empty place at the start.
        guard range.map({ $0.end == 0 }) ?? true, let place else { return self }
        return CypherError(kind, phase, detail, message, at: place)
    }
}

extension GraphStoreError {
    /// The message with the place in a query, as `CypherError.rendered(in:)`; without one it is the
    /// message alone.
    public func rendered(in query: String) -> String {
        guard let textRange else { return message }
        let range = SourceRange(start: textRange.lowerBound, end: textRange.upperBound)
        return SourceText(query).shown(message, at: range)
    }
}

/// An error of a query or of the store with a place in the query, if it has none.
func located(_ error: any Error, at place: SourceRange?) -> any Error {
    switch error {
    case let error as CypherError: return error.located(at: place)
    case var error as GraphStoreError:
        guard error.textRange == nil, let place, place.start <= place.end else { return error }
        error.textRange = place.start..<place.end
        return error
    default: return error
    }
}

extension CypherError {
    /// A file that LOAD CSV may not read, or that cannot be read; for `QueryLimits.openCSV`.
    public static func fileNotAllowed(_ message: String) -> CypherError {
        CypherError(.semanticError, .runtime, .fileNotAllowed, message)
    }

    /// An error in the text of the query.
    static func syntax(
        _ detail: Detail, _ message: String, at range: SourceRange?
    ) -> CypherError {
        CypherError(.syntaxError, .compileTime, detail, message, at: range)
    }

    /// A value of a type that an operation does not take, found while running.
    static func type(
        _ detail: Detail, _ message: String, at range: SourceRange? = nil
    ) -> CypherError {
        CypherError(.typeError, .runtime, detail, message, at: range)
    }

    /// A value out of range, found while running.
    static func argument(
        _ detail: Detail, _ message: String, at range: SourceRange? = nil
    ) -> CypherError {
        CypherError(.argumentError, .runtime, detail, message, at: range)
    }
}
