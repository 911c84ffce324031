import PropertyGraph

/// Bidirectional breadth-first search: whole levels in turn, the one with fewer arcs next. Every
/// path no longer than the levels searched so far would have been seen, so the first meeting is on
/// a shortest path.
struct LevelMeeting: MeetingSearch, Sendable {
    private var forward: LevelSide
    private var backward: LevelSide

    init(_ outgoing: CSRRows, _ incoming: CSRRows) {
        forward = LevelSide(outgoing)
        backward = LevelSide(incoming)
    }

    mutating func path(
        from source: UInt32, to target: UInt32, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> [UInt32]? {
        try path(from: source, to: target, within: .max, &ticker)
    }

    /// As `path`, of at most so many arcs: each level of either side is one.
    mutating func path(
        from source: UInt32, to target: UInt32, within steps: Int,
        _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> [UInt32]? {
        if source == target { return [source] }
        var levels = 0
        forward.restart(at: source)
        backward.restart(at: target)
        while levels < steps, !forward.frontier.isEmpty, !backward.frontier.isEmpty {
            levels += 1
            let isForward = forward.frontierArcs <= backward.frontierArcs
            let meeting =
                isForward
                ? try forward.advance(toward: backward.parents, &ticker)
                : try backward.advance(toward: forward.parents, &ticker)
            guard let meeting else { continue }
            return joinHalves(meeting, forward.parents, backward.parents)
        }
        return nil
    }
}

/// One of the two searches.
private struct LevelSide: Sendable {
    private let rows: CSRRows
    private var touched: [UInt32] = []
    private(set) var frontier: [UInt32] = []
    private(set) var frontierArcs = 0
    var parents: [UInt32]

    init(_ rows: CSRRows) {
        self.rows = rows
        parents = [UInt32](repeating: noNode, count: rows.offsets.count - 1)
    }

    mutating func restart(at node: UInt32) {
        for old in touched { parents[Int(old)] = noNode }
        touched.removeAll(keepingCapacity: true)
        touched.append(node)
        parents[Int(node)] = node
        frontier = [node]
        frontierArcs = rows.degree(of: node)
    }

    /// Searches one level; returns the first node of it that the other side has reached.
    mutating func advance(
        toward other: [UInt32], _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> UInt32? {
        var next: [UInt32] = []
        var arcs = 0
        let rows = rows
        let targets = rows.targets.span
        for node in frontier {
            let row = rows.range(of: node)
            for arc in row {
                let target = targets[arc]
                guard parents[Int(target)] == noNode else { continue }
                parents[Int(target)] = node
                touched.append(target)
                if other[Int(target)] != noNode { return target }
                next.append(target)
                arcs += rows.degree(of: target)
            }
            try ticker.tick(row.count &+ 8)
        }
        frontier = next
        frontierArcs = arcs
        return nil
    }
}
