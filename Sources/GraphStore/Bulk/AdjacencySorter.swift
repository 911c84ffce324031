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

/// Sorts rows by (node, type, neighbour, edge) in bounded memory: full buffers are sorted and
/// spilled to a file as runs, which are merged in the end.
struct AdjacencySorter {
    private let limit: Int
    private let spill: SpillFile
    private var buffer: [AdjacencyRow] = []
    private var runs: [(start: Int, count: Int, bytes: Int)] = []

    /// - Parameter limit: Rows held in memory, about 48 bytes each.
    init(limit: Int, spill: SpillFile) {
        self.limit = limit
        self.spill = spill
    }

    mutating func add(_ row: AdjacencyRow) throws {
        buffer.append(row)
        if buffer.count >= limit { try flush() }
    }

    private mutating func flush() throws {
        buffer.sort(by: AdjacencyRow.precedes)
        var writer = ByteWriter()
        var start: Int?
        var bytes = 0
        var previous: UInt64 = 0
        for row in buffer {
            writer.appendVarint(row.node &- previous)
            previous = row.node
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
            if writer.count > 1 << 20 {
                let offset = try spill.append(writer.span)
                start = start ?? offset
                bytes += writer.count
                writer.removeAll()
            }
        }
        let offset = try spill.append(writer.span)
        runs.append((start ?? offset, buffer.count, bytes + writer.count))
        buffer.removeAll(keepingCapacity: true)
    }

    /// Calls `body` with every row, in order, and forgets them.
    mutating func drain(_ body: (AdjacencyRow) throws -> Void) throws {
        guard !runs.isEmpty else {
            buffer.sort(by: AdjacencyRow.precedes)
            for row in buffer { try body(row) }
            buffer = []
            return
        }
        if !buffer.isEmpty { try flush() }
        buffer = []
        var readers: [AdjacencyRunReader] = []
        for run in runs {
            let reader = AdjacencyRunReader(spill, start: run.start, count: run.count, run.bytes)
            readers.append(reader)
        }
        runs = []
        try merge(&readers, body)
    }

    /// Merges by looking at every head: runs are few, since each holds millions of rows.
    private func merge(
        _ readers: inout [AdjacencyRunReader], _ body: (AdjacencyRow) throws -> Void
    ) throws {
        var heads: [AdjacencyRow?] = []
        for index in readers.indices { heads.append(try readers[index].next()) }
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
