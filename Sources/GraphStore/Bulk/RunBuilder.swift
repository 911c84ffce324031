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
