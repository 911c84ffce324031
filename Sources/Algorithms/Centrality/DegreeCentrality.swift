public import PropertyGraph

/// How many edges each node has, and how much they weigh.
///
/// Parallel edges all count; a loop counts at both of its ends.
public struct DegreeCentrality: Hashable, Sendable {
    /// Makes the kernel; it has no parameters.
    public init() {}

    /// The degrees.
    public struct Result: Sendable {
        /// How many edges lead to each node; in an undirected graph as `degrees`.
        public let incoming: [Int]
        /// How many edges lead away from each node; in an undirected graph as `degrees`.
        public let outgoing: [Int]
        /// How many ends of edges are at each node.
        public let degrees: [Int]
        /// The weight of the ends of edges at each node; without weights each weighs 1.
        public let strengths: [Double]
    }

    /// Counts.
    ///
    /// - Throws: `.missingIncoming` on a directed graph without incoming rows; `.cancelled`.
    /// - Complexity: O(nodes + edges) time, O(nodes) extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        let incoming = try graph.requiredIncoming(for: "degree")
        var ticker = CancellationTicker(options)
        try options.checkCancellation()
        var (ins, outs, degrees) = ([Int](), [Int](), [Int]())
        var strengths: [Double] = []
        for node in 0..<UInt32(truncatingIfNeeded: graph.nodeCount) {
            let out = count(graph.outgoing, node)
            if graph.isDirected {
                let into = count(incoming, node)
                ins.append(into.arcs)
                outs.append(out.arcs)
                degrees.append(into.arcs + out.arcs)
                strengths.append(into.weight + out.weight)
            } else {
                // A loop stands once in the row.
                degrees.append(out.arcs + out.loops)
                strengths.append(out.weight + out.loopWeight)
            }
            try ticker.tick(graph.outgoing.degree(of: node) + 1)
        }
        if !graph.isDirected { (ins, outs) = (degrees, degrees) }
        return Result(incoming: ins, outgoing: outs, degrees: degrees, strengths: strengths)
    }

    private func count(
        _ rows: CSRRows, _ node: UInt32
    ) -> (arcs: Int, loops: Int, weight: Double, loopWeight: Double) {
        var (loops, weight, loopWeight) = (0, 0.0, 0.0)
        let row = rows.range(of: node)
        let targets = rows.targets.span
        for arc in row {
            let arcWeight = rows.weights?[arc] ?? 1
            weight += arcWeight
            if targets[arc] == node {
                loops += 1
                loopWeight += arcWeight
            }
        }
        return (row.count, loops, weight, loopWeight)
    }
}
