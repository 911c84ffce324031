internal import LMDB
public import PropertyGraph

extension WriteTransaction {
    /// Creates a node and returns its id.
    ///
    /// - Throws: `.invalidValue`, `.invalidName`, `.limitExceeded`; a unique constraint is checked
    ///   when the closure ends.
    /// - Complexity: O(log nodes) for each label and index.
    @discardableResult
    public mutating func createNode(labels: [Label] = [], properties: Properties = [:]) throws
        -> NodeID
    {
        let labels = try numbers(labels)
        let properties = try numbered(properties)
        let id = state.counters.nextNode
        state.counters.nextNode += 1
        try remember(.node, id, nil)
        try putRecord(.node, id, labels, properties, spilledBefore: [])
        for label in labels {
            try insert(id, table: tables.member, key: FixedKey.member(.node, label, id).span)
            state.count(.label(label), 1)
        }
        state.count(.nodes, 1)
        newNode = (id, labels)
        try reindex(.node, id, from: nil, to: (labels, properties))
        try log { $0.nodeCreated(id, labels, properties) }
        return NodeID(id)
    }

    /// Sets one property of a node; nil removes it.
    public mutating func setProperty(_ key: PropertyKey, of node: NodeID, to value: PropertyValue?)
        throws
    {
        if let value { try check(value, key) }
        let number = try number(key)
        try changeNode(node) { _, properties in
            properties.removeAll { $0.key == number }
            if let value { properties.append((number, value)) }
        }
    }

    /// Sets several properties of a node, leaving its others as they are.
    ///
    /// - Throws: `.nodeNotFound`, `.invalidValue`, `.invalidName`, `.limitExceeded`.
    public mutating func mergeProperties(_ new: Properties, into node: NodeID) throws {
        let new = try numbered(new)
        try changeNode(node) { _, properties in
            properties.removeAll { old in new.contains { $0.key == old.key } }
            properties.append(contentsOf: new)
        }
    }

    /// Replaces all properties of a node.
    ///
    /// - Throws: `.nodeNotFound`, `.invalidValue`, `.invalidName`, `.limitExceeded`.
    public mutating func setProperties(of node: NodeID, to new: Properties) throws {
        let new = try numbered(new)
        try changeNode(node) { _, properties in properties = new }
    }

    /// Adds a label to a node; nothing happens when it has it.
    ///
    /// - Throws: `.nodeNotFound`, `.invalidName`, `.limitExceeded`.
    public mutating func addLabel(_ label: Label, to node: NodeID) throws {
        let number = try number(label)
        try changeNode(node) { labels, _ in
            if !labels.contains(number) { labels.append(number) }
        }
    }

    /// Takes a label from a node; nothing happens when it has it not.
    ///
    /// - Throws: `.nodeNotFound`.
    public mutating func removeLabel(_ label: Label, from node: NodeID) throws {
        guard let number = state.catalog.number(of: label) else {
            guard try contains(node) else { throw GraphStoreError.nodeNotFound(node) }
            return
        }
        try changeNode(node) { labels, _ in labels.removeAll { $0 == number } }
    }

    /// Deletes a node that has no edges.
    ///
    /// - Throws: `.nodeNotFound`; `.nodeHasEdges` when it still has some.
    public mutating func deleteNode(_ node: NodeID) throws {
        guard try contains(node) else { throw GraphStoreError.nodeNotFound(node) }
        let degree = try degree(of: node, .both)
        guard degree == 0 else {
            throw GraphStoreError(
                .nodeHasEdges,
                "Node \(node) still has \(degree) edge ends. Delete its edges first, or use "
                    + "detachDeleteNode, which deletes them with it.", nodes: [node])
        }
        try removeNode(node)
    }

    /// Deletes a node together with its edges.
    ///
    /// - Throws: `.nodeNotFound`.
    /// - Complexity: O(degree × log edges).
    public mutating func detachDeleteNode(_ node: NodeID) throws {
        guard try contains(node) else { throw GraphStoreError.nodeNotFound(node) }
        var edges: Set<EdgeID> = []
        try forEachNeighbor(of: node, .both) {
            edges.insert($0.edge)
            return true
        }
        for edge in edges.sorted() { try deleteEdge(edge) }
        try removeNode(node)
    }

    private mutating func removeNode(_ node: NodeID) throws {
        let (labels, properties, spilled) = try nodeParts(node)
        let id = node.rawValue
        newNode = nil
        try remember(.node, id, EntityImage(labels: labels, properties: properties))
        _ = try lmdb.delete(tables.node, FixedKey(be64: id).span)
        try deleteBlobs(.node, id, spilled)
        for label in labels {
            try remove(id, table: tables.member, key: FixedKey.member(.node, label, id).span)
            state.count(.label(label), -1)
        }
        state.count(.nodes, -1)
        try reindex(.node, id, from: (labels, properties), to: nil)
        try log { $0.nodeDeleted(id, labels, properties) }
    }

    /// Labels and properties of a node by number, and which of them are kept as blobs.
    func nodeParts(_ node: NodeID) throws -> (
        labels: [UInt32], properties: NumberedProperties, spilled: [UInt32]
    ) {
        let view = view
        guard let bytes = try view.bytes.get(tables.node, FixedKey(be64: node.rawValue).span) else {
            throw GraphStoreError.nodeNotFound(node)
        }
        return try view.parts(of: bytes, .node, node.rawValue)
    }

    private mutating func changeNode(
        _ node: NodeID, _ body: (inout [UInt32], inout NumberedProperties) -> Void
    ) throws {
        let (oldLabels, oldProperties, spilled) = try nodeParts(node)
        var labels = oldLabels
        var properties = oldProperties
        body(&labels, &properties)
        labels.sort()
        properties.sort { $0.key < $1.key }
        let labelsChanged = labels != oldLabels
        let changes = propertyChanges(from: oldProperties, to: properties)
        guard labelsChanged || !changes.isEmpty else { return }
        let id = node.rawValue
        newNode = nil
        try remember(.node, id, EntityImage(labels: oldLabels, properties: oldProperties))
        try putRecord(.node, id, labels, properties, spilledBefore: spilled)
        if labelsChanged { try changeMembership(node, from: oldLabels, to: labels) }
        try reindex(.node, id, from: (oldLabels, oldProperties), to: (labels, properties))
        try log {
            if labelsChanged { $0.labelsChanged(id, oldLabels, labels) }
            if !changes.isEmpty { $0.propertiesChanged(.node, id, changes) }
        }
    }

    private mutating func changeMembership(
        _ node: NodeID, from old: [UInt32], to new: [UInt32]
    ) throws {
        let id = node.rawValue
        var runs: [(type: UInt32, count: Int64, isOut: Bool)] = []
        do {
            let view = view
            try view.forEachRun(tables.out, id, nil) {
                runs.append(($0, Int64(clamping: $1), true))
            }
            try view.forEachRun(tables.in, id, nil) {
                runs.append(($0, Int64(clamping: $1), false))
            }
        }
        for label in new where !old.contains(label) {
            try insert(id, table: tables.member, key: FixedKey.member(.node, label, id).span)
            state.count(.label(label), 1)
            for run in runs {
                state.count(.labelType(label, run.type, isOut: run.isOut), run.count)
            }
        }
        for label in old where !new.contains(label) {
            try remove(id, table: tables.member, key: FixedKey.member(.node, label, id).span)
            state.count(.label(label), -1)
            for run in runs {
                state.count(.labelType(label, run.type, isOut: run.isOut), -run.count)
            }
        }
    }
}

extension GraphView {
    /// Labels and properties of a record by number, and which properties are kept as blobs.
    func parts(of bytes: RawSpan, _ entity: EntityKind, _ id: UInt64) throws -> (
        labels: [UInt32], properties: NumberedProperties, spilled: [UInt32]
    ) {
        guard let record = RecordView(bytes) else {
            throw GraphStoreError.corrupted("record of \(entity) \(id)")
        }
        var properties: NumberedProperties = []
        properties.reserveCapacity(record.propertyCount)
        var spilled: [UInt32] = []
        for index in 0..<record.propertyCount {
            let key = record.key(at: index)
            if record.isSpilled(at: index) {
                spilled.append(key)
                properties.append((key, try blob(entity, id, key)))
            } else if let value = record.value(at: index) {
                properties.append((key, value))
            } else {
                throw GraphStoreError.corrupted("property \(key) of \(entity) \(id)")
            }
        }
        return ((0..<record.labelCount).map { record.label(at: $0) }, properties, spilled)
    }
}
