internal import LMDB
internal import PropertyGraph

/// Decodes the bytes of one position.
struct ChangeLogReader {
    private let bytes: [UInt8]
    private var offset = 0
    private let catalog: Catalog
    private var names: EarlierNames

    init(_ bytes: [UInt8], _ catalog: Catalog, _ position: UInt64) {
        self.bytes = bytes
        self.catalog = catalog
        names = EarlierNames(catalog.renames, at: position)
    }

    mutating func changeSet(_ position: UInt64) throws -> ChangeSet {
        guard bytes.count >= ChangeLogBuffer.headerBytes, bytes[0] == 1 else {
            throw damaged(position)
        }
        let token = bytes.rawSpan.loadLE64(at: 1)
        let time = Int64(bitPattern: bytes.rawSpan.loadLE64(at: 9))
        offset = ChangeLogBuffer.headerBytes
        var changes: [Change] = []
        while offset < bytes.count {
            guard let change = try next() else { throw damaged(position) }
            changes.append(change)
        }
        return ChangeSet(
            position: position, token: token, microsecondsSinceEpoch: time, changes: changes)
    }

    private func damaged(_ position: UInt64) -> GraphStoreError {
        GraphStoreError.corrupted("change log at position \(position), byte \(offset)")
    }

    private mutating func next() throws -> Change? {
        guard let operation = ChangeOperation(rawValue: bytes[offset]) else { return nil }
        offset += 1
        switch operation {
        case .nodeCreated: return try node().map { .nodeCreated($0) }
        case .nodeDeleted: return try node().map { .nodeDeleted($0) }
        case .labelsChanged:
            guard let id = varint(), let before = try labels(), let after = try labels() else {
                return nil
            }
            return .labelsChanged(NodeID(id), before: before, after: after)
        case .nodeProperties:
            guard let id = varint(), let changes = try propertyChanges() else { return nil }
            return .nodeChanged(NodeID(id), changes)
        case .edgeCreated: return try edge().map { .edgeCreated($0) }
        case .edgeDeleted: return try edge().map { .edgeDeleted($0) }
        case .edgeProperties:
            guard let id = varint(), let changes = try propertyChanges() else { return nil }
            return .edgeChanged(EdgeID(id), changes)
        case .schemaCreated: return schemaObject().map { .schemaCreated($0) }
        case .schemaDropped: return schemaObject().map { .schemaDropped($0) }
        case .bulkLoaded:
            guard let nodes = varint(), let edges = varint() else { return nil }
            return .bulkLoaded(nodes: Int(clamping: nodes), edges: Int(clamping: edges))
        case .byteTableChanged: return text().map { .byteTableChanged($0) }
        case .renamed: return renamed()
        }
    }

    private mutating func renamed() -> Change? {
        guard let tag = varint(), let kind = SymbolKind(rawValue: UInt8(truncatingIfNeeded: tag)),
            let name = NameKind(kind), let number = symbol(), let before = text(),
            let after = text()
        else { return nil }
        names.set(kind, number, after)
        return .renamed(name, before: before, after: after)
    }

    private func label(_ number: UInt32) throws -> Label {
        try names.name(.label, number).map { Label($0) } ?? catalog.label(number)
    }

    private func edgeType(_ number: UInt32) throws -> EdgeType {
        try names.name(.edgeType, number).map { EdgeType($0) } ?? catalog.edgeType(number)
    }

    private func propertyKey(_ number: UInt32) throws -> PropertyKey {
        try names.name(.propertyKey, number).map { PropertyKey($0) }
            ?? catalog.propertyKey(number)
    }

    private mutating func node() throws -> Node? {
        guard let id = varint(), let labels = try labels(), let properties = try properties() else {
            return nil
        }
        return Node(id: NodeID(id), labels: labels, properties: properties)
    }

    private mutating func edge() throws -> Edge? {
        guard let id = varint(), let type = symbol(), let source = varint(), let target = varint(),
            let properties = try properties()
        else { return nil }
        return Edge(
            id: EdgeID(id), type: try edgeType(type), source: NodeID(source),
            target: NodeID(target), properties: properties)
    }

    private mutating func schemaObject() -> SchemaObject? {
        guard offset + 2 <= bytes.count, let kind = SchemaKind(rawValue: bytes[offset]),
            let entity = EntityKind(rawValue: bytes[offset + 1])
        else { return nil }
        offset += 2
        guard let name = text(), let labelOrType = text(), let count = count() else { return nil }
        var properties: [PropertyKey] = []
        for _ in 0..<count {
            guard let property = text() else { return nil }
            properties.append(PropertyKey(property))
        }
        var type: PropertyType?
        if kind == .type {
            guard let bits = varint(), let known = PropertyType(bits: bits) else { return nil }
            type = known
        }
        return SchemaObject(
            name: name, kind: kind, entity: entity, labelOrType: labelOrType,
            properties: properties, type: type)
    }

    private mutating func labels() throws -> [Label]? {
        guard let count = count() else { return nil }
        var labels: [Label] = []
        for _ in 0..<count {
            guard let number = symbol() else { return nil }
            labels.append(try label(number))
        }
        return labels.sorted()
    }

    private mutating func properties() throws -> Properties? {
        guard let count = count() else { return nil }
        var properties: Properties = [:]
        for _ in 0..<count {
            guard let key = symbol(), let value = value(), let present = value else { return nil }
            properties[try propertyKey(key)] = present
        }
        return properties
    }

    private mutating func propertyChanges() throws -> [PropertyChange]? {
        guard let count = count() else { return nil }
        var changes: [PropertyChange] = []
        for _ in 0..<count {
            guard let key = symbol(), let before = value(), let after = value() else { return nil }
            changes.append(
                PropertyChange(key: try propertyKey(key), before: before, after: after))
        }
        return changes
    }

    private mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard offset < bytes.count else { return nil }
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }

    private mutating func symbol() -> UInt32? { varint().flatMap { UInt32(exactly: $0) } }

    /// A count of items, each of which takes at least one byte.
    private mutating func count() -> Int? {
        guard let value = varint(), value <= UInt64(bytes.count - offset) else { return nil }
        return Int(value)
    }

    /// A value, which may be absent; nil outside when the bytes are damaged.
    private mutating func value() -> PropertyValue?? {
        guard let length = count() else { return nil }
        if length == 0 { return .some(nil) }
        let value = ValueCodec.decode(bytes.rawSpan.extracting(offset..<(offset + length)))
        offset += length
        guard let value else { return nil }
        return .some(value)
    }

    private mutating func text() -> String? {
        guard let length = count() else { return nil }
        defer { offset += length }
        return bytes.rawSpan.string(at: offset, count: length)
    }
}
