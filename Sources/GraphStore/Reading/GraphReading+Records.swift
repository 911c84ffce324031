internal import LMDB
public import PropertyGraph

extension GraphReading where Self: ~Copyable {
    /// Returns a node with its labels and properties; nil when there is none.
    ///
    /// - Complexity: O(log nodes) and one copy of its properties.
    public func node(_ id: NodeID) throws -> Node? {
        let view = view
        if let past = view.past { return try view.pastNode(id, past) }
        guard let bytes = try view.bytes.get(view.tables.node, FixedKey(be64: id.rawValue).span)
        else { return nil }
        return try view.node(id, decoding: bytes)
    }

    /// Returns whether a node exists.
    public func contains(_ id: NodeID) throws -> Bool {
        let view = view
        if let past = view.past { return try view.pastNodeExists(id, past) }
        return try view.bytes.get(view.tables.node, FixedKey(be64: id.rawValue).span) != nil
    }

    /// Returns one property of a node without reading the others; nil when absent.
    ///
    /// - Throws: `.nodeNotFound`.
    public func property(_ key: PropertyKey, of id: NodeID) throws -> PropertyValue? {
        let view = view
        if let past = view.past {
            guard try view.pastNodeExists(id, past) else { throw GraphStoreError.nodeNotFound(id) }
            return try view.catalog.number(of: key).flatMap {
                try view.pastValue(.node, id.rawValue, $0, past)
            }
        }
        guard let bytes = try view.bytes.get(view.tables.node, FixedKey(be64: id.rawValue).span)
        else { throw GraphStoreError.nodeNotFound(id) }
        guard let number = view.catalog.number(of: key) else { return nil }
        return try view.property(number, in: bytes, .node, id.rawValue)
    }

    /// Returns the labels of a node, ascending by bytes.
    ///
    /// - Throws: `.nodeNotFound`.
    public func labels(of id: NodeID) throws -> [Label] {
        let view = view
        if let past = view.past {
            guard let node = try view.pastNode(id, past) else {
                throw GraphStoreError.nodeNotFound(id)
            }
            return node.labels
        }
        guard let bytes = try view.bytes.get(view.tables.node, FixedKey(be64: id.rawValue).span)
        else { throw GraphStoreError.nodeNotFound(id) }
        guard let record = RecordView(bytes) else {
            throw GraphStoreError.corrupted("record of node \(id)")
        }
        return try (0..<record.labelCount).map { try view.catalog.label(record.label(at: $0)) }
            .sorted()
    }

    /// Returns whether a node has a label; false when there is no such node.
    public func hasLabel(_ label: Label, _ id: NodeID) throws -> Bool {
        let view = view
        if let past = view.past {
            guard let number = view.catalog.number(of: label) else { return false }
            return try view.pastLabelNumbers(id.rawValue, past)?.contains(number) ?? false
        }
        guard let number = view.catalog.number(of: label),
            let bytes = try view.bytes.get(view.tables.node, FixedKey(be64: id.rawValue).span)
        else { return false }
        guard let record = RecordView(bytes) else {
            throw GraphStoreError.corrupted("record of node \(id)")
        }
        return record.hasLabel(number)
    }

    /// Returns an edge with its ends and properties; nil when there is none.
    ///
    /// - Complexity: O(log edges) and one copy of its properties.
    public func edge(_ id: EdgeID) throws -> Edge? {
        let view = view
        guard let locator = try view.locator(id) else { return nil }
        return try view.edge(id, locator)
    }

    /// Returns one property of an edge; nil when absent.
    ///
    /// - Throws: `.edgeNotFound`.
    public func property(_ key: PropertyKey, of id: EdgeID) throws -> PropertyValue? {
        let view = view
        guard let locator = try view.locator(id) else { throw GraphStoreError.edgeNotFound(id) }
        guard let number = view.catalog.number(of: key) else { return nil }
        return try view.property(number, of: id, locator)
    }

    /// Returns whether an edge exists.
    public func contains(_ id: EdgeID) throws -> Bool { try view.locator(id) != nil }
}

extension GraphView {
    func node(_ id: NodeID, decoding bytes: RawSpan) throws -> Node {
        guard let record = RecordView(bytes) else {
            throw GraphStoreError.corrupted("record of node \(id)")
        }
        var labels: [Label] = []
        for index in 0..<record.labelCount {
            labels.append(try catalog.label(record.label(at: index)))
        }
        var node = Node(id: id)
        node.labels = labels.sorted()
        node.properties = try properties(in: bytes, .node, id.rawValue)
        return node
    }

    func edge(_ id: EdgeID, _ locator: EdgeLocator) throws -> Edge {
        var properties: Properties = [:]
        if let past, case .image(let image) = try pastEntity(.edge, id.rawValue, past) {
            return Edge(
                id: id, type: try catalog.edgeType(locator.type), source: NodeID(locator.source),
                target: NodeID(locator.target), properties: try self.properties(of: image))
        }
        if locator.hasRecord { properties = try recordProperties(of: id) }
        if let inline = catalog.inlineProperties[locator.type] {
            switch try inlineValue(of: id, locator) {
            case .integer(let value): properties[try catalog.propertyKey(inline)] = .integer(value)
            case .double(let value): properties[try catalog.propertyKey(inline)] = .double(value)
            case .absent, .elsewhere: break
            }
        }
        return Edge(
            id: id, type: try catalog.edgeType(locator.type), source: NodeID(locator.source),
            target: NodeID(locator.target), properties: properties)
    }

    func recordProperties(of id: EdgeID) throws -> Properties {
        guard let bytes = try bytes.get(tables.edgeRecord, FixedKey(be64: id.rawValue).span) else {
            throw GraphStoreError.corrupted("edge \(id) has no record")
        }
        return try properties(in: bytes, .edge, id.rawValue)
    }

    /// All properties of a record, blobs fetched.
    func properties(in bytes: RawSpan, _ entity: EntityKind, _ id: UInt64) throws -> Properties {
        guard let record = RecordView(bytes) else {
            throw GraphStoreError.corrupted("record of \(entity) \(id)")
        }
        var result = Properties(minimumCapacity: record.propertyCount)
        for index in 0..<record.propertyCount {
            let number = record.key(at: index)
            result[try catalog.propertyKey(number)] =
                if record.isSpilled(at: index) {
                    try blob(entity, id, number)
                } else if let value = record.value(at: index) {
                    value
                } else {
                    throw GraphStoreError.corrupted("property \(number) of \(entity) \(id)")
                }
        }
        return result
    }

    /// One property of a record, by number.
    func property(_ number: UInt32, in bytes: RawSpan, _ entity: EntityKind, _ id: UInt64) throws
        -> PropertyValue?
    {
        guard let record = RecordView(bytes) else {
            throw GraphStoreError.corrupted("record of \(entity) \(id)")
        }
        guard let index = record.find(number) else { return nil }
        return try value(at: index, of: number, in: record, entity, id)
    }

    /// The value at a place of a record where a property stands.
    func value(
        at index: Int, of number: UInt32, in record: RecordView, _ entity: EntityKind, _ id: UInt64
    ) throws -> PropertyValue {
        let bytes = record.bytes
        if let range = record.valueRange(at: index) {
            let first = bytes.loadUInt8(at: range.lowerBound)
            // Whole in its tag, as most counts and durations are.
            if range.count == 1, let integer = ValueCodec.smallInteger(first) {
                return .integer(integer)
            }
            if first == ValueCodec.Tag.spilled { return try blob(entity, id, number) }
            if let value = ValueCodec.decode(bytes.extracting(range)) { return value }
        }
        throw GraphStoreError.corrupted("property \(number) of \(entity) \(id)")
    }

    func property(_ number: UInt32, of id: EdgeID, _ locator: EdgeLocator) throws -> PropertyValue?
    {
        if let past, case .image(let image) = try pastEntity(.edge, id.rawValue, past) {
            return image.properties.value(number)
        }
        if catalog.inlineProperties[locator.type] == number {
            switch try inlineValue(of: id, locator) {
            case .absent: return nil
            case .integer(let value): return .integer(value)
            case .double(let value): return .double(value)
            case .elsewhere: break
            }
        }
        guard locator.hasRecord else { return nil }
        guard let bytes = try bytes.get(tables.edgeRecord, FixedKey(be64: id.rawValue).span) else {
            throw GraphStoreError.corrupted("edge \(id) has no record")
        }
        return try property(number, in: bytes, .edge, id.rawValue)
    }

    func blob(_ entity: EntityKind, _ id: UInt64, _ property: UInt32) throws -> PropertyValue {
        let key = FixedKey.blob(entity, id, property)
        guard let bytes = try bytes.get(tables.blob, key.span), let value = ValueCodec.decode(bytes)
        else { throw GraphStoreError.corrupted("long property \(property) of \(entity) \(id)") }
        return value
    }

    /// Where an edge runs; nil when there is none.
    func locator(_ id: EdgeID) throws -> EdgeLocator? {
        if let past { return try pastLocator(id, past) }
        return try currentLocator(id)
    }

    /// Where an edge runs today.
    func currentLocator(_ id: EdgeID) throws -> EdgeLocator? {
        let key = FixedKey(be64: id.rawValue >> UInt64(EdgeChunk.bits))
        guard let chunk = try bytes.get(tables.edge, key.span) else { return nil }
        return EdgeChunk.locator(at: Int(id.rawValue & (1 << EdgeChunk.bits - 1)), in: chunk)
    }
}
