extension AdjacencyBlock {
    /// How rows are dealt out to blocks.
    enum Filling {
        /// Blocks of about one size, with room for inserts.
        case balanced
        /// All blocks full but the last, for loads in order and rows that are appended.
        case packed
    }

    /// Cuts rows into pieces none of which takes more than `targetBytes` when encoded, whatever
    /// the total of its run; one piece when they fit into a block.
    ///
    /// - Complexity: O(rows).
    static func split(
        _ entries: [AdjacencyEntry], filling: Filling = .balanced, hasColumn: Bool = true
    ) -> [ArraySlice<AdjacencyEntry>] {
        let sizes = BlockSizes(entries, hasColumn: hasColumn)
        let whole = sizes.bits(entries[...])
        guard whole > sizes.limit else { return entries.isEmpty ? [] : [entries[...]] }
        // Every piece begins with a row in full, which the sum for one block does not count.
        let first = sizes.bits(entries, at: entries.count - 1, isFirst: true)
        let count = whole / (sizes.limit - first) + 1
        let share = filling == .packed ? sizes.limit : min(sizes.limit, whole / count + first)
        var pieces: [ArraySlice<AdjacencyEntry>] = []
        var start = 0
        var filled = 0
        for index in entries.indices {
            let row = sizes.bits(entries, at: index, isFirst: index == start)
            if index > start, filled + row > sizes.limit || filled >= share {
                pieces.append(entries[start..<index])
                start = index
                filled = sizes.bits(entries, at: index, isFirst: true)
            } else {
                filled += row
            }
        }
        pieces.append(entries[start...])
        return pieces
    }

    /// Upper bounds of the bits that rows take. The column's form is chosen for all rows
    /// together; that of a piece is never wider.
    private struct BlockSizes {
        let limit: Int
        private let columnBits: Int

        init(_ entries: [AdjacencyEntry], hasColumn: Bool) {
            // Flags, row count, total, size and head of the column, a constant value, a last byte
            // of each bitmap.
            limit = (targetBytes - 32) * 8
            columnBits = hasColumn ? InlineColumn(entries[...]).bitsPerRow : 0
        }

        func bits(_ entries: [AdjacencyEntry], at index: Int, isFirst: Bool) -> Int {
            let entry = entries[index]
            let neighbor = isFirst ? 0 : entries[index - 1].neighbor
            let edge = isFirst ? 0 : entries[index - 1].edge
            let bytes =
                varintSize(entry.neighbor &- neighbor)
                + zigzagSize(Int64(bitPattern: entry.edge &- edge))
            return bytes * 8 + columnBits
        }

        func bits(_ entries: ArraySlice<AdjacencyEntry>) -> Int {
            var (neighbor, edge): (UInt64, UInt64) = (0, 0)
            var sum = 0
            for entry in entries {
                sum +=
                    (varintSize(entry.neighbor &- neighbor)
                        + zigzagSize(Int64(bitPattern: entry.edge &- edge))) * 8 + columnBits
                (neighbor, edge) = (entry.neighbor, entry.edge)
            }
            return sum
        }
    }
}
