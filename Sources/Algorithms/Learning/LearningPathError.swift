/// Why a learning-path query has no answer.
public struct LearningPathError: Error, Sendable {
    /// What kind of failure it is; an open set.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name on the wire, in upper snake case.
        public let description: String

        /// Makes a code from its name.
        public init(_ description: String) { self.description = description }

        /// The graph breaks a rule: a repeated or empty id, a value out of range.
        public static let invalidGraph = Code("INVALID_GRAPH")
        /// An option of the query is out of range.
        public static let invalidArgument = Code("INVALID_ARGUMENT")
        /// A query names a concept that the graph does not have.
        public static let unknownConcept = Code("UNKNOWN_CONCEPT")
        /// At least one goal cannot be reached; `unreachable` tells which and why.
        public static let unreachable = Code("UNREACHABLE")
        /// A sum of minutes does not fit 64 bits.
        public static let overflow = Code("OVERFLOW")
        /// The ready blocks are too many to list.
        public static let tooManyBlocks = Code("TOO_MANY_BLOCKS")
    }

    /// What kind of failure it is.
    public let code: Code
    /// What failed, where, and how to mend it.
    public let message: String
    /// The goals that cannot be reached, when that is the failure.
    public let unreachable: [UnreachableGoal]
    /// The source file that threw.
    public let file: String
    /// The line that threw.
    public let line: Int

    /// Makes an error.
    public init(
        _ code: Code, _ message: String, unreachable: [UnreachableGoal] = [],
        file: String = #fileID, line: Int = #line
    ) {
        self.code = code
        self.message = message
        self.unreachable = unreachable
        self.file = file
        self.line = line
    }
}

extension LearningPathError: CustomStringConvertible {
    /// The code and the message.
    public var description: String { "\(code): \(message)" }
}

/// A goal that no plan reaches, and why.
public struct UnreachableGoal: Sendable {
    /// The goal as the query named it.
    public let goal: String
    /// Why it cannot be reached.
    public let reason: Reason

    /// Makes the pair.
    public init(goal: String, reason: Reason) {
        self.goal = goal
        self.reason = reason
    }

    /// The four reasons; where several hold, the first of them in this order is told.
    public enum Reason: Sendable {
        /// The graph has no such concept; ids that look alike, best first.
        case unknownConcept(suggestions: [String])
        /// It needs concepts that edges name but the graph does not have; ascending.
        case missing([String])
        /// The query excludes concepts that it needs; ascending.
        case excluded([String])
        /// Only the concept itself could unlock it: the shortest cycle, each needing the next,
        /// from its smallest id.
        case cycle([String])

        /// The name on the wire.
        public var name: String {
            switch self {
            case .unknownConcept: "unknownConcept"
            case .missing: "missing"
            case .excluded: "excluded"
            case .cycle: "cycle"
            }
        }

        /// The ids it speaks of; for an unknown concept none.
        public var ids: [String] {
            switch self {
            case .unknownConcept: []
            case .missing(let ids), .excluded(let ids), .cycle(let ids): ids
            }
        }
    }

    /// One sentence for people.
    public var sentence: String {
        switch reason {
        case .unknownConcept(let suggestions):
            "The graph has no concept '\(goal)'.\(ConceptSuggestions.hint(suggestions))"
        case .missing(let ids):
            "'\(goal)' needs what the graph does not have: \(ids.joined(separator: ", ")). "
                + "Add the missing concepts or mark them as known."
        case .excluded(let ids):
            "'\(goal)' needs what the query excludes: \(ids.joined(separator: ", ")). "
                + "Exclude less, or mark one of them as known."
        case .cycle(let ids):
            "'\(goal)' waits for a cycle that only itself can unlock: "
                + "\((ids + ids.prefix(1)).joined(separator: " needs ")). Mark a member as known, "
                + "remove an edge, or learn the cycle together."
        }
    }
}
