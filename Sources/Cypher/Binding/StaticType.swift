/// What is known of a value before the query runs: the types it may have.
struct StaticType: Hashable {
    /// Types, as a set.
    struct Kinds: OptionSet, Hashable {
        let rawValue: UInt32

        static let null = Kinds(rawValue: 1 << 0)
        static let boolean = Kinds(rawValue: 1 << 1)
        static let integer = Kinds(rawValue: 1 << 2)
        static let float = Kinds(rawValue: 1 << 3)
        static let string = Kinds(rawValue: 1 << 4)
        static let list = Kinds(rawValue: 1 << 5)
        static let map = Kinds(rawValue: 1 << 6)
        static let node = Kinds(rawValue: 1 << 7)
        static let relationship = Kinds(rawValue: 1 << 8)
        static let path = Kinds(rawValue: 1 << 9)
        static let date = Kinds(rawValue: 1 << 10)
        static let localTime = Kinds(rawValue: 1 << 11)
        static let time = Kinds(rawValue: 1 << 12)
        static let localDateTime = Kinds(rawValue: 1 << 13)
        static let dateTime = Kinds(rawValue: 1 << 14)
        static let duration = Kinds(rawValue: 1 << 15)
        static let point = Kinds(rawValue: 1 << 16)
        static let bytes = Kinds(rawValue: 1 << 17)

        static let number: Kinds = [.integer, .float]
        static let instant: Kinds = [.date, .localTime, .time, .localDateTime, .dateTime]
        static let temporal: Kinds = [
            .date, .localTime, .time, .localDateTime, .dateTime, .duration,
        ]
        static let entity: Kinds = [.node, .relationship]
        static let any = Kinds(rawValue: (1 << 18) - 1)
    }

    var kinds: Kinds
    /// What the elements may be, when it is a list.
    var element: Kinds = .any

    static let any = StaticType(kinds: .any)

    init(kinds: Kinds, element: Kinds = .any) {
        self.kinds = kinds
        self.element = element
    }

    /// Whether a value of this type may be one of those. What is null, and nothing else, fits
    /// everywhere; what may be null must fit when it is not.
    func mayBe(_ wanted: Kinds) -> Bool {
        let kinds = kinds.subtracting(.null)
        return kinds.isEmpty || !kinds.isDisjoint(with: wanted)
    }

    /// The type of a place where values of this type were written side by side: of those of one
    /// family it is known, and of others, null among them, anything may be there.
    var widened: StaticType {
        let known = kinds.subtracting(.null)
        let isFamily = known.isSubset(of: .number) || known.rawValue.nonzeroBitCount == 1
        return isFamily && !known.isEmpty ? self : .any
    }

    /// The type of what may be either.
    func union(_ other: StaticType) -> StaticType {
        StaticType(
            kinds: kinds.union(other.kinds),
            element: kinds.contains(.list)
                ? (other.kinds.contains(.list) ? element.union(other.element) : element)
                : other.element)
    }

    /// The type of the elements, when it is a list.
    var elements: StaticType {
        kinds.contains(.list) && kinds.isSubset(of: [.list, .null])
            ? StaticType(kinds: element.isEmpty ? .any : element) : .any
    }

    /// The name for messages.
    var description: String {
        let names: [(Kinds, String)] = [
            (.boolean, "boolean"), (.integer, "integer"), (.float, "float"), (.string, "string"),
            (.list, "list"), (.map, "map"), (.node, "node"), (.relationship, "relationship"),
            (.path, "path"), (.date, "date"), (.localTime, "localtime"), (.time, "time"),
            (.localDateTime, "localdatetime"), (.dateTime, "datetime"), (.duration, "duration"),
            (.point, "point"), (.bytes, "bytes"),
        ]
        let found = names.filter { kinds.contains($0.0) }.map(\.1)
        return found.isEmpty ? "null" : found.joined(separator: " or ")
    }
}

extension Value {
    /// Its type, as the only one of a set.
    var kinds: StaticType.Kinds {
        switch self {
        case .null: .null
        case .boolean: .boolean
        case .integer: .integer
        case .float: .float
        case .string: .string
        case .list, .vector: .list
        case .map: .map
        case .node: .node
        case .relationship: .relationship
        case .path: .path
        case .date: .date
        case .localTime: .localTime
        case .time: .time
        case .localDateTime: .localDateTime
        case .dateTime: .dateTime
        case .duration: .duration
        case .point: .point
        case .bytes: .bytes
        }
    }
}
