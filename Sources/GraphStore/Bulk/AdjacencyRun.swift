internal import LMDB

/// One end of an edge on its way into a run.
struct AdjacencyRow {
    /// The node whose run it belongs to.
    var node: UInt64
    var type: UInt32
    var neighbor: UInt64
    var edge: UInt64
    var inline: InlineValue

    static func precedes(_ a: AdjacencyRow, _ b: AdjacencyRow) -> Bool {
        if a.node != b.node { return a.node < b.node }
        if a.type != b.type { return a.type < b.type }
        if a.neighbor != b.neighbor { return a.neighbor < b.neighbor }
        return a.edge < b.edge
    }
}

/// Sorted rows in a spill file.
struct AdjacencyRun {
    fileprivate var start: Int
    fileprivate var count: Int
    fileprivate var bytes: Int

    /// Calls `body` with the rows of all runs, in order.
    static func merge(
        _ runs: [AdjacencyRun], _ spill: SpillFile, _ body: (AdjacencyRow) throws -> Void
    ) throws {
        var readers: [AdjacencyRunReader] = []
        for run in runs {
            readers.append(
                AdjacencyRunReader(spill, start: run.start, count: run.count, run.bytes))
        }
        var heads: [AdjacencyRow?] = []
        for index in readers.indices { heads.append(try readers[index].next()) }
        // Every head is looked at: runs are few, since each holds millions of rows.
        while true {
            var best = -1
            var bestRow: AdjacencyRow?
            for (index, head) in heads.enumerated() {
                guard let head else { continue }
                if let current = bestRow, !AdjacencyRow.precedes(head, current) { continue }
                best = index
                bestRow = head
            }
            guard let row = bestRow else { return }
            try body(row)
            heads[best] = try readers[best].next()
        }
    }
}

/// Writes sorted rows to a spill file.
struct AdjacencyRunWriter {
    private let spill: SpillFile
    private var writer = ByteWriter()
    private var run = AdjacencyRun(start: -1, count: 0, bytes: 0)
    private var node: UInt64 = 0

    init(_ spill: SpillFile) { self.spill = spill }

    mutating func add(_ row: AdjacencyRow) throws {
        writer.appendVarint(row.node &- node)
        node = row.node
        writer.appendVarint(UInt64(row.type))
        writer.appendVarint(row.neighbor)
        writer.appendVarint(row.edge)
        switch row.inline {
        case .absent: writer.append(0 as UInt8)
        case .elsewhere: writer.append(1 as UInt8)
        case .integer(let value):
            writer.append(2 as UInt8)
            writer.appendLE64(UInt64(bitPattern: value))
        case .double(let value):
            writer.append(3 as UInt8)
            writer.appendLE64(value.bitPattern)
        }
        run.count += 1
        if writer.count > 1 << 20 { try flush() }
    }

    private mutating func flush() throws {
        let offset = try spill.append(writer.span)
        if run.start < 0 { run.start = offset }
        run.bytes += writer.count
        writer.removeAll()
    }

    /// Writes what is left; nobody else may have written to the file meanwhile.
    mutating func finish() throws -> AdjacencyRun {
        try flush()
        return run
    }
}

/// Reads one spilled run back in pieces.
struct AdjacencyRunReader {
    private let spill: SpillFile
    private var offset: Int
    private let end: Int
    private var remaining: Int
    private var piece: [UInt8] = []
    private var place = 0
    private var node: UInt64 = 0

    init(_ spill: SpillFile, start: Int, count: Int, _ bytes: Int) {
        self.spill = spill
        offset = start
        end = start + bytes
        remaining = count
    }

    mutating func next() throws -> AdjacencyRow? {
        guard remaining > 0 else { return nil }
        if piece.count - place < 64, offset < end { try refill() }
        // A copy of the reference: the reader borrows it while `self` changes.
        let piece = piece
        var reader = VarintReader(piece.rawSpan.extracting(place..<piece.count))
        guard let delta = reader.next(), let type = reader.next(), let neighbor = reader.next(),
            let edge = reader.next(), let tag = reader.nextByte()
        else { throw damaged() }
        var inline: InlineValue = tag == 0 ? .absent : .elsewhere
        if tag >= 2 {
            guard let bits = reader.nextLE64() else { throw damaged() }
            inline =
                tag == 2 ? .integer(Int64(bitPattern: bits)) : .double(Double(bitPattern: bits))
        }
        place += reader.position
        node &+= delta
        remaining -= 1
        return AdjacencyRow(
            node: node, type: UInt32(truncatingIfNeeded: type), neighbor: neighbor, edge: edge,
            inline: inline)
    }

    private mutating func refill() throws {
        let rest = Array(piece[place...])
        let more = try spill.read(at: offset, count: min(256 << 10, end - offset))
        offset += more.count
        piece = rest + more
        place = 0
    }

    private func damaged() -> GraphStoreError {
        GraphStoreError(.file, "A temporary file of the load came back changed. Check the disk.")
    }
}
