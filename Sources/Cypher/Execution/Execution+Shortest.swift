internal import GraphStore
internal import PropertyGraph

extension Execution {
    /// The shortest paths between two bound nodes, breadth first.
    func shortestPaths<T: GraphReading & ~Copyable>(
        _ search: ShortestSearch, _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool {
        guard let from = node(search.from), let to = node(search.to) else { return true }
        if search.count == 1 {
            return try allShortest(
                search, from, to, most: search.isGrouped ? nil : 1, txn, next)
        }
        return try manyShortest(search, from, to, txn, next)
    }

    /// All paths of the shortest length, or `most` of them: levels of nodes with all the ways that
    /// lead to each, walked back from the end.
    private func allShortest<T: GraphReading & ~Copyable>(
        _ search: ShortestSearch, _ from: NodeID, _ to: NodeID, most: Int?, _ txn: borrowing T,
        _ next: () throws -> Bool
    ) throws -> Bool {
        if search.minimum > 1 || (from == to && search.minimum == 1) {
            return try manyShortest(search, from, to, txn, next)
        }
        if most == 1, from != to {
            guard let edges = try meeting(search, from, to, txn) else { return true }
            slots[search.relationships] = .list(edges.map { .relationship($0) })
            return try next()
        }
        var keptBytes = 0
        defer { release(keptBytes) }
        var depths: [NodeID: Int] = [from: 0]
        var ways: [NodeID: [Neighbor]] = [:]
        var level = [from]
        var depth = 0
        while depths[to] == nil, !level.isEmpty, depth < search.maximum ?? .max {
            depth += 1
            var following: [NodeID] = []
            for node in level {
                try forEachStep(of: node, search, search.direction, txn) { neighbor in
                    if let known = depths[neighbor.node] {
                        if known == depth, most != 1 {
                            ways[neighbor.node]?.append(Neighbor(node: node, edge: neighbor.edge))
                        }
                        return true
                    }
                    depths[neighbor.node] = depth
                    ways[neighbor.node] = [Neighbor(node: node, edge: neighbor.edge)]
                    following.append(neighbor.node)
                    try keep(160)
                    keptBytes += 160
                    // One way is enough when one path is wanted.
                    return most != 1 || neighbor.node != to
                }
                if most == 1, depths[to] != nil { break }
            }
            level = following
        }
        guard depths[to] != nil else { return true }
        var left = most ?? .max
        return try walkBack(to, from, [], ways) { edges in
            guard left > 0 else { return true }
            left -= 1
            slots[search.relationships] = .list(edges.map { .relationship($0) })
            return try next()
        }
    }

    private func walkBack(
        _ node: NodeID, _ start: NodeID, _ edges: [EdgeID], _ ways: [NodeID: [Neighbor]],
        _ emit: ([EdgeID]) throws -> Bool
    ) throws -> Bool {
        // A list of what is still to be done, so that long paths need no deep stack.
        var open: [(node: NodeID, edges: [EdgeID])] = [(node, edges)]
        while let (node, edges) = open.popLast() {
            try tick()
            if node == start {
                guard try emit(edges.reversed()) else { return false }
                continue
            }
            for way in (ways[node] ?? []).reversed() {
                open.append((way.node, edges + [way.edge]))
            }
        }
        return true
    }

    func forEachStep<T: GraphReading & ~Copyable>(
        of node: NodeID, _ search: ShortestSearch, _ direction: Direction,
        _ txn: borrowing T, _ body: (Neighbor) throws -> Bool
    ) throws {
        try forEachRelationship(of: node, direction, search.types, txn) { neighbor in
            if let condition = search.condition {
                slots[search.step] = .relationship(neighbor.edge)
                guard try holds(condition, txn) else { return true }
            }
            return try body(neighbor)
        }
    }

    /// Paths without repeated relationships in order of length, level by level: for more than the
    /// shortest, and where a least length is asked for.
    private func manyShortest<T: GraphReading & ~Copyable>(
        _ search: ShortestSearch, _ from: NodeID, _ to: NodeID, _ txn: borrowing T,
        _ next: () throws -> Bool
    ) throws -> Bool {
        var paths: [(end: NodeID, edges: [EdgeID])] = [(from, [])]
        var left = search.count ?? 1
        var length = 0
        while !paths.isEmpty, left > 0 {
            if length >= search.minimum {
                var isFound = false
                for path in paths where path.end == to && (left > 0 || search.isGrouped) {
                    slots[search.relationships] = .list(path.edges.map { .relationship($0) })
                    guard try next() else { return false }
                    isFound = true
                    if !search.isGrouped { left -= 1 }
                }
                if search.isGrouped, isFound { left -= 1 }
            }
            guard left > 0, length < search.maximum ?? .max else { return true }
            length += 1
            var longer: [(end: NodeID, edges: [EdgeID])] = []
            for path in paths {
                try forEachStep(of: path.end, search, search.direction, txn) { neighbor in
                    guard !path.edges.contains(neighbor.edge) else { return true }
                    try keep(32 + path.edges.count * 8)
                    longer.append((neighbor.node, path.edges + [neighbor.edge]))
                    return true
                }
            }
            paths = longer
        }
        return true
    }
}
