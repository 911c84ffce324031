/// Where the next rows of a list of nodes begin.
///
/// On a large graph each row waits for memory. Rows looked up together wait together, for nothing
/// that is found decides what is loaded next.
struct RowsAhead {
    /// How many rows are looked up together at most.
    static let count = 16

    /// A row about to be followed.
    struct Row: BitwiseCopyable {
        var node: UInt32 = 0
        /// The first neighbour; no matter what when there is none.
        var target: UInt32 = 0
        var first = 0
        var last = 0
    }

    private var rows = InlineArray<16, Row>(repeating: Row())

    @inline(__always)
    subscript(place: Int) -> Row { rows[place] }

    /// Looks up the rows of the nodes that stand in a stretch of a list.
    ///
    /// - Parameter targets: At least one.
    @inline(__always)
    mutating func lookUp(
        _ stretch: Range<Int>, _ list: Span<UInt32>, _ offsets: Span<UInt64>,
        _ targets: Span<UInt32>
    ) {
        let end = targets.count &- 1
        var place = 0
        for position in stretch {
            let node = list[position]
            let first = Int(truncatingIfNeeded: offsets[Int(node)])
            let last = Int(truncatingIfNeeded: offsets[Int(node) &+ 1])
            let target = targets[min(first, end)]
            rows[place] = Row(node: node, target: target, first: first, last: last)
            place &+= 1
        }
    }
}
