internal import Dispatch
internal import LMDB

/// The ends of many edges, kept once and handed out twice: by source and by target, each sorted
/// by (node, type, neighbour, edge), in bounded memory.
///
/// A full buffer is sorted both ways at once, by two threads, and spilled to two files as a run
/// each; the runs are merged in the end. Sorting is by radix: edges come in the order of their ids,
/// so a stable sort by the other three fields suffices.
struct EdgeSorter {
    /// 32 bytes: a load of millions of edges holds little else.
    private struct Row: Sendable {
        var source: UInt64
        var target: UInt64
        var bits: UInt64
        /// The edge's id above that of the first row.
        var edgeOffset: UInt32
        /// The number of the edge type; above it which `InlineValue` the bits are: 0 absent,
        /// 1 elsewhere, 2 integer, 3 double.
        var taggedType: UInt32

        static let typeBits: UInt32 = 30

        var type: UInt32 { taggedType & (1 << Self.typeBits - 1) }
        var tag: UInt32 { taggedType >> Self.typeBits }
    }

    private struct Buffer: Sendable {
        var rows: [Row] = []
        /// The id of the first edge.
        var firstEdge: UInt64 = 0

        func row(_ index: UInt32, isOut: Bool) -> AdjacencyRow {
            let row = rows[Int(index)]
            let edge = firstEdge + UInt64(row.edgeOffset)
            guard isOut else {
                return AdjacencyRow(
                    node: row.target, type: row.type, neighbor: row.source, edge: edge,
                    inline: .absent)
            }
            let inline: InlineValue =
                switch row.tag {
                case 0: .absent
                case 1: .elsewhere
                case 2: .integer(Int64(bitPattern: row.bits))
                default: .double(Double(bitPattern: row.bits))
                }
            return AdjacencyRow(
                node: row.source, type: row.type, neighbor: row.target, edge: edge, inline: inline)
        }
    }

    private let limit: Int
    /// A file for each direction, leaving first, so that neither waits for the other.
    private let spills: [SpillFile]
    private var buffer = Buffer()
    private var isAscending = true
    /// The runs of each direction.
    private var runs: [[AdjacencyRun]] = [[], []]
    /// The order of the second direction, found with that of the first.
    private var orderOfSecond: [UInt32]?

    /// The bytes a row takes while it waits, with those for sorting it both ways.
    static let bytesPerRow = 96

    /// 128 MB of address space.
    private static let rowsAtOnce = 1 << 22

    /// - Parameters:
    ///   - limit: Rows held in memory.
    ///   - directory: Where files for more than that are made.
    init(limit: Int, spillingTo directory: String) throws {
        self.limit = max(1, min(limit, Int(UInt32.max)))
        spills = [try SpillFile(in: directory), try SpillFile(in: directory)]
    }

    /// Adds an edge.
    mutating func add(
        _ edge: UInt64, type: UInt32, source: UInt64, target: UInt64, inline: InlineValue
    ) throws {
        let isNear = edge >= buffer.firstEdge && edge - buffer.firstEdge <= UInt64(UInt32.max)
        if !isNear, !buffer.rows.isEmpty { try flush() }
        if buffer.rows.isEmpty {
            buffer.firstEdge = edge
            // At once, for growing copies; what is not used is not taken from the system. Not as
            // much as anybody may ask for, which the system might refuse.
            buffer.rows.reserveCapacity(min(limit, Self.rowsAtOnce))
        }
        let offset = UInt32(edge - buffer.firstEdge)
        if let last = buffer.rows.last, last.edgeOffset >= offset { isAscending = false }
        let (tag, bits): (UInt32, UInt64) =
            switch inline {
            case .absent: (0, 0)
            case .elsewhere: (1, 0)
            case .integer(let value): (2, UInt64(bitPattern: value))
            case .double(let value): (3, value.bitPattern)
            }
        guard type >> Row.typeBits == 0 else {
            throw GraphStoreError.corrupted("the number \(type) of an edge type")
        }
        buffer.rows.append(
            Row(
                source: source, target: target, bits: bits, edgeOffset: offset,
                taggedType: tag << Row.typeBits | type))
        if buffer.rows.count >= limit { try flush() }
    }

    private mutating func flush() throws {
        let spills = spills
        let made = try Self.inBothDirections(buffer, isAscending) { buffer, order, isOut in
            var writer = AdjacencyRunWriter(spills[isOut ? 0 : 1])
            for index in order { try writer.add(buffer.row(index, isOut: isOut)) }
            return try writer.finish()
        }
        for (place, run) in made.enumerated() { runs[place].append(run) }
        buffer.rows.removeAll(keepingCapacity: true)
        isAscending = true
    }

    /// Calls `body` with every row of one direction, in order. Ask for both, then for no more.
    mutating func drain(isOut: Bool, _ body: (AdjacencyRow) throws -> Void) throws {
        let place = isOut ? 0 : 1
        guard runs[place].isEmpty else {
            if !buffer.rows.isEmpty {
                try flush()
                buffer.rows = []
            }
            return try AdjacencyRun.merge(runs[place], spills[place], body)
        }
        let order: [UInt32]
        if let known = orderOfSecond {
            order = known
            orderOfSecond = nil
        } else {
            let orders = try Self.inBothDirections(buffer, isAscending) { _, order, _ in order }
            order = orders[place]
            orderOfSecond = orders[1 - place]
        }
        for index in order { try body(buffer.row(index, isOut: isOut)) }
    }

    /// What `body` makes of the rows and their order in either direction, leaving first: each on a
    /// thread of its own.
    private static func inBothDirections<Result: Sendable>(
        _ buffer: Buffer, _ isAscending: Bool,
        _ body: @escaping @Sendable (Buffer, [UInt32], Bool) throws -> Result
    ) throws -> [Result] {
        let made = Monitor<[Swift.Result<Result, any Error>?]>([nil, nil])
        DispatchQueue.concurrentPerform(iterations: 2) { place in
            let result = Swift.Result {
                try body(buffer, order(of: buffer, isAscending, isOut: place == 0), place == 0)
            }
            made.withLock { $0[place] = result }
        }
        return try made.withLock { $0 }.compactMap { try $0?.get() }
    }

    // MARK: Sorting

    private struct Key {
        var bits: UInt64
        var index: UInt32
    }

    /// The places of the rows in the order of one direction.
    private static func order(
        of buffer: Buffer, _ isAscending: Bool, isOut: Bool
    ) -> [UInt32] {
        let rows = buffer.rows
        var (nodes, neighbors): (UInt64, UInt64) = (0, 0)
        var types: UInt32 = 0
        for row in rows {
            nodes |= isOut ? row.source : row.target
            neighbors |= isOut ? row.target : row.source
            types |= row.type
        }
        let neighborBits = UInt64.bitWidth - neighbors.leadingZeroBitCount
        let typeBits = UInt32.bitWidth - types.leadingZeroBitCount
        let nodeBits = UInt64.bitWidth - nodes.leadingZeroBitCount
        guard isAscending, neighborBits + typeBits + nodeBits <= 64 else {
            return (0..<UInt32(rows.count)).sorted {
                AdjacencyRow.precedes(buffer.row($0, isOut: isOut), buffer.row($1, isOut: isOut))
            }
        }
        @inline(__always)
        func key(_ row: Row) -> UInt64 {
            let (node, neighbor) = isOut ? (row.source, row.target) : (row.target, row.source)
            return (node << UInt64(typeBits) | UInt64(row.type)) << UInt64(neighborBits) | neighbor
        }
        let bits = neighborBits + typeBits + nodeBits
        let indexBits = Int.bitWidth - rows.count.leadingZeroBitCount
        guard bits + indexBits <= 64 else {
            var keys: [Key] = []
            keys.reserveCapacity(rows.count)
            for row in rows {
                keys.append(Key(bits: key(row), index: UInt32(truncatingIfNeeded: keys.count)))
            }
            StableSort.sort(&keys, upTo: highest(bits)) { $0.bits }
            return keys.map { $0.index }
        }
        // The place of the row in the same word: half the memory.
        var keys: [UInt64] = []
        keys.reserveCapacity(rows.count)
        for row in rows { keys.append(key(row) << UInt64(indexBits) | UInt64(keys.count)) }
        StableSort.sort(&keys, upTo: highest(bits)) { $0 &>> UInt64(indexBits) }
        let mask = highest(indexBits)
        return keys.map { UInt32(truncatingIfNeeded: $0 & mask) }
    }

    /// The highest number of so many bits.
    private static func highest(_ bits: Int) -> UInt64 {
        bits == 0 ? 0 : .max &>> UInt64(64 &- bits)
    }
}
