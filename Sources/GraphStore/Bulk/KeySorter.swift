internal import LMDB

/// Sorts (index, key, id) by bytes, then id, in bounded memory, for building ordered indexes.
struct KeySorter {
    private let limit: Int
    private let spill: SpillFile
    /// The keys in memory: the next is begun here.
    var list = KeyList()
    private var runs: [(start: Int, count: Int, bytes: Int)] = []

    /// - Parameter limit: Bytes of keys held in memory.
    init(limit: Int, spill: SpillFile) {
        self.limit = limit
        self.spill = spill
    }

    /// Adds the key that was written to `list`.
    mutating func end(id: UInt64) throws {
        list.end(id: id)
        if list.byteCount >= limit { try flush() }
    }

    private mutating func flush() throws {
        list.sort()
        var writer = ByteWriter()
        try list.forEach { key, id in
            writer.appendVarint(UInt64(key.byteCount))
            writer.append(key)
            writer.appendVarint(id)
        }
        let start = try spill.append(writer.span)
        runs.append((start, list.count, writer.count))
        list.removeAll()
    }

    /// Calls `body` with (index · key, id), in order, and forgets them.
    mutating func drain(_ body: (RawSpan, UInt64) throws -> Void) throws {
        guard !runs.isEmpty else {
            list.sort()
            try list.forEach(body)
            list = KeyList()
            return
        }
        if list.count > 0 { try flush() }
        list = KeyList()
        var readers = runs.map { KeyRunReader(spill, start: $0.start, count: $0.count, $0.bytes) }
        var heads: [(key: [UInt8], id: UInt64)?] = []
        for index in readers.indices { heads.append(try readers[index].next()) }
        while true {
            var best = -1
            for (index, head) in heads.enumerated() {
                guard let head else { continue }
                if best < 0 { best = index; continue }
                guard let current = heads[best] else { continue }
                let order = head.key.rawSpan.compare(current.key.rawSpan)
                if order < 0 || (order == 0 && head.id < current.id) { best = index }
            }
            guard best >= 0, let head = heads[best] else { return }
            try body(head.key.rawSpan, head.id)
            heads[best] = try readers[best].next()
        }
    }
}

/// Reads one spilled run of keys back in pieces.
struct KeyRunReader {
    private let spill: SpillFile
    private var offset: Int
    private let end: Int
    private var remaining: Int
    private var piece: [UInt8] = []
    private var place = 0

    init(_ spill: SpillFile, start: Int, count: Int, _ bytes: Int) {
        self.spill = spill
        offset = start
        end = start + bytes
        remaining = count
    }

    mutating func next() throws -> (key: [UInt8], id: UInt64)? {
        guard remaining > 0 else { return nil }
        if piece.count - place < 1_024, offset < end {
            try refill()
        }
        // A copy of the reference: the reader borrows it while `self` changes.
        let piece = piece
        var reader = VarintReader(piece.rawSpan.extracting(place..<piece.count))
        guard let length = reader.nextInt(atMost: 1_024), let key = reader.nextBytes(length),
            let id = reader.next()
        else {
            throw GraphStoreError(
                .file, "A temporary file of the load came back changed. Check the disk.")
        }
        let bytes = key.bytes()
        place += reader.position
        remaining -= 1
        return (bytes, id)
    }

    private mutating func refill() throws {
        let more = try spill.read(at: offset, count: min(256 << 10, end - offset))
        offset += more.count
        piece = Array(piece[place...]) + more
        place = 0
    }
}
