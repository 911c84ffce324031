import PropertyGraph
import Synchronization

/// The state of peeling a part of the nodes. A node's degree comes to rest at its core number.
struct CorePart: ~Copyable {
    let desk: CoreDesk
    private let nodes: Range<Int>
    private let index: Int
    private let desks: [CoreDesk]

    // Touched only as far as they are needed. All but the degrees are longer than needed, for the
    // loops below write first and then see whether to keep it.
    private(set) var degrees: ParallelColumn<UInt32>
    /// The nodes beyond the level when it began, numbered from the part's lowest, and how many there
    /// are.
    private var left: ParallelColumn<UInt32>
    private var leftCount = 0
    /// The nodes that were at the level when it began, numbered likewise; those from `next` on are still to be peeled.
    private var seeds: ParallelColumn<UInt32>
    private var seedCount = 0
    private var next = 0
    /// The nodes peeled together; those of the range are still to be.
    private var waiting: ParallelColumn<UInt32>
    private var range = 0..<0
    /// Nodes peeled that are joined with nodes of parts below and above, which were not told yet.
    private var below: ParallelColumn<UInt32>
    private var belowCount = 0
    private var above: ParallelColumn<UInt32>
    private var aboveCount = 0

    /// How many levels were begun before this one; -1 before the first.
    private var round = -1
    private var level: UInt32 = 1
    /// How much news was followed.
    private var taken = 0
    /// The last level that had nodes, and how many.
    private(set) var innermost: (level: UInt32, size: Int) = (0, 0)

    /// How many of the seeds are peeled together, with all that falls by them.
    private static let batch = 256
    /// How many nodes make a piece of news.
    private static let newsSize = 64

    init(_ rows: SimpleRows, _ nodes: Range<Int>, _ index: Int, _ desks: [CoreDesk]) {
        desk = desks[index]
        self.nodes = nodes
        self.index = index
        self.desks = desks
        degrees = ParallelColumn(zeroed: nodes.count)
        left = ParallelColumn(zeroed: nodes.count + 1)
        seeds = ParallelColumn(zeroed: nodes.count + 1)
        waiting = ParallelColumn(zeroed: nodes.count + 1)
        let isAlone = desks.count == 1
        below = ParallelColumn(zeroed: isAlone ? 1 : Self.newsSize + CoreRows.count)
        above = ParallelColumn(zeroed: isAlone ? 1 : Self.newsSize + CoreRows.count)
    }

    /// Goes on to the level if it is new, follows what news there is and peels some nodes; returns
    /// the work done, 0 when there was nothing to do.
    ///
    /// - Parameters:
    ///   - round: How many levels were begun before this one.
    ///   - sent: How much news there was before the level was looked up.
    mutating func work(_ rows: SimpleRows, round: Int, level: UInt32, sent: Int) -> Int {
        var work = 0
        if round != self.round {
            self.round = round
            self.level = level
            work += begin(rows) + 1
        }
        if sent != taken { work += follow(rows) + 1 }
        if hasMore { work += peel(rows, 1 << 14) }
        if work > 0, !hasMore {
            tell()
            // Releasing: whoever sees that the part is done sees what it sent and found.
            desk.done.store(taken + self.round + 1, ordering: .releasing)
        }
        return work
    }

    /// Whether nodes of this level are still to be peeled.
    private var hasMore: Bool { next < seedCount || !range.isEmpty }

    /// Finds the nodes of the level; returns the work done.
    private mutating func begin(_ rows: SimpleRows) -> Int {
        var finds = CoreDesk.Finds()
        let work: Int
        if round == 0 {
            work = nodes.count
            (leftCount, seedCount) = Self.sortOut(rows, nodes, &degrees, &left, &seeds)
            // Nodes without neighbours are neither.
            innermost.size = nodes.count - leftCount - seedCount
        } else {
            // Each node stays for as many levels as its core number, so all passes together look at
            // no more nodes than there are arcs.
            work = leftCount
            (leftCount, seedCount, finds.least) = Self.divide(
                leftCount, level, degrees, &left, &seeds)
        }
        next = 0
        finds.left = leftCount
        finds.seeds = seedCount
        desk.finds = finds
        return work
    }

    private static func sortOut(
        _ rows: SimpleRows, _ nodes: Range<Int>, _ degrees: inout ParallelColumn<UInt32>,
        _ left: inout ParallelColumn<UInt32>, _ seeds: inout ParallelColumn<UInt32>
    ) -> (left: Int, seeds: Int) {
        var degrees = degrees.mutableSpan
        var left = left.mutableSpan
        var seeds = seeds.mutableSpan
        let offsets = rows.offsets.span.extracting(nodes.lowerBound..<(nodes.upperBound + 1))
        return sortOutNodes(offsets, &degrees, &left, &seeds)
    }

    private static func divide(
        _ count: Int, _ level: UInt32, _ degrees: borrowing ParallelColumn<UInt32>,
        _ left: inout ParallelColumn<UInt32>, _ seeds: inout ParallelColumn<UInt32>
    ) -> (left: Int, seeds: Int, least: UInt32) {
        var left = left.mutableSpan
        var seeds = seeds.mutableSpan
        return divideNodes(count, level, degrees.span, &left, &seeds)
    }

    /// Follows the nodes that other parts have peeled; returns the work done.
    private mutating func follow(_ rows: SimpleRows) -> Int {
        if range.isEmpty { range = 0..<0 }
        let direction = CoreRows.Direction(index, of: desks.count)
        var work = 0
        for piece in desk.take() {
            work += Self.follow(
                piece, rows, level, nodes.lowerBound, direction, &degrees, &waiting, &range)
            taken += 1
        }
        return work
    }

    private static func follow(
        _ piece: [UInt32], _ rows: SimpleRows, _ level: UInt32, _ lowest: Int,
        _ direction: CoreRows.Direction, _ degrees: inout ParallelColumn<UInt32>,
        _ waiting: inout ParallelColumn<UInt32>, _ range: inout Range<Int>
    ) -> Int {
        var ahead = CoreRows(direction)
        var degrees = degrees.mutableSpan
        var waiting = waiting.mutableSpan
        var (work, first, last) = (0, 0, range.upperBound)
        while first < piece.count {
            let end = min(first + CoreRows.count, piece.count)
            work += ahead.lookUp(
                piece.span.extracting(first..<end), rows.offsets.span, rows.targets.span)
            last = ahead.follow(level, lowest, rows.targets.span, &degrees, &waiting, last)
            first = end
        }
        range = range.lowerBound..<last
        return work
    }

    /// Peels the nodes that wait, or else the next ones; returns the work done.
    private mutating func peel(_ rows: SimpleRows, _ budget: Int) -> Int {
        if innermost.level < level { innermost = (level, 0) }
        let direction = CoreRows.Direction(index, of: desks.count)
        var work = 0
        while hasMore, work < budget {
            if range.isEmpty {
                let batch = next..<min(next + Self.batch, seedCount)
                next = batch.upperBound
                Self.fill(&waiting, seeds, batch, nodes.lowerBound)
                range = 0..<batch.count
            }
            let first = range.lowerBound
            if desks.count == 1 {
                work += Self.peelAlone(rows, budget, level, &degrees, &waiting, &range)
                innermost.size += range.lowerBound - first
                continue
            }
            work += Self.peel(
                rows, budget, level, nodes.lowerBound, direction, &degrees, &waiting, &range,
                &below, &belowCount, &above, &aboveCount)
            innermost.size += range.lowerBound - first
            if max(belowCount, aboveCount) >= Self.newsSize { tell() }
        }
        return work
    }

    private static func fill(
        _ waiting: inout ParallelColumn<UInt32>, _ seeds: borrowing ParallelColumn<UInt32>,
        _ batch: Range<Int>, _ lowest: Int
    ) {
        var waiting = waiting.mutableSpan
        let nodes = seeds.span
        let lowest = UInt32(truncatingIfNeeded: lowest)
        for place in batch { waiting[place &- batch.lowerBound] = nodes[place] &+ lowest }
    }

    private static func peelAlone(
        _ rows: SimpleRows, _ budget: Int, _ level: UInt32,
        _ degrees: inout ParallelColumn<UInt32>, _ waiting: inout ParallelColumn<UInt32>,
        _ range: inout Range<Int>
    ) -> Int {
        var degrees = degrees.mutableSpan
        var waiting = waiting.mutableSpan
        return peelNodes(
            budget, level, rows.offsets.span, rows.targets.span, &degrees, &waiting, &range)
    }

    /// Peels until the budget is spent, none waits, or there is much to tell.
    private static func peel(
        _ rows: SimpleRows, _ budget: Int, _ level: UInt32, _ lowest: Int,
        _ direction: CoreRows.Direction, _ degrees: inout ParallelColumn<UInt32>,
        _ waiting: inout ParallelColumn<UInt32>, _ range: inout Range<Int>,
        _ below: inout ParallelColumn<UInt32>, _ belowCount: inout Int,
        _ above: inout ParallelColumn<UInt32>, _ aboveCount: inout Int
    ) -> Int {
        var ahead = CoreRows(direction)
        let offsets = rows.offsets.span
        let targets = rows.targets.span
        var degrees = degrees.mutableSpan
        var waiting = waiting.mutableSpan
        var below = below.mutableSpan
        var above = above.mutableSpan
        var work = 0
        while !range.isEmpty, work < budget, max(belowCount, aboveCount) < newsSize {
            let group = range.prefix(CoreRows.count)
            work += ahead.lookUp(waiting.span.extracting(group), offsets, targets)
            let last = ahead.follow(level, lowest, targets, &degrees, &waiting, range.upperBound)
            ahead.noteOthers(lowest, &below, &belowCount, &above, &aboveCount)
            range = group.upperBound..<last
        }
        return work
    }

    /// Tells the other parts which nodes were peeled that are joined with theirs.
    private mutating func tell() {
        if belowCount > 0 {
            let nodes = below.array(0..<belowCount)
            for desk in desks[..<index] { desk.leave(nodes) }
            belowCount = 0
        }
        if aboveCount > 0 {
            let nodes = above.array(0..<aboveCount)
            for desk in desks[(index + 1)...] { desk.leave(nodes) }
            aboveCount = 0
        }
    }
}

// In the loops below nobody can foretell which nodes stay, so they have no branches for it
// (measured: a third of the time on WordNet). The first two are compiled apart: among others they run
// short of registers.

/// Notes the degrees; tells nodes of one neighbour from those of several, and how many each are.
@inline(never)
private func sortOutNodes(
    _ offsets: Span<UInt64>, _ degrees: inout MutableSpan<UInt32>,
    _ left: inout MutableSpan<UInt32>, _ seeds: inout MutableSpan<UInt32>
) -> (left: Int, seeds: Int) {
    var (stay, fall) = (0, 0)
    var start = offsets[0]
    for node in degrees.indices {
        let end = offsets[node &+ 1]
        let degree = UInt32(truncatingIfNeeded: end &- start)
        start = end
        degrees[node] = degree
        left[stay] = UInt32(truncatingIfNeeded: node)
        stay &+= degree > 1 ? 1 : 0
        seeds[fall] = UInt32(truncatingIfNeeded: node)
        fall &+= degree == 1 ? 1 : 0
    }
    return (stay, fall)
}

/// Keeps the nodes beyond a level, drops those peeled before it and lists those at it; returns how
/// many are kept and listed, and the least degree of those kept.
@inline(never)
private func divideNodes(
    _ count: Int, _ level: UInt32, _ degrees: Span<UInt32>, _ left: inout MutableSpan<UInt32>,
    _ seeds: inout MutableSpan<UInt32>
) -> (left: Int, seeds: Int, least: UInt32) {
    var (stay, fall, least) = (0, 0, UInt32.max)
    for place in 0..<count {
        let node = left[place]
        let degree = degrees[Int(node)]
        left[stay] = node
        stay &+= degree > level ? 1 : 0
        seeds[fall] = node
        fall &+= degree == level ? 1 : 0
        least = min(least, degree > level ? degree : .max)
    }
    return (stay, fall, least)
}

/// Where the part is all there is: takes one neighbour from each node beyond the level that a peeled
/// node is joined with; those that fall to the level wait, too. Returns the work done.
private func peelNodes(
    _ budget: Int, _ level: UInt32, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ counts: inout MutableSpan<UInt32>, _ waiting: inout MutableSpan<UInt32>,
    _ range: inout Range<Int>
) -> Int {
    var (first, last, work) = (range.lowerBound, range.upperBound, 0)
    while first < last, work < budget {
        let node = Int(waiting[first])
        first &+= 1
        let end = Int(truncatingIfNeeded: offsets[node &+ 1])
        var arc = Int(truncatingIfNeeded: offsets[node])
        work &+= end &- arc &+ 1
        while arc < end {
            let target = targets[arc]
            arc &+= 1
            let degree = counts[Int(target)]
            counts[Int(target)] = degree &- (degree > level ? 1 : 0)
            waiting[last] = target
            last &+= degree == level &+ 1 ? 1 : 0
        }
    }
    range = first..<last
    return work
}
