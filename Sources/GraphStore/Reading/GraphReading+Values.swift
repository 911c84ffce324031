internal import LMDB
public import PropertyGraph

extension GraphReading where Self: ~Copyable {
    /// Calls `body` with the value of one property of each node that has it, ascending by id, until
    /// it returns false.
    ///
    /// Nothing else of the nodes is decoded, so this is several times as quick as `forEachNode`.
    /// For one number or text of every node again and again, `GraphDatabase.nodeColumns` is
    /// quicker still.
    ///
    /// - Parameter label: Only nodes with this label; nil means all nodes.
    /// - Complexity: O(nodes visited).
    public func forEachValue(
        of key: PropertyKey, label: Label? = nil,
        _ body: (NodeID, PropertyValue) throws -> Bool
    ) throws {
        let view = view
        guard let number = view.catalog.number(of: key) else { return }
        if view.past != nil {
            return try forEachNodeID(label: label) { id in
                guard let value = try property(key, of: id) else { return true }
                return try body(id, value)
            }
        }
        guard let label else {
            return try view.forEachNodeRecord { id, bytes in
                guard let value = try view.property(number, in: bytes, .node, id) else {
                    return true
                }
                return try body(NodeID(id), value)
            }
        }
        guard let member = view.catalog.number(of: label) else { return }
        // Records are walked, not looked up: neighbours in the table are a step apart.
        var walk = try AscendingWalk(view.bytes.cursor(view.tables.node))
        for id in try view.members(.node, member) {
            guard try walk.advance(to: id) else {
                throw GraphStoreError.corrupted("node \(id) has a label but no record")
            }
            guard let value = try view.property(number, in: walk.value, .node, id) else { continue }
            guard try body(NodeID(id), value) else { return }
        }
    }
}

extension GraphView {
    /// Calls `body` with the record of each node of today, ascending, until it returns false.
    func forEachNodeRecord(_ body: (UInt64, RawSpan) throws -> Bool) throws {
        var cursor = try bytes.cursor(tables.node)
        var found = try cursor.first()
        while found {
            guard cursor.key.byteCount == 8 else { throw GraphStoreError.corrupted("node key") }
            guard try body(cursor.key.loadBE64(at: 0), cursor.value) else { return }
            found = try cursor.next()
        }
    }

    /// The ids of a label or type, ascending: 8 bytes each.
    func members(_ entity: EntityKind, _ symbol: UInt32) throws -> [UInt64] {
        var ids: [UInt64] = []
        if past != nil {
            try forEachMember(entity, symbol) {
                ids.append($0)
                return true
            }
            return ids
        }
        try forEachContainer(entity, symbol) { base, lows in
            ids.reserveCapacity(ids.count + lows.count)
            for low in lows { ids.append(base | UInt64(low)) }
            return true
        }
        return ids
    }
}
