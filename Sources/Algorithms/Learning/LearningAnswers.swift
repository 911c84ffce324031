public import PropertyGraph

/// What every plan needs, and what some minimal plan uses.
public struct LearningNeed: Sendable {
    /// In every plan, ascending.
    public let must: [String]
    /// In some minimal plan, ascending.
    public let may: [String]
    /// Whether `may` is all of them. Otherwise the budget ran out, and more may be.
    public let isComplete: Bool
}

/// A minimal plan as a set.
public struct LearningAlternative: Sendable {
    /// The concepts, ascending.
    public let concepts: [String]
    /// What it costs, in minutes.
    public let minutes: Int64
}

/// The best minimal plans.
public struct LearningAlternatives: Sendable {
    /// Best first.
    public let plans: [LearningAlternative]
    /// Whether there are no more than these.
    public let isExhausted: Bool
    /// Whether these are the best. Otherwise the budget ran out before all asked for were found.
    public let isComplete: Bool
    /// Goals that no plan reaches, ascending; with one of them there are no plans.
    public let unreachable: [UnreachableGoal]
}

/// The most goals that fit a time.
public struct LearningWithin: Sendable {
    /// The goals, ascending.
    public let goals: [String]
    /// What the best plan for them costs, in minutes.
    public let minutes: Int64
    /// Whether no choice of goals is better; else the budget ran out.
    public let isOptimal: Bool
    /// Goals that no plan reaches however long, ascending.
    public let unreachable: [UnreachableGoal]
}

/// A concept or block that can be learned next.
public struct FrontierEntry: Sendable {
    /// One concept, or a block of them, ascending.
    public let ids: [String]
    /// How many further concepts become ready once it is learned.
    public let unlocks: Int
}

/// What can be learned next.
public struct LearningFrontier: Sendable {
    /// By `unlocks` descending, then difficulty, minutes and ids.
    public let entries: [FrontierEntry]
    /// Goals that cannot be reached, ascending; with one of them there are no entries.
    public let unreachable: [UnreachableGoal]
}

/// What a claim of knowledge leaves open.
public struct LearningGaps: Sendable {
    /// A claimed concept and its unmet groups.
    public struct Gap: Sendable {
        /// The claimed concept.
        public let concept: String
        /// The unmet groups in the order of their edges, each as its options, ascending.
        public let groups: [[String]]
    }

    /// Claimed concepts with unmet groups, ascending.
    public let gaps: [Gap]
    /// Claimed concepts that no other claimed one leans on alone, ascending.
    public let inner: [String]
}

/// How much is lost if one concept can never be learned.
public struct Bottleneck: Sendable {
    /// The concept.
    public let id: String
    /// How many other concepts it gates.
    public let gates: Int
    /// The minutes of those.
    public let minutes: Int64
}

/// A way from a prerequisite to a goal.
public struct LearningChain: Sendable {
    /// The concepts, each needed by the next.
    public let ids: [String]
    /// The minutes of all but the first.
    public let minutes: Int64
}

/// Why a concept is, or is not, in a plan.
public enum LearningExplanation: Sendable {
    /// It is a goal or planned: the shortest way inside the plan to a goal.
    case because(Because)
    /// It is not.
    case absent(Absence)

    /// A way from the concept to a goal.
    public struct Because: Sendable {
        /// The concepts, each needed by the next; one alone when the concept is a goal.
        public let ids: [String]
        /// The edge behind each step: one fewer than `ids`.
        public let edges: [Requirement]
    }

    /// Why a concept is not in a plan.
    public enum Absence: Sendable {
        /// The learner knows it.
        case known
        /// The query excludes it.
        case excluded
        /// No goal needs it, however far behind.
        case notNeeded
        /// No plan reaches the goals.
        case noPlan([UnreachableGoal])
        /// The group that did without it: its concept, its name, the option that leads to the
        /// concept asked about, and what meets the group instead.
        case replaced(of: String, group: String?, option: String, metBy: [String])
    }
}

/// A plan filled into weeks.
public struct LearningSchedule: Sendable {
    /// One step, or one part of a step that is longer than a week.
    public struct Item: Sendable {
        /// The step: a concept, or a block of them.
        public let ids: [String]
        /// The minutes of it in this week.
        public let minutes: Int64
    }

    /// One week with something to do.
    public struct Week: Sendable {
        /// The first day.
        public let start: CalendarDate
        /// What to do, in plan order.
        public let items: [Item]
        /// The sum of its minutes.
        public let minutes: Int64
    }

    /// The weeks, one after the other.
    public let weeks: [Week]
}

/// Concepts of a plan that belong together, like a chapter.
public struct LearningModule: Sendable {
    /// The concepts in the order of the plan.
    public let concepts: [String]
    /// What they cost, in minutes.
    public let minutes: Int64
}
