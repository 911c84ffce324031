internal import GraphStore
internal import PropertyGraph

extension Execution {
    /// One shortest path between two nodes, searched from both ends, always from the side with
    /// fewer nodes at its edge (Pohl 1971). Nil when there is none of at most the length.
    ///
    /// - Complexity: O(nodes and relationships within half of the length of either end).
    func meeting<T: GraphReading & ~Copyable>(
        _ search: ShortestSearch, _ from: NodeID, _ to: NodeID, _ txn: borrowing T
    ) throws -> [EdgeID]? {
        let isPlain = search.condition == nil && search.direction != .both
        if isPlain, let graph = try relationships(search.types, txn) {
            return try meeting(search, over: graph, from, to)
        }
        var steps: UInt64 = 0
        defer { if isPlain { wentOver(steps, search.types) } }
        var sides = [SearchSide(from), SearchSide(to)]
        let directions = [search.direction, search.direction.opposite]
        var keptBytes = 0
        defer { release(keptBytes) }
        while sides[0].depth + sides[1].depth < search.maximum ?? .max,
            !sides[0].level.isEmpty, !sides[1].level.isEmpty
        {
            let side = sides[0].level.count <= sides[1].level.count ? 0 : 1
            var best: (length: Int, from: NodeID, over: Neighbor)?
            var following: [NodeID] = []
            sides[side].depth += 1
            let depth = sides[side].depth
            for node in sides[side].level {
                try forEachStep(of: node, search, directions[side], txn) { neighbor in
                    steps &+= 1
                    if let other = sides[1 - side].visits[neighbor.node] {
                        let length = depth + other.depth
                        if best == nil || length < best?.length ?? 0 {
                            best = (length, node, neighbor)
                        }
                        return true
                    }
                    guard sides[side].visits[neighbor.node] == nil else { return true }
                    sides[side].visits[neighbor.node] = SearchSide.Visit(
                        depth: depth, before: node, edge: neighbor.edge)
                    following.append(neighbor.node)
                    return true
                }
            }
            if let best {
                let near = sides[side].edges(to: best.from)
                let far = sides[1 - side].edges(to: best.over.node)
                return side == 0
                    ? near + [best.over.edge] + far.reversed()
                    : far + [best.over.edge] + near.reversed()
            }
            try keep(following.count * SearchSide.bytesPerNode)
            keptBytes += following.count * SearchSide.bytesPerNode
            sides[side].level = following
        }
        return nil
    }
}

/// One of the two searches of a meeting.
private struct SearchSide {
    struct Visit {
        let depth: Int
        let before: NodeID
        let edge: EdgeID
    }

    static let bytesPerNode = 96

    private let start: NodeID
    var visits: [NodeID: Visit]
    var level: [NodeID]
    var depth = 0

    init(_ start: NodeID) {
        self.start = start
        visits = [start: Visit(depth: 0, before: start, edge: EdgeID(0))]
        level = [start]
    }

    /// The relationships from the start to a node it has come to.
    func edges(to node: NodeID) -> [EdgeID] {
        var edges: [EdgeID] = []
        var current = node
        while current != start, let visit = visits[current] {
            edges.append(visit.edge)
            current = visit.before
        }
        return edges.reversed()
    }
}

extension Direction {
    /// The same relationships from their other ends.
    var opposite: Direction {
        switch self {
        case .outgoing: .incoming
        case .incoming: .outgoing
        case .both: .both
        }
    }
}
