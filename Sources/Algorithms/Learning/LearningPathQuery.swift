/// What a learner brings to a query, and how it is to be answered.
public struct LearningPathQuery: Sendable {
    /// Concepts the learner knows; their own prerequisites are not asked for again.
    public var known: [String] = []
    /// Concepts that no answer may use.
    public var exclude: [String] = []
    /// Edges at least this strong are hard, the others soft; 0...1.
    public var theta: Double = PrerequisiteGraph.defaultTheta
    /// What becomes of cycles.
    public var cycles: CyclePolicy = .report
    /// In which order a plan lists its steps.
    public var order: StepOrder = .easiest
    /// Whether goals that can be reached are planned although others cannot.
    public var partial = false
    /// Whether knowing a concept means knowing all that every plan for it needs.
    public var assumeClosed = false
    /// How well the learner masters concepts; those at or above `masteryThreshold` are known.
    public var mastery: [Mastery] = []
    /// The mastery at which a concept is known.
    public var masteryThreshold = 0.95
    /// Whether mastery below the threshold shortens a concept: ceil(minutes × (1 − mastery)).
    public var partialCredit = false
    /// How long a search among alternatives may take before it returns the best found.
    public var budget: SearchBudget = .time(.milliseconds(200))

    /// Makes the query of a learner who knows nothing, with the defaults.
    public init() {}

    /// Makes a query with the defaults and these two lists.
    public init(known: [String], exclude: [String] = []) {
        self.known = known
        self.exclude = exclude
    }
}

/// What becomes of concepts in a cycle.
public enum CyclePolicy: String, Sendable {
    /// Those that only themselves can unlock are unreachable.
    case report
    /// If there is no plan otherwise, hard edges within a strongly connected component count as
    /// corequisites.
    case together
}

/// In which order a plan lists its steps.
public enum StepOrder: String, Sendable, CaseIterable {
    /// Always the easiest ready concept next.
    case easiest
    /// By the length of the longest chain that ends at the concept, then as `easiest`.
    case levels
    /// Depth-first from the goals as given.
    case focus
}

/// How well one concept is mastered.
public struct Mastery: Sendable {
    /// The concept.
    public var concept: String
    /// From 0 to 1.
    public var level: Double

    /// Makes a record.
    public init(concept: String, level: Double) {
        self.concept = concept
        self.level = level
    }
}

/// How long a search may take.
public enum SearchBudget: Sendable {
    /// Wall-clock time; where it runs out depends on the machine.
    case time(Duration)
    /// Steps of the search; where it runs out is the same everywhere.
    case steps(Int)
}
