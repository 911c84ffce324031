import PropertyGraph

/// The edges of an undirected graph, lightest first.
struct SortedEdges: Sendable {
    /// The two ends, the lower first, and the arc of the lower end.
    struct Edge: Sendable, BitwiseCopyable {
        var source: UInt32
        var target: UInt32
        var arc: Int
    }

    private(set) var edges: [Edge]

    /// Sorts by weight, of equals by position: four passes of a stable counting sort by 16 bits.
    ///
    /// - Complexity: O(edges) time and space.
    init(_ graph: CSRGraph, _ ticker: inout CancellationTicker) throws(AlgorithmError) {
        let rows = graph.outgoing
        edges = []
        edges.reserveCapacity(graph.edgeCount)
        var keys: [UInt64] = []
        for node in 0..<UInt32(truncatingIfNeeded: graph.nodeCount) {
            for arc in rows.range(of: node) where rows.targets[arc] > node {
                edges.append(Edge(source: node, target: rows.targets[arc], arc: arc))
                if let weights = rows.weights { keys.append(Self.key(weights[arc])) }
            }
            try ticker.tick(rows.degree(of: node) &+ 1)
        }
        guard !keys.isEmpty else { return }
        for shift in stride(from: UInt64(0), to: 64, by: 16) {
            try ticker.tick(keys.count)
            Self.sort(&edges, &keys, by: shift)
        }
    }

    /// A number that ascends as the weight does; 0 and -0 are equal.
    private static func key(_ weight: Double) -> UInt64 {
        let bits = (weight == 0 ? 0 : weight).bitPattern
        return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
    }

    private static func sort(_ edges: inout [Edge], _ keys: inout [UInt64], by shift: UInt64) {
        var places = [Int](repeating: 0, count: 1 << 16 + 1)
        for key in keys { places[Int(key >> shift & 0xFFFF) + 1] += 1 }
        // All keys agree in these bits: nothing would move.
        if places.contains(keys.count) { return }
        for digit in 1..<places.count { places[digit] += places[digit - 1] }
        var sortedEdges = edges
        var sortedKeys = keys
        for index in keys.indices {
            let digit = Int(keys[index] >> shift & 0xFFFF)
            sortedEdges[places[digit]] = edges[index]
            sortedKeys[places[digit]] = keys[index]
            places[digit] += 1
        }
        edges = sortedEdges
        keys = sortedKeys
    }
}
