public import PropertyGraph

/// The cycles of a directed graph that visit no node twice, one after the other up to a limit.
///
/// From each node in turn, with those before it left out, a search goes on inside its strong
/// component and does not enter again where it found no way back, until there is one. Parallel
/// edges count once, a loop is a cycle of one node.
///
/// - SeeAlso: Johnson, *Finding All the Elementary Circuits of a Directed Graph* (1975).
public struct SimpleCycles: Hashable, Sendable {
    /// What `limit` may be.
    public static let limitRange = ParameterRange(0...10_000_000)
    /// What `maxLength` may be.
    public static let lengthRange = ParameterRange(1...4_294_967_295)

    /// How many cycles to list at most: there may be exponentially many.
    public var limit: Int
    /// How many edges a cycle may have; nil for any number.
    public var maxLength: Int?

    /// Makes the kernel; its values are checked when it runs.
    public init(limit: Int = 1000, maxLength: Int? = nil) {
        self.limit = limit
        self.maxLength = maxLength
    }

    /// The cycles.
    public struct Result: Sendable {
        /// The cycles in lexicographic order; each starts at its lowest node, has an edge from each
        /// node to the next, and one from the last to the first.
        public let cycles: [[UInt32]]
        /// Whether these are all.
        public let isComplete: Bool
    }

    /// Finds the cycles.
    ///
    /// - Throws: `.notDirected`; `.invalidParameter`; `.missingIncoming` without incoming rows;
    ///   `.cancelled`.
    /// - Complexity: O((nodes + edges) × (cycles + nodes on cycles)) time, O(nodes + edges) space
    ///   beside the cycles; with a `maxLength` the searches may meet dead ends beyond that.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        try Self.limitRange.check(Double(limit), name: "limit")
        if let maxLength { try Self.lengthRange.check(Double(maxLength), name: "max-length") }
        try graph.requireDirected(for: "cycles")
        let incoming = try graph.requiredIncoming(for: "cycles")
        let labels = try StronglyConnectedComponents().run(on: graph, options: options).labels
        var sizes = [UInt32](repeating: 0, count: graph.nodeCount)
        for label in labels { sizes[Int(label)] += 1 }
        var search = CircuitSearch(
            graph.outgoing, incoming, labels, limit: limit, maxLength: maxLength)
        var ticker = CancellationTicker(options)
        try options.checkCancellation()
        for start in 0..<UInt32(truncatingIfNeeded: graph.nodeCount)
        where sizes[Int(labels[Int(start)])] > 1 || graph.outgoing.hasArc(from: start, to: start) {
            try search.collect(from: start, &ticker)
            if search.isCut { break }
        }
        return Result(cycles: search.cycles, isComplete: !search.isCut)
    }
}

/// Collects the cycles whose lowest node is a given one.
private struct CircuitSearch {
    private let rows: CSRRows
    private let incoming: CSRRows
    private let labels: [UInt32]
    private let limit: Int
    private let maxLength: Int?
    private(set) var cycles: [[UInt32]] = []
    private(set) var isCut = false
    /// How many edges lead back to the start at least; `noNode` outside of its component.
    private var back: [UInt32]
    private var inside: [UInt32] = []
    private var isBlocked: [Bool]
    /// Whom to unblock together with a node.
    private var waiting: [[UInt32]]

    init(
        _ rows: CSRRows, _ incoming: CSRRows, _ labels: [UInt32], limit: Int, maxLength: Int?
    ) {
        self.rows = rows
        self.incoming = incoming
        self.labels = labels
        self.limit = limit
        self.maxLength = maxLength
        back = [UInt32](repeating: noNode, count: labels.count)
        isBlocked = [Bool](repeating: false, count: labels.count)
        waiting = [[UInt32]](repeating: [], count: labels.count)
    }

    mutating func collect(
        from start: UInt32, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        try findWaysBack(to: start, &ticker)
        defer {
            for node in inside {
                back[Int(node)] = noNode
                isBlocked[Int(node)] = false
                waiting[Int(node)] = []
            }
        }
        var path = [Step(node: start, row: rows.range(of: start))]
        isBlocked[Int(start)] = true
        while let top = path.last {
            try ticker.tick(8)
            guard let arc = nextArc(top, start, path.count) else {
                path.removeLast()
                leave(top, &path)
                continue
            }
            let next = rows.targets[arc]
            // Parallel arcs stand side by side; one of them is enough.
            var rest = arc + 1
            while rest < top.row.upperBound, rows.targets[rest] == next { rest += 1 }
            path[path.count - 1].row = rest..<top.row.upperBound
            if next == start {
                path[path.count - 1].foundCycle = true
                guard cycles.count < limit else {
                    isCut = true
                    return
                }
                cycles.append(path.map(\.node))
            } else {
                isBlocked[Int(next)] = true
                path.append(Step(node: next, row: rows.range(of: next)))
            }
        }
    }

    private struct Step {
        var node: UInt32
        var row: Range<Int>
        var foundCycle = false
    }

    /// The next arc of a step that stays in the component and may lead back in time.
    private func nextArc(_ step: Step, _ start: UInt32, _ length: Int) -> Int? {
        step.row.first { arc in
            let next = rows.targets[arc]
            guard back[Int(next)] != noNode, next == start || !isBlocked[Int(next)]
            else { return false }
            return maxLength.map { length + Int(back[Int(next)]) <= $0 } ?? true
        }
    }

    /// A node from which a cycle was found may be entered again; another has to wait until one of
    /// its successors may. Bounded cycles are searched without waiting: a node that had no way
    /// back in few steps may have one when it is met earlier.
    private mutating func leave(_ step: Step, _ path: inout [Step]) {
        if step.foundCycle || maxLength != nil {
            if !path.isEmpty, step.foundCycle { path[path.count - 1].foundCycle = true }
            unblock(step.node)
        } else {
            for arc in rows.range(of: step.node) {
                let next = Int(rows.targets[arc])
                guard back[next] != noNode, waiting[next].last != step.node else { continue }
                waiting[next].append(step.node)
            }
        }
    }

    private mutating func unblock(_ node: UInt32) {
        var stack = [node]
        while let node = stack.popLast() {
            guard isBlocked[Int(node)] else { continue }
            isBlocked[Int(node)] = false
            stack += waiting[Int(node)]
            waiting[Int(node)] = []
        }
    }

    /// Finds the nodes from the start on, in order of index, that lead back to it; those it does
    /// not lead to are never met.
    private mutating func findWaysBack(
        to start: UInt32, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        inside = [start]
        back[Int(start)] = 0
        var head = 0
        while head < inside.count {
            let node = inside[head]
            head += 1
            for arc in incoming.range(of: node) {
                let before = incoming.targets[arc]
                guard before > start, back[Int(before)] == noNode,
                    labels[Int(before)] == labels[Int(start)]
                else { continue }
                back[Int(before)] = back[Int(node)] + 1
                inside.append(before)
            }
            try ticker.tick(incoming.degree(of: node) &+ 1)
        }
    }
}
