public import PropertyGraph

/// One end of a range of values.
public struct PropertyBound: Hashable, Sendable {
    /// The value at the end.
    public let value: PropertyValue
    /// Whether the value itself is inside.
    public let isInclusive: Bool

    /// A bound that holds its value.
    public static func including(_ value: PropertyValue) -> PropertyBound {
        PropertyBound(value: value, isInclusive: true)
    }

    /// A bound that stops before its value.
    public static func excluding(_ value: PropertyValue) -> PropertyBound {
        PropertyBound(value: value, isInclusive: false)
    }
}

/// What a property must satisfy, in the sense of openCypher: an absent value satisfies nothing,
/// `1 = 1.0`, and values of types that cannot be compared are in no common range.
public enum PropertyPredicate: Hashable, Sendable {
    /// The property has a value.
    case exists
    /// `property = value`.
    case equals(PropertyValue)
    /// Between two bounds; nil is open. Without any bound nothing satisfies it.
    case range(from: PropertyBound?, to: PropertyBound?)
    /// A string that starts with these bytes.
    case startsWith(String)

    /// Whether a value satisfies it.
    func isSatisfied(by value: PropertyValue) -> Bool {
        switch self {
        case .exists: return true
        case .equals(let other): return OrderedKey.equalInOpenCypher(value, other) == true
        case .startsWith(let prefix):
            guard case .string(let text) = value else { return false }
            return text.utf8.starts(with: prefix.utf8)
        case .range(nil, nil): return false
        case .range(let from, let to):
            return Self.isAbove(from, value) && Self.isBelow(to, value)
        }
    }

    private static func isAbove(_ bound: PropertyBound?, _ value: PropertyValue) -> Bool {
        guard let bound else { return true }
        guard areComparable(value, bound.value) else { return false }
        let order = OrderedKey.compare(value, bound.value)
        return order > 0 || (order == 0 && bound.isInclusive)
    }

    private static func isBelow(_ bound: PropertyBound?, _ value: PropertyValue) -> Bool {
        guard let bound else { return true }
        guard areComparable(value, bound.value) else { return false }
        let order = OrderedKey.compare(value, bound.value)
        return order < 0 || (order == 0 && bound.isInclusive)
    }

    private static func areComparable(_ lhs: PropertyValue, _ rhs: PropertyValue) -> Bool {
        switch (lhs, rhs) {
        case (.integer, .integer): true
        case (.integer, .double(let b)): !b.isNaN
        case (.double(let a), .integer): !a.isNaN
        case (.double(let a), .double(let b)): !a.isNaN && !b.isNaN
        default: lhs.typeName == rhs.typeName
        }
    }
}

/// In which order a scan delivers what it finds.
public enum ScanOrder: String, Hashable, Sendable {
    /// Ascending by id.
    case byID
    /// Ascending by value in openCypher's orderability, then by id.
    case ascending
    /// The exact reverse of `ascending`.
    case descending
}

/// Whether a scan may use an index.
public enum IndexAccess: Hashable, Sendable {
    /// Use an index where there is one.
    case automatic
    /// Read every entity of the label; for comparison and tests.
    case never
}
