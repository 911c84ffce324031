public import PropertyGraph

/// Every pair of nodes of which one leads to the other.
///
/// A node leads to itself only when it is on a cycle. The answer may have as many pairs as the
/// square of the nodes, so it has a limit.
public struct TransitiveClosure: Hashable, Sendable {
    /// What `maxPairs` may be.
    public static let pairRange = ParameterRange(0...4_294_967_295)

    /// How many pairs the answer may have.
    public var maxPairs: Int

    /// Makes the kernel; its values are checked when it runs.
    public init(maxPairs: Int = 10_000_000) { self.maxPairs = maxPairs }

    /// Finds the pairs.
    ///
    /// - Returns: For each node those it leads to, ascending.
    /// - Throws: `.notDirected`; `.invalidParameter`; `.tooLarge` when there are more pairs than
    ///   `maxPairs`; `.cancelled`.
    /// - Complexity: O(nodes × edges) time at worst, that of the searches from each node; O(pairs)
    ///   space, and O(nodes) a thread.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> CSRRows {
        try Self.pairRange.check(Double(maxPairs), name: "max-pairs")
        try graph.requireDirected(for: "transitive-closure")
        let isOnCycle = try Self.nodesOnCycles(graph, options: options)
        // Batches, so that the limit is met long before memory is.
        let parts = stretches(graph.nodeCount, of: 256)
        let workers = options.workerCount(
            work: 16 * (graph.outgoing.arcCount + graph.nodeCount), tasks: parts.count)
        var searches = (0..<workers).map { _ in Reach(over: graph.outgoing) }
        var ends: [UInt64] = [0]
        var targets: [UInt32] = []
        for start in stride(from: 0, to: parts.count, by: workers) {
            try options.checkCancellation()
            let batch = Array(parts[start..<min(start + workers, parts.count)])
            let before = targets.count
            let lent = searches
            searches = []
            let found = try options.onWorkers(batch.count) {
                worker throws(AlgorithmError) -> (Reach, [Int], [UInt32]) in
                var reach = lent[worker]
                var (sizes, nodes): ([Int], [UInt32]) = ([], [])
                for node in batch[worker] {
                    let node = UInt32(truncatingIfNeeded: node)
                    try reach.search(from: [node], options: options)
                    let first = isOnCycle[Int(node)] ? 0 : 1
                    sizes.append(reach.count - first)
                    nodes += reach.nodes.dropFirst(first).sorted()
                    if before + nodes.count > maxPairs { break }
                }
                return (reach, sizes, nodes)
            }
            for (reach, sizes, nodes) in found {
                searches.append(reach)
                for size in sizes { ends.append((ends.last ?? 0) + UInt64(size)) }
                targets += nodes
            }
            if targets.count > maxPairs { throw tooLarge(targets.count, graph) }
            while searches.count < workers { searches.append(Reach(over: graph.outgoing)) }
        }
        return CSRRows(offsets: CSRBuffer(ends), targets: CSRBuffer(targets))
    }

    private func tooLarge(_ found: Int, _ graph: CSRGraph) -> AlgorithmError {
        AlgorithmError(
            .tooLarge,
            "Cannot run transitive-closure: more pairs of nodes than max-pairs=\(maxPairs) "
                + "lead to one another in this graph of \(graph.nodeCount) nodes. Raise max-pairs, "
                + "or ask for the `k-hop` neighbourhoods you need.")
    }

    private static func nodesOnCycles(
        _ graph: CSRGraph, options: RunOptions
    ) throws(AlgorithmError) -> [Bool] {
        let labels = try StronglyConnectedComponents().run(on: graph, options: options).labels
        var sizes = [UInt32](repeating: 0, count: graph.nodeCount)
        for label in labels { sizes[Int(label)] += 1 }
        return (0..<UInt32(truncatingIfNeeded: graph.nodeCount)).map { node in
            sizes[Int(labels[Int(node)])] > 1 || graph.outgoing.hasArc(from: node, to: node)
        }
    }
}
