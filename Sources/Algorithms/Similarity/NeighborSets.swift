import PropertyGraph

/// The neighbours of each node, distinct and without the node itself, and who has a node as one.
struct NeighborSets: Sendable {
    private let measure: NodeSimilarity.Measure
    private let rows: CSRRows
    private let holders: CSRRows
    /// What a common neighbour counts.
    private let worth: [Double]

    init(
        _ graph: CSRGraph, _ kernel: NodeSimilarity, options: RunOptions
    ) throws(AlgorithmError) {
        measure = kernel.measure
        if kernel.direction == .both || !graph.isDirected {
            let simple = try SimpleRows(graph, for: kernel.measure.rawValue, options: options)
            rows = CSRRows(offsets: simple.offsets, targets: simple.targets)
            holders = rows
        } else {
            let incoming = try graph.requiredIncoming(for: kernel.measure.rawValue)
            let out = Self.sets(graph.outgoing)
            let into = Self.sets(incoming)
            (rows, holders) = kernel.direction == .out ? (out, into) : (into, out)
        }
        let holders = holders
        let measure = measure
        worth = (0..<graph.nodeCount).map { node in
            let degree = Double(holders.degree(of: UInt32(truncatingIfNeeded: node)))
            return Self.worth(of: degree, measure)
        }
    }

    private static func worth(of degree: Double, _ measure: NodeSimilarity.Measure) -> Double {
        switch measure {
        case .jaccard, .overlap, .cosine: 1
        case .adamicAdar: degree > 1 ? 1 / naturalLogarithm(degree) : 0
        case .resourceAllocation: degree > 0 ? 1 / degree : 0
        }
    }

    /// Rows without repetitions and loops.
    private static func sets(_ rows: CSRRows) -> CSRRows {
        var ends: [UInt64] = [0]
        var targets: [UInt32] = []
        for node in 0..<UInt32(truncatingIfNeeded: rows.offsets.count - 1) {
            let first = targets.count
            for arc in rows.range(of: node) {
                let target = rows.targets[arc]
                let isNew = targets.count == first || targets[targets.count - 1] != target
                if target != node, isNew { targets.append(target) }
            }
            ends.append(UInt64(targets.count))
        }
        return CSRRows(offsets: CSRBuffer(ends), targets: CSRBuffer(targets))
    }

    var nodeCount: Int { worth.count }
    var arcCount: Int { rows.arcCount }

    func degree(_ node: UInt32) -> Int { rows.degree(of: node) }

    func isNeighbor(_ node: UInt32, of other: UInt32) -> Bool {
        rows.hasArc(from: other, to: node)
    }

    /// How alike two nodes are: their rows are merged.
    func score(_ left: UInt32, _ right: UInt32) -> Double {
        let (a, b) = (rows.range(of: left), rows.range(of: right))
        var (i, j) = (a.lowerBound, b.lowerBound)
        var sum = 0.0
        while i < a.upperBound, j < b.upperBound {
            let (x, y) = (rows.targets[i], rows.targets[j])
            if x == y { sum += worth[Int(x)] }
            if x <= y { i += 1 }
            if y <= x { j += 1 }
        }
        return score(of: sum, a.count, b.count)
    }

    /// How alike two nodes are by the worth of their common neighbours and their degrees.
    func score(of sum: Double, _ left: Int, _ right: Int) -> Double {
        guard sum > 0 else { return 0 }
        switch measure {
        case .jaccard: return sum / (Double(left + right) - sum)
        case .overlap: return sum / Double(min(left, right))
        case .cosine: return sum / (Double(left) * Double(right)).squareRoot()
        case .adamicAdar, .resourceAllocation: return sum
        }
    }

    /// Adds the worth of each neighbour of a node to whoever has it as one too; neighbours in
    /// ascending order, so that sums round as they do for a pair. Returns the work done.
    func spread(
        from node: UInt32, into sums: inout [Double], touched: inout [UInt32]
    ) -> Int {
        var span = sums.mutableSpan
        let targets = holders.targets.span
        var work = 1
        for arc in rows.range(of: node) {
            let common = rows.targets[arc]
            let share = worth[Int(common)]
            let row = holders.range(of: common)
            work &+= row.count
            for place in row {
                let other = targets[place]
                let old = span[Int(other)]
                // Sums begin below zero, so that a worth of 0 touches a node too.
                if old < 0 { touched.append(other) }
                span[Int(other)] = max(old, 0) + share
            }
        }
        return work
    }
}

/// Finds the nodes most alike to one after the other.
struct AlikeSearch {
    private let neighbors: NeighborSets
    private let count: Int
    private let skipsNeighbors: Bool
    private var sums: [Double]
    private var touched: [UInt32] = []

    init(_ neighbors: NeighborSets, count: Int, skipsNeighbors: Bool) {
        self.neighbors = neighbors
        self.count = count
        self.skipsNeighbors = skipsNeighbors
        sums = [Double](repeating: -1, count: neighbors.nodeCount)
    }

    mutating func mostAlike(
        to node: UInt32, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> [AlikeNode] {
        let work = neighbors.spread(from: node, into: &sums, touched: &touched)
        var best: [AlikeNode] = []
        let degree = neighbors.degree(node)
        for other in touched {
            let sum = sums[Int(other)]
            sums[Int(other)] = -1
            guard other != node, sum > 0 else { continue }
            let score = neighbors.score(of: sum, degree, neighbors.degree(other))
            let alike = AlikeNode(node: other, score: score)
            if best.count == count, let last = best.last, !(alike < last) { continue }
            if skipsNeighbors, neighbors.isNeighbor(other, of: node) { continue }
            AlikeNode.keep(alike, in: &best, count: count)
        }
        touched.removeAll(keepingCapacity: true)
        try ticker.tick(work)
        return best
    }
}
