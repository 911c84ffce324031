public import PropertyGraph

/// The truss number of each edge: the largest k for which it belongs to a part of the graph where
/// every edge is in at least k - 2 triangles.
///
/// Edges in no triangle have 2. Directions and parallel edges make no difference; loops are left
/// out.
///
/// - SeeAlso: Cohen, *Trusses: Cohesive Subgraphs for Social Network Analysis* (2008); Wang,
///   Cheng, *Truss Decomposition in Massive Networks* (2012).
public struct TrussDecomposition: Hashable, Sendable {
    /// Makes the kernel; it has no parameters.
    public init() {}

    /// The truss numbers.
    public struct Result: Sendable {
        /// For each arc of `graph.outgoing` the truss number of its nodes' edge; 0 for a loop.
        public let trusses: [UInt32]
        /// The largest; 0 without edges.
        public let largest: Int
        /// How many pairs of joined nodes have the largest.
        public let innermostSize: Int
    }

    /// Peels the edges, those in fewest triangles first.
    ///
    /// - Throws: `.missingIncoming` on a directed graph without incoming rows; `.tooLarge` beyond
    ///   2³² arcs; `.cancelled`.
    /// - Complexity: O(edges × √edges × log degree) time, O(nodes + edges) extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        let rows = try SimpleRows(graph, for: "ktruss", options: options)
        guard rows.arcCount < Int(UInt32.max) else {
            throw AlgorithmError(
                .tooLarge, "Cannot run ktruss: the graph has \(rows.arcCount) arcs, beyond 2³² - 2."
            )
        }
        var peeling = try TrussPeeling(rows, options)
        try peeling.run(options)
        let outgoing = graph.outgoing
        var trusses = [UInt32](repeating: 0, count: outgoing.arcCount)
        var ticker = CancellationTicker(options)
        for node in 0..<UInt32(truncatingIfNeeded: graph.nodeCount) {
            var simple = rows.range(of: Int(node)).lowerBound
            for arc in outgoing.range(of: node) where outgoing.targets[arc] != node {
                while rows.targets[simple] < outgoing.targets[arc] { simple += 1 }
                trusses[arc] = peeling.support(ofArc: simple) + 2
            }
            try ticker.tick(outgoing.degree(of: node) + 1)
        }
        return Result(
            trusses: trusses, largest: peeling.edgeCount == 0 ? 0 : Int(peeling.level) + 2,
            innermostSize: peeling.innermost)
    }
}

/// The state of peeling: edges sorted by how many triangles they are still in.
private struct TrussPeeling {
    private let rows: SimpleRows
    /// The edge of each arc; both arcs of an edge have the same.
    private let edges: [UInt32]
    private let sources: [UInt32]
    /// The arc from the lower end of each edge.
    private let arcs: [UInt32]
    /// In how many triangles each edge is; comes to rest at its truss number less 2.
    private var supports: [UInt32]
    private var isGone: [Bool]
    /// The edges by support, where each stands there, and where each support starts.
    private var order: [UInt32] = []
    private var places: [UInt32] = []
    private var starts: [UInt32] = []
    private(set) var level: UInt32 = 0
    private(set) var innermost = 0

    var edgeCount: Int { supports.count }

    func support(ofArc arc: Int) -> UInt32 { supports[Int(edges[arc])] }

    init(_ rows: SimpleRows, _ options: RunOptions) throws(AlgorithmError) {
        self.rows = rows
        var edges = [UInt32](repeating: 0, count: rows.arcCount)
        var (sources, arcs) = ([UInt32](), [UInt32]())
        var back = (0..<rows.nodeCount).map { rows.range(of: $0).lowerBound }
        for node in 0..<rows.nodeCount {
            for arc in rows.range(of: node) where rows.targets[arc] > node {
                let target = Int(rows.targets[arc])
                // Sources come ascending, and so do the targets of the row back.
                edges[arc] = UInt32(truncatingIfNeeded: arcs.count)
                edges[back[target]] = edges[arc]
                back[target] += 1
                sources.append(UInt32(truncatingIfNeeded: node))
                arcs.append(UInt32(truncatingIfNeeded: arc))
            }
        }
        (self.edges, self.sources, self.arcs) = (edges, sources, arcs)
        supports = [UInt32](repeating: 0, count: arcs.count)
        isGone = [Bool](repeating: false, count: arcs.count)
        try countTriangles(options)
        sortBySupport()
    }

    /// Merges the rows of both ends of each edge.
    private mutating func countTriangles(_ options: RunOptions) throws(AlgorithmError) {
        var ticker = CancellationTicker(options)
        try options.checkCancellation()
        let (rows, edges) = (rows, edges)
        for edge in arcs.indices {
            let arc = Int(arcs[edge])
            let (first, second) = (Int(sources[edge]), Int(rows.targets[arc]))
            let work = addTriangles(
                arc + 1..<rows.range(of: first).upperBound, rows.range(of: second), edge,
                rows.targets.span, edges, &supports)
            try ticker.tick(work)
        }
    }

    private mutating func sortBySupport() {
        let most = Int(supports.max() ?? 0)
        starts = [UInt32](repeating: 0, count: most + 2)
        for support in supports { starts[Int(support) + 1] += 1 }
        for support in 1..<starts.count { starts[support] += starts[support - 1] }
        order = [UInt32](repeating: 0, count: supports.count)
        places = order
        var next = starts
        for edge in supports.indices {
            let place = next[Int(supports[edge])]
            next[Int(supports[edge])] += 1
            order[Int(place)] = UInt32(truncatingIfNeeded: edge)
            places[edge] = place
        }
    }

    mutating func run(_ options: RunOptions) throws(AlgorithmError) {
        var ticker = CancellationTicker(options)
        for place in order.indices {
            let edge = order[place]
            let support = supports[Int(edge)]
            if support > level { (level, innermost) = (support, 0) }
            innermost += 1
            try ticker.tick(release(edge))
            isGone[Int(edge)] = true
        }
    }

    /// Takes an edge out of its triangles; returns the work done.
    private mutating func release(_ edge: UInt32) -> Int {
        var few = sources[Int(edge)]
        var many = rows.targets[Int(arcs[Int(edge)])]
        if rows.degree(of: Int(few)) > rows.degree(of: Int(many)) { swap(&few, &many) }
        let floor = supports[Int(edge)]
        for arc in rows.range(of: Int(few)) {
            let side = edges[arc]
            guard !isGone[Int(side)], side != edge,
                let other = rows.arc(from: many, to: rows.targets[arc])
            else { continue }
            let across = edges[other]
            guard !isGone[Int(across)] else { continue }
            if supports[Int(side)] > floor { lower(side) }
            if supports[Int(across)] > floor { lower(across) }
        }
        return rows.degree(of: Int(few)) * 4 + 1
    }

    /// Moves an edge to the end of the next lower support.
    private mutating func lower(_ edge: UInt32) {
        let support = Int(supports[Int(edge)])
        let place = places[Int(edge)]
        let first = starts[support]
        let swapped = order[Int(first)]
        order[Int(first)] = edge
        order[Int(place)] = swapped
        places[Int(edge)] = first
        places[Int(swapped)] = place
        starts[support] += 1
        supports[Int(edge)] -= 1
    }
}

/// Adds the triangles of an edge whose third corner is beyond its upper end, to all three edges.
private func addTriangles(
    _ first: Range<Int>, _ second: Range<Int>, _ edge: Int, _ targets: Span<UInt32>,
    _ edges: [UInt32], _ supports: inout [UInt32]
) -> Int {
    var left = first.lowerBound
    var right = second.lowerBound
    let numbers = edges.span
    var counts = supports.mutableSpan
    while left < first.upperBound, right < second.upperBound {
        let (low, high) = (targets[left], targets[right])
        if low == high {
            counts[edge] &+= 1
            counts[Int(numbers[left])] &+= 1
            counts[Int(numbers[right])] &+= 1
        }
        left &+= low <= high ? 1 : 0
        right &+= high <= low ? 1 : 0
    }
    return first.count + second.count
}
