internal import LMDB

/// Steps through the rows of a block; the inner loop of every hop.
///
/// ```swift
/// guard var reader = AdjacencyReader(block) else { … damaged … }
/// while reader.next() { visit(reader.neighbor) }
/// ```
struct AdjacencyReader: ~Escapable {
    private var reader: ByteReader
    private let column: InlineColumn.View?
    /// Number of rows.
    let count: Int
    /// Number of rows in all blocks of the run; only its first block says it.
    let runTotal: UInt64?
    /// The index of the current row; −1 before the first.
    private(set) var index = -1
    /// The neighbour in the current row.
    private(set) var neighbor: UInt64 = 0
    /// The edge of the current row.
    private(set) var edge: UInt64 = 0

    /// Stands before the first row; nil when the head or the column is damaged.
    @_lifetime(copy bytes)
    init?(_ bytes: RawSpan) {
        guard let head = AdjacencyBlock.Head(bytes) else { return nil }
        reader = ByteReader(bytes, at: head.bodyStart)
        count = head.count
        runTotal = head.runTotal
        guard head.hasColumn else {
            column = nil
            return
        }
        guard let size = reader.count(), let start = reader.skip(size),
            let column = InlineColumn.View(bytes, at: start, size: size, rows: head.count)
        else { return nil }
        self.column = column
    }

    /// As `init(_:)`, for rows whose inline values nobody asks for: the column is stepped over.
    @_lifetime(copy bytes)
    init?(rowsOf bytes: RawSpan) {
        guard let head = AdjacencyBlock.Head(bytes) else { return nil }
        reader = ByteReader(bytes, at: head.bodyStart)
        count = head.count
        runTotal = head.runTotal
        column = nil
        guard head.hasColumn else { return }
        guard let size = reader.count(), reader.skip(size) != nil else { return nil }
    }

    /// Goes to the next row; false behind the last, and where the bytes are damaged.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func next() -> Bool {
        guard index &+ 1 < count, let (step, edgeStep) = reader.varintPair() else { return false }
        index &+= 1
        neighbor &+= step
        edge &+= UInt64(bitPattern: Zigzag.decode(edgeStep))
        return true
    }

    /// The inline value of the current row; absent where the block has no column.
    ///
    /// - Complexity: O(1), and O(rows / 64) where some rows have no inline value.
    func inlineValue() -> InlineValue {
        guard let column, index >= 0 else { return .absent }
        return column.value(at: index, in: reader.bytes)
    }

    /// Whether all rows have been read and no byte is left: after `next` said false, whether
    /// that was the end or damage.
    var isAtEnd: Bool { index &+ 1 == count && reader.remaining == 0 }
}
