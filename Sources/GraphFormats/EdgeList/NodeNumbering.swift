import PropertyGraph

/// The dense index of each node number that a file names: its rank among them.
enum NodeNumbering {
    /// All numbers from 0 to `count - 1` are there.
    case identity(count: Int)
    /// A bit for each number up to the largest, and the rank at the start of each word.
    case ranked(words: [UInt64], ranks: [UInt32], count: Int)
    /// Too few numbers for a bit each: sorted, and a hash table that leads to positions.
    case sparse(sorted: [UInt64], slots: [UInt32])

    /// Numbers the nodes of edges and those that stand alone.
    ///
    /// - Complexity: O(edges + largest number / 64), or O(edges + nodes log nodes) when the
    ///   numbers are sparse.
    init(
        edges: borrowing EdgeColumns, nodes: [UInt64], maximum: UInt64, gaps: EdgeListOptions.Gaps
    ) throws(FormatError) {
        let mentions = nodes.count + 2 * edges.count
        if mentions == 0 {
            self = .identity(count: 0)
        } else if gaps == .kept {
            guard maximum < UInt64(UInt32.max) else {
                throw FormatError(
                    .limitExceeded,
                    """
                    There is a node \(maximum), and a graph in memory holds at most 2^32 − 1 nodes; do \
                    not fill up the numbers between those that are named.
                    """)
            }
            self = .identity(count: Int(maximum) + 1)
        } else if maximum / 64 < UInt64(mentions) + 1 << 14 {
            self = try Self.ranked(edges, nodes: nodes, maximum: Int(maximum))
        } else {
            self = try Self.sparse(edges, nodes: nodes)
        }
    }

    /// The numbers from 1 to `count`, as matrices have them.
    init(oneTo count: Int) {
        var words = [UInt64](repeating: .max, count: count / 64 + 1)
        words[0] &= ~1
        words[count / 64] &= UInt64.max >> UInt64(63 - count % 64)
        let ranks = words.indices.map { UInt32(truncatingIfNeeded: max(0, $0 * 64 - 1)) }
        self = .ranked(words: words, ranks: ranks, count: count)
    }

    /// How many nodes there are.
    var count: Int {
        switch self {
        case .identity(let count), .ranked(_, _, let count): count
        case .sparse(let sorted, _): sorted.count
        }
    }

    /// The numbers in ascending order; nil when they are 0, 1, 2 …
    var nodeIDs: CSRBuffer<UInt64>? {
        switch self {
        case .identity: nil
        case .sparse(let sorted, _): CSRBuffer(sorted)
        case .ranked(let words, _, let count):
            CSRBuffer(count: count) { ids in
                var next = 0
                for (index, word) in words.enumerated() {
                    var rest = word
                    while rest != 0 {
                        ids[next] = UInt64(index * 64 + rest.trailingZeroBitCount)
                        next += 1
                        rest &= rest - 1
                    }
                }
            }
        }
    }

    /// The index of a number; nil when no node has it.
    func index(of number: UInt64) -> UInt32? {
        switch self {
        case .identity(let count):
            return number < UInt64(count) ? UInt32(truncatingIfNeeded: number) : nil
        case .ranked(let words, let ranks, _):
            guard number < UInt64(words.count) * 64 else { return nil }
            let word = words[Int(number >> 6)]
            let bit = UInt64(1) << (number & 63)
            guard word & bit != 0 else { return nil }
            return ranks[Int(number >> 6)] + UInt32((word & (bit - 1)).nonzeroBitCount)
        case .sparse(let sorted, let slots):
            var slot = Int(truncatingIfNeeded: ByteHash.hash(number)) & (slots.count - 1)
            while slots[slot] != .max {
                if sorted[Int(slots[slot])] == number { return slots[slot] }
                slot = (slot + 1) & (slots.count - 1)
            }
            return nil
        }
    }

    private static var tooMany: FormatError {
        FormatError(
            .limitExceeded, "A graph in memory holds at most 2^32 − 1 nodes; split the file.")
    }

    private static func ranked(
        _ edges: borrowing EdgeColumns, nodes: [UInt64], maximum: Int
    ) throws(FormatError) -> NodeNumbering {
        var words = [UInt64](repeating: 0, count: maximum / 64 + 1)
        mark(nodes.span, in: &words)
        edges.forEachColumn {
            mark($0, in: &words)
        } wide: {
            mark($0, in: &words)
        }
        var ranks: [UInt32] = []
        ranks.reserveCapacity(words.count)
        var count = 0
        for word in words {
            ranks.append(UInt32(truncatingIfNeeded: count))
            count += word.nonzeroBitCount
        }
        guard count < Int(UInt32.max) else { throw tooMany }
        if count == maximum + 1 { return .identity(count: count) }
        return .ranked(words: words, ranks: ranks, count: count)
    }

    private static func mark<ID: UnsignedInteger>(_ ids: Span<ID>, in words: inout [UInt64]) {
        var bits = words.mutableSpan
        for place in ids.indices {
            let id = UInt64(ids[place])
            bits[Int(id >> 6)] |= 1 << (id & 63)
        }
    }

    private static func sparse(
        _ edges: borrowing EdgeColumns, nodes: [UInt64]
    ) throws(FormatError) -> NodeNumbering {
        var distinct = Set(nodes)
        edges.forEachColumn { ids in
            for place in ids.indices { distinct.insert(UInt64(ids[place])) }
        } wide: { ids in
            for place in ids.indices { distinct.insert(ids[place]) }
        }
        let sorted = distinct.sorted()
        guard sorted.count < Int(UInt32.max) else { throw tooMany }
        var size = 16
        while size < sorted.count * 2 { size *= 2 }
        var slots = [UInt32](repeating: .max, count: size)
        for (index, number) in sorted.enumerated() {
            var slot = Int(truncatingIfNeeded: ByteHash.hash(number)) & (size - 1)
            while slots[slot] != .max { slot = (slot + 1) & (size - 1) }
            slots[slot] = UInt32(index)
        }
        return .sparse(sorted: sorted, slots: slots)
    }
}
