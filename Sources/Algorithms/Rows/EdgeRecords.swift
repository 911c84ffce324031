import PropertyGraph

/// The edges of a graph as records of an answer: each once, by source and target.
struct EdgeRecords {
    /// An arc of `graph.outgoing` for each edge; of an undirected edge that of the lower end.
    let arcs: [Int]
    /// Where each edge starts.
    let sources: [UInt32]
    /// Where each edge ends.
    let targets: [UInt32]

    /// - Parameter isIncluded: Which arcs to keep.
    init(_ graph: CSRGraph, where isIncluded: (Int) -> Bool = { _ in true }) {
        var arcs: [Int] = []
        var sources: [UInt32] = []
        var targets: [UInt32] = []
        for node in 0..<UInt32(truncatingIfNeeded: graph.nodeCount) {
            for arc in graph.outgoing.range(of: node) {
                let target = graph.outgoing.targets[arc]
                guard graph.isDirected || node <= target, isIncluded(arc) else { continue }
                arcs.append(arc)
                sources.append(node)
                targets.append(target)
            }
        }
        (self.arcs, self.sources, self.targets) = (arcs, sources, targets)
    }

    /// The columns `source` and `target`.
    var columns: [OutputColumn] {
        [OutputColumn("source", .nodes(sources)), OutputColumn("target", .nodes(targets))]
    }
}
