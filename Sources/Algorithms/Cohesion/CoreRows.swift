/// The rows of a few peeled nodes, whose beginnings are looked up together.
///
/// On a large graph each row waits for memory. Rows looked up together wait together (measured: half
/// the time on a graph of 8.4 M arcs between random nodes).
struct CoreRows {
    /// How many rows are looked up together at most.
    static let count = 32

    /// Where in a row the neighbours stand that belong to a part of the nodes.
    enum Direction {
        /// First, or all of them do.
        case first
        /// Last.
        case last
        /// In between.
        case middle

        init(_ index: Int, of count: Int) {
            self = index == 0 ? .first : index == count - 1 ? .last : .middle
        }
    }

    /// A row that is followed from `arc` until before `stop`, backwards when the neighbours that
    /// count stand last.
    private struct Row: BitwiseCopyable {
        var node: UInt32 = 0
        /// The first neighbour, where the row begins to be followed.
        var target: UInt32 = 0
        var arc = 0
        var stop = 0
    }

    private var rows = InlineArray<32, Row>(repeating: Row())
    private var rowCount = 0
    private let direction: Direction

    init(_ direction: Direction) { self.direction = direction }

    /// Looks up the rows of some nodes, each of which has neighbours; returns the work of following
    /// them.
    @inline(__always)
    mutating func lookUp(
        _ nodes: Span<UInt32>, _ offsets: Span<UInt64>, _ targets: Span<UInt32>
    ) -> Int {
        rowCount = nodes.count
        var work = 0
        for place in nodes.indices {
            let node = nodes[place]
            let first = Int(truncatingIfNeeded: offsets[Int(node)])
            let end = Int(truncatingIfNeeded: offsets[Int(node) &+ 1])
            work &+= end &- first &+ 1
            let arc = direction == .last ? end &- 1 : first
            let stop = direction == .last ? first &- 1 : end
            rows[place] = Row(node: node, target: targets[arc], arc: arc, stop: stop)
        }
        return work
    }

    /// Takes one neighbour from each node of the part beyond the level that a row leads to; those
    /// that fall to the level are added to `waiting`, from `last` on. Returns where it ends then.
    ///
    /// - Parameters:
    ///   - lowest: The lowest node of the part.
    ///   - degrees: Of the part.
    mutating func follow(
        _ level: UInt32, _ lowest: Int, _ targets: Span<UInt32>,
        _ degrees: inout MutableSpan<UInt32>, _ waiting: inout MutableSpan<UInt32>, _ last: Int
    ) -> Int {
        var last = last
        let step = direction == .last ? -1 : 1
        for place in 0..<rowCount {
            let stop = rows[place].stop
            var arc = rows[place].arc
            var target = rows[place].target
            if direction == .middle, Int(target) < lowest {
                arc = firstArc(from: lowest, arc..<stop, targets)
                if arc < stop { target = targets[arc] }
            }
            while arc != stop {
                let node = Int(target) &- lowest
                // Neighbours of other parts follow.
                guard UInt(bitPattern: node) < UInt(bitPattern: degrees.count) else { break }
                let degree = degrees[node]
                degrees[node] = degree &- (degree > level ? 1 : 0)
                waiting[last] = target
                last &+= degree == level &+ 1 ? 1 : 0
                arc &+= step
                guard arc != stop else { break }
                target = targets[arc]
            }
            rows[place].arc = arc
        }
        return last
    }

    /// Notes the nodes that are joined with nodes of parts below and above, once their rows were
    /// followed.
    @inline(__always)
    func noteOthers(
        _ lowest: Int, _ below: inout MutableSpan<UInt32>, _ belowCount: inout Int,
        _ above: inout MutableSpan<UInt32>, _ aboveCount: inout Int
    ) {
        for place in 0..<rowCount {
            let row = rows[place]
            let isLeft = row.arc != row.stop
            switch direction {
            case .first:
                above[aboveCount] = row.node
                aboveCount &+= isLeft ? 1 : 0
            case .last:
                below[belowCount] = row.node
                belowCount &+= isLeft ? 1 : 0
            case .middle:
                above[aboveCount] = row.node
                aboveCount &+= isLeft ? 1 : 0
                below[belowCount] = row.node
                belowCount &+= Int(row.target) < lowest ? 1 : 0
            }
        }
    }

    /// The first arc of a row that leads to a node not below `lowest`.
    private func firstArc(from lowest: Int, _ row: Range<Int>, _ targets: Span<UInt32>) -> Int {
        var (low, high) = (row.lowerBound, row.upperBound)
        while low < high {
            let middle = low &+ (high &- low) / 2
            if Int(targets[middle]) < lowest { low = middle &+ 1 } else { high = middle }
        }
        return low
    }
}
