import PropertyGraph

/// Breadth-first searches from up to 64 nodes at once: a bit for each in one word a node, so that
/// an arc which many of them follow in the same step is looked at once.
///
/// - SeeAlso: Then and others, *The More the Merrier: Efficient Multi-Source Graph Traversal*
///   (2014).
struct ManySourceSearch {
    private let rows: CSRRows
    /// Which searches have reached each node.
    private var seen: [UInt64]
    /// Which searches reached it in the last step, and which reach for it in this one.
    private var visiting: [UInt64]
    private var reaching: [UInt64]
    private var frontier: [UInt32] = []
    private var touched: [UInt32] = []

    init(_ rows: CSRRows) {
        self.rows = rows
        seen = [UInt64](repeating: 0, count: rows.offsets.count - 1)
        visiting = seen
        reaching = seen
    }

    /// Sums of distances in edges from each source, in their order.
    ///
    /// - Parameter sources: At most 64, all different.
    mutating func sums(
        from sources: ArraySlice<UInt32>, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> [DistanceSums] {
        let rows = rows
        for (bit, source) in sources.prefix(64).enumerated() {
            seen[Int(source)] |= 1 << UInt64(bit)
            visiting[Int(source)] |= 1 << UInt64(bit)
            frontier.append(source)
        }
        var sums = [DistanceSums](repeating: DistanceSums(), count: sources.count)
        var reached = frontier
        var depth = 0.0
        while !frontier.isEmpty {
            depth += 1
            for first in stride(from: 0, to: frontier.count, by: 1 << 10) {
                let stretch = first..<min(first + 1 << 10, frontier.count)
                try ticker.tick(
                    reach(
                        stretch, rows.offsets.span, rows.targets.span, frontier, visiting,
                        &reaching, &touched))
            }
            for node in frontier { visiting[Int(node)] = 0 }
            frontier.removeAll(keepingCapacity: true)
            let counts = arrive(touched, &seen, &visiting, &reaching, &frontier, &reached)
            touched.removeAll(keepingCapacity: true)
            for bit in sums.indices where counts[bit] > 0 {
                sums[bit].reached += Int(counts[bit])
                sums[bit].distance += depth * Double(counts[bit])
                sums[bit].inverse += Double(counts[bit]) / depth
            }
            try ticker.tick(frontier.count)
        }
        for node in reached { seen[Int(node)] = 0 }
        return sums
    }
}

/// Lets the searches at a stretch of the frontier reach for its neighbours; returns the work done.
private func reach(
    _ stretch: Range<Int>, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ frontier: [UInt32], _ visiting: [UInt64], _ reaching: inout [UInt64],
    _ touched: inout [UInt32]
) -> Int {
    let bits = visiting.span
    var wanted = reaching.mutableSpan
    var work = 0
    for place in stretch {
        let node = Int(frontier[place])
        let searches = bits[node]
        let first = Int(truncatingIfNeeded: offsets[node])
        let last = Int(truncatingIfNeeded: offsets[node + 1])
        for arc in first..<last {
            let target = Int(targets[arc])
            let known = wanted[target]
            if known == 0 { touched.append(targets[arc]) }
            wanted[target] = known | searches
        }
        work &+= last &- first &+ 1
    }
    return work
}

/// Lets searches arrive where they reached for and had not been; returns how many nodes each
/// found.
private func arrive(
    _ touched: [UInt32], _ seen: inout [UInt64], _ visiting: inout [UInt64],
    _ reaching: inout [UInt64], _ frontier: inout [UInt32], _ reached: inout [UInt32]
) -> [UInt32] {
    var known = seen.mutableSpan
    var bits = visiting.mutableSpan
    var wanted = reaching.mutableSpan
    var counts = [UInt32](repeating: 0, count: 64)
    var tally = counts.mutableSpan
    for node in touched {
        let before = known[Int(node)]
        var new = wanted[Int(node)] & ~before
        wanted[Int(node)] = 0
        if new == 0 { continue }
        if before == 0 { reached.append(node) }
        known[Int(node)] = before | new
        bits[Int(node)] = new
        frontier.append(node)
        while new != 0 {
            tally[new.trailingZeroBitCount] &+= 1
            new &= new &- 1
        }
    }
    return counts
}
