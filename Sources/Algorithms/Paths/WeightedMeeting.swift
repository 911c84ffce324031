import PropertyGraph

/// Bidirectional Dijkstra: two searches take turns, the one with fewer nodes waiting goes next,
/// until no path through what they still have to see can be shorter than the best seen.
struct WeightedMeeting: MeetingSearch {
    private var forward: Side
    private var backward: Side

    init(_ outgoing: CSRRows, _ incoming: CSRRows) {
        forward = Side(outgoing)
        backward = Side(incoming)
    }

    mutating func path(
        from source: UInt32, to target: UInt32, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> [UInt32]? {
        forward.restart(at: source)
        backward.restart(at: target)
        var best = Meeting()
        if source == target { best = Meeting(cost: 0, node: source) }
        while let near = forward.nearest, let far = backward.nearest, near + far < best.cost {
            let work =
                forward.waiting <= backward.waiting
                ? forward.advance(toward: backward.distances, &best)
                : backward.advance(toward: forward.distances, &best)
            try ticker.tick(work)
        }
        guard best.node != noNode else { return nil }
        return joinHalves(best.node, forward.parents, backward.parents)
    }
}

/// The cheapest way seen through a node that both searches reached.
struct Meeting {
    var cost = Double.infinity
    var node = noNode
}

/// One of the two searches.
private struct Side {
    private let rows: CSRRows
    private var heap = DistanceHeap()
    private var touched: [UInt32] = []
    var distances: [Double]
    var parents: [UInt32]

    init(_ rows: CSRRows) {
        self.rows = rows
        distances = [Double](repeating: .infinity, count: rows.offsets.count - 1)
        parents = [UInt32](repeating: noNode, count: rows.offsets.count - 1)
    }

    var waiting: Int { heap.count }
    var nearest: Double? { heap.nearest?.distance }

    /// Forgets the last pair; only what it touched is cleared.
    mutating func restart(at node: UInt32) {
        for old in touched {
            distances[Int(old)] = .infinity
            parents[Int(old)] = noNode
        }
        touched.removeAll(keepingCapacity: true)
        heap.removeAll()
        distances[Int(node)] = 0
        parents[Int(node)] = node
        touched.append(node)
        heap.push(.init(distance: 0, node: node))
    }

    /// Settles the nearest node; returns the work done.
    mutating func advance(toward other: [Double], _ best: inout Meeting) -> Int {
        let rows = rows
        guard let entry = heap.pop(), entry.distance == distances[Int(entry.node)],
            let weights = rows.weights?.span
        else { return 1 }
        let targets = rows.targets.span
        let row = rows.range(of: entry.node)
        for arc in row {
            let target = targets[arc]
            let distance = entry.distance + weights[arc]
            let old = distances[Int(target)]
            // Nothing at or beyond the best way seen can be part of a better one.
            guard distance < old, distance < best.cost else { continue }
            if old == .infinity { touched.append(target) }
            distances[Int(target)] = distance
            parents[Int(target)] = entry.node
            heap.push(.init(distance: distance, node: target))
            let cost = distance + other[Int(target)]
            if cost < best.cost { best = Meeting(cost: cost, node: target) }
        }
        return row.count &+ 8
    }
}
