public import PropertyGraph

/// Distances from a source where weights may be below zero, and a cycle of negative weight where
/// one forbids them.
///
/// Rounds over the nodes whose distance changed. As soon as parents run in a circle, that circle
/// is a cycle of negative weight: what it reaches has no least distance, gets minus infinity, and
/// leaves the search, while the others are finished. An edge of an undirected graph may be taken
/// there and back, so one of negative weight is such a cycle.
///
/// - SeeAlso: Bellman, *On a Routing Problem* (1958); Cherkassky, Goldberg, *Negative-Cycle
///   Detection Algorithms* (1999).
public struct BellmanFord: Hashable, Sendable {
    /// The nodes to start from; each is a search of its own.
    public var sources: [UInt32]

    /// Makes the kernel; its values are checked when it runs.
    public init(sources: [UInt32]) { self.sources = sources }

    /// The outcome of one search.
    public struct Result: Sendable {
        /// Where it started.
        public let source: UInt32
        /// The distance of each node, the smallest left-to-right sum of weights over all paths;
        /// infinity where it was not reached, minus infinity where a negative cycle leads to it.
        public let distances: [Double]
        /// The node before each on a shortest path; the source is its own parent; `UInt32.max`
        /// where there is none.
        public let parents: [UInt32]
        /// The nodes of a cycle of negative weight that the source reaches, its lowest first; each
        /// has an edge to the next and the last to the first. Nil when there is none.
        public let negativeCycle: [UInt32]?
        /// How many nodes were reached, the source included.
        public let reached: Int
    }

    /// Searches from each source; without weights every edge counts 1.
    ///
    /// - Returns: One result for each source, in their order.
    /// - Throws: `.nodeNotFound`; `.invalidWeight` for a weight of minus infinity; `.cancelled`.
    /// - Complexity: O(nodes × edges) time a source, typically a few times the edges; O(nodes)
    ///   extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> [Result] {
        for source in sources { try graph.checkNode(source, name: "source") }
        guard let weights = graph.outgoing.weights else {
            let levels = try BreadthFirstSearch(sources: sources).run(on: graph, options: options)
            return levels.map { level in
                Result(
                    source: level.source,
                    distances: level.depths.map { $0 < 0 ? .infinity : Double($0) },
                    parents: level.parents, negativeCycle: nil, reached: level.reached)
            }
        }
        for arc in 0..<weights.count where weights[arc] == -.infinity {
            throw AlgorithmError(
                .invalidWeight,
                "Cannot run bellman-ford: a weight is minus infinity. "
                    + "Mend the weight or choose another weight property.")
        }
        var results: [Result] = []
        for (index, source) in sources.enumerated() {
            var search = RelaxationRounds(graph.outgoing, weights, from: source)
            try search.run(options: options)
            results.append(search.result())
            options.report("sources", index + 1, of: sources.count)
        }
        return results
    }
}

/// The state of one search.
private struct RelaxationRounds {
    private let rows: CSRRows
    private let weights: CSRBuffer<Double>
    private let source: UInt32
    private var distances: [Double]
    private var parents: [UInt32]
    private var isQueued: [Bool]
    private var queue: [UInt32]
    private var cycle: [UInt32]?

    init(_ rows: CSRRows, _ weights: CSRBuffer<Double>, from source: UInt32) {
        let nodes = rows.offsets.count - 1
        self.rows = rows
        self.weights = weights
        self.source = source
        distances = [Double](repeating: .infinity, count: nodes)
        parents = [UInt32](repeating: noNode, count: nodes)
        isQueued = [Bool](repeating: false, count: nodes)
        queue = [source]
        // The source has no parent until the end: one that it gets before closes a circle.
        distances[Int(source)] = 0
    }

    func result() -> BellmanFord.Result {
        var parents = parents
        if distances[Int(source)] == 0 { parents[Int(source)] = source }
        return BellmanFord.Result(
            source: source, distances: distances, parents: parents, negativeCycle: cycle,
            reached: distances.reduce(0) { $1 < .infinity ? $0 + 1 : $0 })
    }

    mutating func run(options: RunOptions) throws(AlgorithmError) {
        var ticker = CancellationTicker(options)
        var unchecked = 0
        while !queue.isEmpty {
            try options.checkCancellation()
            var next: [UInt32] = []
            for node in queue {
                isQueued[Int(node)] = false
                unchecked += relax(node, &next)
                try ticker.tick(rows.degree(of: node) &+ 1)
            }
            queue = next
            // Looking for a circle costs O(nodes), so it is done once in as many changes.
            guard unchecked >= distances.count else { continue }
            unchecked = 0
            while let circle = circleOfParents() {
                if cycle == nil { cycle = circle }
                try giveUp(circle, &ticker)
            }
            queue.removeAll { distances[Int($0)] == -.infinity }
        }
    }

    /// Follows the arcs of a node; returns how many distances changed.
    private mutating func relax(_ node: UInt32, _ next: inout [UInt32]) -> Int {
        let start = distances[Int(node)]
        guard start > -.infinity else { return 0 }
        let (rows, weights) = (rows, weights)
        let targets = rows.targets.span
        let lengths = weights.span
        var changed = 0
        for arc in rows.range(of: node) {
            let target = Int(targets[arc])
            let distance = start + lengths[arc]
            guard distance < distances[target] else { continue }
            distances[target] = distance
            parents[target] = node
            changed += 1
            if !isQueued[target] {
                isQueued[target] = true
                next.append(targets[arc])
            }
        }
        return changed
    }

    /// A circle among the parents, its lowest node first and in the direction of the edges; nil
    /// when they form a tree.
    private func circleOfParents() -> [UInt32]? {
        // 0: not looked at; otherwise the number of the walk that came by.
        var walks = [UInt32](repeating: 0, count: parents.count)
        var walk: UInt32 = 0
        for start in parents.indices where walks[start] == 0 && parents[start] != noNode {
            walk += 1
            var node = UInt32(truncatingIfNeeded: start)
            while node != noNode, walks[Int(node)] == 0 {
                walks[Int(node)] = walk
                node = parents[Int(node)]
            }
            guard node != noNode, walks[Int(node)] == walk else { continue }
            return Self.circle(through: node, parents)
        }
        return nil
    }

    private static func circle(through start: UInt32, _ parents: [UInt32]) -> [UInt32] {
        var circle = [start]
        var node = parents[Int(start)]
        while node != start {
            circle.append(node)
            node = parents[Int(node)]
        }
        circle.reverse()
        let lowest = circle.indices.min { circle[$0] < circle[$1] } ?? 0
        return Array(circle[lowest...] + circle[..<lowest])
    }

    /// Sets all that a negative cycle reaches to minus infinity.
    private mutating func giveUp(
        _ circle: [UInt32], _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        var stack: [UInt32] = []
        for node in circle { lose(node, &stack) }
        while let node = stack.popLast() {
            for arc in rows.range(of: node) where weights[arc] < .infinity {
                let target = rows.targets[arc]
                if distances[Int(target)] > -.infinity { lose(target, &stack) }
            }
            try ticker.tick(rows.degree(of: node) &+ 1)
        }
    }

    private mutating func lose(_ node: UInt32, _ stack: inout [UInt32]) {
        distances[Int(node)] = -.infinity
        parents[Int(node)] = noNode
        stack.append(node)
    }
}
