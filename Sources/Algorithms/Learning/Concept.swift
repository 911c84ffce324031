/// Something that can be learned: a node of a prerequisite graph.
public struct Concept: Sendable {
    /// The identity, unique and not empty; compared by UTF-8 bytes.
    public var id: String
    /// What people read.
    public var title: String
    /// How long it takes to learn, in minutes, 0 or more.
    public var minutes: Int64
    /// How hard it is, from 0 (easy) to 1.
    public var difficulty: Double
    /// Whether this is a `Requirement` node: a part of a formula that costs nothing, is met as soon
    /// as its own groups are, and is never shown in an answer.
    public var isRequirement: Bool

    /// Makes a concept; what is not given takes the documented default.
    public init(
        id: String, title: String? = nil, minutes: Int64 = 60, difficulty: Double = 0.5,
        isRequirement: Bool = false
    ) {
        self.id = id
        self.title = title ?? id
        self.minutes = minutes
        self.difficulty = difficulty
        self.isRequirement = isRequirement
    }
}

/// One `REQUIRES` edge, from a concept to what it needs.
public struct Requirement: Sendable {
    /// The concept that needs something.
    public var of: String
    /// What it needs; it may be missing from the graph, and is then never met.
    public var needs: String
    /// How strongly, above 0 and at most 1. Below the threshold of a query the edge is soft.
    public var strength: Double
    /// Edges of one concept with the same group are alternatives; nil or empty stands alone.
    public var group: String?
    /// Whether both may be learned together, in one block.
    public var isCorequisite: Bool
    /// Why, in words.
    public var reason: String?

    /// Makes an edge; what is not given takes the documented default.
    public init(
        of: String, needs: String, strength: Double = 1, group: String? = nil,
        isCorequisite: Bool = false, reason: String? = nil
    ) {
        self.of = of
        self.needs = needs
        self.strength = strength
        self.group = group
        self.isCorequisite = isCorequisite
        self.reason = reason
    }
}
