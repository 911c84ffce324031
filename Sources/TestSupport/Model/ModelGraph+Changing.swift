public import PropertyGraph

extension ModelGraph {
    /// Creates a node.
    @discardableResult
    public mutating func createNode(_ labels: [Label], _ properties: Properties) -> NodeID {
        let id = NodeID(nextNode)
        nextNode += 1
        nodes[id] = Node(id: id, labels: labels, properties: properties)
        touch(id)
        return id
    }

    /// Deletes a node without edges.
    public mutating func deleteNode(_ id: NodeID) throws {
        _ = try existing(id)
        guard incident[id]?.isEmpty != false else { throw Refusal("NODE_HAS_EDGES") }
        nodes[id] = nil
        incident[id] = nil
        touch(id)
    }

    /// Deletes a node and its edges.
    public mutating func detachDeleteNode(_ id: NodeID) throws {
        _ = try existing(id)
        for edge in incident[id] ?? [] { try deleteEdge(edge) }
        try deleteNode(id)
    }

    /// Changes the properties of a node; nothing counts as changed when they stay the same.
    public mutating func changeNode(_ id: NodeID, _ body: (inout Node) -> Void) throws {
        var node = try existing(id)
        let before = node
        body(&node)
        touchedNodes.insert(id)
        guard node != before else { return }
        nodes[id] = node
        touch(id)
    }

    /// Adds or takes away a label.
    public mutating func setLabel(_ label: Label, of id: NodeID, isPresent: Bool) throws {
        try changeNode(id) { node in
            var labels = Set(node.labels)
            if isPresent { labels.insert(label) } else { labels.remove(label) }
            node.labels = labels.sorted()
        }
    }

    /// Creates an edge.
    @discardableResult
    public mutating func createEdge(
        _ type: EdgeType, _ source: NodeID, _ target: NodeID, _ properties: Properties
    ) throws -> EdgeID {
        _ = try existing(source)
        _ = try existing(target)
        let id = EdgeID(nextEdge)
        nextEdge += 1
        edges[id] = Edge(
            id: id, type: type, source: source, target: target, properties: properties)
        incident[source, default: []].insert(id)
        incident[target, default: []].insert(id)
        touch(id)
        touchedNodes.formUnion([source, target])
        return id
    }

    /// Deletes an edge.
    public mutating func deleteEdge(_ id: EdgeID) throws {
        guard let edge = edges.removeValue(forKey: id) else { throw Refusal("EDGE_NOT_FOUND") }
        incident[edge.source]?.remove(id)
        incident[edge.target]?.remove(id)
        touch(id)
        touchedNodes.formUnion([edge.source, edge.target])
    }

    /// Changes the properties of an edge.
    public mutating func changeEdge(_ id: EdgeID, _ body: (inout Properties) -> Void) throws {
        guard var edge = edges[id] else { throw Refusal("EDGE_NOT_FOUND") }
        let before = edge.properties
        body(&edge.properties)
        touchedEdges.insert(id)
        guard edge.properties != before else { return }
        edges[id] = edge
        touch(id)
    }

    /// Creates an index, a constraint or an inline property.
    public mutating func create(_ object: SchemaObject) throws {
        let twins = (building + schema.values).filter { other in
            guard other.isOverNodes == object.isOverNodes,
                PropertyKey(other.symbol) == PropertyKey(object.symbol),
                other.kind == object.kind || other.kind.isOrdered && object.kind.isOrdered
            else { return false }
            return object.kind == .inlineProperty || other.keys == object.keys
        }
        guard twins.isEmpty, schema[PropertyKey(object.name)] == nil else {
            throw Refusal("SCHEMA_EXISTS")
        }
        schema[PropertyKey(object.name)] = object
        isChanged = true
    }

    /// Drops one by name.
    public mutating func dropSchemaObject(named name: String) throws {
        guard schema.removeValue(forKey: PropertyKey(name)) != nil else {
            throw Refusal("SCHEMA_NOT_FOUND")
        }
        isChanged = true
    }

    /// Gives a name another text that was never used.
    public mutating func rename(_ name: NamedThing, to new: String) {
        for (id, node) in nodes {
            nodes[id] = Node(
                id: id, labels: node.labels.map { Label(name.renamed($0.name, .label, new)) },
                properties: name.renamed(node.properties, new))
        }
        for (id, edge) in edges {
            edges[id] = Edge(
                id: id, type: EdgeType(name.renamed(edge.type.name, .edgeType, new)),
                source: edge.source, target: edge.target,
                properties: name.renamed(edge.properties, new))
        }
        schema = schema.mapValues { name.renamed($0, new) }
        building = building.map { name.renamed($0, new) }
        touchedNodes.formUnion(nodes.keys)
        touchedEdges.formUnion(edges.keys)
        isChanged = true
    }

    /// Stores, or with nil removes, an entry of a byte table.
    public mutating func setBytes(_ value: [UInt8]?, _ key: [UInt8], in table: PropertyKey) {
        let before = byteTables[table, default: [:]].updateOrRemove(value, forKey: key)
        if value != nil || before != nil { isChanged = true }
    }

    /// Puts what a change feed says in the place of what is there; for replaying one.
    public mutating func replay(node: Node?, _ id: NodeID) {
        nodes[id] = node
        nextNode = max(nextNode, id.rawValue + 1)
    }

    /// Puts what a change feed says in the place of what is there; for replaying one.
    public mutating func replay(edge: Edge?, _ id: EdgeID) {
        edges[id] = edge
        nextEdge = max(nextEdge, id.rawValue + 1)
    }

    private func existing(_ id: NodeID) throws -> Node {
        guard let node = nodes[id] else { throw Refusal("NODE_NOT_FOUND") }
        return node
    }

    private mutating func touch(_ id: NodeID) {
        touchedNodes.insert(id)
        isChanged = true
    }

    private mutating func touch(_ id: EdgeID) {
        touchedEdges.insert(id)
        isChanged = true
    }
}

/// A name that can be changed: of a label, an edge type or a property key.
public struct NamedThing: Hashable, Sendable {
    /// What it names.
    public enum Kind: Hashable, Sendable { case label, edgeType, propertyKey }

    private let bytes: PropertyKey
    /// What it names.
    public let kind: Kind
    /// The name.
    public var name: String { bytes.name }

    /// Makes the name.
    public init(_ kind: Kind, _ name: String) {
        self.kind = kind
        bytes = PropertyKey(name)
    }

    func renamed(_ text: String, _ kind: Kind, _ new: String) -> String {
        kind == self.kind && PropertyKey(text) == bytes ? new : text
    }

    func renamed(_ properties: Properties, _ new: String) -> Properties {
        var result: Properties = [:]
        for (key, value) in properties {
            result[PropertyKey(renamed(key.name, .propertyKey, new))] = value
        }
        return result
    }

    /// A schema object with the new name in it; its own name stays.
    public func renamed(_ object: ModelGraph.SchemaObject, _ new: String)
        -> ModelGraph.SchemaObject
    {
        ModelGraph.SchemaObject(
            name: object.name, kind: object.kind, isOverNodes: object.isOverNodes,
            symbol: renamed(object.symbol, object.isOverNodes ? .label : .edgeType, new),
            keys: object.keys.map { PropertyKey(renamed($0.name, .propertyKey, new)) },
            type: object.type)
    }
}

extension Dictionary {
    /// Sets a value, or removes it with nil; the value before.
    fileprivate mutating func updateOrRemove(_ value: Value?, forKey key: Key) -> Value? {
        if let value { return updateValue(value, forKey: key) }
        return removeValue(forKey: key)
    }
}
