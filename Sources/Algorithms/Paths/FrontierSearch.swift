import PropertyGraph

/// The state of one search after the other over one graph.
struct FrontierSearch: ~Copyable {
    private let graph: CSRGraph
    private let options: RunOptions
    private let rows: ParallelRows
    /// One more than the distance of each node; 0 where it is not known.
    private var depths: ParallelColumn<Int32>
    /// Meant only where there is a depth; empty when not asked for.
    private var parents: ParallelColumn<UInt32>
    private let hasParents: Bool
    private var frontier: ParallelColumn<UInt64>
    private var nextFrontier: ParallelColumn<UInt64>
    /// The nodes that an arc leads to and that are not reached; kept while searching from below.
    private var unreached: ParallelColumn<UInt64>
    /// The nodes that an arc leads to; empty until a level is searched from below.
    private var targets: ParallelColumn<UInt64>
    private var queue: ParallelColumn<UInt32>

    /// Whether levels are worth being searched from below: with few edges a node they are not.
    private let isDense: Bool

    init(_ graph: CSRGraph, hasParents: Bool, options: RunOptions) {
        self.graph = graph
        self.hasParents = hasParents
        self.options = options
        let nodes = graph.nodeCount
        isDense = graph.incoming != nil && graph.outgoing.arcCount >= 8 * nodes && nodes >= 64
        rows = ParallelRows(
            offsets: isDense ? (graph.incoming ?? graph.outgoing).offsets : CSRBuffer([0]),
            options: options)
        depths = ParallelColumn(zeroed: nodes)
        parents = ParallelColumn(unset: hasParents ? nodes : 0)
        frontier = ParallelColumn(zeroed: isDense ? (nodes + 63) / 64 : 0)
        nextFrontier = ParallelColumn(zeroed: isDense ? (nodes + 63) / 64 : 0)
        unreached = ParallelColumn(zeroed: isDense ? (nodes + 63) / 64 : 0)
        targets = ParallelColumn(zeroed: 0)
        // One more than can be reached: the last place is written to and not kept.
        queue = ParallelColumn(unset: nodes + 1)
    }

    mutating func run(
        from source: UInt32, maxDepth: Int
    ) throws(AlgorithmError) -> BreadthFirstSearch.Result {
        var arcsLeft = Int.max
        let result = try run(from: source, maxDepth: maxDepth, arcsLeft: &arcsLeft)
        // Without a limit there always is one.
        guard let result else { throw RunOptions.cancelled }
        return result
    }

    /// - Parameter arcsLeft: How many arcs may still be followed.
    /// - Returns: Nil when they did not suffice.
    mutating func run(
        from source: UInt32, maxDepth: Int, arcsLeft: inout Int
    ) throws(AlgorithmError) -> BreadthFirstSearch.Result? {
        depths[Int(source)] = 1
        if hasParents { parents[Int(source)] = source }
        queue[0] = source
        var level = 0..<1
        var depth = 0
        var reached = 1
        var unexplored = graph.outgoing.arcCount
        let isLimited = arcsLeft < .max
        // Whether the queue holds all nodes reached.
        var isListed = true
        while !level.isEmpty, depth < maxDepth {
            try options.checkCancellation()
            let arcs = isDense || isLimited ? arcCount(of: level) : 0
            if isLimited {
                arcsLeft -= arcs
                if arcsLeft < 0 { return nil }
            }
            if isDense, arcs > unexplored / 15 {
                let (found, depthAfter, last) = try searchFromBelow(
                    depth: depth, level: level, isListed: isListed, maxDepth: maxDepth)
                isListed = false
                reached += found
                depth = depthAfter
                level = 0..<last
                unexplored = max(unexplored - arcs, 0)
                continue
            }
            unexplored = max(unexplored - arcs, 0)
            let end = try Self.searchFromAbove(
                graph, options, depth: depth, level: level, &queue, &depths, &parents)
            reached += end - level.upperBound
            // The queue holds one level after the other, but after a search from below the levels
            // before are not in it, so there is always room.
            level = level.upperBound..<end
            if !level.isEmpty { depth += 1 }
        }
        let isFew = isListed && ReachedValues<Int32>.areFew(reached, of: graph.nodeCount)
        return isFew ? takeListed(source, reached, depth) : takeAll(source, reached, depth)
    }

    /// The result from the nodes in the queue, and nothing else looked at; forgets them.
    private mutating func takeListed(
        _ source: UInt32, _ reached: Int, _ maxDepth: Int
    ) -> BreadthFirstSearch.Result {
        let nodes = queue.array(0..<reached).sorted()
        let nodeParents = hasParents ? nodes.map { parents[Int($0)] } : nil
        let nodeDepths = nodes.map { depths[Int($0)] - 1 }
        for node in nodes { depths[Int(node)] = 0 }
        let count = graph.nodeCount
        return BreadthFirstSearch.Result(
            source: source, reached: reached, maxDepth: maxDepth,
            depthValues: .init(nodes: nodes, values: nodeDepths, rest: -1, count: count),
            parentValues: nodeParents.map {
                .init(nodes: nodes, values: $0, rest: noNode, count: count)
            })
    }

    /// The result of all nodes; forgets it.
    private mutating func takeAll(
        _ source: UInt32, _ reached: Int, _ maxDepth: Int
    ) -> BreadthFirstSearch.Result {
        let nodeDepths = depths.map { $0 &- 1 }
        var nodeParents: [UInt32]?
        if hasParents {
            var values = parents.array()
            clear(&values, where: nodeDepths)
            nodeParents = values
        }
        depths.fill(0)
        return BreadthFirstSearch.Result(
            source: source, reached: reached, maxDepth: maxDepth,
            depthValues: ReachedValues(nodeDepths),
            parentValues: nodeParents.map { ReachedValues($0) })
    }

    private func arcCount(of level: Range<Int>) -> Int {
        let offsets = graph.outgoing.offsets.span
        let queue = queue.span
        var arcs: UInt64 = 0
        for position in level {
            let node = Int(queue[position])
            arcs &+= offsets[node + 1] &- offsets[node]
        }
        return Int(truncatingIfNeeded: arcs)
    }

    /// Follows the rows of one level of the queue; returns the end of the next.
    private static func searchFromAbove(
        _ graph: CSRGraph, _ options: RunOptions, depth: Int, level: Range<Int>,
        _ queue: inout ParallelColumn<UInt32>, _ depths: inout ParallelColumn<Int32>,
        _ parents: inout ParallelColumn<UInt32>
    ) throws(AlgorithmError) -> Int {
        var depthSpan = depths.mutableSpan
        var parentSpan = parents.mutableSpan
        var queueSpan = queue.mutableSpan
        var end = level.upperBound
        var start = level.lowerBound
        while start < level.upperBound {
            let stop = min(start + 1 << 13, level.upperBound)
            let next = Int32(truncatingIfNeeded: depth + 2)
            let (offsets, targets) = (graph.outgoing.offsets.span, graph.outgoing.targets.span)
            end =
                parentSpan.isEmpty
                ? spread(start..<stop, end, next, offsets, targets, &queueSpan, &depthSpan)
                : expand(
                    start..<stop, end, next, offsets, targets, &queueSpan, &depthSpan, &parentSpan)
            start = stop
            try options.checkCancellation()
        }
        return end
    }

    /// Searches level by level from below until the frontier is small again; returns how many
    /// nodes were found, the depth reached, and how many nodes of that level the queue now holds.
    ///
    /// - Parameter isListed: Whether the queue up to the end of `level` holds all nodes reached.
    private mutating func searchFromBelow(
        depth: Int, level: Range<Int>, isListed: Bool, maxDepth: Int
    ) throws(AlgorithmError) -> (found: Int, depth: Int, last: Int) {
        let incoming = graph.incoming ?? graph.outgoing
        if targets.count == 0 { targets = Self.nodesWithRows(incoming.offsets.span) }
        Self.findUnreached(
            &unreached, among: targets, queue, isListed ? level.upperBound : nil, depths)
        frontier.fill(0)
        Self.setBits(of: queue, level, in: &frontier)
        var depth = depth
        var total = 0
        var awake = level.count
        while depth < maxDepth {
            let before = awake
            let next = Int32(truncatingIfNeeded: depth + 2)
            awake =
                hasParents
                ? try Self.lookForParents(
                    rows, incoming, next, &depths, &parents, &nextFrontier, frontier, unreached)
                : try Self.lookForNeighbours(
                    rows, incoming, next, &depths, &nextFrontier, frontier, unreached)
            swap(&frontier, &nextFrontier)
            Self.remove(frontier, from: &unreached)
            if awake == 0 { return (total, depth, 0) }
            total += awake
            depth += 1
            if awake < before, awake <= graph.nodeCount / 18 { break }
        }
        return (total, depth, Self.takeBits(of: frontier, into: &queue))
    }

    private static func lookForParents(
        _ rows: ParallelRows, _ incoming: CSRRows, _ depth: Int32,
        _ depths: inout ParallelColumn<Int32>, _ parents: inout ParallelColumn<UInt32>,
        _ next: inout ParallelColumn<UInt64>, _ frontier: borrowing ParallelColumn<UInt64>,
        _ unreached: borrowing ParallelColumn<UInt64>
    ) throws(AlgorithmError) -> Int {
        let found = try rows.sweep(&depths, &parents, bits: &next) { block, depths, parents, bits in
            let count = adopt(
                block.rows, depth, incoming.offsets.span, incoming.targets.span, frontier.span,
                unreached.span, &depths, &parents, &bits)
            return [Double(count), 0, 0, 0]
        }
        return Int(found[0])
    }

    /// As `lookForParents`, without keeping whom it finds.
    private static func lookForNeighbours(
        _ rows: ParallelRows, _ incoming: CSRRows, _ depth: Int32,
        _ depths: inout ParallelColumn<Int32>, _ next: inout ParallelColumn<UInt64>,
        _ frontier: borrowing ParallelColumn<UInt64>, _ unreached: borrowing ParallelColumn<UInt64>
    ) throws(AlgorithmError) -> Int {
        let found = try rows.sweep(&depths, bits: &next) { block, depths, bits in
            var parents = MutableSpan<UInt32>()
            let count = adopt(
                block.rows, depth, incoming.offsets.span, incoming.targets.span, frontier.span,
                unreached.span, &depths, &parents, &bits)
            return [Double(count), 0, 0, 0]
        }
        return Int(found[0])
    }

    /// One bit for each node that an arc leads to.
    private static func nodesWithRows(_ offsets: Span<UInt64>) -> ParallelColumn<UInt64> {
        let count = offsets.count - 1
        var column = ParallelColumn<UInt64>(zeroed: (count + 63) / 64)
        var words = column.mutableSpan
        for node in 0..<count {
            let hasRow: UInt64 = offsets[node] < offsets[node &+ 1] ? 1 : 0
            words[node &>> 6] |= hasRow &<< UInt64(node & 63)
        }
        return column
    }

    /// - Parameter listed: How many nodes are reached, all in the queue; nil when they are not.
    private static func findUnreached(
        _ unreached: inout ParallelColumn<UInt64>, among targets: borrowing ParallelColumn<UInt64>,
        _ queue: borrowing ParallelColumn<UInt32>, _ listed: Int?,
        _ depths: borrowing ParallelColumn<Int32>
    ) {
        var words = unreached.mutableSpan
        words.copy(targets.span, at: 0)
        if let listed {
            let nodes = queue.span
            for place in 0..<listed {
                words[Int(nodes[place] &>> 6)] &= ~(1 &<< UInt64(nodes[place] & 63))
            }
        } else {
            let depths = depths.span
            for node in depths.indices {
                let isReached: UInt64 = depths[node] != 0 ? 1 : 0
                words[node &>> 6] &= ~(isReached &<< UInt64(node & 63))
            }
        }
    }

    private static func remove(
        _ nodes: borrowing ParallelColumn<UInt64>, from others: inout ParallelColumn<UInt64>
    ) {
        let nodes = nodes.span
        var others = others.mutableSpan
        for index in others.indices { others[index] &= ~nodes[index] }
    }

    private static func setBits(
        of queue: borrowing ParallelColumn<UInt32>, _ level: Range<Int>,
        in frontier: inout ParallelColumn<UInt64>
    ) {
        var bits = frontier.mutableSpan
        let nodes = queue.span
        for place in level {
            let node = nodes[place]
            bits[Int(node >> 6)] |= 1 << UInt64(node & 63)
        }
    }

    /// Puts the frontier's nodes into the queue, ascending; returns how many.
    private static func takeBits(
        of frontier: borrowing ParallelColumn<UInt64>, into queue: inout ParallelColumn<UInt32>
    ) -> Int {
        let bits = frontier.span
        var queueSpan = queue.mutableSpan
        var end = 0
        for index in bits.indices {
            var word = bits[index]
            while word != 0 {
                queueSpan[end] = UInt32(truncatingIfNeeded: index << 6 + word.trailingZeroBitCount)
                end += 1
                word &= word &- 1
            }
        }
        return end
    }
}

/// Clears the parents of nodes that have no depth.
private func clear(_ parents: inout [UInt32], where depths: [Int32]) {
    var parents = parents.mutableSpan
    let depths = depths.span
    for node in depths.indices { parents[node] |= depths[node] < 0 ? noNode : 0 }
}

/// Reaches the unreached neighbours of a stretch of the queue; returns the queue's new end.
private func spread(
    _ stretch: Range<Int>, _ end: Int, _ depth: Int32, _ offsets: Span<UInt64>,
    _ targets: Span<UInt32>, _ queue: inout MutableSpan<UInt32>, _ depths: inout MutableSpan<Int32>
) -> Int {
    guard !targets.isEmpty else { return end }
    var end = end
    var rows = RowsAhead()
    var start = stretch.lowerBound
    while start < stretch.upperBound {
        let stop = min(start &+ RowsAhead.count, stretch.upperBound)
        rows.lookUp(start..<stop, queue.span, offsets, targets)
        for place in 0..<(stop &- start) {
            let row = rows[place]
            guard row.first < row.last else { continue }
            mark(row.target, depth, &end, &queue, &depths)
            var arc = row.first &+ 1
            while arc < row.last {
                mark(targets[arc], depth, &end, &queue, &depths)
                arc &+= 1
            }
        }
        start = stop
    }
    return end
}

/// Reaches a node, if it was not before.
///
/// It is written to the end of the queue in any case, which moves on only behind a new one: whether
/// it is new is hard to foretell, and a branch on it would often be taken wrongly.
@inline(__always)
private func mark(
    _ target: UInt32, _ depth: Int32, _ end: inout Int, _ queue: inout MutableSpan<UInt32>,
    _ depths: inout MutableSpan<Int32>
) {
    let known = depths[Int(target)]
    queue[end] = target
    depths[Int(target)] = known == 0 ? depth : known
    end &+= known == 0 ? 1 : 0
}

/// As `spread`, with parents.
///
/// A neighbour reached earlier in the same level keeps the lower of the two parents.
private func expand(
    _ stretch: Range<Int>, _ end: Int, _ depth: Int32, _ offsets: Span<UInt64>,
    _ targets: Span<UInt32>, _ queue: inout MutableSpan<UInt32>,
    _ depths: inout MutableSpan<Int32>, _ parents: inout MutableSpan<UInt32>
) -> Int {
    guard !targets.isEmpty else { return end }
    var end = end
    var rows = RowsAhead()
    var start = stretch.lowerBound
    while start < stretch.upperBound {
        let stop = min(start &+ RowsAhead.count, stretch.upperBound)
        rows.lookUp(start..<stop, queue.span, offsets, targets)
        for place in 0..<(stop &- start) {
            let row = rows[place]
            var arc = row.first
            while arc < row.last {
                let neighbor = Int(targets[arc])
                let known = depths[neighbor]
                if known == 0 {
                    depths[neighbor] = depth
                    parents[neighbor] = row.node
                    queue[end] = targets[arc]
                    end &+= 1
                } else if known == depth, row.node < parents[neighbor] {
                    parents[neighbor] = row.node
                }
                arc &+= 1
            }
        }
        start = stop
    }
    return end
}

/// Lets every unreached node of a block look for a neighbour in the frontier; rows ascend, so the
/// first it meets is the lowest.
private func adopt(
    _ rows: Range<Int>, _ depth: Int32, _ offsets: Span<UInt64>, _ sources: Span<UInt32>,
    _ frontier: Span<UInt64>, _ unreached: Span<UInt64>, _ depths: inout MutableSpan<Int32>,
    _ parents: inout MutableSpan<UInt32>, _ next: inout MutableSpan<UInt64>
) -> Int {
    var found = 0
    let keepsParents = !parents.isEmpty
    for word in next.indices {
        // By bits, for whether a node is reached already is hard to foretell.
        var left = unreached[rows.lowerBound &>> 6 &+ word]
        var adopted: UInt64 = 0
        while left != 0 {
            let bit = left.trailingZeroBitCount
            left &= left &- 1
            let local = word &<< 6 &+ bit
            let row = rows.lowerBound &+ local
            let last = Int(truncatingIfNeeded: offsets[row &+ 1])
            var arc = Int(truncatingIfNeeded: offsets[row])
            while arc < last {
                let source = sources[arc]
                if frontier[Int(source &>> 6)] &>> UInt64(source & 63) & 1 == 1 {
                    depths[local] = depth
                    if keepsParents { parents[local] = source }
                    adopted |= 1 &<< UInt64(bit)
                    break
                }
                arc &+= 1
            }
        }
        next[word] = adopted
        found &+= adopted.nonzeroBitCount
    }
    return found
}
