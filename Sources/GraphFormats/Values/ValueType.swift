public import PropertyGraph

/// The type of one column of a file, as its header spells it.
public struct ValueType: Sendable, Hashable {
    /// The kinds of scalar a file can hold, and vectors of floats.
    public enum Scalar: String, Sendable, Hashable, CaseIterable {
        /// `true` or `false`.
        case boolean
        /// A signed 64-bit integer.
        case integer
        /// An IEEE 754 double.
        case double
        /// UTF-8 text.
        case string
        /// Bytes, written in base64.
        case bytes
        /// A day.
        case date
        /// A time of day without an offset.
        case localTime = "localtime"
        /// A time of day with an offset.
        case zonedTime = "time"
        /// A day and time without an offset.
        case localDateTime = "localdatetime"
        /// A moment.
        case zonedDateTime = "datetime"
        /// An ISO 8601 duration.
        case duration
        /// A point, `point({srid:7203, x:1.0, y:2.0})`.
        case point
        /// Floats of 32 bits, separated like a list.
        case vector
    }

    /// The type of the value or, in a list, of its elements.
    public var scalar: Scalar
    /// Whether the column holds lists.
    public var isList = false
    /// The integers allowed, for the narrow types of Neo4j's headers.
    var range: ClosedRange<Int64>?
    /// Whether a text must be one character.
    var isCharacter = false

    /// Makes the type of a scalar, or of a list of it.
    public init(_ scalar: Scalar, isList: Bool = false) {
        self.scalar = scalar
        self.isList = isList
    }

    /// The type a header names: `int`, `long`, `string[]` …, in any case; nil when unknown.
    public init?(name: String) {
        var bytes = Array(name.utf8)
        let isList = bytes.suffix(2) == [0x5B, 0x5D]
        if isList { bytes.removeLast(2) }
        var range: ClosedRange<Int64>?
        var isCharacter = false
        switch String(decoding: bytes, as: UTF8.self).lowercased() {
        case "string", "text": scalar = .string
        case "char":
            scalar = .string
            isCharacter = true
        case "long", "integer", "int64": scalar = .integer
        case "int", "int32":
            scalar = .integer
            range = Int64(Int32.min)...Int64(Int32.max)
        case "short", "int16":
            scalar = .integer
            range = Int64(Int16.min)...Int64(Int16.max)
        case "byte", "int8":
            scalar = .integer
            range = Int64(Int8.min)...Int64(Int8.max)
        case "float", "double", "number": scalar = .double
        case "boolean", "bool": scalar = .boolean
        case "bytes", "bytearray": scalar = .bytes
        case "date": scalar = .date
        case "localtime": scalar = .localTime
        case "time", "zonedtime": scalar = .zonedTime
        case "localdatetime": scalar = .localDateTime
        case "datetime", "zoneddatetime": scalar = .zonedDateTime
        case "duration": scalar = .duration
        case "point", "point2d", "point3d": scalar = .point
        case "vector" where !isList: scalar = .vector
        default: return nil
        }
        self.isList = isList
        self.range = range
        self.isCharacter = isCharacter
    }

    /// The type of a value; a list takes the type of its first element, `string` when empty.
    public init(of value: PropertyValue) {
        if case .list(let elements) = value {
            self.init(elements.first.map { ValueType(of: $0).scalar } ?? .string, isList: true)
            return
        }
        switch value {
        case .boolean: self.init(.boolean)
        case .integer: self.init(.integer)
        case .double: self.init(.double)
        case .string: self.init(.string)
        case .bytes: self.init(.bytes)
        case .date: self.init(.date)
        case .localTime: self.init(.localTime)
        case .zonedTime: self.init(.zonedTime)
        case .localDateTime: self.init(.localDateTime)
        case .zonedDateTime: self.init(.zonedDateTime)
        case .duration: self.init(.duration)
        case .point: self.init(.point)
        case .vector: self.init(.vector)
        case .list: self.init(.string, isList: true)
        }
    }

    /// The name a header gives it: `long` for integers, as `int` has 32 bits there.
    public var name: String {
        (scalar == .integer ? "long" : scalar.rawValue) + (isList ? "[]" : "")
    }

    /// All names a header may use, for error messages.
    static let knownNames =
        "int, long, short, byte, float, double, boolean, string, char, bytes, date, localtime, "
        + "time, localdatetime, datetime, duration, point, vector, and [] after any for lists"
}
