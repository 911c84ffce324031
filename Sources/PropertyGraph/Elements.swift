/// A node as read from a graph: a value, independent of the transaction it came from.
public struct Node: Hashable, Sendable, Identifiable {
    /// Its identity in the database.
    public var id: NodeID
    /// Its labels, ascending by bytes, each once.
    public var labels: [Label]
    /// Its properties.
    public var properties: Properties

    /// Makes a node from its parts; labels are sorted and made unique.
    public init(id: NodeID, labels: [Label] = [], properties: Properties = [:]) {
        self.id = id
        self.labels = Set(labels).sorted()
        self.properties = properties
    }

    /// The value of a property, nil when absent.
    public subscript(key: PropertyKey) -> PropertyValue? { properties[key] }
}

/// An edge as read from a graph: a value, independent of the transaction it came from.
public struct Edge: Hashable, Sendable, Identifiable {
    /// Its identity in the database.
    public var id: EdgeID
    /// Its type.
    public var type: EdgeType
    /// The node it leaves.
    public var source: NodeID
    /// The node it reaches.
    public var target: NodeID
    /// Its properties.
    public var properties: Properties

    /// Makes an edge from its parts.
    public init(
        id: EdgeID, type: EdgeType, source: NodeID, target: NodeID, properties: Properties = [:]
    ) {
        self.id = id
        self.type = type
        self.source = source
        self.target = target
        self.properties = properties
    }

    /// The value of a property, nil when absent.
    public subscript(key: PropertyKey) -> PropertyValue? { properties[key] }
}

/// One step from a node: the edge taken and the node at its other end.
@frozen
public struct Neighbor: Hashable, Sendable {
    /// The node at the other end.
    public let node: NodeID
    /// The edge between.
    public let edge: EdgeID

    /// Makes a step.
    @inlinable
    public init(node: NodeID, edge: EdgeID) {
        self.node = node
        self.edge = edge
    }
}
