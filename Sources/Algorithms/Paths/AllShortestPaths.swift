public import PropertyGraph

/// Every path of least cost between two nodes.
///
/// Distances from the source tell which arcs lie on shortest paths; from the target back they tell
/// which of those lead there. What is left is walked through in order of nodes. Parallel edges of
/// the same weight are one: paths differ in their nodes. Where edges weigh nothing, paths that
/// visit a node twice are left out.
public struct AllShortestPaths: Hashable, Sendable {
    /// What `limit` may be.
    public static let limitRange = ParameterRange(0...10_000_000)

    /// Where the paths start.
    public var source: UInt32
    /// Where they end.
    public var target: UInt32
    /// How many paths to list at most: there may be exponentially many.
    public var limit: Int

    /// Makes the kernel; its values are checked when it runs.
    public init(from source: UInt32, to target: UInt32, limit: Int = 1000) {
        self.source = source
        self.target = target
        self.limit = limit
    }

    /// The paths.
    public struct Result: Sendable {
        /// The paths, ascending by their nodes; none when the target cannot be reached.
        public let paths: [ShortestPath.Path]
        /// Whether these are all.
        public let isComplete: Bool
    }

    /// Finds the paths; without weights every edge costs 1.
    ///
    /// - Throws: `.nodeNotFound`; `.invalidParameter`; `.missingIncoming` on a directed graph
    ///   without incoming rows; `.negativeWeight`, naming the edge; `.cancelled`.
    /// - Complexity: O(edges + nodes × log nodes + paths × length) time, O(nodes) space beside the
    ///   paths; where edges weigh nothing, dead ends among them may cost more.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        try Self.limitRange.check(Double(limit), name: "limit")
        try graph.checkNode(source, name: "source")
        try graph.checkNode(target, name: "target")
        let incoming = try graph.requiredIncoming(for: "all-shortest-paths")
        let search = SingleSourceShortestPaths(sources: [source])
        let distances = try search.run(on: graph, options: options)[0].distances
        guard distances[Int(target)] < .infinity else { return Result(paths: [], isComplete: true) }
        var walk = TightWalk(graph, distances, limit: limit)
        var ticker = CancellationTicker(options)
        try walk.mark(target, along: incoming, &ticker)
        try walk.collect(from: source, to: target, &ticker)
        return Result(
            paths: walk.found.map { ShortestPath.path(along: $0, in: graph.outgoing) },
            isComplete: !walk.isCut)
    }
}

/// Walks along the arcs that lie on shortest paths.
private struct TightWalk {
    private let rows: CSRRows
    private let distances: [Double]
    private let limit: Int
    private var isUseful: [Bool]
    private(set) var found: [[UInt32]] = []
    private(set) var isCut = false

    init(_ graph: CSRGraph, _ distances: [Double], limit: Int) {
        rows = graph.outgoing
        self.distances = distances
        self.limit = limit
        isUseful = [Bool](repeating: false, count: graph.nodeCount)
    }

    /// Marks all nodes from which tight arcs lead to the target.
    mutating func mark(
        _ target: UInt32, along incoming: CSRRows, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        var stack = [target]
        isUseful[Int(target)] = true
        while let node = stack.popLast() {
            for arc in incoming.range(of: node) {
                let before = incoming.targets[arc]
                let weight = incoming.weights?[arc] ?? 1
                guard !isUseful[Int(before)],
                    distances[Int(before)] + weight == distances[Int(node)]
                else { continue }
                isUseful[Int(before)] = true
                stack.append(before)
            }
            try ticker.tick(incoming.degree(of: node) &+ 1)
        }
    }

    /// Collects the paths in order of their nodes.
    mutating func collect(
        from source: UInt32, to target: UInt32, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        var path = [source]
        var isOnPath = [Bool](repeating: false, count: isUseful.count)
        isOnPath[Int(source)] = true
        var arcs = [rows.range(of: source)]
        if source == target { add(path) }
        while let node = path.last, let row = arcs.last {
            guard node != target, let arc = nextArc(of: node, in: row, isOnPath) else {
                isOnPath[Int(node)] = false
                path.removeLast()
                arcs.removeLast()
                continue
            }
            let next = rows.targets[arc]
            // Parallel arcs stand side by side; one of them is enough.
            var rest = arc + 1
            while rest < row.upperBound, rows.targets[rest] == next { rest += 1 }
            arcs[arcs.count - 1] = rest..<row.upperBound
            path.append(next)
            isOnPath[Int(next)] = true
            arcs.append(rows.range(of: next))
            if next == target { add(path) }
            if isCut { return }
            try ticker.tick(8)
        }
    }

    private mutating func add(_ path: [UInt32]) {
        if found.count < limit { found.append(path) } else { isCut = true }
    }

    private func nextArc(of node: UInt32, in row: Range<Int>, _ isOnPath: [Bool]) -> Int? {
        let start = distances[Int(node)]
        return row.first { arc in
            let next = Int(rows.targets[arc])
            return isUseful[next] && !isOnPath[next]
                && start + (rows.weights?[arc] ?? 1) == distances[next]
        }
    }
}
