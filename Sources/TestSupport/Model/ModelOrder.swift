public import PropertyGraph

/// openCypher's order and equality, written down as they are defined and not as they are stored.
public enum ModelOrder {
    /// Where a type stands among the others; NaN stands behind all numbers.
    private static func rank(_ value: PropertyValue) -> Int {
        switch value {
        case .list: 0
        case .vector: 1
        case .point: 2
        case .zonedDateTime: 3
        case .localDateTime: 4
        case .date: 5
        case .zonedTime: 6
        case .localTime: 7
        case .duration: 8
        case .bytes: 9
        case .string: 10
        case .boolean: 11
        case .integer: 12
        case .double(let number): number.isNaN ? 13 : 12
        }
    }

    /// Whether the first value is before the second: openCypher's orderability.
    public static func precedes(_ lhs: PropertyValue, _ rhs: PropertyValue) -> Bool {
        let (left, right) = (rank(lhs), rank(rhs))
        if left != right { return left < right }
        switch (lhs, rhs) {
        case (.integer(let a), .integer(let b)): return a < b
        case (.double(let a), .double(let b)): return a < b
        case (.integer(let a), .double(let b)): return isLess(a, b)
        case (.double(let a), .integer(let b)): return !isLess(b, a) && !isSame(b, a)
        case (.boolean(let a), .boolean(let b)): return !a && b
        case (.string(let a), .string(let b)): return a.utf8.lexicographicallyPrecedes(b.utf8)
        case (.bytes(let a), .bytes(let b)): return a.lexicographicallyPrecedes(b)
        case (.list(let a), .list(let b)): return a.lexicographicallyPrecedes(b, by: precedes)
        case (.vector(let a), .vector(let b)):
            if a.count != b.count { return a.count < b.count }
            return a.map { PropertyValue.double(Double($0)) }
                .lexicographicallyPrecedes(b.map { .double(Double($0)) }, by: precedes)
        default: return parts(lhs).lexicographicallyPrecedes(parts(rhs), by: precedes)
        }
    }

    /// Numbers that order values of the other types.
    private static func parts(_ value: PropertyValue) -> [PropertyValue] {
        switch value {
        case .point(let point):
            [
                .integer(Int64(point.referenceSystem.rawValue)), .double(point.x),
                .double(point.y), .double(point.z),
            ]
        case .date(let date): [.integer(date.daysSinceEpoch)]
        case .localTime(let time): [.integer(time.nanosecondsSinceMidnight)]
        case .zonedTime(let time):
            [
                .integer(
                    time.localTime.nanosecondsSinceMidnight
                        - Int64(time.utcOffsetSeconds) * 1_000_000_000),
                .integer(Int64(time.utcOffsetSeconds)),
            ]
        case .localDateTime(let moment):
            [.integer(moment.secondsSinceEpoch), .integer(Int64(moment.nanoseconds))]
        case .zonedDateTime(let moment):
            [
                .integer(moment.secondsSinceEpoch), .integer(Int64(moment.nanoseconds)),
                .integer(Int64(moment.utcOffsetSeconds)),
            ] + (moment.zoneName.map { [.string($0)] } ?? [])
        case .duration(let duration):
            [
                .integer(duration.months * 2_629_746 + duration.days * 86_400 + duration.seconds),
                .integer(Int64(duration.nanoseconds)), .integer(duration.months),
                .integer(duration.days),
            ]
        default: []
        }
    }

    /// Exact: a double that is not whole is far smaller than 2^53, where integers are exact.
    private static func isLess(_ integer: Int64, _ number: Double) -> Bool {
        if let whole = Int64(exactly: number) { return integer < whole }
        if number.magnitude >= 0x1p63 { return number > 0 }
        return Double(integer) < number
    }

    private static func isSame(_ integer: Int64, _ number: Double) -> Bool {
        Int64(exactly: number) == integer
    }

    /// A value such that two are equal in openCypher when their canonical values are identical;
    /// nil for one that equals nothing, since there is a NaN in it.
    public static func canonical(_ value: PropertyValue) -> PropertyValue? {
        switch value {
        case .double(let number):
            if number.isNaN { return nil }
            return Int64(exactly: number).map { .integer($0) } ?? value
        case .list(let elements):
            let parts = elements.compactMap { canonical($0) }
            return parts.count == elements.count ? .list(parts) : nil
        case .vector(let elements):
            if elements.contains(where: { $0.isNaN }) { return nil }
            return .vector(elements.map { $0 == 0 ? 0 : $0 })
        case .point(let point):
            let parts = [point.x, point.y, point.z]
            if parts.contains(where: { $0.isNaN }) { return nil }
            let clean = parts.map { $0 == 0 ? 0 : $0 }
            return .point(Point(point.referenceSystem, x: clean[0], y: clean[1], z: clean[2]))
        default: return value
        }
    }

    /// openCypher's `=`.
    public static func equal(_ lhs: PropertyValue, _ rhs: PropertyValue) -> Bool {
        guard let left = canonical(lhs), let right = canonical(rhs) else { return false }
        return left == right
    }

    /// Whether `<` between the two is true or false, rather than unknown.
    public static func areComparable(_ lhs: PropertyValue, _ rhs: PropertyValue) -> Bool {
        let (left, right) = (rank(lhs), rank(rhs))
        return left == right && left != 13
    }
}

/// What a property must satisfy, by definition.
public enum ModelPredicate: Sendable, Hashable {
    /// There is a value.
    case exists
    /// The value equals this one.
    case equals(PropertyValue)
    /// The value lies between two others; nil is open.
    case range(from: PropertyValue?, isFromInside: Bool, to: PropertyValue?, isToInside: Bool)
    /// The value is a string that starts with these bytes.
    case startsWith(String)

    /// Whether a value satisfies it.
    public func isSatisfied(by value: PropertyValue) -> Bool {
        switch self {
        case .exists: return true
        case .equals(let other): return ModelOrder.equal(value, other)
        case .startsWith(let prefix):
            return value.stringValue.map { Array($0.utf8).starts(with: prefix.utf8) } ?? false
        case .range(let from, let isFromInside, let to, let isToInside):
            if from == nil, to == nil { return false }
            if let from {
                guard ModelOrder.areComparable(value, from) else { return false }
                if ModelOrder.precedes(value, from) { return false }
                if !isFromInside, !ModelOrder.precedes(from, value) { return false }
            }
            if let to {
                guard ModelOrder.areComparable(value, to) else { return false }
                if ModelOrder.precedes(to, value) { return false }
                if !isToInside, !ModelOrder.precedes(value, to) { return false }
            }
            return true
        }
    }
}
