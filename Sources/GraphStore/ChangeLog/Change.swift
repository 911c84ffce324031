public import PropertyGraph

/// What a property was and became; nil is absent.
public struct PropertyChange: Hashable, Sendable {
    /// The property.
    public let key: PropertyKey
    /// Its value before.
    public let before: PropertyValue?
    /// Its value after.
    public let after: PropertyValue?
}

/// What a name is a name of.
public enum NameKind: String, Hashable, Sendable, CaseIterable {
    /// A label of nodes.
    case label
    /// A type of edges.
    case edgeType = "edge type"
    /// A key of properties.
    case propertyKey = "property"

    var symbol: SymbolKind {
        switch self {
        case .label: .label
        case .edgeType: .edgeType
        case .propertyKey: .propertyKey
        }
    }

    init?(_ symbol: SymbolKind) {
        switch symbol {
        case .label: self = .label
        case .edgeType: self = .edgeType
        case .propertyKey: self = .propertyKey
        case .byteTable: return nil
        }
    }
}

/// One change to the graph, with what was there before.
public enum Change: Hashable, Sendable {
    /// A node was created.
    case nodeCreated(Node)
    /// A node was deleted; its last state.
    case nodeDeleted(Node)
    /// The labels of a node changed.
    case labelsChanged(NodeID, before: [Label], after: [Label])
    /// Properties of a node changed.
    case nodeChanged(NodeID, [PropertyChange])
    /// An edge was created.
    case edgeCreated(Edge)
    /// An edge was deleted; its last state.
    case edgeDeleted(Edge)
    /// Properties of an edge changed.
    case edgeChanged(EdgeID, [PropertyChange])
    /// An index, constraint or inline property was created.
    case schemaCreated(SchemaObject)
    /// An index, constraint or inline property was dropped.
    case schemaDropped(SchemaObject)
    /// A label, an edge type or a property key got another name. Positions before it are told with
    /// the name before, those after it with the name after.
    case renamed(NameKind, before: String, after: String)
    /// So many nodes and edges were loaded at once; they are not listed.
    case bulkLoaded(nodes: Int, edges: Int)
    /// A byte table of another module changed.
    case byteTableChanged(String)
}

/// Everything one transaction did.
public struct ChangeSet: Hashable, Sendable {
    /// Its number: gapless, ascending.
    public let position: UInt64
    /// A random number stored with the position: the same position with another token is another
    /// history, as after restoring a backup.
    public let token: UInt64
    /// When it was committed, in microseconds since 1970 UTC; never earlier than its predecessor.
    public let microsecondsSinceEpoch: Int64
    /// The changes, in the order they were made.
    public let changes: [Change]
}
