internal import PropertyGraph

/// A set of nodes: a bit each, for ids are dense; those far beyond stand in a set.
private struct NodeMarks {
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

/// Nodes by their hash, in one array that is at most half full: a quarter of the cost of a `Set`,
/// and nothing to clear but what is used.
private struct NodeTable {
    /// Ids, each with 1 added; 0 where free.
    private var slots: [UInt64]
    private var count = 0

    init(of nodes: [NodeID]) {
        slots = [UInt64](repeating: 0, count: 64)
        for node in nodes { _ = insert(node) }
    }

    /// Adds a node; false when it was there.
    mutating func insert(_ node: NodeID) -> Bool {
        guard place(node.rawValue &+ 1) else { return false }
        count += 1
        if count * 2 > slots.count { grow() }
        return true
    }

    private mutating func place(_ key: UInt64) -> Bool {
        let mask = slots.count - 1
        // Ids follow one another, and the product spreads them.
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while slots[slot] != 0 {
            if slots[slot] == key { return false }
            slot = (slot + 1) & mask
        }
        slots[slot] = key
        return true
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt64](repeating: 0, count: old.count * 4)
        for key in old where key != 0 { _ = place(key) }
    }

    var nodes: [NodeID] { slots.lazy.filter { $0 != 0 }.map { NodeID($0 &- 1) } }
    var nodeCount: Int { count }
}

/// A set of nodes that only grows: a list of few, a table of more, and a bit each of many where
/// there is but one such set.
struct NodeSet {
    private enum Many {
        case none
        case table(NodeTable)
        case marks(NodeMarks)
    }

    private var few: [NodeID] = []
    private var many = Many.none
    /// Whether there is but one such set, so that it may take a bit for each node.
    private let isOnly: Bool
    private static let mostOfFew = 12
    private static let mostOfTable = 1 << 14

    init(isOnly: Bool = false) { self.isOnly = isOnly }

    /// Adds a node; false when it was there.
    mutating func insert(_ node: NodeID) -> Bool {
        switch many {
        case .none:
            if few.contains(node) { return false }
            few.append(node)
            if few.count > Self.mostOfFew { many = .table(NodeTable(of: few)) }
            return true
        case .table(var table):
            // Out of its place, so that it is changed and not copied.
            many = .none
            let isNew = table.insert(node)
            if isOnly, table.nodeCount > Self.mostOfTable {
                var marks = NodeMarks()
                for node in table.nodes { marks.insert(node) }
                many = .marks(marks)
            } else {
                many = .table(table)
            }
            return isNew
        case .marks(var marks):
            many = .none
            let isNew = marks.insert(node)
            many = .marks(marks)
            return isNew
        }
    }
}
