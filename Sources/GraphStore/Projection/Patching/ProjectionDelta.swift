internal import LMDB
internal import PropertyGraph

/// What became of a projection since an earlier position: its edges one by one, its nodes as lists.
struct ProjectionDelta {
    /// An edge that came, went, or got another weight.
    struct Edge {
        let id: UInt64
        /// As stored, whatever the projection's direction.
        let source: UInt64
        let target: UInt64
        /// The weight it had; nil when it was not there. 0 in an unweighted projection.
        let before: Double?
        /// The weight it has; nil when it is gone.
        let after: Double?
    }

    /// Ascending by id.
    var edges: [Edge] = []
    /// Nodes that came; ascending, and above all that were there.
    var addedNodes: [UInt64] = []
    /// Nodes that went; ascending.
    var removedNodes: [UInt64] = []
    /// Whether a column over the nodes may hold other values.
    var changesNodeValues = false

    /// How much there is to do.
    var count: Int { edges.count + addedNodes.count + removedNodes.count }
}

/// Gathers the operations of the change log that concern a projection, in their order, and sums
/// them up.
struct DeltaCollector {
    struct EdgeOperation: ElementOperation {
        enum Kind { case created, deleted, changed }
        let kind: Kind
        let id: UInt64
        /// Of a change the log tells no ends.
        var source: UInt64 = 0
        var target: UInt64 = 0
        var before: Double = 0
        var after: Double = 0
    }

    struct NodeOperation: ElementOperation {
        enum Kind { case created, deleted, relabelled }
        let kind: Kind
        let id: UInt64
        /// Whether it belonged to the projection before, and after.
        let before: Bool
        let after: Bool
    }

    private(set) var edges: [EdgeOperation] = []
    private(set) var nodes: [NodeOperation] = []
    var changesNodeValues = false

    mutating func add(_ operation: EdgeOperation) { edges.append(operation) }

    mutating func add(_ operation: NodeOperation) {
        if operation.before || operation.after { nodes.append(operation) }
    }

    /// The sum; nil when it cannot be patched in.
    ///
    /// - Parameter ends: Finds the ends of an edge that changed; nil when it is of another type.
    func delta(
        ends: (UInt64) throws -> (source: UInt64, target: UInt64)?
    ) throws -> ProjectionDelta? {
        var delta = ProjectionDelta()
        delta.changesNodeValues = changesNodeValues
        guard sumNodes(into: &delta) else { return nil }
        let edges = Self.sorted(edges)
        delta.edges.reserveCapacity(edges.count)
        var end = 0
        while let group = Self.nextGroup(of: edges, from: &end) {
            let (first, last) = (edges[group.lowerBound], edges[group.upperBound - 1])
            let before = first.kind == .created ? nil : first.before
            let after = last.kind == .deleted ? nil : last.after
            if before == nil && after == nil || before?.bitPattern == after?.bitPattern { continue }
            // Creation and deletion tell the ends, and the type was looked at then.
            if let known = group.first(where: { edges[$0].kind != .changed }).map({ edges[$0] }) {
                delta.edges.append(
                    .init(
                        id: first.id, source: known.source, target: known.target, before: before,
                        after: after))
            } else if let (source, target) = try ends(first.id) {
                delta.edges.append(
                    .init(
                        id: first.id, source: source, target: target, before: before, after: after))
            }
        }
        return delta
    }

    private func sumNodes(into delta: inout ProjectionDelta) -> Bool {
        let nodes = Self.sorted(nodes)
        var end = 0
        while let group = Self.nextGroup(of: nodes, from: &end) {
            let (first, last) = (nodes[group.lowerBound], nodes[group.upperBound - 1])
            switch (first.before, last.after) {
            case (false, true):
                // A node that was there and came in by its label brings edges the log is silent on.
                guard first.kind == .created else { return false }
                delta.addedNodes.append(first.id)
            case (true, false):
                guard last.kind == .deleted else { return false }
                delta.removedNodes.append(first.id)
            default: break
            }
        }
        return true
    }

    /// The places of the next element's operations among sorted ones, and `end` behind them.
    private static func nextGroup<Operation: ElementOperation>(
        of operations: [Operation], from end: inout Int
    ) -> Range<Int>? {
        let start = end
        guard start < operations.count else { return nil }
        repeat {
            end += 1
        } while end < operations.count && operations[end].id == operations[start].id
        return start..<end
    }

    /// Operations of one element together, elements ascending, each in the order of the log.
    private static func sorted<Operation: ElementOperation>(
        _ operations: [Operation]
    ) -> [Operation] {
        var (isSorted, last) = (true, 0 as UInt64)
        var (lowest, highest) = (UInt64.max, 0 as UInt64)
        for operation in operations {
            isSorted = isSorted && last <= operation.id
            last = operation.id
            (lowest, highest) = (min(lowest, last), max(highest, last))
        }
        if isSorted { return operations }
        var order = Array(operations.indices)
        StableSort.sort(&order, upTo: highest - lowest) { operations[$0].id - lowest }
        return order.map { operations[$0] }
    }
}

/// An operation on a node or an edge.
protocol ElementOperation {
    var id: UInt64 { get }
}
