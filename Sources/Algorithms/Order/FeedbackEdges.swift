public import PropertyGraph

/// A light set of edges without which a directed graph has no cycle.
///
/// To find the lightest is NP-hard. Two methods propose a set: cycles are found one after the
/// other and their weight is taken down until an edge of each is used up (local ratio), and nodes
/// are lined up so that little weight points backwards (Eades, Lin and Smyth). From both, edges
/// are put back as long as no cycle closes, the heaviest first, and the lighter set is given. The
/// weight that was taken from cycles is a lower bound: no set can be lighter.
///
/// - SeeAlso: Demetrescu, Finocchi, *Combinatorial Algorithms for Feedback Problems in Directed
///   Graphs* (2003); Eades, Lin, Smyth, *A Fast and Effective Heuristic for the Feedback Arc Set
///   Problem* (1993).
public struct FeedbackEdges: Hashable, Sendable {
    /// Makes the kernel; it has no parameters.
    public init() {}

    /// The set and how good it is.
    public struct Result: Sendable {
        /// The arcs of the set, ascending positions in `graph.outgoing`. Putting any one of them
        /// back closes a cycle.
        public let arcs: [Int]
        /// The sum of their weights; their number without weights.
        public let weight: Double
        /// No set weighs less, up to rounding; equal to `weight` when the set is proven lightest.
        public let lowerBound: Double
    }

    /// Finds a set; without weights every edge weighs 1.
    ///
    /// - Throws: `.notDirected`; `.missingIncoming` without incoming rows; `.negativeWeight`,
    ///   naming the edge; `.invalidWeight` for an infinite one; `.cancelled`.
    /// - Complexity: O(nodes × edges) time at worst, typically a few times the edges on cycles;
    ///   O(nodes + edges) space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        try graph.requireDirected(for: "feedback-edges")
        if graph.isWeighted {
            try graph.checkFiniteWeights(for: "feedback-edges", options: options)
        }
        let incoming = try graph.requiredIncoming(for: "feedback-edges")
        var ticker = CancellationTicker(options)
        try options.checkCancellation()
        let labels = try StronglyConnectedComponents().run(on: graph, options: options).labels
        let cyclic = CyclicArcs(graph, labels)
        var weight = cyclic.loops.reduce(0) { $0 + cyclic.weight(of: $1) }
        var bound = weight
        var arcs = cyclic.loops
        if !cyclic.arcs.isEmpty {
            var ratio = LocalRatio(cyclic)
            try ratio.run(&ticker)
            bound += ratio.taken
            let backward = try LineUp.backwardArcs(cyclic, incoming, &ticker)
            var best: [Int] = []
            var least = Double.infinity
            for proposal in [ratio.usedUp, backward] {
                var order = try IncrementalOrder(cyclic, incoming, without: proposal, &ticker)
                let kept = try order.putBack(proposal, &ticker)
                let sum = kept.reduce(0) { $0 + cyclic.weight(of: $1) }
                if sum < least { (best, least) = (kept, sum) }
            }
            weight += least
            arcs += best
        }
        return Result(arcs: arcs.sorted(), weight: weight, lowerBound: min(bound, weight))
    }
}

/// The arcs inside strong components, which alone can be on cycles.
struct CyclicArcs: Sendable {
    let rows: CSRRows
    let nodeCount: Int
    private let labels: [UInt32]
    /// Arcs from a node to itself.
    let loops: [Int]
    /// All others, ascending.
    let arcs: [Int]
    /// The node each arc of the graph starts at; only those of `arcs` are looked up.
    let sources: [UInt32]

    init(_ graph: CSRGraph, _ labels: [UInt32]) {
        rows = graph.outgoing
        nodeCount = graph.nodeCount
        self.labels = labels
        var (loops, arcs): ([Int], [Int]) = ([], [])
        var sources = [UInt32](repeating: noNode, count: graph.outgoing.arcCount)
        for node in 0..<UInt32(truncatingIfNeeded: graph.nodeCount) {
            for arc in graph.outgoing.range(of: node) {
                let target = graph.outgoing.targets[arc]
                guard labels[Int(node)] == labels[Int(target)] else { continue }
                if node == target { loops.append(arc) } else { arcs.append(arc) }
                sources[arc] = node
            }
        }
        (self.loops, self.arcs, self.sources) = (loops, arcs, sources)
    }

    func weight(of arc: Int) -> Double { rows.weights?[arc] ?? 1 }

    /// Whether an arc of the graph between two nodes may be on a cycle of several nodes.
    func isInside(_ source: UInt32, _ target: UInt32) -> Bool {
        source != target && labels[Int(source)] == labels[Int(target)]
    }
}

/// Takes the weight of the lightest edge from every edge of a cycle, until there is no cycle.
struct LocalRatio {
    private let cyclic: CyclicArcs
    private var residuals: [Double]
    private(set) var taken = 0.0
    private(set) var usedUp: [Int] = []

    init(_ cyclic: CyclicArcs) {
        self.cyclic = cyclic
        residuals = (0..<cyclic.rows.arcCount).map { cyclic.weight(of: $0) }
    }

    /// Searches in depth. An edge back to the path closes a cycle; the search goes on before the
    /// first of its edges that is used up.
    mutating func run(_ ticker: inout CancellationTicker) throws(AlgorithmError) {
        let rows = cyclic.rows
        // How far each row was followed, and where each node stands on the path, from 1.
        var next = rows.offsets.span.indices.dropLast().map {
            rows.range(of: UInt32($0)).lowerBound
        }
        var places = [Int](repeating: 0, count: cyclic.nodeCount)
        // Arcs of no weight cost nothing to leave out.
        for arc in cyclic.arcs where residuals[arc] == 0 { usedUp.append(arc) }
        for start in 0..<UInt32(truncatingIfNeeded: cyclic.nodeCount) {
            var path: [(node: UInt32, arc: Int)] = [(start, -1)]
            places[Int(start)] = 1
            while let top = path.last {
                let arc = next[Int(top.node)]
                guard arc < rows.range(of: top.node).upperBound else {
                    path.removeLast()
                    places[Int(top.node)] = 0
                    // No cycle leads through it any more: its arc on the path is done with.
                    if let before = path.last { next[Int(before.node)] += 1 }
                    continue
                }
                let target = rows.targets[arc]
                try ticker.tick(4)
                guard cyclic.isInside(top.node, target), residuals[arc] > 0 else {
                    next[Int(top.node)] += 1
                    continue
                }
                let place = places[Int(target)]
                if place == 0 {
                    path.append((target, arc))
                    places[Int(target)] = path.count
                    continue
                }
                try ticker.tick(path.count - place)
                let cycle = path[place...].map(\.arc) + [arc]
                close(cycle)
                // Back to before the first edge that is used up; the arc itself stands next.
                guard let first = cycle.firstIndex(where: { residuals[$0] == 0 }) else { return }
                while path.count > place + first { places[Int(path.removeLast().node)] = 0 }
            }
        }
    }

    private mutating func close(_ cycle: [Int]) {
        let least = cycle.reduce(Double.infinity) { min($0, residuals[$1]) }
        taken += least
        for arc in cycle {
            residuals[arc] -= least
            if residuals[arc] == 0 { usedUp.append(arc) }
        }
    }
}
