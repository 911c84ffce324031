/// What to learn, and in which order.
public struct LearningPlan: Sendable {
    /// The steps: each one concept, or a block of concepts that are learned together, ascending.
    public let order: [[String]]
    /// What the plan costs, in minutes.
    public let minutes: Int64
    /// How far the learner has come to the goals that can be reached; nil where none can, where no
    /// plan from nothing exists, or where it costs nothing.
    public let progress: LearningProgress?
    /// Whether no plan is better.
    public let isOptimal: Bool
    /// No plan costs less than this, in minutes.
    public let lowerBound: Int64
    /// Soft prerequisites of what is planned that are neither planned nor known; ascending.
    public let recommended: [String]
    /// The blocks that exist only because a cycle was taken together, in the order of steps.
    public let corequisites: [[String]]
    /// Goals left out of a partial plan, ascending.
    public let unreachable: [UnreachableGoal]

    /// All concepts of the plan, ascending by id.
    public let concepts: [String]
}

/// A share of a way, exact to four decimals.
public struct LearningProgress: Hashable, Sendable, CustomStringConvertible {
    /// Ten-thousandths, 0 ... 10,000.
    public let tenThousandths: Int64

    /// Makes a share from ten-thousandths.
    public init(tenThousandths: Int64) { self.tenThousandths = tenThousandths }

    /// 1 − left / whole, rounded half to even at four decimals, never below 0; nil when `whole` is
    /// not above 0.
    public init?(left: Int64, of whole: Int64) {
        guard whole > 0, left >= 0 else { return nil }
        guard left < whole else {
            tenThousandths = 0
            return
        }
        let product = UInt64(whole - left).multipliedFullWidth(by: 10_000)
        // The quotient is at most 10,000, for whole − left is at most whole.
        let (quotient, rest) = UInt64(whole).dividingFullWidth(product)
        let double = rest.multipliedReportingOverflow(by: 2)
        let isAbove = double.overflow || double.partialValue > UInt64(whole)
        let isHalf = !double.overflow && double.partialValue == UInt64(whole)
        tenThousandths = Int64(quotient) + (isAbove || (isHalf && quotient % 2 == 1) ? 1 : 0)
    }

    /// The nearest double.
    public var value: Double { Double(tenThousandths) / 10_000 }

    /// The decimal without trailing zeros, such as "0.3333", "0.5" or "1".
    public var description: String {
        let whole = tenThousandths / 10_000
        let digits = String(10_000 + tenThousandths % 10_000).dropFirst()
        guard let last = digits.lastIndex(where: { $0 != "0" }) else { return String(whole) }
        return "\(whole).\(digits[...last])"
    }
}
