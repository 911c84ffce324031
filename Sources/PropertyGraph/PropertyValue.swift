/// A value that a property can hold.
///
/// Types follow openCypher 9. Null is the absence of a value, so it is no case here. Maps are
/// values of queries, not of properties. `==` and hashing are those of storage: values are equal
/// when they are of one type and of the same bits (`1` differs from `1.0`, `-0.0` from `0.0`, and
/// a NaN equals the same NaN); comparison in the sense of the query language lives with it.
public enum PropertyValue: Sendable {
    /// True or false.
    case boolean(Bool)
    /// A signed 64-bit integer.
    case integer(Int64)
    /// An IEEE 754 double.
    case double(Double)
    /// UTF-8 text, compared by bytes.
    case string(String)
    /// Raw bytes.
    case bytes([UInt8])
    /// Values of one scalar type; may be empty.
    case list([PropertyValue])
    /// A day of the proleptic Gregorian calendar.
    case date(CalendarDate)
    /// A time of day without a zone.
    case localTime(LocalTime)
    /// A time of day with an offset from UTC.
    case zonedTime(ZonedTime)
    /// A day and time without a zone.
    case localDateTime(LocalDateTime)
    /// A moment with an offset and, if known, the zone it came from.
    case zonedDateTime(ZonedDateTime)
    /// Months, days, seconds and nanoseconds, kept apart.
    case duration(TemporalDuration)
    /// A point in one of four coordinate reference systems.
    case point(Point)
    /// A vector of 32-bit floats, for embeddings.
    case vector([Float])

    /// The name of the type, as error messages and headers of files spell it.
    public var typeName: String {
        switch self {
        case .boolean: "boolean"
        case .integer: "integer"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .list: "list"
        case .date: "date"
        case .localTime: "localtime"
        case .zonedTime: "time"
        case .localDateTime: "localdatetime"
        case .zonedDateTime: "datetime"
        case .duration: "duration"
        case .point: "point"
        case .vector: "vector"
        }
    }

    /// Whether a list may hold this value: every type but lists and vectors.
    public var isScalar: Bool {
        switch self {
        case .list, .vector: false
        default: true
        }
    }

    /// Whether a property can hold the value: a list must be of one kind of scalar.
    ///
    /// - Complexity: O(length of the list).
    public var isStorable: Bool {
        guard case .list(let elements) = self, let first = elements.first else { return true }
        return elements.allSatisfy { $0.isScalar && $0.typeName == first.typeName }
    }
}

extension PropertyValue: Hashable {
    /// Storage identity: one type, the same bits.
    public static func == (lhs: PropertyValue, rhs: PropertyValue) -> Bool {
        switch (lhs, rhs) {
        case (.boolean(let a), .boolean(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.double(let a), .double(let b)): a.bitPattern == b.bitPattern
        case (.string(let a), .string(let b)): UTF8Order.equal(a, b)
        case (.bytes(let a), .bytes(let b)): a == b
        case (.list(let a), .list(let b)): a == b
        case (.date(let a), .date(let b)): a == b
        case (.localTime(let a), .localTime(let b)): a == b
        case (.zonedTime(let a), .zonedTime(let b)): a == b
        case (.localDateTime(let a), .localDateTime(let b)): a == b
        case (.zonedDateTime(let a), .zonedDateTime(let b)): a == b
        case (.duration(let a), .duration(let b)): a == b
        case (.point(let a), .point(let b)): a == b
        case (.vector(let a), .vector(let b)):
            a.count == b.count && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }
        default: false
        }
    }

    /// Feeds type and bits.
    public func hash(into hasher: inout Hasher) {
        typeName.hash(into: &hasher)
        switch self {
        case .boolean(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(value)
        case .double(let value): hasher.combine(value.bitPattern)
        case .string(let value): hasher.combine(value)
        case .bytes(let value): hasher.combine(value)
        case .list(let value): hasher.combine(value)
        case .date(let value): hasher.combine(value)
        case .localTime(let value): hasher.combine(value)
        case .zonedTime(let value): hasher.combine(value)
        case .localDateTime(let value): hasher.combine(value)
        case .zonedDateTime(let value): hasher.combine(value)
        case .duration(let value): hasher.combine(value)
        case .point(let value): hasher.combine(value)
        case .vector(let value): for element in value { hasher.combine(element.bitPattern) }
        }
    }
}

extension PropertyValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral
{
    /// A boolean.
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    /// An integer.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A double.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A list.
    public init(arrayLiteral elements: PropertyValue...) { self = .list(elements) }
}

extension PropertyValue {
    /// The boolean, when it is one.
    public var booleanValue: Bool? { if case .boolean(let value) = self { value } else { nil } }
    /// The integer, when it is one.
    public var integerValue: Int64? { if case .integer(let value) = self { value } else { nil } }
    /// The number as a double, when it is a double or an integer.
    public var doubleValue: Double? {
        switch self {
        case .double(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }
    /// The text, when it is a string.
    public var stringValue: String? { if case .string(let value) = self { value } else { nil } }
    /// The elements, when it is a list.
    public var listValue: [PropertyValue]? {
        if case .list(let value) = self { value } else { nil }
    }
}

/// The properties of a node or an edge, by key. An absent key is null.
public typealias Properties = [PropertyKey: PropertyValue]
