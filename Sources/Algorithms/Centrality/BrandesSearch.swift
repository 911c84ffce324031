import PropertyGraph

/// One source's part of betweenness: counts shortest paths outward, then gathers dependencies back.
///
/// Levels are large or small; each step between two of them follows the arcs of whichever side
/// has fewer, so that on graphs with hubs most arcs are never looked at. From the level on where
/// counts might soon be too large for doubles they carry exponents of their own.
///
/// - SeeAlso: Brandes, *A Faster Algorithm for Betweenness Centrality* (2001).
struct BrandesSearch: ~Copyable {
    private let outgoing: CSRRows
    private let incoming: CSRRows?
    /// Whether incoming rows are the outgoing ones.
    private let isSymmetric: Bool
    /// One more than the distance of each node; 0 where it is not known.
    private var depths: ParallelColumn<Int32>
    /// How many shortest paths lead to each node, and the dependency on it once its level is done;
    /// meant only where there is a depth.
    private var paths: ParallelColumn<Double>
    /// Their exponents, as `PathCounts` has them; empty as long as no search needed any.
    private var exponents: [Int32] = []
    /// For each node `(1 + dependency) / paths` once its level is done; before, the sum of those of
    /// its successors. On the way out zeros, but for what a pull carries in them.
    private var shares: ParallelColumn<Double>
    /// The nodes reached, level by level.
    private var queue: ParallelColumn<UInt32>
    /// How many these are.
    private var reached = 0
    /// The share of the node at each place of the queue whose level is done.
    private var handed: ParallelColumn<Double>
    private var levels: [Level] = []
    /// The first level whose counts have exponents.
    private var firstWide = Int.max

    /// The nodes at one distance.
    private struct Level {
        /// Where they stand in the queue.
        var places: Range<Int>
        var outgoingArcs: Int
        var incomingArcs: Int
    }

    /// - Parameters:
    ///   - outgoing: Rows without parallel arcs.
    ///   - incoming: Those of the other direction; nil when there are none.
    ///   - isSymmetric: Whether the two are the same.
    init(_ outgoing: CSRRows, _ incoming: CSRRows?, isSymmetric: Bool) {
        self.outgoing = outgoing
        self.incoming = incoming
        self.isSymmetric = isSymmetric
        let count = outgoing.offsets.count - 1
        depths = ParallelColumn(zeroed: count)
        paths = ParallelColumn(unset: count)
        shares = ParallelColumn(zeroed: count)
        // One place more, for what is written before it is known whether it counts.
        queue = ParallelColumn(unset: count + 1)
        handed = ParallelColumn(unset: count)
    }

    /// The dependency of a source on the nodes that a search has reached, 0 on the source itself.
    struct Dependencies: Sendable {
        /// The nodes; nil when there is a value for each node of the graph.
        var nodes: [UInt32]?
        var values: [Double]

        func add(to sums: inout [Double]) {
            if let nodes {
                for place in nodes.indices { sums[Int(nodes[place])] += values[place] }
            } else {
                for node in values.indices { sums[node] += values[node] }
            }
        }
    }

    /// Whether so many nodes were reached that going over all in their order is faster than over
    /// those in the order in which they were found.
    private var isReachWide: Bool { reached > depths.count / 8 }

    mutating func dependencies(
        of source: UInt32, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> Dependencies {
        try search(from: source, &ticker)
        var none: [Double] = []
        try gather(&ticker, arcSums: &none)
        paths[Int(source)] = 0
        var found = Dependencies(nodes: nil, values: [])
        if isReachWide {
            found.values = [Double](repeating: 0, count: depths.count)
            addReached(depths.span, paths.span, to: &found.values)
        } else {
            found.nodes = (0..<reached).map { queue[$0] }
            found.values = (0..<reached).map { paths[Int(queue[$0])] }
        }
        forget()
        return found
    }

    /// Adds the dependency of the source on each node to `sums`.
    ///
    /// - Parameter arcsLeft: How many arcs may still be followed outward.
    /// - Returns: False, with nothing added, when they do not suffice.
    mutating func addDependencies(
        of source: UInt32, to sums: inout [Double], arcsLeft: inout Int,
        _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> Bool {
        guard try search(from: source, arcsLeft: &arcsLeft, &ticker) else {
            forget()
            return false
        }
        var none: [Double] = []
        try gather(&ticker, arcSums: &none)
        paths[Int(source)] = 0
        if isReachWide {
            addReached(depths.span, paths.span, to: &sums)
        } else {
            for place in 0..<reached { sums[Int(queue[place])] += paths[Int(queue[place])] }
        }
        forget()
        return true
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
        if isReachWide {
            depths.fill(0)
            shares.fill(0)
        } else {
            for place in 0..<reached {
                depths[Int(queue[place])] = 0
                shares[Int(queue[place])] = 0
            }
        }
        if !exponents.isEmpty { for place in 0..<reached { exponents[Int(queue[place])] = 0 } }
    }

    private mutating func search(
        from source: UInt32, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        var arcsLeft = Int.max
        _ = try search(from: source, arcsLeft: &arcsLeft, &ticker)
    }

    /// Returns false when the arcs do not suffice; the queue then holds what was reached.
    private mutating func search(
        from source: UInt32, arcsLeft: inout Int, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> Bool {
        levels.removeAll(keepingCapacity: true)
        firstWide = .max
        queue[0] = source
        reached = 1
        depths[Int(source)] = 1
        paths[Int(source)] = 1
        var unseen = incoming?.arcCount ?? 0
        var start = 0
        while start < reached {
            let places = start..<reached
            let out = arcCount(places, outgoing)
            let into = isSymmetric ? out : incoming.map { arcCount(places, $0) } ?? 0
            unseen -= into
            if arcsLeft < .max {
                arcsLeft -= out
                if arcsLeft < 0 { return false }
            }
            let depth = Int32(truncatingIfNeeded: levels.count + 1)
            levels.append(Level(places: places, outgoingArcs: out, incomingArcs: into))
            start = reached
            if firstWide < .max {
                try pushWide(places, depth, &ticker)
            } else if let incoming, out > unseen + depths.count / 4 {
                try pull(from: places, depth, incoming, &ticker)
            } else {
                try push(places, depth, &ticker)
            }
            widenIfNeeded(start..<reached)
        }
        return true
    }

    private mutating func push(
        _ places: Range<Int>, _ depth: Int32, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        let outgoing = outgoing
        for first in stride(from: places.lowerBound, to: places.upperBound, by: 1 << 10) {
            let stretch = first..<min(first + 1 << 10, places.upperBound)
            let work = pushPaths(
                stretch, depth, outgoing.offsets.span, outgoing.targets.span, &depths, &paths,
                &queue, &reached)
            try ticker.tick(work)
        }
    }

    private mutating func pull(
        from places: Range<Int>, _ depth: Int32, _ incoming: CSRRows,
        _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        // Nothing was handed back yet: the column is free to say who is in the level, and how many
        // paths lead there, in one look.
        for place in places { shares[Int(queue[place])] = paths[Int(queue[place])] }
        defer { for place in places { shares[Int(queue[place])] = 0 } }
        for first in stride(from: 0, to: depths.count, by: 1 << 14) {
            let stretch = first..<min(first + 1 << 14, depths.count)
            let work = pullPaths(
                stretch, depth, incoming.offsets.span, incoming.targets.span, shares, &depths,
                &paths, &queue, &reached)
            try ticker.tick(work)
        }
    }

    private mutating func pushWide(
        _ places: Range<Int>, _ depth: Int32, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        let outgoing = outgoing
        for first in stride(from: places.lowerBound, to: places.upperBound, by: 1 << 10) {
            let stretch = first..<min(first + 1 << 10, places.upperBound)
            let work = pushWidePaths(
                stretch, depth, outgoing.offsets.span, outgoing.targets.span, &depths, &paths,
                &exponents, &queue, &reached)
            try ticker.tick(work)
        }
    }

    /// Gives the counts of a new level exponents when they are large: the next level's are at most
    /// 2³² times as large.
    private mutating func widenIfNeeded(_ places: Range<Int>) {
        guard firstWide == .max, places.contains(where: { paths[Int(queue[$0])] >= 0x1p250 })
        else { return }
        if exponents.isEmpty { exponents = [Int32](repeating: 0, count: depths.count) }
        firstWide = levels.count
        for place in places {
            let node = Int(queue[place])
            PathCounts.normalise(&paths[node], &exponents[node])
        }
    }

    private func arcCount(_ places: Range<Int>, _ rows: CSRRows) -> Int {
        let offsets = rows.offsets.span
        var arcs: UInt64 = 0
        for place in places {
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
        for depth in levels.indices.reversed() {
            let level = levels[depth]
            let below = Int32(truncatingIfNeeded: depth + 1)
            let isWide = depth + 1 >= firstWide
            if !arcSums.isEmpty { addArcs(level.places, below, isWide: isWide, &arcSums) }
            if depth + 1 < levels.count {
                let next = levels[depth + 1]
                if isWide {
                    try pullWide(level.places, below, &ticker)
                } else if let incoming, next.incomingArcs < level.outgoingArcs {
                    try push(sharesOf: next.places, to: below, incoming, &ticker)
                } else {
                    try pull(sharesFor: level.places, from: below &+ 1, &ticker)
                }
            }
            finishShares(level.places, queue, &paths, &shares, &handed)
            try ticker.tick(level.places.count)
        }
    }

    private mutating func push(
        sharesOf places: Range<Int>, to depth: Int32, _ incoming: CSRRows,
        _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        for first in stride(from: places.lowerBound, to: places.upperBound, by: 1 << 10) {
            let stretch = first..<min(first + 1 << 10, places.upperBound)
            let (offsets, sources) = (incoming.offsets, incoming.targets)
            let work =
                isSymmetric
                ? pushSharesToAll(stretch, offsets.span, sources.span, queue, handed, &shares)
                : pushShares(
                    stretch, depth, offsets.span, sources.span, depths, queue, handed, &shares)
            try ticker.tick(work)
        }
    }

    private mutating func pull(
        sharesFor places: Range<Int>, from depth: Int32, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        let outgoing = outgoing
        for first in stride(from: places.lowerBound, to: places.upperBound, by: 1 << 10) {
            let stretch = first..<min(first + 1 << 10, places.upperBound)
            let work = pullShares(
                stretch, depth, outgoing.offsets.span, outgoing.targets.span, depths, queue,
                &shares)
            try ticker.tick(work)
        }
    }

    private mutating func pullWide(
        _ places: Range<Int>, _ depth: Int32, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        let outgoing = outgoing
        for first in stride(from: places.lowerBound, to: places.upperBound, by: 1 << 10) {
            let stretch = first..<min(first + 1 << 10, places.upperBound)
            let work = pullWideShares(
                stretch, depth &+ 1, outgoing.offsets.span, outgoing.targets.span, depths,
                exponents, queue, &shares)
            try ticker.tick(work)
        }
    }

    private func addArcs(
        _ places: Range<Int>, _ depth: Int32, isWide: Bool, _ sums: inout [Double]
    ) {
        for place in places {
            let node = Int(queue[place])
            for arc in outgoing.range(of: queue[place]) {
                let target = Int(outgoing.targets[arc])
                guard depths[target] == depth &+ 1 else { continue }
                let factor =
                    isWide ? PathCounts.factor(exponents[node], over: exponents[target]) : 1
                sums[arc] += paths[node] * (shares[target] * factor)
            }
        }
    }
}

/// Adds the values of the nodes that have a depth.
private func addReached(_ depths: Span<Int32>, _ values: Span<Double>, to sums: inout [Double]) {
    var sums = sums.mutableSpan
    for node in depths.indices {
        let value = values[node]
        sums[node] += depths[node] != 0 ? value : 0
    }
}
