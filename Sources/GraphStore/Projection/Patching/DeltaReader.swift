internal import LMDB
internal import PropertyGraph

/// Reads of the change log what concerns a projection, and steps over the rest: no value is decoded
/// but weights, no name is looked up.
struct DeltaReader {
    /// Whether edges of a type belong, by its number.
    private let isWanted: [Bool]
    /// Numbers of the labels; nil where every node belongs.
    private let labels: Set<UInt32>?
    /// The property that becomes the weight; nil in an unweighted projection.
    private let weight: UInt32?
    private let defaultWeight: Double
    /// Properties that become columns over the nodes.
    private let nodeKeys: Set<UInt32>
    private let hasEdgeColumns: Bool

    init(_ projection: Projection, _ catalog: Catalog) {
        var isWanted = [Bool](
            repeating: projection.types == nil, count: catalog.count(.edgeType) + 1)
        for type in projection.types ?? [] {
            if let number = catalog.number(of: type) { isWanted[Int(number)] = true }
        }
        self.isWanted = isWanted
        labels = projection.labels.map { Set($0.compactMap { catalog.number(of: $0) }) }
        // A key without a number is on no edge: all weights are the default.
        weight = projection.weight.map { catalog.number(of: $0) ?? .max }
        defaultWeight = projection.defaultWeight
        nodeKeys = Set(projection.nodeProperties.compactMap { catalog.number(of: $0) })
        hasEdgeColumns = !projection.edgeProperties.isEmpty
    }

    /// Whether edges of the type belong to the projection.
    func wants(type: UInt32) -> Bool { Int(type) < isWanted.count && isWanted[Int(type)] }

    /// Reads the operations of a part of the log.
    ///
    /// - Returns: False when they cannot be patched in: the graph must be built again.
    func read(_ part: RawSpan, from start: Int, into collector: inout DeltaCollector) -> Bool {
        var reader = ByteReader(part, at: start)
        while reader.remaining > 0 {
            guard let tag = reader.byte(), let operation = ChangeOperation(rawValue: tag) else {
                return false
            }
            let isUnderstood =
                switch operation {
                case .nodeCreated: node(.created, &reader, &collector)
                case .nodeDeleted: node(.deleted, &reader, &collector)
                case .labelsChanged: relabelled(&reader, &collector)
                case .nodeProperties: nodeChanged(&reader, &collector)
                case .edgeCreated: edge(.created, &reader, &collector)
                case .edgeDeleted: edge(.deleted, &reader, &collector)
                case .edgeProperties: edgeChanged(&reader, &collector)
                case .schemaCreated, .schemaDropped: skipSchema(&reader)
                case .byteTableChanged: skipBytes(&reader)
                // What was loaded is not in the log one by one.
                case .bulkLoaded: false
                // The names that the projection is told by mean something else now.
                case .renamed: false
                }
            guard isUnderstood else { return false }
        }
        return true
    }

    // MARK: Nodes

    private func node(
        _ kind: DeltaCollector.NodeOperation.Kind, _ reader: inout ByteReader,
        _ collector: inout DeltaCollector
    ) -> Bool {
        guard let id = reader.varint(), let belongs = belongs(&reader), skipProperties(&reader)
        else { return false }
        let isCreated = kind == .created
        collector.add(
            DeltaCollector.NodeOperation(
                kind: kind, id: id, before: !isCreated && belongs, after: isCreated && belongs))
        if belongs, !nodeKeys.isEmpty { collector.changesNodeValues = true }
        return true
    }

    private func relabelled(
        _ reader: inout ByteReader, _ collector: inout DeltaCollector
    ) -> Bool {
        guard let id = reader.varint(), let before = belongs(&reader),
            let after = belongs(&reader)
        else { return false }
        if labels != nil {
            collector.add(
                DeltaCollector.NodeOperation(
                    kind: .relabelled, id: id, before: before, after: after))
        }
        return true
    }

    /// Reads a list of labels: whether a node with them belongs to the projection.
    private func belongs(_ reader: inout ByteReader) -> Bool? {
        guard let count = reader.count() else { return nil }
        var belongs = labels == nil
        for _ in 0..<count {
            guard let number = reader.varint() else { return nil }
            if let labels, let number = UInt32(exactly: number), labels.contains(number) {
                belongs = true
            }
        }
        return belongs
    }

    private func nodeChanged(
        _ reader: inout ByteReader, _ collector: inout DeltaCollector
    ) -> Bool {
        guard reader.varint() != nil, let count = reader.count() else { return false }
        for _ in 0..<count {
            guard let key = reader.varint(), skipBytes(&reader), skipBytes(&reader) else {
                return false
            }
            if let key = UInt32(exactly: key), nodeKeys.contains(key) {
                collector.changesNodeValues = true
            }
        }
        return true
    }

    // MARK: Edges

    private func edge(
        _ kind: DeltaCollector.EdgeOperation.Kind, _ reader: inout ByteReader,
        _ collector: inout DeltaCollector
    ) -> Bool {
        guard let id = reader.varint(), let type = reader.varint(), let source = reader.varint(),
            let target = reader.varint()
        else { return false }
        guard wants(type: UInt32(clamping: type)) else { return skipProperties(&reader) }
        guard !hasEdgeColumns, let count = reader.count() else { return false }
        var value = weight == nil ? 0 : defaultWeight
        for _ in 0..<count {
            guard let key = reader.varint(), let number = number(&reader, key) else { return false }
            if let number { value = number }
        }
        collector.add(
            DeltaCollector.EdgeOperation(
                kind: kind, id: id, source: source, target: target, before: value, after: value))
        return true
    }

    private func edgeChanged(
        _ reader: inout ByteReader, _ collector: inout DeltaCollector
    ) -> Bool {
        guard !hasEdgeColumns, let id = reader.varint(), let count = reader.count() else {
            return false
        }
        for _ in 0..<count {
            guard let key = reader.varint(), let before = number(&reader, key),
                let after = number(&reader, key)
            else { return false }
            guard let weight, UInt64(weight) == key else { continue }
            collector.add(
                DeltaCollector.EdgeOperation(
                    kind: .changed, id: id, before: before ?? defaultWeight,
                    after: after ?? defaultWeight))
        }
        return true
    }

    /// Steps over a value; its number when it is the weight's. Nil outside when it is damaged, or
    /// a weight that is no number: building the graph again says so better.
    private func number(_ reader: inout ByteReader, _ key: UInt64) -> Double?? {
        guard let size = reader.count(), let start = reader.skip(size) else { return nil }
        guard let weight, UInt64(weight) == key, size > 0 else { return .some(nil) }
        switch ValueCodec.decode(reader.bytes.extracting(start..<start + size)) {
        case .integer(let value): return .some(Double(value))
        case .double(let value) where !value.isNaN: return .some(value)
        default: return nil
        }
    }

    // MARK: The rest

    private func skipProperties(_ reader: inout ByteReader) -> Bool {
        guard let count = reader.count() else { return false }
        for _ in 0..<count {
            guard reader.varint() != nil, skipBytes(&reader) else { return false }
        }
        return true
    }

    /// Steps over a length and so many bytes.
    private func skipBytes(_ reader: inout ByteReader) -> Bool {
        guard let size = reader.count() else { return false }
        return reader.skip(size) != nil
    }

    private func skipSchema(_ reader: inout ByteReader) -> Bool {
        guard let kind = reader.byte(), reader.byte() != nil, skipBytes(&reader),
            skipBytes(&reader), let count = reader.count()
        else { return false }
        for _ in 0..<count {
            guard skipBytes(&reader) else { return false }
        }
        return kind != SchemaKind.type.rawValue || reader.varint() != nil
    }
}

extension GraphView {
    /// What became of a projection since a position; nil when it must be built again: the log does
    /// not tell, or it is not worth it.
    ///
    /// - Parameter limit: More operations than this are not worth it.
    /// - Complexity: O(bytes of the log since then).
    func delta(
        of projection: Projection, since position: UInt64, limit: Int
    ) throws -> ProjectionDelta? {
        let current = try counters()
        guard past == nil, position < current.position,
            position + 1 >= current.firstLoggedPosition
        else { return nil }
        let reader = DeltaReader(projection, catalog)
        var collector = DeltaCollector()
        var cursor = try bytes.cursor(tables.log)
        var found = try cursor.seek(to: FixedKey.log(position + 1, 0).span)
        while found {
            guard cursor.key.byteCount == 12 else { return nil }
            let isFirstPart = cursor.key.loadBE32(at: 8) == 0
            let start = isFirstPart ? ChangeLogBuffer.headerBytes : 0
            guard cursor.value.byteCount >= start,
                reader.read(cursor.value, from: start, into: &collector),
                collector.edges.count + collector.nodes.count <= limit
            else { return nil }
            found = try cursor.next()
        }
        return try collector.delta { id in
            guard let locator = try locator(EdgeID(id)), reader.wants(type: locator.type) else {
                return nil
            }
            return (locator.source, locator.target)
        }
    }
}
