import PropertyGraph

/// One source's part of betweenness: counts shortest paths outward, then gathers dependencies back.
///
/// Levels are large or small; each step between two of them follows the arcs of whichever side
/// has fewer, so that on graphs with hubs most arcs are never looked at.
///
/// - SeeAlso: Brandes, *A Faster Algorithm for Betweenness Centrality* (2001).
struct BrandesSearch {
    private let outgoing: CSRRows
    private let incoming: CSRRows?
    private var depths: [Int32]
    /// How many shortest paths lead to each node.
    private var paths: [Double]
    /// For each node `(1 + dependency) / paths` once its level is done; before, the sum of those of
    /// its successors.
    private var shares: [Double]
    /// The nodes reached, level by level.
    private var queue: [UInt32] = []
    /// Where each level starts in the queue; one past the last at the end.
    private var levels: [Int] = []

    /// - Parameters:
    ///   - outgoing: Rows without parallel arcs.
    ///   - incoming: Those of the other direction; nil when there are none.
    init(_ outgoing: CSRRows, _ incoming: CSRRows?) {
        self.outgoing = outgoing
        self.incoming = incoming
        let count = outgoing.offsets.count - 1
        depths = [Int32](repeating: -1, count: count)
        paths = [Double](repeating: 0, count: count)
        shares = paths
    }

    /// The nodes reached by a search, without the source, and the dependency of the source on each.
    struct Dependencies: Sendable {
        var nodes: [UInt32]
        var values: [Double]
    }

    mutating func dependencies(
        of source: UInt32, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> Dependencies {
        try search(from: source, &ticker)
        var none: [Double] = []
        try gather(&ticker, arcSums: &none)
        var found = Dependencies(nodes: [], values: [])
        found.nodes.reserveCapacity(queue.count)
        found.values.reserveCapacity(queue.count)
        for node in queue where node != source {
            found.nodes.append(node)
            found.values.append(shares[Int(node)] * paths[Int(node)] - 1)
        }
        forget()
        return found
    }

    /// Adds the dependency of the source on each arc to `sums`.
    mutating func addArcDependencies(
        of source: UInt32, to sums: inout [Double], _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        try search(from: source, &ticker)
        try gather(&ticker, arcSums: &sums)
        forget()
    }

    /// Clears what the last search touched.
    private mutating func forget() {
        for node in queue {
            depths[Int(node)] = -1
            paths[Int(node)] = 0
            shares[Int(node)] = 0
        }
    }

    private mutating func search(
        from source: UInt32, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        let (outgoing, incoming) = (outgoing, incoming)
        queue.removeAll(keepingCapacity: true)
        levels = [0]
        queue.append(source)
        depths[Int(source)] = 0
        paths[Int(source)] = 1
        var unseen = (incoming?.arcCount ?? 0) - (incoming?.degree(of: source) ?? 0)
        var depth: Int32 = 0
        while let start = levels.last, start < queue.count {
            levels.append(queue.count)
            let level = start..<queue.count
            let arcs = arcCount(level, outgoing)
            if let incoming, arcs > unseen + depths.count / 4 {
                for first in stride(from: 0, to: depths.count, by: 1 << 14) {
                    let stretch = first..<min(first + 1 << 14, depths.count)
                    let work = pullPaths(
                        stretch, depth, incoming.offsets.span, incoming.targets.span, &depths,
                        &paths, &queue)
                    try ticker.tick(work)
                }
            } else {
                for first in stride(from: level.lowerBound, to: level.upperBound, by: 1 << 10) {
                    let stretch = first..<min(first + 1 << 10, level.upperBound)
                    let work = pushPaths(
                        stretch, depth, outgoing.offsets.span, outgoing.targets.span, &depths,
                        &paths, &queue)
                    try ticker.tick(work)
                }
            }
            if let incoming { unseen -= arcCount(level.upperBound..<queue.count, incoming) }
            depth &+= 1
        }
    }

    private func arcCount(_ level: Range<Int>, _ rows: CSRRows) -> Int {
        let offsets = rows.offsets.span
        var arcs: UInt64 = 0
        for place in level {
            let node = Int(queue[place])
            arcs &+= offsets[node + 1] &- offsets[node]
        }
        return Int(truncatingIfNeeded: arcs)
    }

    /// Goes back from the deepest level to the source.
    ///
    /// - Parameter arcSums: The dependency on each arc of a shortest path is added here, unless
    ///   it is empty.
    private mutating func gather(
        _ ticker: inout CancellationTicker, arcSums: inout [Double]
    ) throws(AlgorithmError) {
        let (outgoing, incoming) = (outgoing, incoming)
        var depth = levels.count - 2
        while depth >= 0 {
            let level = levels[depth]..<levels[depth + 1]
            let next =
                levels[depth + 1]..<(depth + 2 < levels.count ? levels[depth + 2] : queue.count)
            let below = Int32(truncatingIfNeeded: depth)
            if !arcSums.isEmpty { addArcs(level, below, &arcSums) }
            let mine = arcCount(level, outgoing)
            if let incoming, arcCount(next, incoming) < mine {
                for first in stride(from: next.lowerBound, to: next.upperBound, by: 1 << 10) {
                    let stretch = first..<min(first + 1 << 10, next.upperBound)
                    let work = pushShares(
                        stretch, below, incoming.offsets.span, incoming.targets.span, depths,
                        queue, &shares)
                    try ticker.tick(work)
                }
            } else if !next.isEmpty {
                for first in stride(from: level.lowerBound, to: level.upperBound, by: 1 << 10) {
                    let stretch = first..<min(first + 1 << 10, level.upperBound)
                    let work = pullShares(
                        stretch, below &+ 1, outgoing.offsets.span, outgoing.targets.span, depths,
                        queue, &shares)
                    try ticker.tick(work)
                }
            }
            finishShares(level, queue, paths, &shares)
            try ticker.tick(level.count)
            depth -= 1
        }
    }

    private func addArcs(_ level: Range<Int>, _ depth: Int32, _ sums: inout [Double]) {
        for place in level {
            let node = queue[place]
            for arc in outgoing.range(of: node) {
                let target = Int(outgoing.targets[arc])
                if depths[target] == depth &+ 1 { sums[arc] += paths[Int(node)] * shares[target] }
            }
        }
    }
}

/// Hands the path counts of a stretch of one level on along outgoing arcs; returns the work done.
private func pushPaths(
    _ stretch: Range<Int>, _ depth: Int32, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ depths: inout [Int32], _ paths: inout [Double], _ queue: inout [UInt32]
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
            if found < 0 {
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

/// Lets nodes not yet reached look for predecessors in the level; returns the work done.
private func pullPaths(
    _ nodes: Range<Int>, _ depth: Int32, _ offsets: Span<UInt64>, _ sources: Span<UInt32>,
    _ depths: inout [Int32], _ paths: inout [Double], _ queue: inout [UInt32]
) -> Int {
    var known = depths.mutableSpan
    var counts = paths.mutableSpan
    var work = nodes.count / 4
    for node in nodes where known[node] < 0 {
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
private func pushShares(
    _ stretch: Range<Int>, _ depth: Int32, _ offsets: Span<UInt64>, _ sources: Span<UInt32>,
    _ depths: [Int32], _ queue: [UInt32], _ shares: inout [Double]
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
private func pullShares(
    _ stretch: Range<Int>, _ next: Int32, _ offsets: Span<UInt64>, _ targets: Span<UInt32>,
    _ depths: [Int32], _ queue: [UInt32], _ shares: inout [Double]
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
private func finishShares(
    _ level: Range<Int>, _ queue: [UInt32], _ paths: [Double], _ shares: inout [Double]
) {
    for place in level {
        let node = Int(queue[place])
        shares[node] = 1 / paths[node] + shares[node]
    }
}
