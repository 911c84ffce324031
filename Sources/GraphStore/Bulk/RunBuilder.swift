internal import LMDB

/// Makes runs of adjacency out of sorted rows.
struct RunBuilder {
    let table: Table
    let isFresh: Bool
    private var node: UInt64 = 0
    private var type: UInt32 = 0
    private var total: UInt64 = 0
    private var rows: [AdjacencyEntry] = []
    /// Full blocks of the run under way: the first waits for the total of the run.
    private var blocks: [(key: FixedKey, bytes: [UInt8])] = []

    /// Reused for every block.
    private var scratch = ByteWriter()
    /// Whether blocks of the type under way have a column.
    private var hasColumn = false

    /// Rows that fit into one block whatever they are: two varints of ten bytes, a value of eight
    /// and some bits each.
    private static let alwaysOneBlock = 48

    /// Rows gathered before blocks are cut from them.
    private static let batch = 4_096

    init(table: Table, isFresh: Bool) {
        self.table = table
        self.isFresh = isFresh
    }

    mutating func add(_ row: AdjacencyRow, _ txn: inout WriteTransaction) throws {
        if row.node != node || row.type != type || total == 0 {
            try finish(&txn)
            if row.type != type || total == 0 {
                hasColumn =
                    table == txn.tables.out && txn.state.catalog.inlineProperties[row.type] != nil
            }
            node = row.node
            type = row.type
        }
        rows.append(AdjacencyEntry(neighbor: row.neighbor, edge: row.edge, inline: row.inline))
        total += 1
        if rows.count >= Self.batch { cutBlocks(keepingLast: true) }
    }

    /// Writes the run under way.
    mutating func finish(_ txn: inout WriteTransaction) throws {
        guard total > 0 else { return }
        defer {
            total = 0
            rows.removeAll(keepingCapacity: true)
            blocks.removeAll(keepingCapacity: true)
        }
        if !isFresh, try txn.view.runTotal(table, node, type) != nil {
            try mergeIntoRun(&txn)
            return
        }
        if blocks.isEmpty, rows.count <= Self.alwaysOneBlock {
            scratch.removeAll()
            AdjacencyBlock.encode(
                rows[...], runTotal: total, hasColumn: hasColumn, into: &scratch)
            let key = FixedKey.run(node, type)
            if isFresh {
                try txn.lmdb.append(table, key.span, scratch.span)
            } else {
                try txn.lmdb.put(table, key.span, scratch.span)
            }
            return
        }
        cutBlocks(keepingLast: false)
        for (index, block) in blocks.enumerated() {
            var bytes = ByteWriter()
            if index == 0 {
                guard AdjacencyBlock.settingRunTotal(total, in: block.bytes.rawSpan, into: &bytes)
                else { throw GraphStoreError.corrupted("a run being built") }
            } else {
                bytes.append(block.bytes)
            }
            if isFresh {
                try txn.lmdb.append(table, block.key.span, bytes.span)
            } else {
                try txn.lmdb.put(table, block.key.span, bytes.span)
            }
        }
    }

    /// Turns rows into blocks packed full.
    private mutating func cutBlocks(keepingLast: Bool) {
        var pieces = AdjacencyBlock.split(rows, filling: .packed, hasColumn: hasColumn)
        var rest: [AdjacencyEntry] = []
        if keepingLast, let last = pieces.popLast() { rest = Array(last) }
        for piece in pieces {
            guard let first = piece.first else { continue }
            let isFirst = blocks.isEmpty
            var bytes = ByteWriter()
            AdjacencyBlock.encode(
                piece, runTotal: isFirst ? total : nil, hasColumn: hasColumn, into: &bytes)
            let key =
                isFirst
                ? FixedKey.run(node, type) : FixedKey.block(node, type, first.neighbor, first.edge)
            blocks.append((key, bytes.bytes))
        }
        rows = rest
    }

    /// Adds rows to a run that exists: rows already cut into blocks are decoded again.
    private mutating func mergeIntoRun(_ txn: inout WriteTransaction) throws {
        var all: [AdjacencyEntry] = []
        for block in blocks {
            guard AdjacencyBlock.decode(block.bytes.rawSpan, into: &all) != nil else {
                throw GraphStoreError.corrupted("a run being built")
            }
        }
        all.append(contentsOf: rows)
        for row in all { try txn.insertRow(row, table, node, type) }
    }
}

/// Makes index entries out of sorted keys.
struct IndexBuilder {
    let isFresh: Bool
    private var key: [UInt8] = []
    private var ids: [UInt64] = []
    /// The index of the entry before, most often that of the next as well.
    private var known: SchemaEntry?
    private var scratch = ByteWriter()

    /// - Parameter entry: The index of the first keys, where it may not be in the catalog yet.
    init(isFresh: Bool, entry: SchemaEntry? = nil) {
        self.isFresh = isFresh
        known = entry
    }

    mutating func add(_ new: [UInt8], _ id: UInt64, _ txn: inout WriteTransaction) throws {
        if new != key || ids.count >= 1 << 16 {
            try finish(&txn)
            key = new
        }
        ids.append(id)
    }

    /// Writes the entry under way.
    mutating func finish(_ txn: inout WriteTransaction) throws {
        guard !ids.isEmpty else { return }
        defer { ids.removeAll(keepingCapacity: true) }
        let number = key.rawSpan.loadBE32(at: 0)
        if known?.number != number {
            known = txn.state.catalog.entries.first { $0.number == number }
        }
        guard let entry = known else { return }
        if isFresh, entry.kind.isUnique, ids.count == 1 {
            scratch.removeAll()
            scratch.appendLE64(ids[0])
            try txn.lmdb.append(txn.tables.unique, key.rawSpan, scratch.span)
            return
        }
        let value = Array(key[4...])
        if entry.kind.isUnique {
            for id in ids { try txn.addKey(value, id, entry) }
            return
        }
        var start = ids.startIndex
        while start < ids.endIndex {
            let chunk = ids[start] >> UInt64(IDContainer.bits)
            var end = start
            var lows: [UInt16] = []
            while end < ids.endIndex, ids[end] >> UInt64(IDContainer.bits) == chunk {
                lows.append(UInt16(truncatingIfNeeded: ids[end] & (1 << IDContainer.bits - 1)))
                end += 1
            }
            let full = txn.indexKey(entry, value, ids[start])
            try txn.union(lows, table: txn.tables.index, key: full.span)
            start = end
        }
    }
}

/// Called between rows: stops a load that was cancelled.
struct BulkCheckpoint {
    let isCancelled: @Sendable () -> Bool
    private let counter = BulkCounter()

    init(isCancelled: @escaping @Sendable () -> Bool) { self.isCancelled = isCancelled }

    func passed() throws {
        guard counter.next() & 0xFFF == 0, isCancelled() else { return }
        throw GraphStoreError(.cancelled, "The load was stopped; nothing of it is kept.")
    }
}

private final class BulkCounter {
    private var count: UInt64 = 0
    func next() -> UInt64 {
        count &+= 1
        return count
    }
}
