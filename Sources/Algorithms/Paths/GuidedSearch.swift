import PropertyGraph

/// The search for a path from one node to another that prefers nodes which look near the target.
///
/// A*: nodes are taken by distance plus estimate. A node that comes nearer after it was followed
/// is followed again, so estimates need be no more than lower bounds. Memory serves one search
/// after the other; a search costs what it visits.
///
/// - SeeAlso: Hart, Nilsson, Raphael, *A Formal Basis for the Heuristic Determination of Minimum
///   Cost Paths* (1968).
struct GuidedSearch: Sendable {
    private let rows: CSRRows
    private var heap = DistanceHeap()
    private var touched: [UInt32] = []
    private var distances: [Double]
    private var parents: [UInt32]
    private var isBlocked: [Bool]
    private var blocked: [UInt32] = []
    /// How many nodes were followed by all searches together.
    private(set) var visited = 0

    init(_ rows: CSRRows) {
        self.rows = rows
        let nodes = rows.offsets.count - 1
        distances = [Double](repeating: .infinity, count: nodes)
        parents = [UInt32](repeating: noNode, count: nodes)
        isBlocked = [Bool](repeating: false, count: nodes)
    }

    /// Where a search may not go.
    struct Fence {
        /// Nodes that may not be entered.
        var nodes: ArraySlice<UInt32> = []
        /// Nodes that may not follow the first.
        var first: Set<UInt32> = []
    }

    /// A path and its cost.
    struct Found {
        var nodes: [UInt32]
        var cost: Double
    }

    /// The cheapest path; nil when there is none.
    ///
    /// - Parameter cost: What the way to `source` costs already.
    mutating func path<Estimate: DistanceEstimate>(
        from source: UInt32, to target: UInt32, by estimate: Estimate, fence: Fence = Fence(),
        cost: Double = 0, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> Found? {
        restart(fence)
        guard estimate.distance(from: source) < .infinity else { return nil }
        reach(source, at: cost, from: source)
        heap.push(.init(distance: cost + estimate.distance(from: source), node: source))
        while let entry = heap.pop() {
            let node = entry.node
            if entry.distance > distances[Int(target)] { break }
            let start = distances[Int(node)]
            // Stale: it came nearer since, and was followed from there.
            guard entry.distance <= start + estimate.distance(from: node) else { continue }
            visited &+= 1
            if node == target { continue }
            let work = follow(node, at: start, target, estimate, node == source ? fence.first : [])
            try ticker.tick(work)
        }
        guard distances[Int(target)] < .infinity else { return nil }
        var nodes = [target]
        var node = target
        while node != source {
            node = parents[Int(node)]
            nodes.append(node)
        }
        return Found(nodes: nodes.reversed(), cost: distances[Int(target)])
    }

    private mutating func follow<Estimate: DistanceEstimate>(
        _ node: UInt32, at start: Double, _ goal: UInt32, _ estimate: Estimate,
        _ banned: Set<UInt32>
    ) -> Int {
        let rows = rows
        let targets = rows.targets.span
        let row = rows.range(of: node)
        for arc in row {
            let target = targets[arc]
            let distance = start + (rows.weights?[arc] ?? 1)
            guard distance < distances[Int(target)], !isBlocked[Int(target)],
                banned.isEmpty || !banned.contains(target)
            else { continue }
            let total = distance + estimate.distance(from: target)
            // At or beyond the best way seen nothing can be part of a better one; what cannot
            // reach the target at all has an infinite estimate.
            guard total <= distances[Int(goal)], total < .infinity else { continue }
            reach(target, at: distance, from: node)
            heap.push(.init(distance: total, node: target))
        }
        return row.count &+ 8
    }

    private mutating func reach(_ node: UInt32, at distance: Double, from parent: UInt32) {
        if distances[Int(node)] == .infinity { touched.append(node) }
        distances[Int(node)] = distance
        parents[Int(node)] = parent
    }

    private mutating func restart(_ fence: Fence) {
        for node in touched { distances[Int(node)] = .infinity }
        touched.removeAll(keepingCapacity: true)
        heap.removeAll()
        for node in blocked { isBlocked[Int(node)] = false }
        blocked = Array(fence.nodes)
        for node in blocked { isBlocked[Int(node)] = true }
    }
}
