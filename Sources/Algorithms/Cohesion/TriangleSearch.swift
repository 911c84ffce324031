import PropertyGraph

/// Finds every triangle of simple rows once.
///
/// Where degrees are alike, each pair of neighbours' sorted rows is merged. Where hubs would make
/// that slow, nodes are numbered anew by falling degree and each keeps only neighbours of higher
/// degree, as blocks of 64 numbers with a bit for each: hubs lie close together there, so one
/// "and" of two blocks tests many pairs at once.
struct TriangleSearch {
    let rows: SimpleRows
    /// Whether to count the triangles at each node, too.
    let hasCorners: Bool
    let options: RunOptions

    /// What was found.
    struct Counts: Sendable {
        /// How many triangles there are.
        var total = 0
        /// For each node how many triangles it is a corner of; with directions, how many directed
        /// edges join its neighbours. Empty when not asked for.
        var corners: [UInt64] = []

        mutating func add(_ other: Counts) {
            total += other.total
            for node in other.corners.indices { corners[node] += other.corners[node] }
        }
    }

    func run() throws(AlgorithmError) -> Counts {
        let nodes = rows.nodeCount
        var squares = 0.0
        for node in 0..<nodes {
            let degree = Double(rows.degree(of: node))
            squares += degree * degree
        }
        let isSkewed = squares > 32 * Double(rows.arcCount)
        let blocked = isSkewed ? try BlockedRows(rows, options: options) : nil
        let work = isSkewed ? Int(min(squares, 1e15)) : rows.arcCount * 8
        let tasks = stretches(nodes, of: isSkewed ? 256 : 1 << 12)
        let dispenser = TaskDispenser(count: tasks.count, options: options)
        let parts = try options.onWorkers(
            options.workerCount(work: work, tasks: tasks.count)
        ) { _ throws(AlgorithmError) -> Counts in
            var counts = Counts()
            if hasCorners { counts.corners = [UInt64](repeating: 0, count: nodes) }
            var marks = [UInt64](repeating: 0, count: isSkewed ? nodes / 64 + 1 : 0)
            var bothMarks = isSkewed && rows.isMutual != nil ? marks : []
            while let task = try dispenser.take() {
                if let blocked {
                    counts.total &+= blocked.count(
                        tasks[task], &marks, &bothMarks, &counts.corners)
                } else {
                    counts.total &+= mergeRows(
                        tasks[task], rows.offsets.span, rows.targets.span, rows.isMutual?.span,
                        hasCorners, &counts.corners)
                }
            }
            return counts
        }
        var counts = parts.first ?? Counts()
        for part in parts.dropFirst() { counts.add(part) }
        if let blocked, hasCorners { counts.corners = blocked.originalOrder(counts.corners) }
        return counts
    }
}

/// Counts the triangles whose highest node lies in a stretch.
private func mergeRows(
    _ nodes: Range<Int>, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ mutual: Span<UInt8>?, _ hasCorners: Bool, _ corners: inout [UInt64]
) -> Int {
    var total = 0
    for node in nodes {
        let first = Int(truncatingIfNeeded: offsets[node])
        let last = Int(truncatingIfNeeded: offsets[node + 1])
        for arc in first..<last {
            let middle = targets[arc]
            if Int(middle) >= node { break }
            var left = first
            var right = Int(truncatingIfNeeded: offsets[Int(middle)])
            let end = Int(truncatingIfNeeded: offsets[Int(middle) + 1])
            while left < arc, right < end {
                let low = targets[left]
                let other = targets[right]
                if low == other {
                    total &+= 1
                    if hasCorners {
                        corners[node] &+= 1 &+ UInt64(mutual?[right] ?? 0)
                        corners[Int(middle)] &+= 1 &+ UInt64(mutual?[left] ?? 0)
                        corners[Int(low)] &+= 1 &+ UInt64(mutual?[arc] ?? 0)
                    }
                }
                left &+= low <= other ? 1 : 0
                right &+= other <= low ? 1 : 0
            }
        }
    }
    return total
}

/// Rows by falling degree, each holding only neighbours of higher degree, in blocks of 64.
private struct BlockedRows: Sendable {
    /// The node that each new number stands for.
    private let nodes: [UInt32]
    /// Row `n` is the blocks `starts[n] ..< starts[n + 1]`.
    private let starts: [UInt32]
    private let blocks: CSRBuffer<UInt32>
    private let masks: CSRBuffer<UInt64>
    /// With directions: the bits of neighbours joined in both.
    private let mutualMasks: CSRBuffer<UInt64>?

    init(_ rows: SimpleRows, options: RunOptions) throws(AlgorithmError) {
        let count = rows.nodeCount
        let nodes = Self.byFallingDegree(rows)
        self.nodes = nodes
        var numbers = [UInt32](repeating: 0, count: count)
        for (number, node) in nodes.enumerated() {
            numbers[Int(node)] = UInt32(truncatingIfNeeded: number)
        }
        try options.checkCancellation()
        var starts = [UInt32](repeating: 0, count: count + 1)
        var last = [UInt32](repeating: .max, count: count)
        countBlocks(
            nodes.span, numbers.span, rows.offsets.span, rows.targets.span, &starts, &last)
        var total: UInt32 = 0
        for row in 0..<starts.count {
            total &+= starts[row]
            starts[row] = total
        }
        self.starts = starts
        try options.checkCancellation()
        // Each row's last block so far, one past; a row's first block follows its start.
        var cursors = starts
        for row in last.indices { last[row] = .max }
        var masks = [UInt64](repeating: 0, count: Int(total))
        var mutual = rows.isMutual == nil ? [] : masks
        blocks = CSRBuffer<UInt32>(count: Int(total)) { blocks in
            fillBlocks(
                nodes.span, numbers.span, rows.offsets.span, rows.targets.span,
                rows.isMutual?.span, &cursors, &blocks, &masks, &mutual)
        }
        self.masks = CSRBuffer(masks)
        mutualMasks = rows.isMutual == nil ? nil : CSRBuffer(mutual)
    }

    /// The nodes by falling degree, equal ones ascending.
    private static func byFallingDegree(_ rows: SimpleRows) -> [UInt32] {
        let count = rows.nodeCount
        var most = 0
        for node in 0..<count { most = max(most, rows.degree(of: node)) }
        var places = [UInt32](repeating: 0, count: most + 2)
        for node in 0..<count { places[most - rows.degree(of: node) + 1] &+= 1 }
        for degree in 1..<places.count { places[degree] &+= places[degree - 1] }
        var nodes = [UInt32](repeating: 0, count: count)
        for node in 0..<count {
            let degree = most - rows.degree(of: node)
            nodes[Int(places[degree])] = UInt32(truncatingIfNeeded: node)
            places[degree] &+= 1
        }
        return nodes
    }

    /// Counts by new numbers, given back by old ones.
    func originalOrder(_ corners: [UInt64]) -> [UInt64] {
        var result = [UInt64](repeating: 0, count: corners.count)
        for (number, node) in nodes.enumerated() { result[Int(node)] = corners[number] }
        return result
    }

    /// Counts the triangles whose corner of lowest degree lies in a stretch.
    func count(
        _ stretch: Range<Int>, _ marks: inout [UInt64], _ bothMarks: inout [UInt64],
        _ corners: inout [UInt64]
    ) -> Int {
        let starts = starts.span
        var total = 0
        for node in stretch {
            let row = Int(starts[node])..<Int(starts[node + 1])
            if row.count == 0 { continue }
            if let mutualMasks {
                total &+= countDirected(
                    node, row, starts, blocks.span, masks.span, mutualMasks.span, &marks,
                    &bothMarks, &corners)
            } else if corners.isEmpty {
                total &+= countRow(row, starts, blocks.span, masks.span, &marks)
            } else {
                total &+= countCorners(
                    node, row, starts, blocks.span, masks.span, &marks, &corners)
            }
        }
        return total
    }
}

private func countBlocks(
    _ nodes: Span<UInt32>, _ numbers: Span<UInt32>, _ offsets: Span<UInt64>,
    _ targets: Span<UInt32>, _ starts: inout [UInt32], _ last: inout [UInt32]
) {
    var counts = starts.mutableSpan
    var latest = last.mutableSpan
    for number in nodes.indices {
        let node = Int(nodes[number])
        let block = UInt32(truncatingIfNeeded: number >> 6)
        let end = Int(truncatingIfNeeded: offsets[node + 1])
        var arc = Int(truncatingIfNeeded: offsets[node])
        while arc < end {
            let other = Int(numbers[Int(targets[arc])])
            if other > number, latest[other] != block {
                latest[other] = block
                counts[other + 1] &+= 1
            }
            arc &+= 1
        }
    }
}

private func fillBlocks(
    _ nodes: Span<UInt32>, _ numbers: Span<UInt32>, _ offsets: Span<UInt64>,
    _ targets: Span<UInt32>, _ mutual: Span<UInt8>?, _ cursors: inout [UInt32],
    _ blocks: inout MutableSpan<UInt32>, _ masks: inout [UInt64], _ both: inout [UInt64]
) {
    var cursor = cursors.mutableSpan
    var bits = masks.mutableSpan
    for number in nodes.indices {
        let node = Int(nodes[number])
        let block = UInt32(truncatingIfNeeded: number >> 6)
        let bit = UInt64(1) << UInt64(number & 63)
        let end = Int(truncatingIfNeeded: offsets[node + 1])
        var arc = Int(truncatingIfNeeded: offsets[node])
        while arc < end {
            let other = Int(numbers[Int(targets[arc])])
            if other > number {
                var place = Int(cursor[other])
                // A row's blocks ascend, and no mask of a block begun is empty.
                if place < bits.count, bits[place] != 0, blocks[place] != block {
                    place &+= 1
                    cursor[other] = UInt32(truncatingIfNeeded: place)
                }
                blocks[place] = block
                bits[place] |= bit
                if let mutual, mutual[arc] != 0 { both[place] |= bit }
            }
            arc &+= 1
        }
    }
}

/// Counts the triangles between the neighbours of a row, by bits alone.
private func countRow(
    _ row: Range<Int>, _ starts: Span<UInt32>, _ blocks: Span<UInt32>, _ masks: Span<UInt64>,
    _ marks: inout [UInt64]
) -> Int {
    var marked = marks.mutableSpan
    for place in row { marked[Int(blocks[place])] = masks[place] }
    var total = 0
    for place in row {
        let base = Int(blocks[place]) << 6
        var rest = masks[place]
        while rest != 0 {
            let middle = base &+ rest.trailingZeroBitCount
            rest &= rest &- 1
            var other = Int(starts[middle])
            let end = Int(starts[middle + 1])
            while other < end {
                let common = marked[Int(blocks[other])] & masks[other]
                if common != 0 { total &+= common.nonzeroBitCount }
                other &+= 1
            }
        }
    }
    for place in row { marked[Int(blocks[place])] = 0 }
    return total
}

/// The same, adding each triangle to its three corners.
private func countCorners(
    _ node: Int, _ row: Range<Int>, _ starts: Span<UInt32>, _ blocks: Span<UInt32>,
    _ masks: Span<UInt64>, _ marks: inout [UInt64], _ corners: inout [UInt64]
) -> Int {
    var marked = marks.mutableSpan
    var sums = corners.mutableSpan
    for place in row { marked[Int(blocks[place])] = masks[place] }
    var total = 0
    for place in row {
        let base = Int(blocks[place]) << 6
        var rest = masks[place]
        while rest != 0 {
            let middle = base &+ rest.trailingZeroBitCount
            rest &= rest &- 1
            var found = 0
            var other = Int(starts[middle])
            let end = Int(starts[middle + 1])
            while other < end {
                var common = marked[Int(blocks[other])] & masks[other]
                if common != 0 {
                    found &+= common.nonzeroBitCount
                    let low = Int(blocks[other]) << 6
                    repeat {
                        sums[low &+ common.trailingZeroBitCount] &+= 1
                        common &= common &- 1
                    } while common != 0
                }
                other &+= 1
            }
            sums[middle] &+= UInt64(found)
            total &+= found
        }
    }
    sums[node] &+= UInt64(total)
    for place in row { marked[Int(blocks[place])] = 0 }
    return total
}

/// The same with directions: a corner gains the directed edges between the other two.
private func countDirected(
    _ node: Int, _ row: Range<Int>, _ starts: Span<UInt32>, _ blocks: Span<UInt32>,
    _ masks: Span<UInt64>, _ both: Span<UInt64>, _ marks: inout [UInt64],
    _ bothMarks: inout [UInt64], _ corners: inout [UInt64]
) -> Int {
    var marked = marks.mutableSpan
    var markedBoth = bothMarks.mutableSpan
    let hasCorners = !corners.isEmpty
    var sums = corners.mutableSpan
    for place in row {
        marked[Int(blocks[place])] = masks[place]
        markedBoth[Int(blocks[place])] = both[place]
    }
    var total = 0
    for place in row {
        let base = Int(blocks[place]) << 6
        var rest = masks[place]
        while rest != 0 {
            let bit = rest.trailingZeroBitCount
            let middle = base &+ bit
            rest &= rest &- 1
            let between = 1 &+ (both[place] >> UInt64(bit) & 1)
            for other in Int(starts[middle])..<Int(starts[middle + 1]) {
                let block = Int(blocks[other])
                var common = marked[block] & masks[other]
                if common == 0 { continue }
                let found = common.nonzeroBitCount
                total &+= found
                guard hasCorners else { continue }
                sums[node] &+= UInt64(found &+ (common & both[other]).nonzeroBitCount)
                sums[middle] &+= UInt64(found &+ (common & markedBoth[block]).nonzeroBitCount)
                repeat {
                    sums[block << 6 &+ common.trailingZeroBitCount] &+= between
                    common &= common &- 1
                } while common != 0
            }
        }
    }
    for place in row {
        marked[Int(blocks[place])] = 0
        markedBoth[Int(blocks[place])] = 0
    }
    return total
}
