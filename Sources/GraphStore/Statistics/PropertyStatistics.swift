public import PropertyGraph

/// What `analyze` found out about one property of one label or edge type.
///
/// Shares are of all nodes with the label, or edges of the type, at that time.
public struct PropertyStatistics: Sendable {
    /// A value that many have.
    public struct CommonValue: Hashable, Sendable {
        /// The value; long ones are cut.
        public let value: PropertyValue
        /// The share that has it.
        public let share: Double
    }

    /// How many nodes or edges there were.
    public let count: Int
    /// How many of them had a value.
    public let present: Int
    /// How many different values there were.
    public let distinct: Int
    /// Whether `distinct` is exact; else its standard error is 2.2 %.
    public let isDistinctExact: Bool
    /// The least value in openCypher's order; nil when there was none. Long ones are cut.
    public let minimum: PropertyValue?
    /// The greatest value; long ones are cut.
    public let maximum: PropertyValue?
    /// The most common values, most common first.
    public let common: [CommonValue]
    /// The bounds of the histogram of the other values: between neighbours lie equally many.
    public let bounds: [PropertyValue]
    /// The share that the histogram describes.
    public let histogramShare: Double
    /// Whether shares come from all values; else from a sample of 4,096, so that a share p has a
    /// standard error of √(p (1 − p) / 4096), at most 0.8 %.
    public let isSampleComplete: Bool
    /// The bounds as keys that order as bytes.
    private let keys: [[UInt8]]

    init(
        count: Int, present: Int, distinct: Int, isDistinctExact: Bool, minimum: PropertyValue?,
        maximum: PropertyValue?, common: [CommonValue], bounds: [PropertyValue],
        histogramShare: Double, isSampleComplete: Bool
    ) {
        self.count = count
        self.present = present
        self.distinct = distinct
        self.isDistinctExact = isDistinctExact
        self.minimum = minimum
        self.maximum = maximum
        self.common = common
        self.bounds = bounds
        self.histogramShare = histogramShare
        self.isSampleComplete = isSampleComplete
        keys = bounds.map { OrderedKey.encode([$0]).bytes }
    }

    /// The share without a value.
    public var nullFraction: Double {
        count > 0 ? Double(count - present) / Double(count) : 0
    }

    /// The share that satisfies a predicate, estimated: between 0 and 1.
    ///
    /// A common value counts as it was found; the others count as evenly spread over the distinct
    /// values (equality) or, within a piece of the histogram, over its numbers (ranges).
    ///
    /// - Complexity: O(common values + log bounds).
    public func selectivity(of predicate: PropertyPredicate) -> Double {
        guard count > 0 else { return 0 }
        let rest: Double
        switch predicate {
        case .exists: return 1 - nullFraction
        case .equals(let value):
            if value.isNotEqualToItself { return 0 }
            if let known = common.first(where: { predicate.isSatisfied(by: $0.value) }) {
                return min(1, known.share)
            }
            let others = distinct - common.count
            let share = 1 - nullFraction - common.reduce(0) { $0 + $1.share }
            return others > 0 ? min(1, max(0, share) / Double(others)) : 0
        case .range(nil, nil): return 0
        case .range(let from, let to):
            guard let anchor = from?.value ?? to?.value else { return 0 }
            let (lower, upper) = OrderedKey.comparableRange(of: anchor)
            // Of two types, or a NaN: comparable with nothing.
            if anchor.isNotEqualToItself { return 0 }
            if let from, let to,
                OrderedKey.comparableRange(of: from.value).lower
                    != OrderedKey.comparableRange(of: to.value).lower
            {
                return 0
            }
            rest = share(
                from: from.map { OrderedKey.encode([$0.value]).bytes } ?? lower,
                to: to.map { OrderedKey.encode([$0.value]).bytes } ?? upper,
                numbers: (from?.value.doubleValue, to?.value.doubleValue))
        case .startsWith(let text):
            let start = OrderedKey.encodePrefix(ofString: text, after: [])
            rest = share(from: start, to: start + [0xFF], numbers: (nil, nil))
        }
        let known = common.filter { predicate.isSatisfied(by: $0.value) }
            .reduce(0) { $0 + $1.share }
        return min(1, known + rest)
    }

    /// The share of the histogram between two keys.
    private func share(
        from lower: [UInt8], to upper: [UInt8], numbers: (Double?, Double?)
    ) -> Double {
        let low = position(of: lower, numbers.0)
        let high = position(of: upper, numbers.1)
        return max(0, high - low) * histogramShare
    }

    /// Which part of the histogram lies below a key.
    private func position(of key: [UInt8], _ number: Double?) -> Double {
        guard keys.count > 1 else {
            guard let only = keys.first else { return 0 }
            return only.lexicographicallyPrecedes(key) ? 1 : 0
        }
        // The first bound that is not below the key.
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if keys[middle].lexicographicallyPrecedes(key) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        if low == 0 { return 0 }
        if low == keys.count { return 1 }
        var within = 0.5
        if let number, let before = bounds[low - 1].doubleValue,
            let after = bounds[low].doubleValue, after > before, (after - before).isFinite
        {
            within = min(1, max(0, (number - before) / (after - before)))
        }
        return (Double(low - 1) + within) / Double(keys.count - 1)
    }
}
