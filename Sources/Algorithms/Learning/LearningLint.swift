import PropertyGraph

/// What is unsound in a prerequisite graph. Lists ascend by id; nothing is repaired.
public struct LearningLint: Sendable {
    /// Concepts that need each other in a circle.
    public struct Cycle: Sendable {
        /// All of the strongly connected component, ascending.
        public let members: [String]
        /// The shortest cycle in it, each needing the next, from its smallest id.
        public let witness: [String]
    }

    /// One edge by its ends.
    public struct Ends: Hashable, Sendable {
        /// The concept that needs.
        public let of: String
        /// What it needs.
        public let needs: String

        /// Makes a pair of ends.
        public init(of: String, needs: String) {
            self.of = of
            self.needs = needs
        }

        /// Compares bytes.
        public static func == (lhs: Ends, rhs: Ends) -> Bool {
            UTF8Order.equal(lhs.of, rhs.of) && UTF8Order.equal(lhs.needs, rhs.needs)
        }
    }

    /// An edge given more than once.
    public struct Duplicate: Sendable {
        /// The edge.
        public let edge: Ends
        /// How many copies there are beyond the first.
        public let copies: Int
    }

    /// A plain edge that others make superfluous.
    public struct Implied: Sendable {
        /// The edge.
        public let edge: Ends
        /// Another direct need of the same concept, behind which the target lies anyway.
        public let through: String
    }

    /// A prerequisite harder than what needs it, by more than 0.2.
    public struct Harder: Sendable {
        /// The edge.
        public let edge: Ends
        /// How much harder, in millionths.
        public let byMillionths: Int64
    }

    /// Strongly connected components of hard edges with a cycle that is not of corequisites alone.
    public let cycles: [Cycle]
    /// Edges to what the graph does not have, hard or soft.
    public let missing: [Ends]
    /// Concepts that need themselves, hard or soft.
    public let selfLoops: [String]
    /// Edges given more than once.
    public let duplicates: [Duplicate]
    /// Concepts that cannot be learned from nothing.
    public let unreachable: [String]
    /// Plain hard edges that can be left out (transitive reduction).
    public let implied: [Implied]
    /// Hard edges to something much harder.
    public let harder: [Harder]

    /// Whether there is nothing to report.
    public var isClean: Bool {
        cycles.isEmpty && missing.isEmpty && selfLoops.isEmpty && duplicates.isEmpty
            && unreachable.isEmpty && implied.isEmpty && harder.isEmpty
    }
}
