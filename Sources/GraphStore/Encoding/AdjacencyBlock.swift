internal import LMDB

// A block of a run: some of the edges of one node, of one type, in one direction. Version 1.
//
// | part      | size                 | meaning                                                   |
// |-----------|----------------------|-----------------------------------------------------------|
// | flags     | 1                    | bits 0–1: the run's total: 0 not here (not its first      |
// |           |                      | block), 1 equal to the row count, 2 written below;        |
// |           |                      | bit 2: has a column; bits 3–7: reserved, 0                |
// | rows      | varint               | row count                                                 |
// | total     | varint, if flagged   | number of rows in all blocks of the run                   |
// | column    | varint n, n bytes,   | the inline values, see `InlineColumn.swift`               |
// |           | if flagged           |                                                           |
// | row       | 2 varints × rows     | neighbour less that of the row before; edge id less that  |
// |           |                      | of the row before, zigzag; before the first row: 0, 0     |
//
// Rows ascend by (neighbour, edge id). The column has its size in front, so rows are reached
// without looking at it, and the value of a row without looking at the others.

/// The value of the one property an edge type keeps beside its adjacency.
enum InlineValue: Equatable {
    /// The edge does not have the property.
    case absent
    /// An integer.
    case integer(Int64)
    /// A double, kept to the bit.
    case double(Double)
    /// The edge has a value of another kind, in its record.
    case elsewhere

    /// Doubles are equal when their bits are.
    static func == (lhs: InlineValue, rhs: InlineValue) -> Bool {
        switch (lhs, rhs) {
        case (.absent, .absent), (.elsewhere, .elsewhere): true
        case (.integer(let a), .integer(let b)): a == b
        case (.double(let a), .double(let b)): a.bitPattern == b.bitPattern
        default: false
        }
    }
}

/// One row of a block.
struct AdjacencyEntry: Equatable {
    var neighbor: UInt64
    var edge: UInt64
    var inline: InlineValue = .absent
}

/// Blocks of adjacency.
enum AdjacencyBlock {
    /// The size blocks are split to, in bytes: two or three share a page of LMDB.
    static let targetBytes = 1500

    enum Flag {
        static let totalMask: UInt8 = 3
        static let totalIsCount: UInt8 = 1
        static let totalIsWritten: UInt8 = 2
        static let column: UInt8 = 4
        static let reserved: UInt8 = 0xF8
    }

    /// Appends the block of some rows.
    ///
    /// - Precondition: entries ascend by (neighbour, edge).
    static func encode(
        _ entries: ArraySlice<AdjacencyEntry>, runTotal: UInt64?, hasColumn: Bool,
        into writer: inout ByteWriter
    ) {
        appendHeader(
            count: entries.count, runTotal: runTotal, hasColumn: hasColumn, into: &writer)
        if hasColumn {
            let column = InlineColumn(entries)
            writer.appendVarint(UInt64(column.size))
            column.encode(entries, into: &writer)
        }
        var (neighbor, edge): (UInt64, UInt64) = (0, 0)
        for entry in entries {
            writer.appendVarintPair(
                entry.neighbor &- neighbor, Zigzag.encode(Int64(bitPattern: entry.edge &- edge)))
            (neighbor, edge) = (entry.neighbor, entry.edge)
        }
    }

    private static func appendHeader(
        count: Int, runTotal: UInt64?, hasColumn: Bool, into writer: inout ByteWriter
    ) {
        var flags = hasColumn ? Flag.column : 0
        if let runTotal {
            flags |= runTotal == UInt64(count) ? Flag.totalIsCount : Flag.totalIsWritten
        }
        writer.append(flags)
        writer.appendVarint(UInt64(count))
        if let runTotal, runTotal != UInt64(count) { writer.appendVarint(runTotal) }
    }

    /// Appends the rows of a block; nil, when some may have been appended, for damaged bytes.
    static func decode(
        _ bytes: RawSpan, into entries: inout [AdjacencyEntry]
    ) -> (runTotal: UInt64?, hasColumn: Bool)? {
        guard let head = Head(bytes), var reader = AdjacencyReader(bytes) else { return nil }
        entries.reserveCapacity(entries.count &+ reader.count)
        while reader.next() {
            entries.append(
                AdjacencyEntry(
                    neighbor: reader.neighbor, edge: reader.edge, inline: reader.inlineValue()))
        }
        guard reader.isAtEnd else { return nil }
        return (head.runTotal, head.hasColumn)
    }

    /// What the head of a block says; nil for damaged bytes.
    ///
    /// - Complexity: O(1).
    static func header(_ bytes: RawSpan) -> (count: Int, runTotal: UInt64?, hasColumn: Bool)? {
        guard let head = Head(bytes) else { return nil }
        return (head.count, head.runTotal, head.hasColumn)
    }

    /// Appends the same block with another total of its run.
    ///
    /// - Returns: false, with nothing appended, for damaged bytes.
    static func settingRunTotal(
        _ total: UInt64, in bytes: RawSpan, into writer: inout ByteWriter
    ) -> Bool {
        guard let head = Head(bytes) else { return false }
        appendHeader(
            count: head.count, runTotal: total, hasColumn: head.hasColumn, into: &writer)
        writer.append(bytes.extracting(head.bodyStart..<bytes.byteCount))
        return true
    }

    /// The checked head of a block.
    struct Head {
        let count: Int
        let runTotal: UInt64?
        let hasColumn: Bool
        /// Where the column's size stands, or else the first row.
        let bodyStart: Int

        init?(_ bytes: RawSpan) {
            var reader = ByteReader(bytes)
            guard let flags = reader.byte(), flags & Flag.reserved == 0,
                let count = reader.count(bitsEach: 16)
            else { return nil }
            switch flags & Flag.totalMask {
            case 0: runTotal = nil
            case Flag.totalIsCount: runTotal = UInt64(count)
            case Flag.totalIsWritten:
                guard let total = reader.varint() else { return nil }
                runTotal = total
            default: return nil
            }
            self.count = count
            hasColumn = flags & Flag.column != 0
            bodyStart = reader.offset
        }
    }
}
