/// Bayesian knowledge tracing: how an observed answer changes the mastery of a concept.
///
/// - SeeAlso: Corbett and Anderson, *Knowledge Tracing* (1995).
public struct KnowledgeTracing: Sendable {
    /// The chance of a wrong answer although the concept is mastered.
    public var slip = 0.1
    /// The chance of a right answer although it is not.
    public var guess = 0.2
    /// The chance of learning it by answering.
    public var transit = 0.1

    /// Makes a model with the defaults.
    public init() {}

    /// The mastery after a right or a wrong answer, from a mastery of 0...1.
    ///
    /// An observation that the model holds impossible leaves the mastery before transit as it was.
    public func updated(_ mastery: Double, isRight: Bool) -> Double {
        let ifMastered = mastery * (isRight ? 1 - slip : slip)
        let otherwise = (1 - mastery) * (isRight ? guess : 1 - guess)
        let evidence = ifMastered + otherwise
        let posterior = evidence > 0 ? ifMastered / evidence : mastery
        return posterior + (1 - posterior) * transit
    }

    /// What a concept still costs: ceil(minutes × (1 − mastery)), the mastery taken as whole
    /// millionths, rounded half up.
    static func remainingMinutes(_ minutes: Int64, mastery: Double) -> Int64 {
        let million: UInt64 = 1_000_000
        let millionths = UInt64(max(0, min(1_000_000, (mastery * 1_000_000 + 0.5).rounded(.down))))
        let product = UInt64(max(0, minutes)).multipliedFullWidth(by: million - millionths)
        // The quotient is at most `minutes`, for the factor is at most a million.
        let (quotient, rest) = million.dividingFullWidth(product)
        return Int64(quotient) + (rest > 0 ? 1 : 0)
    }
}
