internal import GraphStore
internal import PropertyGraph

extension Execution {
    /// Every node at the end of a path, once, breadth first over a set of visited nodes.
    ///
    /// A shortest walk repeats no node and so no relationship, which is why walks do where paths
    /// without repeated relationships are meant. The start itself is at the end of a path when it
    /// lies on a cycle. Along directions any walk back to it will do; where relationships are gone
    /// over either way, going back over the one just taken is no cycle: nodes then remember by
    /// which relationship of the start they were reached, and two that differ close one.
    ///
    /// - Complexity: O(nodes + relationships within reach).
    ///
    /// - Parameter mayUseRows: Whether rows were not looked for in vain already.
    func reach<T: GraphReading & ~Copyable>(
        _ step: PathExpansion, _ txn: borrowing T, mayUseRows: Bool = true,
        _ next: () throws -> Bool
    ) throws -> Bool {
        guard let from = node(step.from) else { return true }
        let into = step.isInto ? node(step.to) : nil
        if step.isInto, into == nil { return true }
        if step.direction != .both {
            return try reachAlong(step, from, into, txn, mayUseRows: mayUseRows, next)
        }
        let most = step.maximum ?? .max
        guard most >= step.minimum else { return true }
        func give(_ end: NodeID) throws -> Bool {
            if let into {
                if into != end { return true }
            } else {
                slots[step.to] = .node(end)
            }
            return try next()
        }
        if step.minimum == 0 {
            guard try give(from) else { return false }
            if into == from { return true }
        }
        var visited = VisitedNodes(start: from)
        var level = [from]
        var depth = 0
        var keptBytes = 0
        defer { release(keptBytes) }
        /// Whether the start was given already.
        var isStartGiven = step.minimum == 0
        while !level.isEmpty, depth < most {
            depth += 1
            var following: [NodeID] = []
            for current in level {
                var isBack = false
                try forEachRelationship(of: current, step.direction, step.types, txn) { neighbor in
                    guard isUnused(neighbor.edge, in: step.distinctFrom),
                        try holds(step, neighbor.edge, txn)
                    else { return true }
                    let isNew = visited.insert(neighbor, from: current, depth: depth)
                    if isNew { following.append(neighbor.node) }
                    if !isStartGiven, !isNew {
                        let length = visited.cycle(
                            closedBy: neighbor, from: current, isDirected: step.direction != .both)
                        if let length, length <= most { isBack = true }
                    }
                    return true
                }
                if isBack, !isStartGiven {
                    isStartGiven = true
                    guard try give(from) else { return false }
                    if into == from { return true }
                }
            }
            try keep(following.count * VisitedNodes.bytesPerNode)
            keptBytes += following.count * VisitedNodes.bytesPerNode
            for end in following {
                guard try give(end) else { return false }
                if into == end { return true }
            }
            level = following
        }
        return true
    }

    /// As `reach` along directions, where any way back to the start is a cycle.
    private func reachAlong<T: GraphReading & ~Copyable>(
        _ step: PathExpansion, _ from: NodeID, _ into: NodeID?, _ txn: borrowing T,
        mayUseRows: Bool, _ next: () throws -> Bool
    ) throws -> Bool {
        if mayUseRows, let graph = try rows(for: step, txn) {
            return try reach(step, over: graph, from, into, [], next)
        }
        let isPlain = step.condition == nil && step.distinctFrom.isEmpty
        var steps: UInt64 = 0
        defer { if isPlain { wentOver(steps, step.types) } }
        let most = step.maximum ?? .max
        var marks = NodeSet(isOnly: true)
        var found: [NodeID] = []
        var wantsMore = true
        /// Whether the search is over: the end was found, or no more rows are wanted.
        func give(_ end: NodeID) throws -> Bool {
            if let into {
                guard into == end else { return false }
            } else {
                slots[step.to] = .node(end)
            }
            wantsMore = try next()
            return !wantsMore || into != nil
        }
        if step.minimum == 0 {
            _ = marks.insert(from)
            if try give(from) { return wantsMore }
        }
        var level = [from]
        var depth = 0
        var keptBytes = 0
        defer { release(keptBytes) }
        while !level.isEmpty, depth < most {
            depth += 1
            found.removeAll(keepingCapacity: true)
            for current in level {
                try forEachRelationship(of: current, step.direction, step.types, txn) { neighbor in
                    steps &+= 1
                    if !isPlain {
                        guard isUnused(neighbor.edge, in: step.distinctFrom),
                            try holds(step, neighbor.edge, txn)
                        else { return true }
                    }
                    if marks.insert(neighbor.node) { found.append(neighbor.node) }
                    return true
                }
            }
            try keep(found.count * 16)
            keptBytes += found.count * 16
            for end in found where try give(end) { return wantsMore }
            swap(&level, &found)
        }
        return true
    }

    private func holds<T: GraphReading & ~Copyable>(
        _ step: PathExpansion, _ edge: EdgeID, _ txn: borrowing T
    ) throws -> Bool {
        guard let condition = step.condition else { return true }
        slots[step.step] = .relationship(edge)
        return try holds(condition, txn)
    }
}

/// The nodes that a search has come to, and by which relationship of the start.
private struct VisitedNodes {
    private struct Visit {
        let depth: Int
        /// The relationship that led here.
        let edge: EdgeID
        /// The relationship by which the search left the start.
        let branch: EdgeID
    }

    static let bytesPerNode = 96

    private let start: NodeID
    private var visits: [NodeID: Visit] = [:]

    init(start: NodeID) { self.start = start }

    /// Notes a neighbour; false when it was known, or is the start.
    mutating func insert(_ neighbor: Neighbor, from node: NodeID, depth: Int) -> Bool {
        guard neighbor.node != start, visits[neighbor.node] == nil else { return false }
        visits[neighbor.node] = Visit(
            depth: depth, edge: neighbor.edge,
            branch: visits[node]?.branch ?? neighbor.edge)
        return true
    }

    /// The length of the cycle through the start that a relationship to a known node closes; nil
    /// when it closes none.
    func cycle(closedBy neighbor: Neighbor, from node: NodeID, isDirected: Bool) -> Int? {
        let here = visits[node]
        guard neighbor.node != start else {
            if isDirected || node == start { return (here?.depth ?? 0) + 1 }
            // Back over the relationship that led here is no cycle.
            return here?.edge == neighbor.edge ? nil : (here?.depth ?? 0) + 1
        }
        guard !isDirected, let there = visits[neighbor.node] else { return nil }
        let branch = here?.branch ?? neighbor.edge
        return branch == there.branch ? nil : (here?.depth ?? 0) + there.depth + 1
    }
}
