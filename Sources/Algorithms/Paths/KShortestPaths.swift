public import PropertyGraph

/// The few cheapest paths between two nodes that visit no node twice.
///
/// Every path found splits what is left into parts that share a beginning and forbid its next
/// step; the best path of each part waits in a queue (Yen's method as Lawler arranged it, so that
/// no path is found twice). Distances to the target, found once, lead each search straight there.
/// Parallel edges count as the lightest of them: paths differ in their nodes.
///
/// - SeeAlso: Yen, *Finding the K Shortest Loopless Paths in a Network* (1971); Lawler, *A
///   Procedure for Computing the K Best Solutions* (1972).
public struct KShortestPaths: Hashable, Sendable {
    /// What `count` may be.
    public static let countRange = ParameterRange(0...100_000)

    /// Where the paths start.
    public var source: UInt32
    /// Where they end.
    public var target: UInt32
    /// How many paths to find at most.
    public var count: Int

    /// Makes the kernel; its values are checked when it runs.
    public init(from source: UInt32, to target: UInt32, count: Int) {
        self.source = source
        self.target = target
        self.count = count
    }

    /// Finds the paths; without weights every edge costs 1.
    ///
    /// - Returns: The cheapest first, of equal cost the one of fewer nodes and then of lower ones;
    ///   fewer than asked when there are no more. When several paths of one cost stand at the end,
    ///   which of them are given does not change from run to run.
    /// - Throws: `.nodeNotFound`; `.invalidParameter`; `.missingIncoming` on a directed graph
    ///   without incoming rows; `.negativeWeight`, naming the edge; `.cancelled`.
    /// - Complexity: O(count × length × (edges + nodes × log nodes)) time at worst, typically far
    ///   less; O(nodes + count × length) space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> [ShortestPath.Path] {
        try Self.countRange.check(Double(count), name: "k")
        try graph.checkNode(source, name: "source")
        try graph.checkNode(target, name: "target")
        if graph.isWeighted { try graph.checkWeights(for: "k-shortest-paths", options: options) }
        var ticker = CancellationTicker(options)
        let incoming = try graph.requiredIncoming(for: "k-shortest-paths")
        let toTarget = KnownDistances(
            distances: try Self.distances(to: target, along: incoming, &ticker))
        var search = GuidedSearch(graph.outgoing)
        var waiting = PartQueue()
        var paths: [ShortestPath.Path] = []
        if let first = try search.path(from: source, to: target, by: toTarget, &ticker) {
            waiting.push(Part(nodes: first.nodes, cost: first.cost, shared: 0, banned: []))
        }
        while paths.count < count, let part = waiting.pop() {
            try options.checkCancellation()
            paths.append(ShortestPath.path(along: part.nodes, in: graph.outgoing))
            options.report("paths", paths.count, of: count)
            if paths.count < count {
                try split(part, graph.outgoing, toTarget, &search, &waiting, &ticker)
                waiting.keep(count - paths.count)
            }
        }
        return paths
    }

    /// Dijkstra's search against the direction of edges.
    private static func distances(
        to target: UInt32, along incoming: CSRRows, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> [Double] {
        var distances = [Double](repeating: .infinity, count: incoming.offsets.count - 1)
        var heap = DistanceHeap()
        distances[Int(target)] = 0
        heap.push(.init(distance: 0, node: target))
        while let nearest = heap.pop() {
            guard nearest.distance == distances[Int(nearest.node)] else { continue }
            let row = incoming.range(of: nearest.node)
            for arc in row {
                let node = incoming.targets[arc]
                let distance = nearest.distance + (incoming.weights?[arc] ?? 1)
                guard distance < distances[Int(node)] else { continue }
                distances[Int(node)] = distance
                heap.push(.init(distance: distance, node: node))
            }
            try ticker.tick(row.count &+ 8)
        }
        return distances
    }

    /// Puts the best path of every part that is left beside a path into the queue.
    private func split(
        _ part: Part, _ rows: CSRRows, _ estimate: KnownDistances, _ search: inout GuidedSearch,
        _ waiting: inout PartQueue, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        var cost = 0.0
        for place in 0..<(part.nodes.count - 1) {
            let (node, next) = (part.nodes[place], part.nodes[place + 1])
            if place >= part.shared {
                var banned: Set<UInt32> = place == part.shared ? part.banned : []
                banned.insert(next)
                let found = try search.path(
                    from: node, to: target, by: estimate,
                    fence: .init(nodes: part.nodes[..<place], first: banned), cost: cost, &ticker)
                if let found {
                    waiting.push(
                        Part(
                            nodes: part.nodes[..<place] + found.nodes, cost: found.cost,
                            shared: place, banned: banned))
                }
            }
            cost += rows.lightest(from: node, to: next)
        }
    }
}

/// The best path of all that share a beginning and avoid some next steps.
private struct Part {
    var nodes: [UInt32]
    var cost: Double
    /// How many edges of the path are the shared beginning.
    var shared: Int
    /// What may not follow the shared beginning.
    var banned: Set<UInt32>

    init(nodes: some Sequence<UInt32>, cost: Double, shared: Int, banned: Set<UInt32>) {
        self.nodes = Array(nodes)
        self.cost = cost
        self.shared = shared
        self.banned = banned
    }

    static func < (lhs: Part, rhs: Part) -> Bool {
        if lhs.cost != rhs.cost { return lhs.cost < rhs.cost }
        if lhs.nodes.count != rhs.nodes.count { return lhs.nodes.count < rhs.nodes.count }
        return lhs.nodes.lexicographicallyPrecedes(rhs.nodes)
    }
}

/// A binary heap of parts, the cheapest first.
private struct PartQueue {
    private var parts: [Part] = []

    mutating func push(_ part: Part) {
        parts.append(part)
        var place = parts.count - 1
        while place > 0, parts[place] < parts[(place - 1) / 2] {
            parts.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// Forgets the parts that will never be asked for when only so many still are: a path splits
    /// into as many parts as it has nodes, of which few are ever the best.
    ///
    /// - Complexity: O(log parts) a part pushed, for the queue has doubled since the last time.
    mutating func keep(_ count: Int) {
        guard parts.count > 2 * count + Self.slack else { return }
        // What is sorted is a heap.
        parts.sort(by: <)
        parts.removeLast(parts.count - count)
    }

    /// Below this many parts sorting them would take longer than keeping them.
    private static let slack = 64

    mutating func pop() -> Part? {
        guard let first = parts.first, let last = parts.popLast() else { return nil }
        guard !parts.isEmpty else { return first }
        parts[0] = last
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < parts.count {
                if parts[child] < parts[least] { least = child }
            }
            if least == place { return first }
            parts.swapAt(place, least)
            place = least
        }
    }
}

extension CSRRows {
    /// The weight of the lightest arc from one node to another: 1 without weights, infinity where
    /// there is none.
    func lightest(from source: UInt32, to target: UInt32) -> Double {
        guard var arc = firstArc(from: source, to: target) else { return .infinity }
        guard let weights else { return 1 }
        let end = range(of: source).upperBound
        var least = weights[arc]
        arc += 1
        while arc < end, targets[arc] == target {
            least = min(least, weights[arc])
            arc += 1
        }
        return least
    }
}
