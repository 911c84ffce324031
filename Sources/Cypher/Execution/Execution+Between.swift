internal import GraphStore
internal import PropertyGraph

// Relationships between two nodes that are bound already.

/// The neighbours of a node for one step of a plan, kept while the step is asked of it again.
struct NeighborList {
    /// The nodes at the two ends when the step was asked last.
    var from: NodeID
    var into: NodeID
    /// Whether the neighbours are those of `into`, from which relationships run backwards.
    var isBackward = false
    /// Ascending by node; nil as long as nobody has asked twice.
    var neighbors: [Neighbor]?

    /// A node with more neighbours is read anew each time.
    static let mostNeighbors = 1 << 16
}

extension Execution {
    /// Gives each relationship between two nodes.
    ///
    /// Who asks a second time from the same node (or to the same) will most often ask again, for
    /// each of many nodes at the other end: then its neighbours are kept in order, and each
    /// question is a binary search. Nothing is kept where the graph may change in between.
    func connect<T: GraphReading & ~Copyable>(
        _ step: Expansion, _ from: NodeID, _ into: NodeID, _ txn: borrowing T,
        _ next: () throws -> Bool
    ) throws -> Bool {
        if let (list, end) = try neighbors(step, from, into, txn) {
            try tick(1)
            var place = list.lowerBound(of: end)
            while place < list.count, list[place].node == end {
                guard try give(list[place].edge, step, next) else { return false }
                place += 1
            }
            return true
        }
        var wantsMore = true
        try forEachRelationship(of: from, step.direction, step.types, txn) { neighbor in
            guard neighbor.node == into else { return true }
            wantsMore = try give(neighbor.edge, step, next)
            return wantsMore
        }
        return wantsMore
    }

    private func give(
        _ edge: EdgeID, _ step: Expansion, _ next: () throws -> Bool
    ) throws -> Bool {
        guard isUnused(edge, in: step.distinctFrom) else { return true }
        slots[step.relationship] = .relationship(edge)
        return try next()
    }

    /// The neighbours of one end and the other end, if they are kept or worth keeping.
    private func neighbors<T: GraphReading & ~Copyable>(
        _ step: Expansion, _ from: NodeID, _ into: NodeID, _ txn: borrowing T
    ) throws -> ([Neighbor], NodeID)? {
        guard isReading else { return nil }
        guard let known = neighborLists[step.relationship] else {
            neighborLists[step.relationship] = NeighborList(from: from, into: into)
            return nil
        }
        if let list = known.neighbors {
            if known.isBackward, known.into == into { return (list, from) }
            if !known.isBackward, known.from == from { return (list, into) }
            release(list.count * MemoryLayout<Neighbor>.stride)
        }
        var new = NeighborList(from: from, into: into)
        defer { neighborLists[step.relationship] = new }
        guard known.from == from || known.into == into else { return nil }
        new.isBackward = known.from != from
        let node = new.isBackward ? into : from
        let direction = new.isBackward ? step.direction.opposite : step.direction
        guard try txn.degree(of: node, direction) <= NeighborList.mostNeighbors else { return nil }
        var list: [Neighbor] = []
        try forEachRelationship(of: node, direction, step.types, txn) {
            list.append($0)
            return true
        }
        try keep(list.count * MemoryLayout<Neighbor>.stride)
        list.sort { ($0.node, $0.edge) < ($1.node, $1.edge) }
        new.neighbors = list
        return (list, new.isBackward ? from : into)
    }
}

extension [Neighbor] {
    /// The place of the first that is not before a node.
    fileprivate func lowerBound(of node: NodeID) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].node < node { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
