internal import LMDB
internal import PropertyGraph

/// What the change log tells of nodes and edges whose own records are lost.
struct SalvagedLog {
    /// The last known state of nodes without a record.
    private(set) var nodes: [NodeID: Node] = [:]
    /// The last known state of edges without a locator, or without their record of properties.
    private(set) var edges: [EdgeID: Edge] = [:]
    /// Whether every position from the first logged to the last could be read: then what was created
    /// and not deleted existed.
    private(set) var isWhole = false

    init(_ raw: borrowing ReadTransaction, _ isCancelled: () -> Bool) throws {
        let view = raw.view
        let counters = try? view.counters()
        var expected = counters?.firstLoggedPosition ?? 1
        var hasGap = counters == nil
        var cursor = try view.bytes.cursor(view.tables.log)
        while try cursor.next() {
            guard cursor.key.byteCount == 12, cursor.key.loadBE32(at: 8) == 0 else { continue }
            if isCancelled() { throw SalvagedTables.cancelled }
            let position = cursor.key.loadBE64(at: 0)
            if position != expected { hasGap = true }
            expected = position &+ 1
            guard let set = try? view.changeSet(position) else {
                hasGap = true
                continue
            }
            for change in set.changes { try note(change, view) }
        }
        isWhole = !hasGap && expected == (counters?.position ?? 0) &+ 1
    }

    private mutating func note(_ change: Change, _ view: borrowing GraphView) throws {
        switch change {
        case .nodeCreated(let node) where try view.hasLost(node.id): nodes[node.id] = node
        case .nodeDeleted(let node): nodes[node.id] = nil
        case .labelsChanged(let id, _, let after):
            nodes[id]?.labels = after
        case .nodeChanged(let id, let changes):
            for change in changes { nodes[id]?.properties[change.key] = change.after }
        case .edgeCreated(let edge) where try view.hasLost(edge.id): edges[edge.id] = edge
        case .edgeDeleted(let edge): edges[edge.id] = nil
        case .edgeChanged(let id, let changes):
            for change in changes { edges[id]?.properties[change.key] = change.after }
        default: break
        }
    }
}

extension GraphView {
    /// Whether a node has no record that can be read.
    fileprivate func hasLost(_ id: NodeID) throws -> Bool {
        guard let stored = try bytes.get(tables.node, FixedKey(be64: id.rawValue).span) else {
            return true
        }
        return RecordView(stored)?.isValid != true
    }

    /// Whether an edge has no locator, or lacks the properties that its locator mentions.
    fileprivate func hasLost(_ id: EdgeID) throws -> Bool {
        guard let locator = try? currentLocator(id) else { return true }
        guard locator.hasRecord else { return false }
        guard let stored = try bytes.get(tables.edgeRecord, FixedKey(be64: id.rawValue).span) else {
            return true
        }
        return RecordView(stored)?.isValid != true
    }
}
