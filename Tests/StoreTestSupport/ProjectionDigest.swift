package import PropertyGraph

/// A text that two graphs share when they have the same nodes and the same arcs in the same order.
package func projectionDigest(of graph: CSRGraph) -> String {
    var sum: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ value: UInt64) { sum = (sum ^ value) &* 0x100_0000_01b3 }
    for node in 0..<UInt32(graph.nodeCount) {
        add(graph.id(of: node))
        for arc in graph.outgoing.range(of: node) {
            add(UInt64(graph.outgoing.targets[arc]))
            add(graph.outgoing.edges?[arc] ?? 0)
        }
    }
    return "\(graph.nodeCount) nodes, \(graph.edgeCount) edges, \(sum)"
}
