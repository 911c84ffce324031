public import PropertyGraph

/// Distances in edges from a source, and a tree of shortest paths.
///
/// Large graphs of many edges a node are searched in both directions: while the frontier is small
/// its outgoing rows are followed, and once it is large every node not yet reached looks for a
/// parent in its own incoming row and stops at the first. Graphs of few edges a node, whose levels
/// are many and small, use a plain queue. The parent of a node is always the one of lowest index
/// among its neighbours one level nearer, so the answer does not depend on the way it was found.
///
/// - SeeAlso: Beamer, Asanović, Patterson, *Direction-Optimizing Breadth-First Search* (SC 2012).
public struct BreadthFirstSearch: Hashable, Sendable {
    /// What `maxDepth` may be.
    public static let depthRange = ParameterRange(0...4_294_967_295)

    /// The nodes to start from; each is a search of its own.
    public var sources: [UInt32]
    /// How far to search, in edges; nil searches everything that can be reached.
    public var maxDepth: Int?

    /// Makes the kernel; its values are checked when it runs.
    public init(sources: [UInt32], maxDepth: Int? = nil) {
        self.sources = sources
        self.maxDepth = maxDepth
    }

    /// The outcome of one search.
    public struct Result: Sendable {
        /// Where it started.
        public let source: UInt32
        /// The distance of each node in edges; -1 where it was not reached.
        ///
        /// - Complexity: O(1); O(nodes) when few were reached, for then only theirs are kept. Take
        ///   it once.
        public var depths: [Int32] { depthValues.array }
        /// The node before each on a shortest path; the source is its own parent; `UInt32.max`
        /// where a node was not reached.
        ///
        /// - Complexity: As that of `depths`.
        public var parents: [UInt32] { parentValues.array }
        /// How many nodes were reached, the source included.
        public let reached: Int
        /// The largest distance.
        public let maxDepth: Int

        let depthValues: ReachedValues<Int32>
        let parentValues: ReachedValues<UInt32>
    }

    /// Searches from each source; several sources are shared among the threads.
    ///
    /// On a directed graph incoming rows are used when there are any, and not needed.
    ///
    /// - Returns: One result for each source, in their order.
    /// - Throws: `.nodeNotFound` for a source beyond the graph, `.invalidParameter`, `.cancelled`.
    /// - Complexity: O(nodes + edges) time a source, only of those reached when they are few;
    ///   O(nodes) extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> [Result] {
        if let maxDepth { try Self.depthRange.check(Double(maxDepth), name: "max-depth") }
        for source in sources { try graph.checkNode(source, name: "source") }
        guard !sources.isEmpty else { return [] }
        let (inner, workers) = options.sharing(sources.count, over: graph)
        var results = workers > 1 ? try nearSources(graph, inner) : []
        let first = results.count
        results += try options.mapTasks(
            sources.count - first, workers: workers,
            scratch: {
                FrontierSearch(graph, options: inner)
            }
        ) { search, index throws(AlgorithmError) -> Result in
            let result = try search.run(from: sources[first + index], maxDepth: maxDepth ?? .max)
            if workers == 1 { options.report("sources", index + 1, of: sources.count) }
            return result
        }
        return results
    }

    /// The results of the first sources as long as they reach so little that handing them to other
    /// threads would take longer than searching.
    private func nearSources(
        _ graph: CSRGraph, _ options: RunOptions
    ) throws(AlgorithmError) -> [Result] {
        var results: [Result] = []
        var search = FrontierSearch(graph, options: options)
        var left = min(1 << 16, graph.outgoing.arcCount / 8)
        while results.count < sources.count, left > 0,
            let result = try search.run(
                from: sources[results.count], maxDepth: maxDepth ?? .max, arcsLeft: &left)
        {
            results.append(result)
        }
        return results
    }
}

/// The state of one search after the other over one graph.
private struct FrontierSearch: ~Copyable {
    private let graph: CSRGraph
    private let options: RunOptions
    private let rows: ParallelRows
    /// One more than the distance of each node; 0 where it is not known.
    private var depths: ParallelColumn<Int32>
    /// Meant only where there is a depth.
    private var parents: ParallelColumn<UInt32>
    private var frontier: ParallelColumn<UInt64>
    private var nextFrontier: ParallelColumn<UInt64>
    private var queue: ParallelColumn<UInt32>

    /// Whether levels are worth being searched from below: with few edges a node they are not.
    private let isDense: Bool

    init(_ graph: CSRGraph, options: RunOptions) {
        self.graph = graph
        self.options = options
        let nodes = graph.nodeCount
        isDense = graph.incoming != nil && graph.outgoing.arcCount >= 8 * nodes && nodes >= 64
        rows = ParallelRows(
            offsets: isDense ? (graph.incoming ?? graph.outgoing).offsets : CSRBuffer([0]),
            options: options)
        depths = ParallelColumn(zeroed: nodes)
        parents = ParallelColumn(zeroed: nodes)
        frontier = ParallelColumn(zeroed: isDense ? (nodes + 63) / 64 : 0)
        nextFrontier = ParallelColumn(zeroed: isDense ? (nodes + 63) / 64 : 0)
        queue = ParallelColumn(zeroed: nodes)
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
        parents[Int(source)] = source
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
                    depth: depth, level: level, maxDepth: maxDepth)
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
        let nodeParents = nodes.map { parents[Int($0)] }
        let nodeDepths = nodes.map { depths[Int($0)] - 1 }
        for node in nodes { depths[Int(node)] = 0 }
        let count = graph.nodeCount
        return BreadthFirstSearch.Result(
            source: source, reached: reached, maxDepth: maxDepth,
            depthValues: .init(nodes: nodes, values: nodeDepths, rest: -1, count: count),
            parentValues: .init(nodes: nodes, values: nodeParents, rest: noNode, count: count))
    }

    /// The result of all nodes; forgets it.
    private mutating func takeAll(
        _ source: UInt32, _ reached: Int, _ maxDepth: Int
    ) -> BreadthFirstSearch.Result {
        var nodeDepths = depths.array()
        var nodeParents = parents.array()
        finish(&nodeDepths, &nodeParents)
        depths.fill(0)
        return BreadthFirstSearch.Result(
            source: source, reached: reached, maxDepth: maxDepth,
            depthValues: ReachedValues(nodeDepths), parentValues: ReachedValues(nodeParents))
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
            end = expand(
                start..<stop, end, Int32(truncatingIfNeeded: depth + 2),
                graph.outgoing.offsets.span,
                graph.outgoing.targets.span, &queueSpan, &depthSpan, &parentSpan)
            start = stop
            try options.checkCancellation()
        }
        return end
    }

    /// Searches level by level from below until the frontier is small again; returns how many
    /// nodes were found, the depth reached, and how many nodes of that level the queue now holds.
    private mutating func searchFromBelow(
        depth: Int, level: Range<Int>, maxDepth: Int
    ) throws(AlgorithmError) -> (found: Int, depth: Int, last: Int) {
        let incoming = graph.incoming ?? graph.outgoing
        frontier.fill(0)
        Self.setBits(of: queue, level, in: &frontier)
        var depth = depth
        var total = 0
        var awake = level.count
        while depth < maxDepth {
            let before = awake
            let next = Int32(truncatingIfNeeded: depth + 2)
            awake = try Self.lookForParents(
                rows, incoming, next, &depths, &parents, &nextFrontier, frontier)
            swap(&frontier, &nextFrontier)
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
        _ next: inout ParallelColumn<UInt64>, _ frontier: borrowing ParallelColumn<UInt64>
    ) throws(AlgorithmError) -> Int {
        let found = try rows.sweep(&depths, &parents, bits: &next) { block, depths, parents, bits in
            let count = adopt(
                block.rows, depth, incoming.offsets.span, incoming.targets.span, frontier.span,
                &depths, &parents, &bits)
            return [Double(count), 0, 0, 0]
        }
        return Int(found[0])
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

/// Turns depths of one more into depths, and clears the parents of nodes that have none.
private func finish(_ depths: inout [Int32], _ parents: inout [UInt32]) {
    var depths = depths.mutableSpan
    var parents = parents.mutableSpan
    for node in depths.indices {
        let depth = depths[node] &- 1
        depths[node] = depth
        parents[node] |= depth < 0 ? noNode : 0
    }
}

/// Reaches the unreached neighbours of a stretch of the queue; returns the queue's new end.
///
/// A neighbour reached earlier in the same level keeps the lower of the two parents.
private func expand(
    _ stretch: Range<Int>, _ end: Int, _ depth: Int32, _ offsets: Span<UInt64>,
    _ targets: Span<UInt32>, _ queue: inout MutableSpan<UInt32>,
    _ depths: inout MutableSpan<Int32>, _ parents: inout MutableSpan<UInt32>
) -> Int {
    var end = end
    for position in stretch {
        let node = queue[position]
        let first = Int(truncatingIfNeeded: offsets[Int(node)])
        let last = Int(truncatingIfNeeded: offsets[Int(node) + 1])
        for arc in first..<last {
            let neighbor = Int(targets[arc])
            let known = depths[neighbor]
            if known == 0 {
                depths[neighbor] = depth
                parents[neighbor] = node
                queue[end] = targets[arc]
                end &+= 1
            } else if known == depth, node < parents[neighbor] {
                parents[neighbor] = node
            }
        }
    }
    return end
}

/// Lets every unreached node of a block look for a neighbour in the frontier; rows ascend, so the
/// first it meets is the lowest.
private func adopt(
    _ rows: Range<Int>, _ depth: Int32, _ offsets: Span<UInt64>, _ sources: Span<UInt32>,
    _ frontier: Span<UInt64>, _ depths: inout MutableSpan<Int32>,
    _ parents: inout MutableSpan<UInt32>, _ next: inout MutableSpan<UInt64>
) -> Int {
    var found = 0
    for word in next.indices { next[word] = 0 }
    for row in rows {
        let local = row &- rows.lowerBound
        if depths[local] != 0 { continue }
        let last = Int(truncatingIfNeeded: offsets[row + 1])
        var arc = Int(truncatingIfNeeded: offsets[row])
        while arc < last {
            let source = sources[arc]
            if frontier[Int(source >> 6)] >> UInt64(source & 63) & 1 == 1 {
                depths[local] = depth
                parents[local] = source
                next[local >> 6] |= 1 << UInt64(local & 63)
                found &+= 1
                break
            }
            arc &+= 1
        }
    }
    return found
}
