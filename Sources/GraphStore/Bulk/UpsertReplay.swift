internal import LMDB
internal import PropertyGraph

/// Puts the rows of a bulk upsert into a transaction; may run more than once.
///
/// New nodes and edges go through the bulk writer, which gathers index keys and adjacency to the
/// end. What changes a row of its own comes after that, from a file: its keys must be there first.
struct UpsertReplay: Sendable {
    let nodes: SpillFile
    let edges: SpillFile
    let layouts: [UpsertLayout]
    let keySpaces: [UpsertKeySpace]
    let keyCount: Int
    let options: BulkLoadOptions
    let directory: String

    /// An edge by its ends and type.
    private struct Spoke: Hashable {
        var source: UInt64
        var target: UInt64
        var type: UInt32
    }

    /// What one run of the transaction knows.
    private struct Run {
        var layouts: [RecordLayout]
        var lookups: [UpsertLookup]
        var writer: BulkWriter
        let checkpoint: BulkCheckpoint
        /// The id of each key, 0 while it has none.
        var ids: [UInt64]
        /// Whether the node was there before.
        var wasThere: [Bool]
        var spokes: [Spoke: UInt64] = [:]
        var summary = BulkUpsertSummary()
        let later: SpillFile
        var laterBytes = ByteWriter()
    }

    static func flush(_ bytes: inout ByteWriter, to file: SpillFile) throws {
        guard bytes.count > 0 else { return }
        let full = bytes
        try file.append(full.span)
        bytes.removeAll()
    }

    func run(_ txn: inout WriteTransaction) throws -> BulkUpsertSummary {
        var records: [RecordLayout] = []
        for (number, layout) in layouts.enumerated() {
            records.append(
                try txn.layout(layout.labels, layout.type, layout.keys, labelSet: number))
        }
        var lookups: [UpsertLookup] = []
        for space in keySpaces { lookups.append(try UpsertLookup(space, &txn)) }
        var run = Run(
            layouts: records, lookups: lookups,
            writer: try BulkWriter(
                isFresh: false, spillingTo: directory,
                memoryBytes: options.sortMemoryBytes),
            checkpoint: BulkCheckpoint(isCancelled: options.isCancelled),
            ids: [UInt64](repeating: 0, count: keyCount),
            wasThere: [Bool](repeating: false, count: keyCount),
            later: try SpillFile(in: directory))
        var reader = SpoolReader(nodes)
        while let layout = try reader.varint() {
            try putNode(Int(layout), &reader, &run, &txn)
            try run.checkpoint.passed()
        }
        reader = SpoolReader(edges)
        while let layout = try reader.varint() {
            try putEdge(Int(layout), &reader, &run, &txn)
            try run.checkpoint.passed()
        }
        try run.writer.finish(&txn, checkpoint: run.checkpoint)
        if run.writer.nodeCount + run.writer.edgeCount > 0 {
            let (nodes, edges) = (run.writer.nodeCount, run.writer.edgeCount)
            try txn.log { $0.bulkLoaded(nodes: nodes, edges: edges) }
            txn.beginHistoryAnew()
        }
        try Self.flush(&run.laterBytes, to: run.later)
        reader = SpoolReader(run.later)
        while let layout = try reader.varint() {
            guard let id = try reader.varint() else { throw SpoolReader.damaged() }
            try merge(Int(layout), id, try values(of: Int(layout), reader.bytes()), &txn)
            try run.checkpoint.passed()
        }
        return run.summary
    }

    // MARK: Rows

    private func putNode(
        _ place: Int, _ reader: inout SpoolReader, _ run: inout Run, _ txn: inout WriteTransaction
    ) throws {
        guard layouts.indices.contains(place), let tagged = try reader.varint(),
            let number = Int(exactly: tagged >> 1), number < keyCount
        else { throw SpoolReader.damaged() }
        let isMention = tagged & 1 == 1
        let bytes = try reader.bytes()
        let layout = layouts[place]
        let space = keySpaces[layout.keySpace]
        let isFirst = run.ids[number] == 0
        if isFirst {
            guard let key = try values(of: place, bytes, atMost: 1).first ?? nil else {
                throw SpoolReader.damaged()
            }
            if let found = try run.lookups[layout.keySpace].id(of: key, space, txn) {
                run.ids[number] = found
                run.wasThere[number] = true
            }
        }
        if isMention { return }
        if run.wasThere[number] {
            try merge(place, run.ids[number], try values(of: place, bytes), &txn)
            run.summary.mergedNodes += 1
        } else if isFirst {
            let id = try txn.reserve(nodes: 1)
            var row: [UInt8] = []
            try run.layouts[place].encode(try values(of: place, bytes), into: &row)
            try run.writer.putNode(id, run.layouts[place], row.rawSpan, &txn)
            run.ids[number] = id
            run.summary.createdNodes += 1
        } else {
            try putLater(place, run.ids[number], bytes, &run)
            run.summary.mergedNodes += 1
        }
    }

    private func putEdge(
        _ place: Int, _ reader: inout SpoolReader, _ run: inout Run, _ txn: inout WriteTransaction
    ) throws {
        guard layouts.indices.contains(place), let type = layouts[place].type,
            let from = try reader.varint(), let to = try reader.varint(),
            from < UInt64(keyCount), to < UInt64(keyCount)
        else { throw SpoolReader.damaged() }
        let bytes = try reader.bytes()
        let (source, target) = (run.ids[Int(from)], run.ids[Int(to)])
        guard source != 0, target != 0 else {
            throw GraphStoreError(
                .nodeNotFound,
                "An edge of type '\(type)' names a node by a key that neither the database nor a "
                    + "row of the upsert has. Put the node, or leave the edge out.")
        }
        let spoke = Spoke(source: source, target: target, type: run.layouts[place].type)
        if let edge = run.spokes[spoke] {
            run.summary.mergedEdges += 1
            return try putLater(place, edge, bytes, &run)
        }
        if run.wasThere[Int(from)], run.wasThere[Int(to)],
            let edge = try txn.edgeIDs(from: NodeID(source), to: NodeID(target), type: type).first
        {
            run.summary.mergedEdges += 1
            return try merge(place, edge.rawValue, try values(of: place, bytes), &txn)
        }
        let id = try txn.reserve(edges: 1)
        run.spokes[spoke] = id
        var row: [UInt8] = []
        try run.layouts[place].encode(try values(of: place, bytes), into: &row)
        try txn.countLoadedEdge(spoke.type, source, target)
        try run.writer.putEdge(
            id, run.layouts[place], source: source, target: target, row.rawSpan, &txn)
        run.summary.createdEdges += 1
    }

    private func putLater(
        _ place: Int, _ id: UInt64, _ bytes: [UInt8], _ run: inout Run
    ) throws {
        run.laterBytes.appendVarint(UInt64(place))
        run.laterBytes.appendVarint(id)
        run.laterBytes.appendVarint(UInt64(bytes.count))
        run.laterBytes.append(bytes)
        if run.laterBytes.count >= 1 << 20 { try Self.flush(&run.laterBytes, to: run.later) }
    }

    private func merge(
        _ place: Int, _ id: UInt64, _ values: [PropertyValue?], _ txn: inout WriteTransaction
    ) throws {
        guard layouts.indices.contains(place) else { throw SpoolReader.damaged() }
        let layout = layouts[place]
        var properties: Properties = [:]
        for (key, value) in zip(layout.keys, values) { properties[key] = value }
        guard layout.type == nil else {
            if !properties.isEmpty { try txn.mergeProperties(properties, into: EdgeID(id)) }
            return
        }
        try txn.mergeProperties(properties, into: NodeID(id))
        if layout.labels.count > 1 {
            for label in layout.labels { try txn.addLabel(label, to: NodeID(id)) }
        }
    }

    /// The values of a row, or the first of them.
    private func values(
        of place: Int, _ bytes: [UInt8], atMost limit: Int = .max
    ) throws -> [PropertyValue?] {
        guard layouts.indices.contains(place) else { throw SpoolReader.damaged() }
        var reader = ByteReader(bytes.rawSpan)
        var values: [PropertyValue?] = []
        for _ in 0..<min(limit, layouts[place].keys.count) {
            switch reader.byte() {
            case 0: values.append(nil)
            case 1:
                guard let value = ValueCodec.decode(&reader, depth: 0) else {
                    throw SpoolReader.damaged()
                }
                values.append(value)
            default: throw SpoolReader.damaged()
            }
        }
        return values
    }
}

/// Finds the nodes that were there before a bulk upsert, by key.
enum UpsertLookup {
    /// The label has no nodes.
    case none
    /// An index or a unique constraint knows.
    case index
    /// Read once, the oldest node of each key.
    case table([[UInt8]: UInt64])

    init(_ space: UpsertKeySpace, _ txn: inout WriteTransaction) throws {
        guard try txn.nodeCount(label: space.label) > 0 else {
            self = .none
            return
        }
        let catalog = txn.state.catalog
        if let label = catalog.number(of: space.label), let key = catalog.number(of: space.key),
            catalog.order(.node, symbol: label, property: key) != nil
        {
            self = .index
            return
        }
        var found: [[UInt8]: UInt64] = [:]
        try txn.forEachNode(label: space.label) { node in
            guard let value = node[space.key],
                let bytes = try? UpsertKeySpace.bytes(of: value, space: 0)
            else { return true }
            if found[bytes] == nil { found[bytes] = node.id.rawValue }
            return true
        }
        self = .table(found)
    }

    /// The node of a key.
    func id(
        of key: PropertyValue, _ space: UpsertKeySpace, _ txn: borrowing WriteTransaction
    ) throws -> UInt64? {
        switch self {
        case .none: return nil
        case .index: return try txn.node(label: space.label, space.key, key)?.rawValue
        case .table(let found):
            return found[try UpsertKeySpace.bytes(of: key, space: 0)]
        }
    }
}
