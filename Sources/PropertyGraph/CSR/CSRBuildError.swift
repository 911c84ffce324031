/// Why a graph could not be built from its edges.
public struct CSRBuildError: Error, Hashable, CustomStringConvertible {
    /// The kind of failure; an open set.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The name of the kind.
        public let rawValue: String

        /// Makes the code with this name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// An edge names a node beyond the number of nodes.
        public static let nodeOutOfRange = Code(rawValue: "nodeOutOfRange")
        /// Columns of edges or nodes differ in length.
        public static let lengthMismatch = Code(rawValue: "lengthMismatch")
        /// More nodes or edges than 32-bit positions can name.
        public static let tooLarge = Code(rawValue: "tooLarge")
        /// A weight is not a number.
        public static let invalidWeight = Code(rawValue: "invalidWeight")
        /// Node ids do not ascend strictly.
        public static let unorderedNodeIDs = Code(rawValue: "unorderedNodeIDs")
        /// Whoever asked for the graph asked to stop.
        public static let cancelled = Code(rawValue: "cancelled")
    }

    /// The kind of failure.
    public let code: Code
    /// What failed, where, and how to mend it.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
