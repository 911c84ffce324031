/// The types a property may have: one of ISO GQL's, as `INTEGER`, a list of one, as
/// `LIST<STRING>`, or several, as `INTEGER | FLOAT`.
///
/// It is what a type constraint demands. An absent value has every type; an empty list is a list
/// of every type.
public struct PropertyType: Hashable, Sendable {
    /// One bit for each type: scalars and vectors from bit 0, lists of scalars from bit 32.
    public let bits: UInt64

    /// The types whose bits are set; nil for a set with none, or with bits that mean nothing.
    public init?(bits: UInt64) {
        guard bits != 0, bits & ~Self.known == 0 else { return nil }
        self.bits = bits
    }

    private init(_ kind: Kind, isList: Bool = false) {
        bits = 1 << (UInt64(kind.rawValue) + (isList ? Self.listShift : 0))
    }

    /// The type of a value; nil for an empty list, which is of every list type.
    public init?(of value: PropertyValue) {
        guard case .list(let elements) = value else {
            guard let kind = Kind(value) else { return nil }
            self.init(kind)
            return
        }
        guard let first = elements.first, let kind = Kind(first) else { return nil }
        self.init(kind, isList: true)
    }

    /// Whether a value is of one of the types.
    ///
    /// - Complexity: O(1): a stored list is of one type.
    public func contains(_ value: PropertyValue) -> Bool {
        if let type = PropertyType(of: value) { return bits & type.bits != 0 }
        return bits >> Self.listShift != 0
    }

    private static let listShift: UInt64 = 32
    private static let known: UInt64 = {
        var bits: UInt64 = 0
        for kind in Kind.allCases {
            bits |= PropertyType(kind).bits
            if kind != .vector { bits |= PropertyType(kind, isList: true).bits }
        }
        return bits
    }()

    /// The numbers are part of the format of stores.
    private enum Kind: UInt8, CaseIterable {
        case boolean, integer, float, string, bytes, date, localTime, zonedTime, localDateTime
        case zonedDateTime, duration, point, vector

        init?(_ value: PropertyValue) {
            switch value {
            case .boolean: self = .boolean
            case .integer: self = .integer
            case .double: self = .float
            case .string: self = .string
            case .bytes: self = .bytes
            case .date: self = .date
            case .localTime: self = .localTime
            case .zonedTime: self = .zonedTime
            case .localDateTime: self = .localDateTime
            case .zonedDateTime: self = .zonedDateTime
            case .duration: self = .duration
            case .point: self = .point
            case .vector: self = .vector
            case .list: return nil
            }
        }

        /// The name in messages, and the others that are understood.
        var names: [String] {
            switch self {
            case .boolean: ["BOOLEAN", "BOOL"]
            case .integer: ["INTEGER", "INT", "SIGNED INTEGER", "INT64", "INTEGER64"]
            case .float: ["FLOAT", "FLOAT64", "DOUBLE"]
            case .string: ["STRING", "VARCHAR"]
            case .bytes: ["BYTES"]
            case .date: ["DATE"]
            case .localTime: ["LOCAL TIME", "TIME WITHOUT TIME ZONE"]
            case .zonedTime: ["ZONED TIME", "TIME WITH TIME ZONE"]
            case .localDateTime: ["LOCAL DATETIME", "TIMESTAMP WITHOUT TIME ZONE"]
            case .zonedDateTime: ["ZONED DATETIME", "TIMESTAMP WITH TIME ZONE"]
            case .duration: ["DURATION"]
            case .point: ["POINT"]
            case .vector: ["VECTOR"]
            }
        }
    }
}

extension PropertyType {
    /// `BOOLEAN`.
    public static let boolean = PropertyType(.boolean)
    /// `INTEGER`.
    public static let integer = PropertyType(.integer)
    /// `FLOAT`, which does not take integers; `.integer.union(.float)` takes both.
    public static let float = PropertyType(.float)
    /// `STRING`.
    public static let string = PropertyType(.string)
    /// `BYTES`.
    public static let bytes = PropertyType(.bytes)
    /// `DATE`.
    public static let date = PropertyType(.date)
    /// `LOCAL TIME`.
    public static let localTime = PropertyType(.localTime)
    /// `ZONED TIME`.
    public static let zonedTime = PropertyType(.zonedTime)
    /// `LOCAL DATETIME`.
    public static let localDateTime = PropertyType(.localDateTime)
    /// `ZONED DATETIME`.
    public static let zonedDateTime = PropertyType(.zonedDateTime)
    /// `DURATION`.
    public static let duration = PropertyType(.duration)
    /// `POINT`.
    public static let point = PropertyType(.point)
    /// `VECTOR`.
    public static let vector = PropertyType(.vector)

    /// The types of both.
    public func union(_ other: PropertyType) -> PropertyType {
        PropertyType(bits: bits | other.bits) ?? self
    }
}

extension PropertyType: CustomStringConvertible {
    /// The names, as `INTEGER | LIST<STRING>`.
    public var description: String {
        var names: [String] = []
        for kind in Kind.allCases where bits & PropertyType(kind).bits != 0 {
            names.append(kind.names[0])
        }
        for kind in Kind.allCases where bits & PropertyType(kind, isList: true).bits != 0 {
            names.append("LIST<\(kind.names[0])>")
        }
        return names.joined(separator: " | ")
    }

    /// The names of all types that are not lists, for messages.
    public static var names: [String] { Kind.allCases.map { $0.names[0] } }

    /// Reads names as `description` writes them, in any case, with the synonyms of GQL and
    /// openCypher, and with `NOT NULL` inside of a list; nil when a name is none.
    public init?(_ text: String) {
        var bits: UInt64 = 0
        for part in text.split(separator: "|", omittingEmptySubsequences: false) {
            guard let type = Self.one(String(part)) else { return nil }
            bits |= type.bits
        }
        self.init(bits: bits)
    }

    private static func one(_ text: String) -> PropertyType? {
        // One space between words, none around brackets.
        var words = text.uppercased()
        for bracket in ["<", ">"] {
            words = words.split(separator: Character(bracket), omittingEmptySubsequences: false)
                .joined(separator: " \(bracket) ")
        }
        var list = words.split(whereSeparator: { $0.isWhitespace }).map { String($0) }
        guard let first = list.first else { return nil }
        guard ["LIST", "ARRAY"].contains(first) else {
            return scalar(list).map { PropertyType($0) }
        }
        guard list.count > 3, list[1] == "<", list.removeLast() == ">" else { return nil }
        list.removeFirst(2)
        if list.suffix(2) == ["NOT", "NULL"] { list.removeLast(2) }
        guard let kind = scalar(list), kind != .vector else { return nil }
        return PropertyType(kind, isList: true)
    }

    private static func scalar(_ words: [String]) -> Kind? {
        let name = words.joined(separator: " ")
        return Kind.allCases.first { $0.names.contains(name) }
    }
}
