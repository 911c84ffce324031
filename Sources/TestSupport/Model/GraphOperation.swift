public import PropertyGraph

/// One change to a graph, as data: applied to the model and to the store alike.
public enum GraphOperation: Sendable {
    /// Creates a node.
    case createNode([Label], Properties)
    /// Deletes a node that has no edges.
    case deleteNode(NodeID)
    /// Deletes a node and its edges.
    case detachDeleteNode(NodeID)
    /// Sets or removes one property of a node.
    case setNodeProperty(NodeID, PropertyKey, PropertyValue?)
    /// Sets several properties of a node.
    case mergeNodeProperties(NodeID, Properties)
    /// Replaces all properties of a node.
    case replaceNodeProperties(NodeID, Properties)
    /// Adds a label.
    case addLabel(Label, NodeID)
    /// Takes a label away.
    case removeLabel(Label, NodeID)
    /// Creates an edge.
    case createEdge(EdgeType, NodeID, NodeID, Properties)
    /// Deletes an edge.
    case deleteEdge(EdgeID)
    /// Sets or removes one property of an edge.
    case setEdgeProperty(EdgeID, PropertyKey, PropertyValue?)
    /// Sets several properties of an edge.
    case mergeEdgeProperties(EdgeID, Properties)
    /// Replaces all properties of an edge.
    case replaceEdgeProperties(EdgeID, Properties)
    /// Creates a schema object.
    case createSchema(ModelGraph.SchemaObject)
    /// Drops a schema object.
    case dropSchema(String)
    /// Renames a label, an edge type or a property key to a name that was never used.
    case rename(NamedThing, String)
    /// Stores, or with nil removes, an entry of a byte table.
    case setBytes(PropertyKey, key: [UInt8], value: [UInt8]?)
    /// Throws an error of the caller.
    case fail

    /// What `fail` throws.
    public struct Failure: Error, Hashable, Sendable {
        /// Makes the error.
        public init() {}
    }

    /// Applies it to the model.
    ///
    /// - Throws: `ModelGraph.Refusal`, `Failure`.
    public func apply(to graph: inout ModelGraph) throws {
        switch self {
        case .createNode(let labels, let properties): graph.createNode(labels, properties)
        case .deleteNode(let id): try graph.deleteNode(id)
        case .detachDeleteNode(let id): try graph.detachDeleteNode(id)
        case .setNodeProperty(let id, let key, let value):
            try graph.changeNode(id) { $0.properties[key] = value }
        case .mergeNodeProperties(let id, let new):
            try graph.changeNode(id) { $0.properties.merge(new) { $1 } }
        case .replaceNodeProperties(let id, let new):
            try graph.changeNode(id) { $0.properties = new }
        case .addLabel(let label, let id): try graph.setLabel(label, of: id, isPresent: true)
        case .removeLabel(let label, let id): try graph.setLabel(label, of: id, isPresent: false)
        case .createEdge(let type, let source, let target, let properties):
            try graph.createEdge(type, source, target, properties)
        case .deleteEdge(let id): try graph.deleteEdge(id)
        case .setEdgeProperty(let id, let key, let value):
            try graph.changeEdge(id) { $0[key] = value }
        case .mergeEdgeProperties(let id, let new):
            try graph.changeEdge(id) { $0.merge(new) { $1 } }
        case .replaceEdgeProperties(let id, let new): try graph.changeEdge(id) { $0 = new }
        case .createSchema(let object): try graph.create(object)
        case .dropSchema(let name): try graph.dropSchemaObject(named: name)
        case .rename(let name, let new): graph.rename(name, to: new)
        case .setBytes(let table, let key, let value): graph.setBytes(value, key, in: table)
        case .fail: throw Failure()
        }
    }
}
