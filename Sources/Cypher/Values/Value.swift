internal import PropertyGraph

/// A value while a query runs. Nodes and relationships are references; what they hold is read when
/// it is asked for.
enum Value: Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case float(Double)
    case string(String)
    case list([Value])
    case map(ValueMap)
    case node(NodeID)
    case relationship(EdgeID)
    case path(PathValue)
    case date(CalendarDate)
    case localTime(LocalTime)
    case time(ZonedTime)
    case localDateTime(LocalDateTime)
    indirect case dateTime(ZonedDateTime)
    indirect case duration(TemporalDuration)
    indirect case point(Point)
    case bytes([UInt8])
    case vector([Float])

    var isNull: Bool { if case .null = self { true } else { false } }

    /// The name of the type, for messages.
    var typeName: String {
        switch self {
        case .null: "null"
        case .boolean: "boolean"
        case .integer: "integer"
        case .float: "float"
        case .string: "string"
        case .list: "list"
        case .map: "map"
        case .node: "node"
        case .relationship: "relationship"
        case .path: "path"
        case .date: "date"
        case .localTime: "localtime"
        case .time: "time"
        case .localDateTime: "localdatetime"
        case .dateTime: "datetime"
        case .duration: "duration"
        case .point: "point"
        case .bytes: "bytes"
        case .vector: "vector"
        }
    }

    init(_ literal: Literal) {
        switch literal {
        case .null: self = .null
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = .integer(value)
        case .float(let value): self = .float(value)
        case .string(let value): self = .string(value)
        }
    }

    /// A stored value; nil is null.
    init(_ property: PropertyValue?) {
        switch property {
        case nil: self = .null
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = .integer(value)
        case .double(let value): self = .float(value)
        case .string(let value): self = .string(value)
        case .bytes(let value): self = .bytes(value)
        case .list(let elements): self = .list(elements.map { Value($0) })
        case .date(let value): self = .date(value)
        case .localTime(let value): self = .localTime(value)
        case .zonedTime(let value): self = .time(value)
        case .localDateTime(let value): self = .localDateTime(value)
        case .zonedDateTime(let value): self = .dateTime(value)
        case .duration(let value): self = .duration(value)
        case .point(let value): self = .point(value)
        case .vector(let value): self = .vector(value)
        }
    }

    /// The value as a property can hold it; nil when none can, or it is null.
    var storable: PropertyValue? {
        switch self {
        case .boolean(let value): return .boolean(value)
        case .integer(let value): return .integer(value)
        case .float(let value): return .double(value)
        case .string(let value): return .string(value)
        case .bytes(let value): return .bytes(value)
        case .date(let value): return .date(value)
        case .localTime(let value): return .localTime(value)
        case .time(let value): return .zonedTime(value)
        case .localDateTime(let value): return .localDateTime(value)
        case .dateTime(let value): return .zonedDateTime(value)
        case .duration(let value): return .duration(value)
        case .point(let value): return .point(value)
        case .vector(let value): return .vector(value)
        case .list(let elements): return Self.storable(elements)
        case .null, .map, .node, .relationship, .path: return nil
        }
    }

    /// A list of one type; integers among floats become floats, where none of them changes.
    private static func storable(_ elements: [Value]) -> PropertyValue? {
        var stored: [PropertyValue] = []
        stored.reserveCapacity(elements.count)
        for element in elements {
            guard let value = element.storable else { return nil }
            stored.append(value)
        }
        let list = PropertyValue.list(stored)
        if list.isStorable { return list }
        let floats = stored.compactMap { value -> PropertyValue? in
            switch value {
            case .double: value
            case .integer(let integer): Double(exactly: integer).map { .double($0) }
            default: nil
            }
        }
        return floats.count == stored.count ? .list(floats) : nil
    }
}

/// A map of a query: keys with values, ordered by the bytes of the keys.
struct ValueMap: Sendable {
    private(set) var entries: [(key: String, value: Value)] = []

    init() {}

    /// Of entries in any order; of two with one key the later counts.
    init(_ entries: some Sequence<(key: String, value: Value)>) {
        for entry in entries { self[entry.key] = entry.value }
    }

    var isEmpty: Bool { entries.isEmpty }

    /// The place of a key, or the place where it would stand.
    private func place(of key: String) -> (place: Int, isThere: Bool) {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if UTF8Order.precedes(entries[middle].key, key) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return (low, low < entries.count && UTF8Order.equal(entries[low].key, key))
    }

    subscript(key: String) -> Value? {
        get {
            let (place, isThere) = place(of: key)
            return isThere ? entries[place].value : nil
        }
        set {
            let (place, isThere) = place(of: key)
            if let newValue {
                if isThere {
                    entries[place].value = newValue
                } else {
                    entries.insert((key, newValue), at: place)
                }
            } else if isThere {
                entries.remove(at: place)
            }
        }
    }
}

/// A path: nodes, with a relationship between each two that follow one another.
final class PathValue: Sendable {
    let nodes: [NodeID]
    let relationships: [EdgeID]

    init(nodes: [NodeID], relationships: [EdgeID]) {
        self.nodes = nodes
        self.relationships = relationships
    }
}

extension ValueKey {
    /// About the bytes that its values keep beside their own.
    var heapBytes: Int { values.reduce(0) { $0 + $1.heapBytes } }
    /// About the bytes that its values keep.
    var bytes: Int { values.count * MemoryLayout<Value>.stride + heapBytes }
}

extension Value {
    /// About the bytes that it keeps beside its own.
    var heapBytes: Int {
        switch self {
        case .string(let text): text.utf8.count > 15 ? 32 + text.utf8.count : 0
        case .list(let elements):
            elements.reduce(32) { $0 + MemoryLayout<Value>.stride + $1.heapBytes }
        case .map(let map):
            map.entries.reduce(64) {
                $0 + 2 * MemoryLayout<Value>.stride + $1.key.utf8.count + $1.value.heapBytes
            }
        case .path(let path): 96 + 8 * (path.nodes.count + path.relationships.count)
        default: 0
        }
    }
}
