// The inner loops of `BrandesSearch`: over a stretch of one level and the arcs of its nodes. Each
// returns the work done.

/// Hands the path counts of a stretch of one level on along outgoing arcs.
func pushPaths(
    _ stretch: Range<Int>, _ depth: Int32, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ depths: inout ParallelColumn<Int32>, _ paths: inout ParallelColumn<Double>,
    _ queue: inout [UInt32]
) -> Int {
    var known = depths.mutableSpan
    var counts = paths.mutableSpan
    var work = 0
    for place in stretch {
        let node = Int(queue[place])
        let first = Int(truncatingIfNeeded: offsets[node])
        let last = Int(truncatingIfNeeded: offsets[node + 1])
        let count = counts[node]
        for arc in first..<last {
            let target = Int(targets[arc])
            let found = known[target]
            if found == 0 {
                known[target] = depth &+ 1
                counts[target] = count
                queue.append(targets[arc])
            } else if found == depth &+ 1 {
                counts[target] += count
            }
        }
        work &+= last &- first &+ 1
    }
    return work
}

/// Lets nodes not yet reached look for predecessors in the level.
func pullPaths(
    _ nodes: Range<Int>, _ depth: Int32, _ offsets: Span<UInt64>, _ sources: Span<UInt32>,
    _ depths: inout ParallelColumn<Int32>, _ paths: inout ParallelColumn<Double>,
    _ queue: inout [UInt32]
) -> Int {
    var known = depths.mutableSpan
    var counts = paths.mutableSpan
    var work = nodes.count / 4
    for node in nodes where known[node] == 0 {
        let first = Int(truncatingIfNeeded: offsets[node])
        let last = Int(truncatingIfNeeded: offsets[node + 1])
        var count = 0.0
        for arc in first..<last {
            let source = Int(sources[arc])
            if known[source] == depth { count += counts[source] }
        }
        work &+= last &- first
        guard count > 0 else { continue }
        known[node] = depth &+ 1
        counts[node] = count
        queue.append(UInt32(truncatingIfNeeded: node))
    }
    return work
}

/// Hands the shares of a stretch of the next level back along incoming arcs.
func pushShares(
    _ stretch: Range<Int>, _ depth: Int32, _ offsets: Span<UInt64>, _ sources: Span<UInt32>,
    _ depths: borrowing ParallelColumn<Int32>, _ queue: [UInt32],
    _ shares: inout ParallelColumn<Double>
) -> Int {
    let known = depths.span
    var sums = shares.mutableSpan
    var work = 0
    for place in stretch {
        let node = Int(queue[place])
        let first = Int(truncatingIfNeeded: offsets[node])
        let last = Int(truncatingIfNeeded: offsets[node + 1])
        let share = sums[node]
        for arc in first..<last {
            let source = Int(sources[arc])
            if known[source] == depth { sums[source] += share }
        }
        work &+= last &- first &+ 1
    }
    return work
}

/// Sums, for a stretch of one level, the shares of successors.
func pullShares(
    _ stretch: Range<Int>, _ next: Int32, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ depths: borrowing ParallelColumn<Int32>, _ queue: [UInt32],
    _ shares: inout ParallelColumn<Double>
) -> Int {
    let known = depths.span
    var sums = shares.mutableSpan
    var work = 0
    for place in stretch {
        let node = Int(queue[place])
        let first = Int(truncatingIfNeeded: offsets[node])
        let last = Int(truncatingIfNeeded: offsets[node + 1])
        var sum = 0.0
        for arc in first..<last {
            let target = Int(targets[arc])
            if known[target] == next { sum += sums[target] }
        }
        sums[node] = sum
        work &+= last &- first &+ 1
    }
    return work
}

/// Turns the sums of a level into its shares.
func finishShares(
    _ level: Range<Int>, _ queue: [UInt32], _ paths: borrowing ParallelColumn<Double>,
    _ shares: inout ParallelColumn<Double>
) {
    for place in level {
        let node = Int(queue[place])
        shares[node] = 1 / paths[node] + shares[node]
    }
}

/// Hands path counts with exponents on along outgoing arcs.
func pushWidePaths(
    _ stretch: Range<Int>, _ depth: Int32, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ depths: inout ParallelColumn<Int32>, _ paths: inout ParallelColumn<Double>,
    _ exponents: inout [Int32],
    _ queue: inout [UInt32]
) -> Int {
    var known = depths.mutableSpan
    var counts = paths.mutableSpan
    var scales = exponents.mutableSpan
    var work = 0
    for place in stretch {
        let node = Int(queue[place])
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
                queue.append(targets[arc])
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
    _ depths: borrowing ParallelColumn<Int32>, _ exponents: [Int32], _ queue: [UInt32],
    _ shares: inout ParallelColumn<Double>
) -> Int {
    let known = depths.span
    let scales = exponents.span
    var sums = shares.mutableSpan
    var work = 0
    for place in stretch {
        let node = Int(queue[place])
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
