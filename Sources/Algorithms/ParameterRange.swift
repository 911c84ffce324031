/// The values a number parameter may take; known to the kernel, the catalog and the help alike.
public struct ParameterRange: Hashable, Sendable, CustomStringConvertible {
    /// The smallest value.
    public let lower: Double
    /// The largest value, or its bound.
    public let upper: Double
    /// Whether `upper` itself is allowed.
    public let includesUpper: Bool

    /// Makes a range with both ends.
    public init(_ range: ClosedRange<Double>) {
        lower = range.lowerBound
        upper = range.upperBound
        includesUpper = true
    }

    /// Makes a range without its upper end.
    public init(_ range: Range<Double>) {
        lower = range.lowerBound
        upper = range.upperBound
        includesUpper = false
    }

    /// Whether a value lies in the range.
    public func contains(_ value: Double) -> Bool {
        value >= lower && (includesUpper ? value <= upper : value < upper)
    }

    /// The range as mathematicians write it, whole numbers without a fraction.
    public var description: String {
        "[\(Self.text(lower)), \(Self.text(upper))\(includesUpper ? "]" : ")")"
    }

    /// Refuses a value outside the range with a message that names it.
    func check(_ value: Double, name: String) throws(AlgorithmError) {
        guard contains(value) else {
            throw AlgorithmError(
                .invalidParameter,
                "The parameter '\(name)' is \(Self.text(value)), outside its range \(self). "
                    + "Give a value within.")
        }
    }

    private static func text(_ value: Double) -> String {
        if let whole = Int64(exactly: value) { String(whole) } else { "\(value)" }
    }
}
