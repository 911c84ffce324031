public import PropertyGraph

/// The fewest edges of an acyclic graph that still lead from each node to all it led to.
///
/// An edge goes when another path leads to its target; of parallel ones the first stays. There is
/// exactly one such set. From each node the targets are looked at in topological order, and what a
/// target reaches, no further than the last of them, makes an edge there redundant.
///
/// - SeeAlso: Aho, Garey, Ullman, *The Transitive Reduction of a Directed Graph* (1972).
public struct TransitiveReduction: Hashable, Sendable {
    /// Makes the kernel; it has no parameters.
    public init() {}

    /// Finds the edges to keep.
    ///
    /// - Returns: Their arcs, ascending positions in `graph.outgoing`.
    /// - Throws: `.notDirected`; `.cyclic`, naming a cycle; `.cancelled`.
    /// - Complexity: O(nodes × edges) time at worst, typically far less; O(nodes) space a thread.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> [Int] {
        let order = try AcyclicOrder(graph, for: "transitive-reduction", options: options)
        let positions = order.positions
        let rows = graph.outgoing
        let parts = stretches(graph.nodeCount, of: max(graph.nodeCount / 64, 1024))
        let workers = options.workerCount(
            work: 16 * (rows.arcCount + graph.nodeCount), tasks: parts.count)
        let kept = try options.mapTasks(parts.count, workers: workers) {
            part throws(AlgorithmError) -> [Int] in
            var search = ShortcutSearch(rows, positions)
            var ticker = CancellationTicker(options)
            var kept: [Int] = []
            for node in parts[part] {
                try search.addKept(of: UInt32(truncatingIfNeeded: node), to: &kept, &ticker)
            }
            return kept
        }
        return Array(kept.joined())
    }
}

/// Finds the arcs of one node after the other that no other path replaces.
private struct ShortcutSearch {
    private let rows: CSRRows
    private let positions: [UInt32]
    /// Which node each was last reached from.
    private var marks: [UInt32]
    private var stack: [UInt32] = []

    init(_ rows: CSRRows, _ positions: [UInt32]) {
        self.rows = rows
        self.positions = positions
        marks = [UInt32](repeating: noNode, count: positions.count)
    }

    mutating func addKept(
        of node: UInt32, to kept: inout [Int], _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        let row = rows.range(of: node)
        guard row.count > 1 else {
            kept += row
            return
        }
        let arcs = row.sorted {
            (positions[Int(rows.targets[$0])], $0) < (positions[Int(rows.targets[$1])], $1)
        }
        let last = arcs.last.map { positions[Int(rows.targets[$0])] } ?? 0
        let first = kept.count
        for arc in arcs {
            let target = rows.targets[arc]
            guard marks[Int(target)] != node else { continue }
            kept.append(arc)
            try mark(from: target, by: node, upTo: last, &ticker)
        }
        kept[first...].sort()
    }

    /// Marks what a node reaches, itself included, no further in the order than `last`.
    private mutating func mark(
        from start: UInt32, by node: UInt32, upTo last: UInt32, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        marks[Int(start)] = node
        stack.append(start)
        while let next = stack.popLast() {
            // From the last target on everything lies beyond.
            guard positions[Int(next)] < last else { continue }
            let row = rows.range(of: next)
            for arc in row {
                let target = rows.targets[arc]
                guard marks[Int(target)] != node, positions[Int(target)] <= last else { continue }
                marks[Int(target)] = node
                stack.append(target)
            }
            try ticker.tick(row.count &+ 1)
        }
    }
}
