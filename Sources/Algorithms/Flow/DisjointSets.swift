/// Which nodes hang together so far, joined pair by pair.
///
/// - SeeAlso: Tarjan, van Leeuwen, *Worst-Case Analysis of Set Union Algorithms* (1984).
struct DisjointSets: Sendable {
    private var parents: [UInt32]

    init(count: Int) { parents = (0..<count).map { UInt32(truncatingIfNeeded: $0) } }

    /// The node that stands for the set of a node.
    mutating func root(of node: UInt32) -> UInt32 {
        var node = node
        while parents[Int(node)] != node {
            // Halving the path: every other node moves up by one.
            let above = parents[Int(parents[Int(node)])]
            parents[Int(node)] = above
            node = above
        }
        return node
    }

    /// Joins the sets of two nodes under the lower root; false when they are one already.
    mutating func join(_ first: UInt32, _ second: UInt32) -> Bool {
        let (first, second) = (root(of: first), root(of: second))
        guard first != second else { return false }
        parents[Int(max(first, second))] = min(first, second)
        return true
    }
}
