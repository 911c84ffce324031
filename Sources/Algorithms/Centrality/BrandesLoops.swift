// The inner loops of `BrandesSearch`: over a stretch of one level and the arcs of its nodes. Each
// returns the work done.

/// Hands the path counts of a stretch of one level on along outgoing arcs.
///
/// Without branches: whether a neighbour is new, in the next level or neither cannot be foretold.
///
/// - Parameters:
///   - queue: At least one place longer than there are nodes.
///   - end: Where the queue ends.
func pushPaths(
    _ stretch: Range<Int>, _ depth: Int32, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ depths: inout ParallelColumn<Int32>, _ paths: inout ParallelColumn<Double>,
    _ queue: inout ParallelColumn<UInt32>, _ end: inout Int
) -> Int {
    var known = depths.mutableSpan
    var counts = paths.mutableSpan
    var listed = queue.mutableSpan
    let next = depth &+ 1
    var tail = end
    var work = 0
    for place in stretch {
        let node = Int(listed[place])
        let first = Int(truncatingIfNeeded: offsets[node])
        let last = Int(truncatingIfNeeded: offsets[node + 1])
        let count = counts[node]
        for arc in first..<last {
            let target = Int(targets[arc])
            let found = known[target]
            let before = counts[target]
            let isNew = found == 0
            listed[tail] = targets[arc]
            tail &+= isNew ? 1 : 0
            let now = isNew ? next : found
            known[target] = now
            let sum = (isNew ? 0 : before) + count
            counts[target] = now == next ? sum : before
        }
        work &+= last &- first &+ 1
    }
    end = tail
    return work
}

/// Lets nodes not yet reached look for predecessors in the level.
///
/// - Parameter carried: The path counts of the level's nodes; 0 for all others.
func pullPaths(
    _ nodes: Range<Int>, _ depth: Int32, _ offsets: Span<UInt64>, _ sources: Span<UInt32>,
    _ carried: borrowing ParallelColumn<Double>, _ depths: inout ParallelColumn<Int32>,
    _ paths: inout ParallelColumn<Double>, _ queue: inout ParallelColumn<UInt32>,
    _ end: inout Int
) -> Int {
    var known = depths.mutableSpan
    var counts = paths.mutableSpan
    var listed = queue.mutableSpan
    let carried = carried.span
    var tail = end
    var work = nodes.count / 4
    for node in nodes where known[node] == 0 {
        let first = Int(truncatingIfNeeded: offsets[node])
        let last = Int(truncatingIfNeeded: offsets[node + 1])
        var count = 0.0
        for arc in first..<last { count += carried[Int(sources[arc])] }
        work &+= last &- first
        guard count > 0 else { continue }
        known[node] = depth &+ 1
        counts[node] = count
        listed[tail] = UInt32(truncatingIfNeeded: node)
        tail &+= 1
    }
    end = tail
    return work
}

/// Hands the shares of a stretch of the next level back along incoming arcs.
///
/// - Parameter handed: The share of the node at each place of the queue.
func pushShares(
    _ stretch: Range<Int>, _ depth: Int32, _ offsets: Span<UInt64>, _ sources: Span<UInt32>,
    _ depths: borrowing ParallelColumn<Int32>, _ queue: borrowing ParallelColumn<UInt32>,
    _ handed: borrowing ParallelColumn<Double>, _ shares: inout ParallelColumn<Double>
) -> Int {
    let known = depths.span
    let listed = queue.span
    let handed = handed.span
    var sums = shares.mutableSpan
    var work = 0
    for place in stretch {
        let node = Int(listed[place])
        let first = Int(truncatingIfNeeded: offsets[node])
        let last = Int(truncatingIfNeeded: offsets[node + 1])
        let share = handed[place]
        for arc in first..<last {
            let source = Int(sources[arc])
            let sum = sums[source]
            sums[source] = known[source] == depth ? sum + share : sum
        }
        work &+= last &- first &+ 1
    }
    return work
}

/// The same to every neighbour, asking nothing: where rows are the same in both directions they are
/// of the level before, of the next one itself or behind it, and shares of these two are used up.
func pushSharesToAll(
    _ stretch: Range<Int>, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ queue: borrowing ParallelColumn<UInt32>, _ handed: borrowing ParallelColumn<Double>,
    _ shares: inout ParallelColumn<Double>
) -> Int {
    let listed = queue.span
    let handed = handed.span
    var sums = shares.mutableSpan
    var work = 0
    for place in stretch {
        let node = Int(listed[place])
        let first = Int(truncatingIfNeeded: offsets[node])
        let last = Int(truncatingIfNeeded: offsets[node + 1])
        let share = handed[place]
        for arc in first..<last { sums[Int(targets[arc])] += share }
        work &+= last &- first &+ 1
    }
    return work
}

/// Sums, for a stretch of one level, the shares of successors.
func pullShares(
    _ stretch: Range<Int>, _ next: Int32, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ depths: borrowing ParallelColumn<Int32>, _ queue: borrowing ParallelColumn<UInt32>,
    _ shares: inout ParallelColumn<Double>
) -> Int {
    let known = depths.span
    let listed = queue.span
    var sums = shares.mutableSpan
    var work = 0
    for place in stretch {
        let node = Int(listed[place])
        let first = Int(truncatingIfNeeded: offsets[node])
        let last = Int(truncatingIfNeeded: offsets[node + 1])
        var sum = 0.0
        for arc in first..<last {
            let target = Int(targets[arc])
            let share = sums[target]
            sum += known[target] == next ? share : 0
        }
        sums[node] = sum
        work &+= last &- first &+ 1
    }
    return work
}

/// Turns the sums of a level into its shares, and its path counts into dependencies.
func finishShares(
    _ level: Range<Int>, _ queue: borrowing ParallelColumn<UInt32>,
    _ paths: inout ParallelColumn<Double>, _ shares: inout ParallelColumn<Double>,
    _ handed: inout ParallelColumn<Double>
) {
    let listed = queue.span
    var counts = paths.mutableSpan
    var sums = shares.mutableSpan
    var given = handed.mutableSpan
    for place in level {
        let node = Int(listed[place])
        let count = counts[node]
        let share = 1 / count + sums[node]
        sums[node] = share
        given[place] = share
        counts[node] = share * count - 1
    }
}

/// Hands path counts with exponents on along outgoing arcs.
func pushWidePaths(
    _ stretch: Range<Int>, _ depth: Int32, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ depths: inout ParallelColumn<Int32>, _ paths: inout ParallelColumn<Double>,
    _ exponents: inout [Int32], _ queue: inout ParallelColumn<UInt32>, _ end: inout Int
) -> Int {
    var known = depths.mutableSpan
    var counts = paths.mutableSpan
    var scales = exponents.mutableSpan
    var listed = queue.mutableSpan
    var work = 0
    for place in stretch {
        let node = Int(listed[place])
        let first = Int(truncatingIfNeeded: offsets[node])
        let last = Int(truncatingIfNeeded: offsets[node + 1])
        let count = counts[node]
        let scale = scales[node]
        for arc in first..<last {
            let target = Int(targets[arc])
            let found = known[target]
            if found == 0 {
                known[target] = depth &+ 1
                counts[target] = count
                scales[target] = scale
                listed[end] = targets[arc]
                end &+= 1
            } else if found == depth &+ 1 {
                PathCounts.add(count, scale, to: &counts[target], &scales[target])
            }
        }
        work &+= last &- first &+ 1
    }
    return work
}

/// Sums the shares of successors whose counts have exponents.
func pullWideShares(
    _ stretch: Range<Int>, _ next: Int32, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ depths: borrowing ParallelColumn<Int32>, _ exponents: [Int32],
    _ queue: borrowing ParallelColumn<UInt32>, _ shares: inout ParallelColumn<Double>
) -> Int {
    let known = depths.span
    let scales = exponents.span
    let listed = queue.span
    var sums = shares.mutableSpan
    var work = 0
    for place in stretch {
        let node = Int(listed[place])
        let first = Int(truncatingIfNeeded: offsets[node])
        let last = Int(truncatingIfNeeded: offsets[node + 1])
        let scale = scales[node]
        var sum = 0.0
        for arc in first..<last {
            let target = Int(targets[arc])
            if known[target] == next {
                sum += sums[target] * PathCounts.factor(scale, over: scales[target])
            }
        }
        sums[node] = sum
        work &+= last &- first &+ 1
    }
    return work
}
