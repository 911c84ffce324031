internal import LMDB
internal import PropertyGraph

// Runs of adjacency: all edges of one node, type and direction, sorted by (neighbour, edge), in
// blocks of about 1.5 KB. The first block has the short key and the degree; it may be empty while
// later blocks are not, so that deleting its rows moves nothing. A full block splits in two, so a
// change at a node with a million edges rewrites two blocks at most.

extension WriteTransaction {
    mutating func insertRow(_ row: AdjacencyEntry, out locator: EdgeLocator) throws {
        try insertRow(row, tables.out, locator.source, locator.type)
    }

    mutating func insertRow(_ row: AdjacencyEntry, in locator: EdgeLocator) throws {
        try insertRow(row, tables.in, locator.target, locator.type)
    }

    mutating func removeRow(_ edge: UInt64, out locator: EdgeLocator) throws {
        try removeRow(edge, tables.out, locator.source, locator.type, neighbor: locator.target)
    }

    mutating func removeRow(_ edge: UInt64, in locator: EdgeLocator) throws {
        try removeRow(edge, tables.in, locator.target, locator.type, neighbor: locator.source)
    }

    /// Changes the inline value of an edge.
    mutating func replaceRow(_ edge: UInt64, _ inline: InlineValue, out locator: EdgeLocator) throws
    {
        let place = try block(tables.out, locator.source, locator.type, locator.target, edge)
        guard let place, let row = entries.firstIndex(where: { $0.edge == edge }) else {
            throw GraphStoreError.corrupted("edge \(edge) is missing at its source")
        }
        entries[row].inline = inline
        try store(place, tables.out, locator.source, locator.type, change: 0)
    }

    /// A block being changed; its rows are in `entries`.
    struct BlockPlace {
        /// The first row's (neighbour, edge) in the key; nil for the first block of a run.
        var key: (neighbor: UInt64, edge: UInt64)?
        /// The degree of the run; only in its first block.
        var total: UInt64?
    }

    /// Finds the block that holds, or would hold, a row, and reads its rows; nil without a run.
    private mutating func block(
        _ table: Table, _ node: UInt64, _ type: UInt32, _ neighbor: UInt64, _ edge: UInt64
    ) throws -> BlockPlace? {
        entries.removeAll(keepingCapacity: true)
        let wanted = FixedKey.block(node, type, neighbor, edge)
        var cursor = try lmdb.view.cursor(table)
        guard try cursor.seek(atOrBefore: wanted.span),
            cursor.key.hasPrefix(FixedKey.run(node, type).span)
        else { return nil }
        guard let header = AdjacencyBlock.decode(cursor.value, into: &entries) else {
            throw GraphStoreError.corrupted("adjacency of node \(node), type \(type)")
        }
        if cursor.key.byteCount == 12 { return BlockPlace(key: nil, total: header.runTotal ?? 0) }
        guard cursor.key.byteCount == 28 else {
            throw GraphStoreError.corrupted("adjacency key of node \(node)")
        }
        return BlockPlace(
            key: (cursor.key.loadBE64(at: 12), cursor.key.loadBE64(at: 20)), total: nil)
    }

    mutating func insertRow(
        _ row: AdjacencyEntry, _ table: Table, _ node: UInt64, _ type: UInt32
    ) throws {
        if try insertRowIntoBlock(row, table, node, type) { return }
        let place =
            try block(table, node, type, row.neighbor, row.edge) ?? BlockPlace(key: nil, total: 0)
        let index = Self.insertionIndex(row, entries)
        let isAtEnd = index == entries.count
        entries.insert(row, at: index)
        try store(place, table, node, type, change: 1, isAtEnd: isAtEnd)
    }

    /// Inserts a row where its block has room, in one descent of the tree; false when the block
    /// must be split, with nothing changed.
    private mutating func insertRowIntoBlock(
        _ row: AdjacencyEntry, _ table: Table, _ node: UInt64, _ type: UInt32
    ) throws -> Bool {
        let hasColumn = table == tables.out && state.catalog.inlineProperties[type] != nil
        var (value, rows) = (ByteWriter(), [AdjacencyEntry]())
        // Taken out for the call, as in `putScratch`.
        swap(&value, &scratch)
        swap(&rows, &entries)
        defer {
            swap(&value, &scratch)
            swap(&rows, &entries)
        }
        var (isStored, isFirst) = (false, true)
        try lmdb.replaceLast(
            table, atOrBefore: FixedKey.block(node, type, row.neighbor, row.edge).span,
            under: FixedKey.run(node, type).span, &value
        ) { key, old, output in
            rows.removeAll(keepingCapacity: true)
            var total: UInt64? = 1
            if let key, let old {
                guard let header = AdjacencyBlock.decode(old, into: &rows) else {
                    throw GraphStoreError.corrupted("adjacency of node \(node), type \(type)")
                }
                isFirst = key.byteCount == 12
                total = isFirst ? (header.runTotal ?? 0) + 1 : nil
            }
            rows.insert(row, at: Self.insertionIndex(row, rows))
            guard AdjacencyBlock.split(rows, hasColumn: hasColumn).count == 1 else { return .keep }
            AdjacencyBlock.encode(rows[...], runTotal: total, hasColumn: hasColumn, into: &output)
            isStored = true
            return .store
        }
        if isStored, !isFirst { try changeTotal(table, node, type, 1, &value) }
        return isStored
    }

    /// Where a row belongs among rows.
    private static func insertionIndex(_ row: AdjacencyEntry, _ entries: [AdjacencyEntry]) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            let other = entries[middle]
            if (other.neighbor, other.edge) < (row.neighbor, row.edge) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    private mutating func removeRow(
        _ edge: UInt64, _ table: Table, _ node: UInt64, _ type: UInt32, neighbor: UInt64
    ) throws {
        guard let place = try block(table, node, type, neighbor, edge),
            let row = entries.firstIndex(where: { $0.edge == edge && $0.neighbor == neighbor })
        else { throw GraphStoreError.corrupted("edge \(edge) is missing at node \(node)") }
        entries.remove(at: row)
        try store(place, table, node, type, change: -1)
    }

    /// Writes `entries` back to their block, splitting it when it grew too long, and moves the
    /// degree of the run by `change`.
    private mutating func store(
        _ place: BlockPlace, _ table: Table, _ node: UInt64, _ type: UInt32, change: Int64,
        isAtEnd: Bool = false
    ) throws {
        let hasColumn = table == tables.out && state.catalog.inlineProperties[type] != nil
        // Rows that come in order fill blocks; others leave room for what comes between.
        let filling: AdjacencyBlock.Filling = isAtEnd ? .packed : .balanced
        if let total = place.total {
            let total = UInt64(clamping: Int64(clamping: total) &+ change)
            if total == 0 {
                _ = try lmdb.delete(table, FixedKey.run(node, type).span)
                return
            }
            let pieces = AdjacencyBlock.split(entries, filling: filling, hasColumn: hasColumn)
            try put(pieces.first ?? [], FixedKey.run(node, type), total, table, hasColumn)
            try putTail(pieces.dropFirst(), table, node, type, hasColumn)
            return
        }
        guard let key = place.key else { return }
        let blockKey = FixedKey.block(node, type, key.neighbor, key.edge)
        if entries.isEmpty {
            _ = try lmdb.delete(table, blockKey.span)
        } else {
            let pieces = AdjacencyBlock.split(entries, filling: filling, hasColumn: hasColumn)
            try put(pieces[0], blockKey, nil, table, hasColumn)
            try putTail(pieces.dropFirst(), table, node, type, hasColumn)
        }
        if change != 0 {
            var value = ByteWriter()
            try changeTotal(table, node, type, change, &value)
        }
    }

    private mutating func putTail(
        _ pieces: ArraySlice<ArraySlice<AdjacencyEntry>>, _ table: Table, _ node: UInt64,
        _ type: UInt32, _ hasColumn: Bool
    ) throws {
        for piece in pieces {
            guard let first = piece.first else { continue }
            let key = FixedKey.block(node, type, first.neighbor, first.edge)
            try put(piece, key, nil, table, hasColumn)
        }
    }

    private mutating func put(
        _ rows: ArraySlice<AdjacencyEntry>, _ key: FixedKey, _ total: UInt64?, _ table: Table,
        _ hasColumn: Bool
    ) throws {
        scratch.removeAll()
        AdjacencyBlock.encode(rows, runTotal: total, hasColumn: hasColumn, into: &scratch)
        try putScratch(table, key.span)
    }

    private mutating func changeTotal(
        _ table: Table, _ node: UInt64, _ type: UInt32, _ change: Int64, _ value: inout ByteWriter
    ) throws {
        try lmdb.replace(table, FixedKey.run(node, type).span, &value) { first, output in
            guard let first, let old = AdjacencyBlock.header(first)?.runTotal else {
                throw GraphStoreError.corrupted("run of node \(node), type \(type)")
            }
            let total = UInt64(clamping: Int64(clamping: old) &+ change)
            if total == 0 { return .remove }
            guard AdjacencyBlock.settingRunTotal(total, in: first, into: &output) else {
                throw GraphStoreError.corrupted("run of node \(node), type \(type)")
            }
            return .store
        }
    }
}
