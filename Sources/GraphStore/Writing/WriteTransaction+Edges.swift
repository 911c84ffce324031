internal import LMDB
public import PropertyGraph

extension WriteTransaction {
    /// Creates an edge from a node to a node and returns its id.
    ///
    /// - Throws: `.nodeNotFound` when an end does not exist; `.invalidValue`, `.invalidName`.
    /// - Complexity: O(log edges), also at a node with a million edges.
    @discardableResult
    public mutating func createEdge(
        _ type: EdgeType, from source: NodeID, to target: NodeID, properties: Properties = [:]
    ) throws -> EdgeID {
        let sourceLabels = try labelNumbers(source)
        let targetLabels = source == target ? sourceLabels : try labelNumbers(target)
        let typeNumber = try number(type)
        let properties = try numbered(properties)
        let id = state.counters.nextEdge
        state.counters.nextEdge += 1
        try remember(.edge, id, nil)
        let (inline, rest) = divide(properties, typeNumber)
        if !rest.isEmpty { try putRecord(.edge, id, [], rest, spilledBefore: []) }
        let locator = EdgeLocator(
            source: source.rawValue, target: target.rawValue, type: typeNumber,
            hasRecord: !rest.isEmpty)
        try setLocator(locator, id)
        try insert(id, table: tables.member, key: FixedKey.member(.edge, typeNumber, id).span)
        try insertRow(
            AdjacencyEntry(neighbor: locator.target, edge: id, inline: inline), out: locator)
        try insertRow(
            AdjacencyEntry(neighbor: locator.source, edge: id, inline: .absent), in: locator)
        countEdge(typeNumber, sourceLabels, targetLabels, 1)
        try reindex(.edge, id, from: nil, to: ([typeNumber], properties))
        try log { $0.edgeCreated(id, locator, properties) }
        return EdgeID(id)
    }

    /// Sets one property of an edge; nil removes it.
    public mutating func setProperty(_ key: PropertyKey, of edge: EdgeID, to value: PropertyValue?)
        throws
    {
        if let value { try check(value, key) }
        let number = try number(key)
        try changeEdge(edge) { properties in
            properties.removeAll { $0.key == number }
            if let value { properties.append((number, value)) }
        }
    }

    /// Sets several properties of an edge, leaving its others as they are.
    ///
    /// - Throws: `.edgeNotFound`, `.invalidValue`, `.invalidName`, `.limitExceeded`.
    public mutating func mergeProperties(_ new: Properties, into edge: EdgeID) throws {
        let new = try numbered(new)
        try changeEdge(edge) { properties in
            properties.removeAll { old in new.contains { $0.key == old.key } }
            properties.append(contentsOf: new)
        }
    }

    /// Replaces all properties of an edge.
    ///
    /// - Throws: `.edgeNotFound`, `.invalidValue`, `.invalidName`, `.limitExceeded`.
    public mutating func setProperties(of edge: EdgeID, to new: Properties) throws {
        let new = try numbered(new)
        try changeEdge(edge) { $0 = new }
    }

    /// Deletes an edge.
    ///
    /// - Throws: `.edgeNotFound`.
    public mutating func deleteEdge(_ edge: EdgeID) throws {
        guard let locator = try view.locator(edge) else { throw GraphStoreError.edgeNotFound(edge) }
        let id = edge.rawValue
        let (properties, spilled) = try edgeParts(edge, locator)
        let sourceLabels = try labelNumbers(NodeID(locator.source))
        let targetLabels = try labelNumbers(NodeID(locator.target))
        if try remember(.edge, id, EntityImage(locator: locator, properties: properties)) {
            try rememberRows(locator, id)
        }
        if locator.hasRecord {
            _ = try lmdb.delete(tables.edgeRecord, FixedKey(be64: id).span)
            try deleteBlobs(.edge, id, spilled)
        }
        try setLocator(nil, id)
        try remove(id, table: tables.member, key: FixedKey.member(.edge, locator.type, id).span)
        try removeRow(id, out: locator)
        try removeRow(id, in: locator)
        countEdge(locator.type, sourceLabels, targetLabels, -1)
        try reindex(.edge, id, from: ([locator.type], properties), to: nil)
        try log { $0.edgeDeleted(id, locator, properties) }
    }

    /// All properties of an edge by number, and which of them are kept as blobs.
    func edgeParts(_ edge: EdgeID, _ locator: EdgeLocator) throws -> (
        properties: NumberedProperties, spilled: [UInt32]
    ) {
        try view.edgeParts(edge, locator)
    }

    private mutating func changeEdge(
        _ edge: EdgeID, _ body: (inout NumberedProperties) -> Void
    ) throws {
        guard let locator = try view.locator(edge) else { throw GraphStoreError.edgeNotFound(edge) }
        let (old, spilled) = try edgeParts(edge, locator)
        var new = old
        body(&new)
        new.sort { $0.key < $1.key }
        let changes = propertyChanges(from: old, to: new)
        guard !changes.isEmpty else { return }
        try remember(.edge, edge.rawValue, EntityImage(locator: locator, properties: old))
        try storeProperties(
            new, of: edge, locator, inlineBefore: divide(old, locator.type).inline, spilled)
        let id = edge.rawValue
        try reindex(.edge, id, from: ([locator.type], old), to: ([locator.type], new))
        try log { $0.propertiesChanged(.edge, id, changes) }
    }

    /// Writes the properties of an existing edge to the places they belong to.
    mutating func storeProperties(
        _ properties: NumberedProperties, of edge: EdgeID, _ locator: EdgeLocator,
        inlineBefore: InlineValue, _ spilled: [UInt32]
    ) throws {
        let id = edge.rawValue
        let (inline, rest) = divide(properties, locator.type)
        if rest.isEmpty {
            if locator.hasRecord {
                _ = try lmdb.delete(tables.edgeRecord, FixedKey(be64: id).span)
                try deleteBlobs(.edge, id, spilled)
            }
        } else {
            try putRecord(.edge, id, [], rest, spilledBefore: spilled)
        }
        if locator.hasRecord == rest.isEmpty {
            var changed = locator
            changed.hasRecord = !rest.isEmpty
            try setLocator(changed, id)
        }
        if inline != inlineBefore { try replaceRow(id, inline, out: locator) }
    }

    /// Divides properties into the inline one of the type, where it is a number, and the rest.
    func divide(_ properties: NumberedProperties, _ type: UInt32) -> (
        inline: InlineValue, rest: NumberedProperties
    ) {
        guard let key = state.catalog.inlineProperties[type],
            let place = properties.firstIndex(where: { $0.key == key })
        else { return (.absent, properties) }
        var rest = properties
        switch properties[place].value {
        case .integer(let value):
            rest.remove(at: place)
            return (.integer(value), rest)
        case .double(let value):
            rest.remove(at: place)
            return (.double(value), rest)
        default: return (.elsewhere, rest)
        }
    }

    func labelNumbers(_ node: NodeID) throws -> [UInt32] {
        if let newNode, newNode.id == node.rawValue { return newNode.labels }
        let view = view
        guard let bytes = try view.bytes.get(tables.node, FixedKey(be64: node.rawValue).span) else {
            throw GraphStoreError.nodeNotFound(node)
        }
        guard let record = RecordView(bytes) else {
            throw GraphStoreError.corrupted("record of node \(node)")
        }
        var labels: [UInt32] = []
        for index in 0..<record.labelCount { labels.append(record.label(at: index)) }
        return labels
    }

    mutating func countEdge(
        _ type: UInt32, _ sourceLabels: [UInt32], _ targetLabels: [UInt32], _ change: Int64
    ) {
        state.count(.edges, change)
        state.count(.type(type), change)
        for label in sourceLabels { state.count(.labelType(label, type, isOut: true), change) }
        for label in targetLabels { state.count(.labelType(label, type, isOut: false), change) }
    }

    mutating func setLocator(_ locator: EdgeLocator?, _ id: UInt64) throws {
        let key = FixedKey(be64: id >> UInt64(EdgeChunk.bits))
        let slot = Int(id & (1 << EdgeChunk.bits - 1))
        try replace(tables.edge, key.span) { old, output in
            switch EdgeChunk.setting(locator, at: slot, in: old, output: &output) {
            case .some(true): return .store
            case .some(false): return .remove
            case .none: throw GraphStoreError.corrupted("the chunk of edge \(id)")
            }
        }
    }
}

extension GraphView {
    /// All properties of an edge by number, and which of them are kept as blobs.
    func edgeParts(_ edge: EdgeID, _ locator: EdgeLocator) throws -> (
        properties: NumberedProperties, spilled: [UInt32]
    ) {
        var properties: NumberedProperties = []
        var spilled: [UInt32] = []
        if locator.hasRecord {
            let key = FixedKey(be64: edge.rawValue)
            guard let bytes = try bytes.get(tables.edgeRecord, key.span) else {
                throw GraphStoreError.corrupted("edge \(edge) has no record")
            }
            let parts = try parts(of: bytes, .edge, edge.rawValue)
            (properties, spilled) = (parts.properties, parts.spilled)
        }
        if let number = catalog.inlineProperties[locator.type] {
            switch try inlineValue(of: edge, locator) {
            case .integer(let value): properties.append((number, .integer(value)))
            case .double(let value): properties.append((number, .double(value)))
            case .absent, .elsewhere: break
            }
            properties.sort { $0.key < $1.key }
        }
        return (properties, spilled)
    }
}
