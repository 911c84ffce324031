public import PropertyGraph
import Synchronization

/// A path of least cost between two nodes.
///
/// Two searches, from the source along outgoing rows and from the target along incoming ones, meet
/// in the middle: Dijkstra's by weight, breadth-first ones without weights.
///
/// - SeeAlso: Nicholson, *Finding the Shortest Route between Two Points in a Network* (1966);
///   Pohl, *Bi-directional Search* (1971).
public struct ShortestPath: Sendable {
    /// The source and target of each path to find.
    public var pairs: [(source: UInt32, target: UInt32)]

    /// Makes the kernel; nodes are checked when it runs.
    public init(pairs: [(source: UInt32, target: UInt32)]) { self.pairs = pairs }

    /// Makes the kernel for one path.
    public init(from source: UInt32, to target: UInt32) {
        pairs = [(source: source, target: target)]
    }

    /// A path.
    public struct Path: Hashable, Sendable {
        /// Its nodes from source to target; one when both are the same.
        public let nodes: [UInt32]
        /// Its arcs, as positions in `graph.outgoing`; of parallel ones the lightest.
        public let arcs: [Int]
        /// The sum of its weights from left to right; the number of arcs without weights.
        public let cost: Double
    }

    /// Finds the paths; many pairs are shared among the threads.
    ///
    /// Which of several paths of equal cost is found does not change from run to run.
    ///
    /// - Returns: One for each pair, in their order; nil where the target cannot be reached.
    /// - Throws: `.nodeNotFound`; `.missingIncoming` on a directed graph without incoming rows;
    ///   `.negativeWeight`, naming the edge; `.cancelled`.
    /// - Complexity: O(edges + nodes × log nodes) time a pair, typically far less; O(nodes) space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> [Path?] {
        for pair in pairs {
            try graph.checkNode(pair.source, name: "source")
            try graph.checkNode(pair.target, name: "target")
        }
        let incoming = try graph.requiredIncoming(for: "shortest-path")
        if graph.isWeighted {
            let range = try graph.checkWeights(for: "shortest-path", options: options)
            if BucketMeeting.suits(graph), let width = range.bucketWidth(over: graph) {
                return try search(graph, options) {
                    BucketMeeting(graph.outgoing, incoming, width: width)
                }
            }
            return try search(graph, options) { WeightedMeeting(graph.outgoing, incoming) }
        }
        return try search(graph, options) { LevelMeeting(graph.outgoing, incoming) }
    }

    private func search<Meeting: MeetingSearch>(
        _ graph: CSRGraph, _ options: RunOptions, _ meeting: @Sendable () -> Meeting
    ) throws(AlgorithmError) -> [Path?] {
        // A search visits few nodes, but making room for it touches all.
        let (inner, workers) = options.sharing(pairs.count / 2, over: graph)
        var paths: [Path?] = []
        // Whoever takes it from here holds it alone, or would copy it on the first write.
        let spare = Mutex<Meeting?>(nil)
        if workers > 1 {
            var first = meeting()
            paths = try nearPaths(graph, options, &first)
            spare.withLock { $0 = first }
        }
        let rest = pairs.dropFirst(paths.count)
        paths += try options.mapTasks(
            rest.count, workers: workers,
            scratch: { spare.withLock { $0.take() } ?? meeting() }
        ) { meeting, index throws(AlgorithmError) -> Path? in
            let (source, target) = rest[rest.startIndex + index]
            var ticker = CancellationTicker(inner)
            let nodes = try meeting.path(from: source, to: target, &ticker)
            if workers == 1 { options.report("pairs", index + 1, of: rest.count) }
            return nodes.map { Self.path(along: $0, in: graph.outgoing) }
        }
        return paths
    }

    /// The paths of the first pairs as long as the searches visit so little that waking other
    /// threads would take longer.
    private func nearPaths<Meeting: MeetingSearch>(
        _ graph: CSRGraph, _ options: RunOptions, _ meeting: inout Meeting
    ) throws(AlgorithmError) -> [Path?] {
        var paths: [Path?] = []
        // It is asked first after a good deal of work, and then ends the search.
        var ticker = CancellationTicker(RunOptions(isCancelled: { true }))
        for pair in pairs {
            do throws(AlgorithmError) {
                let nodes = try meeting.path(from: pair.source, to: pair.target, &ticker)
                paths.append(nodes.map { Self.path(along: $0, in: graph.outgoing) })
            } catch { break }
        }
        try options.checkCancellation()
        return paths
    }

    /// Looks up the arcs between the nodes of a path.
    static func path(along nodes: [UInt32], in rows: CSRRows) -> Path {
        var arcs: [Int] = []
        var cost = 0.0
        for (source, target) in zip(nodes, nodes.dropFirst()) {
            guard var best = rows.firstArc(from: source, to: target) else { continue }
            guard let weights = rows.weights else {
                arcs.append(best)
                cost += 1
                continue
            }
            let end = rows.range(of: source).upperBound
            var arc = best + 1
            while arc < end, rows.targets[arc] == target {
                if weights[arc] < weights[best] { best = arc }
                arc += 1
            }
            arcs.append(best)
            cost += weights[best]
        }
        return Path(nodes: nodes, arcs: arcs, cost: cost)
    }
}

/// Two searches that meet; its memory serves one pair after the other.
protocol MeetingSearch: Sendable {
    /// The nodes of a shortest path; nil when there is none.
    mutating func path(
        from source: UInt32, to target: UInt32, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> [UInt32]?
}

/// Joins the two halves of a path at the node where the searches met.
func joinHalves(_ meeting: UInt32, _ forward: [UInt32], _ backward: [UInt32]) -> [UInt32] {
    var nodes = [meeting]
    var node = meeting
    while forward[Int(node)] != node {
        node = forward[Int(node)]
        nodes.append(node)
    }
    nodes.reverse()
    node = meeting
    while backward[Int(node)] != node {
        node = backward[Int(node)]
        nodes.append(node)
    }
    return nodes
}
