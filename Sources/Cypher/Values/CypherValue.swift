internal import GraphStore
public import PropertyGraph

/// A value of a result or a parameter, independent of any transaction.
public enum CypherValue: Sendable {
    /// No value.
    case null
    /// True or false.
    case boolean(Bool)
    /// A 64-bit integer.
    case integer(Int64)
    /// An IEEE 754 double.
    case float(Double)
    /// Text.
    case string(String)
    /// Values in order, of any types.
    case list([CypherValue])
    /// Values by name.
    case map([String: CypherValue])
    /// A node with its labels and properties.
    case node(Node)
    /// A relationship with its properties.
    case relationship(Edge)
    /// Nodes with a relationship between each two.
    case path([Node], [Edge])
    /// A temporal value, a point, bytes or a vector, as properties hold them.
    case property(PropertyValue)
}

extension Value {
    /// A value from outside.
    init(_ value: CypherValue) {
        switch value {
        case .null: self = .null
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = .integer(value)
        case .float(let value): self = .float(value)
        case .string(let value): self = .string(value)
        case .list(let elements): self = .list(elements.map { Value($0) })
        case .map(let entries):
            self = .map(ValueMap(entries.map { (key: $0.key, value: Value($0.value)) }))
        case .node(let node): self = .node(node.id)
        case .relationship(let edge): self = .relationship(edge.id)
        case .path(let nodes, let edges):
            self = .path(PathValue(nodes: nodes.map(\.id), relationships: edges.map(\.id)))
        case .property(let value): self = Value(value)
        }
    }
}

extension Execution {
    /// A value with what its nodes and relationships hold.
    func materialise<T: GraphReading & ~Copyable>(
        _ value: Value, _ txn: borrowing T
    ) throws -> CypherValue {
        switch value {
        case .null: return .null
        case .boolean(let value): return .boolean(value)
        case .integer(let value): return .integer(value)
        case .float(let value): return .float(value)
        case .string(let value): return .string(value)
        case .list(let elements): return .list(try elements.map { try materialise($0, txn) })
        case .map(let map):
            var entries: [String: CypherValue] = [:]
            for entry in map.entries { entries[entry.key] = try materialise(entry.value, txn) }
            return .map(entries)
        case .node(let id): return .node(try txn.node(id) ?? Node(id: id))
        case .relationship(let id): return .relationship(try edge(id, txn))
        case .path(let path):
            return .path(
                try path.nodes.map { try txn.node($0) ?? Node(id: $0) },
                try path.relationships.map { try edge($0, txn) })
        default: return value.storable.map { .property($0) } ?? .null
        }
    }

    /// As `materialise`, counting the memory that the value keeps.
    func kept<T: GraphReading & ~Copyable>(
        _ value: Value, _ txn: borrowing T
    ) throws -> CypherValue {
        let result = try materialise(value, txn)
        let bytes = result.extraBytes
        if bytes > 0 { try keep(bytes) }
        return result
    }

    /// A relationship; of one that was deleted its type is left.
    private func edge<T: GraphReading & ~Copyable>(
        _ id: EdgeID, _ txn: borrowing T
    ) throws -> Edge {
        try txn.edge(id)
            ?? Edge(
                id: id, type: deletedRelationships[id] ?? "", source: NodeID(0), target: NodeID(0))
    }
}

extension CypherValue {
    /// About the bytes that it keeps beside its own.
    var extraBytes: Int {
        switch self {
        case .null, .boolean, .integer, .float: 0
        case .string(let text): text.utf8.count > 15 ? 32 + text.utf8.count : 0
        case .list(let elements):
            elements.reduce(32) { $0 + MemoryLayout<CypherValue>.stride + $1.extraBytes }
        case .map(let map):
            map.reduce(64) {
                $0 + 2 * MemoryLayout<CypherValue>.stride + $1.key.utf8.count
                    + $1.value.extraBytes
            }
        case .node(let node): 96 + 96 * node.properties.count
        case .relationship(let edge): 128 + 96 * edge.properties.count
        case .path(let nodes, let edges):
            nodes.reduce(64) { $0 + 96 + 96 * $1.properties.count }
                + edges.reduce(0) { $0 + 128 + 96 * $1.properties.count }
        case .property: 32
        }
    }

    /// A stored value.
    public init(_ value: PropertyValue) {
        switch value {
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = .integer(value)
        case .double(let value): self = .float(value)
        case .string(let value): self = .string(value)
        case .list(let elements): self = .list(elements.map { CypherValue($0) })
        default: self = .property(value)
        }
    }
}

extension CypherValue {
    /// Whether two values are one for DISTINCT and grouping: null is null, NaN is NaN, and numbers
    /// are compared by value.
    public func isEquivalent(to other: CypherValue) -> Bool {
        Value(self).isEquivalent(to: Value(other))
    }
}
