internal import LMDB
internal import PropertyGraph

/// A bulk load into an open database: rows are encoded into a temporary file, then written in one
/// transaction that readers see as one step.
final class SpooledLoad: BulkSink {
    private let database: GraphDatabase
    private let options: BulkLoadOptions
    private let spool: SpillFile
    private var buffer = ByteWriter()
    private var layouts: [RecordLayout] = []
    private var declarations: [SchemaObject] = []
    /// Of the rows of each layout.
    private var demands: [RowDemands] = []
    private var (nodeCount, edgeCount) = (0, 0)
    private var nodeIDs = ReservedIDs()
    private var edgeIDs = ReservedIDs()

    init(_ database: GraphDatabase, _ options: BulkLoadOptions) throws {
        self.database = database
        self.options = options
        spool = try SpillFile(in: database.path.isEmpty ? "/tmp" : database.path)
    }

    /// Notes an object to be created in the transaction of the rows, so that both come or neither;
    /// what stands in its way is found now.
    func declare(_ object: SchemaObject) throws {
        let known = try database.read { try $0.schemaObjects() } + declarations
        if known.contains(where: { $0.demandsSame(as: object) }) { return }
        if let obstacle = known.first(where: { $0.excludes(object) }) {
            throw GraphStoreError(
                .schemaExists,
                "The \(obstacle.kind.word) '\(obstacle.name)' of '\(obstacle.labelOrType)' stands "
                    + "in the way of \(object.kind.word) '\(object.name)'. Drop it first, or choose "
                    + "another name.")
        }
        guard object.kind != .inlineProperty || !layouts.contains(where: { $0.isEdge }) else {
            throw GraphStoreError(
                .misuse,
                "Inline properties are declared before the first layout of edges: '\(object.name)'."
            )
        }
        declarations.append(object)
    }

    func layout(_ labels: [Label], _ type: EdgeType?, _ keys: [PropertyKey]) throws -> RecordLayout
    {
        let number = layouts.count
        let inline = declarations.first {
            $0.kind == .inlineProperty && type == EdgeType($0.labelOrType)
        }?.properties.first
        let declarations = declarations
        let (layout, demands) = try database.write { txn in
            let inlineNumber = try inline.map { try txn.number($0) }
            let layout = try txn.layout(labels, type, keys, labelSet: number, inline: inlineNumber)
            let declared = try txn.constraints(declarations)
            return (layout, RowDemands(layout, txn.state.catalog, declared: declared))
        }
        layouts.append(layout)
        self.demands.append(demands)
        return layout
    }

    /// Holds a row to the constraints that it alone can break.
    private func prove(_ layout: RecordLayout, _ encoded: RawSpan, _ who: String) throws {
        guard !demands[layout.labelSet].isEmpty,
            let broken = demands[layout.labelSet].broken(by: encoded)
        else { return }
        throw try database.read { txn in
            try txn.view.violation(
                of: broken.entry, who, 1, broken.value, [],
                broken.isDeclared
                    ? ", or load without the constraint." : ", or drop the constraint.")
        }
    }

    func addNode(_ layout: RecordLayout, _ encoded: RawSpan) throws -> UInt64 {
        try prove(layout, encoded, "node \(nodeCount + 1) of the load")
        nodeCount += 1
        let id = try nodeIDs.next { count in
            try database.write { try $0.reserve(nodes: count) }
        }
        buffer.appendVarint(UInt64(layout.labelSet))
        buffer.appendVarint(id)
        try append(encoded)
        return id
    }

    func addEdge(
        _ layout: RecordLayout, _ source: UInt64, _ target: UInt64, _ encoded: RawSpan
    ) throws -> UInt64 {
        try prove(layout, encoded, "edge \(edgeCount + 1) of the load")
        edgeCount += 1
        let id = try edgeIDs.next { count in
            try database.write { try $0.reserve(edges: count) }
        }
        buffer.appendVarint(UInt64(layout.labelSet))
        buffer.appendVarint(id)
        buffer.appendVarint(source)
        buffer.appendVarint(target)
        try append(encoded)
        return id
    }

    private func append(_ encoded: RawSpan) throws {
        buffer.appendVarint(UInt64(encoded.byteCount))
        buffer.append(encoded)
        if buffer.count >= 1 << 20 { try flush() }
    }

    private func flush() throws {
        let full = buffer
        try spool.append(full.span)
        buffer.removeAll()
    }

    func finish() throws -> BulkLoadSummary {
        try flush()
        let replay = SpoolReplay(
            spool: spool, layouts: layouts, declarations: declarations, options: options,
            directory: database.path.isEmpty ? "/tmp" : database.path)
        return try database.writeAlone { try replay.run(&$0) }
    }
}

/// Ids set aside in the database for rows that are not written yet.
struct ReservedIDs {
    private var nextID: UInt64 = 0
    private var end: UInt64 = 0
    private var count: UInt64 = 1_024

    mutating func next(_ reserve: (UInt64) throws -> UInt64) throws -> UInt64 {
        if nextID == end {
            nextID = try reserve(count)
            end = nextID + count
            count = min(count * 2, 1 << 20)
        }
        defer { nextID += 1 }
        return nextID
    }
}

/// Writes spooled rows into a transaction; may run more than once.
struct SpoolReplay: Sendable {
    let spool: SpillFile
    let layouts: [RecordLayout]
    let declarations: [SchemaObject]
    let options: BulkLoadOptions
    let directory: String

    func run(_ txn: inout WriteTransaction) throws -> BulkLoadSummary {
        try txn.declare(declarations)
        for layout in layouts where layout.isEdge {
            guard txn.state.catalog.inlineProperties[layout.type] == layout.inlineProperty else {
                throw GraphStoreError(
                    .misuse,
                    "The inline property of an edge type changed during the load. Load again.")
            }
        }
        var writer = try BulkWriter(
            isFresh: false, spillingTo: directory,
            memoryBytes: options.sortMemoryBytes)
        let checkpoint = BulkCheckpoint(isCancelled: options.isCancelled)
        var reader = SpoolReader(spool)
        while let number = try reader.varint() {
            guard number < UInt64(layouts.count), let id = try reader.varint() else {
                throw SpoolReader.damaged()
            }
            try put(layouts[Int(number)], id, &reader, &writer, &txn)
            try checkpoint.passed()
        }
        try writer.finish(&txn, checkpoint: checkpoint)
        try txn.log { $0.bulkLoaded(nodes: writer.nodeCount, edges: writer.edgeCount) }
        txn.beginHistoryAnew()
        return BulkLoadSummary(nodes: Int(writer.nodeCount), edges: Int(writer.edgeCount))
    }

    private func put(
        _ layout: RecordLayout, _ id: UInt64, _ reader: inout SpoolReader,
        _ writer: inout BulkWriter, _ txn: inout WriteTransaction
    ) throws {
        guard layout.isEdge else {
            let bytes = try reader.bytes()
            return try writer.putNode(id, layout, bytes.rawSpan, &txn)
        }
        guard let source = try reader.varint(), let target = try reader.varint() else {
            throw SpoolReader.damaged()
        }
        let bytes = try reader.bytes()
        try txn.countLoadedEdge(layout.type, source, target)
        try writer.putEdge(id, layout, source: source, target: target, bytes.rawSpan, &txn)
    }
}

/// Reads a spool from its beginning, in pieces.
struct SpoolReader {
    private let spool: SpillFile
    private var offset = 0
    private var piece: [UInt8] = []
    private var place = 0
    private var isAtEnd = false

    init(_ spool: SpillFile) { self.spool = spool }

    static func damaged() -> GraphStoreError {
        GraphStoreError(.file, "A temporary file of the load came back changed. Check the disk.")
    }

    private mutating func require(_ count: Int) throws {
        guard piece.count - place < count, !isAtEnd else { return }
        let wanted = max(1 << 20, count)
        let more = try spool.read(at: offset, count: wanted)
        offset += more.count
        isAtEnd = more.count < wanted
        piece = Array(piece[place...]) + more
        place = 0
    }

    /// The next number; nil at the end.
    mutating func varint() throws -> UInt64? {
        try require(16)
        guard place < piece.count else { return nil }
        let piece = piece
        var reader = VarintReader(piece.rawSpan.extracting(place..<piece.count))
        guard let value = reader.next() else { throw Self.damaged() }
        place += reader.position
        return value
    }

    /// The next bytes, with their length in front.
    mutating func bytes() throws -> [UInt8] {
        guard let length = try varint(), let count = Int(exactly: length), count < 1 << 40 else {
            throw Self.damaged()
        }
        try require(count)
        guard piece.count - place >= count else { throw Self.damaged() }
        defer { place += count }
        return Array(piece[place..<(place + count)])
    }
}

extension WriteTransaction {
    /// Sets node ids aside, to be used by a later transaction; returns the first.
    mutating func reserve(nodes count: UInt64) throws -> UInt64 {
        defer { state.counters.nextNode += count }
        state.mustStore = true
        return state.counters.nextNode
    }

    /// Sets edge ids aside, to be used by a later transaction; returns the first.
    mutating func reserve(edges count: UInt64) throws -> UInt64 {
        defer { state.counters.nextEdge += count }
        state.mustStore = true
        return state.counters.nextEdge
    }

    /// Counts an edge by the labels of its ends.
    ///
    /// - Throws: `.nodeNotFound` when an end does not exist.
    mutating func countLoadedEdge(_ type: UInt32, _ source: UInt64, _ target: UInt64) throws {
        let sourceLabels = try labelNumbers(NodeID(source))
        let targetLabels = source == target ? sourceLabels : try labelNumbers(NodeID(target))
        countEdge(type, sourceLabels, targetLabels, 1)
    }
}
