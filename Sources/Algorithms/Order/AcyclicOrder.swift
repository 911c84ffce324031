import PropertyGraph

/// An order of an acyclic graph, for kernels that are defined on nothing else.
struct AcyclicOrder: Sendable {
    /// The nodes, every edge pointing forward.
    let nodes: [UInt32]

    /// Sorts a graph.
    ///
    /// - Throws: `.notDirected`; `.cyclic`, naming a cycle; `.cancelled`.
    init(
        _ graph: CSRGraph, for algorithm: String, options: RunOptions
    ) throws(AlgorithmError) {
        try graph.requireDirected(for: algorithm)
        try options.checkCancellation()
        let sorted = try TopologicalSort().run(on: graph, options: options)
        if let cycle = sorted.cycle {
            let shown = cycle.prefix(20).map { "\(graph.id(of: $0))" }
            let rest = cycle.count > shown.count ? " → … (\(cycle.count) nodes)" : ""
            throw AlgorithmError(
                .cyclic,
                "Cannot run \(algorithm): the graph has the cycle "
                    + (shown + [shown[0]]).joined(separator: " → ") + rest
                    + ". Remove an edge of it; `feedback-edges` finds a light choice.")
        }
        nodes = sorted.order
    }

    /// The place of each node.
    var positions: [UInt32] {
        var positions = [UInt32](repeating: 0, count: nodes.count)
        for (place, node) in nodes.enumerated() {
            positions[Int(node)] = UInt32(truncatingIfNeeded: place)
        }
        return positions
    }
}
