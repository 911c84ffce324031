internal import PropertyGraph

/// A set of nodes: a bit each, for ids are dense; those far beyond stand in a set.
struct NodeMarks {
    private var bits: [UInt64] = []
    private var far: Set<NodeID> = []
    /// A bit for each id below takes 8 MB at most.
    private static let mostBits: UInt64 = 1 << 26

    /// Adds a node; false when it was there.
    @discardableResult
    mutating func insert(_ node: NodeID) -> Bool {
        guard node.rawValue < Self.mostBits else { return far.insert(node).inserted }
        let place = Int(node.rawValue >> 6)
        let bit = UInt64(1) << (node.rawValue & 63)
        if place >= bits.count {
            let count = max(place + 1, bits.count * 2, 64)
            bits.append(contentsOf: repeatElement(0, count: count - bits.count))
        }
        if bits[place] & bit != 0 { return false }
        bits[place] |= bit
        return true
    }
}

/// A set of nodes for an aggregate: a list of few, and a bit each where there is but one group.
struct NodeSet {
    private var few: [NodeID] = []
    private var many: Set<NodeID> = []
    private var marks = NodeMarks()
    /// Whether there is but one such set, so that it may take a bit for each node.
    var isOnly = false
    private static let mostOfFew = 12

    /// Adds a node; false when it was there.
    mutating func insert(_ node: NodeID) -> Bool {
        if few.count <= Self.mostOfFew {
            if few.contains(node) { return false }
            few.append(node)
            if few.count > Self.mostOfFew {
                for node in few { _ = insertAmongMany(node) }
            }
            return true
        }
        return insertAmongMany(node)
    }

    private mutating func insertAmongMany(_ node: NodeID) -> Bool {
        isOnly ? marks.insert(node) : many.insert(node).inserted
    }
}
