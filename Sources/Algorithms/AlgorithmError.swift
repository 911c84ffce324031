/// Why a kernel or a query over a frozen graph could not answer.
public struct AlgorithmError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; an open set.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The name of the kind.
        public let rawValue: String

        /// Makes the code with this name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// A parameter's value is outside its range or not of its type.
        public static let invalidParameter = Code(rawValue: "invalidParameter")
        /// A parameter that the algorithm does not have.
        public static let unknownParameter = Code(rawValue: "unknownParameter")
        /// A parameter that the algorithm cannot do without.
        public static let missingParameter = Code(rawValue: "missingParameter")
        /// No algorithm has that name.
        public static let unknownAlgorithm = Code(rawValue: "unknownAlgorithm")
        /// The graph has no such node.
        public static let nodeNotFound = Code(rawValue: "nodeNotFound")
        /// The graph has directed edges and the algorithm is defined without.
        public static let notSymmetric = Code(rawValue: "notSymmetric")
        /// The graph is undirected and the algorithm needs directions.
        public static let notDirected = Code(rawValue: "notDirected")
        /// The graph was built without the rows of incoming edges.
        public static let missingIncoming = Code(rawValue: "missingIncoming")
        /// The graph carries no weights.
        public static let missingWeights = Code(rawValue: "missingWeights")
        /// A weight is below zero.
        public static let negativeWeight = Code(rawValue: "negativeWeight")
        /// A weight is infinite, or not what the algorithm can work with.
        public static let invalidWeight = Code(rawValue: "invalidWeight")
        /// The graph or the answer is beyond a limit.
        public static let tooLarge = Code(rawValue: "tooLarge")
        /// The graph's rows point outside of it: it was made by hand or its file is damaged.
        public static let damagedGraph = Code(rawValue: "damagedGraph")
        /// The caller cancelled the run.
        public static let cancelled = Code(rawValue: "cancelled")
    }

    /// Where in our source the error was made.
    public struct Location: Hashable, Sendable {
        /// The file, as `module/file`.
        public let file: String
        /// The line.
        public let line: Int
    }

    /// The kind of failure.
    public let code: Code
    /// What failed, where, and how to mend it.
    public let message: String
    /// The error beneath, if there was one.
    public let cause: (any Error)?
    /// Where in our source it was made.
    public let location: Location

    /// Makes an error at the place of the call.
    public init(
        _ code: Code, _ message: String, cause: (any Error)? = nil, file: String = #fileID,
        line: Int = #line
    ) {
        self.code = code
        self.message = message
        self.cause = cause
        location = Location(file: file, line: line)
    }

    /// The message.
    public var description: String { message }
}
