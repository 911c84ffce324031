internal import LMDB
public import PropertyGraph

extension GraphReading where Self: ~Copyable {
    /// Calls `body` for the id of each node, ascending, until it returns false.
    ///
    /// - Parameter label: Only nodes with this label; nil means all nodes.
    /// - Complexity: O(nodes visited).
    public func forEachNodeID(label: Label? = nil, _ body: (NodeID) throws -> Bool) throws {
        let view = view
        if let label {
            guard let number = view.catalog.number(of: label) else { return }
            try view.forEachMember(.node, number) { try body(NodeID($0)) }
            return
        }
        if let past = view.past {
            return try view.forEachPastNode(past) { try body(NodeID($0)) }
        }
        try view.forEachCurrentNode { try body(NodeID($0)) }
    }

    /// Calls `body` for each node with its labels and properties, ascending by id, until it
    /// returns false.
    public func forEachNode(label: Label? = nil, _ body: (Node) throws -> Bool) throws {
        let view = view
        if label != nil || view.past != nil {
            try forEachNodeID(label: label) { id in
                guard let node = try node(id) else {
                    throw GraphStoreError.corrupted("node \(id) has a label but no record")
                }
                return try body(node)
            }
            return
        }
        var cursor = try view.bytes.cursor(view.tables.node)
        var found = try cursor.first()
        while found {
            guard cursor.key.byteCount == 8 else { throw GraphStoreError.corrupted("node key") }
            let id = NodeID(cursor.key.loadBE64(at: 0))
            guard try body(try view.node(id, decoding: cursor.value)) else { return }
            found = try cursor.next()
        }
    }

    /// Calls `body` for the id of each edge, ascending, until it returns false.
    ///
    /// - Parameter type: Only edges of this type; nil means all edges.
    public func forEachEdgeID(type: EdgeType? = nil, _ body: (EdgeID) throws -> Bool) throws {
        let view = view
        if let type {
            guard let number = view.catalog.number(of: type) else { return }
            try view.forEachMember(.edge, number) { try body(EdgeID($0)) }
            return
        }
        try view.forEachLocator { id, _ in try body(id) }
    }

    /// Calls `body` for each edge with its ends and properties, ascending by id, until it returns
    /// false.
    public func forEachEdge(type: EdgeType? = nil, _ body: (Edge) throws -> Bool) throws {
        let view = view
        var number: UInt32?
        if let type {
            guard let known = view.catalog.number(of: type) else { return }
            number = known
        }
        try view.forEachLocator { id, locator in
            if let number, locator.type != number { return true }
            return try body(try view.edge(id, locator))
        }
    }

    /// Returns the ids of all nodes with a label, ascending.
    public func nodeIDs(label: Label? = nil) throws -> [NodeID] {
        var result: [NodeID] = []
        try forEachNodeID(label: label) {
            result.append($0)
            return true
        }
        return result
    }

    /// Returns how many nodes there are, or how many with a label.
    ///
    /// - Complexity: O(1): counts are kept at commit.
    public func nodeCount(label: Label? = nil) throws -> Int {
        let view = view
        guard let label else { return try view.count(.nodes) }
        guard let number = view.catalog.number(of: label) else { return 0 }
        return try view.count(.label(number))
    }

    /// Returns how many edges there are, or how many of a type.
    ///
    /// - Complexity: O(1): counts are kept at commit.
    public func edgeCount(type: EdgeType? = nil) throws -> Int {
        let view = view
        guard let type else { return try view.count(.edges) }
        guard let number = view.catalog.number(of: type) else { return 0 }
        return try view.count(.type(number))
    }

    /// Returns how many edges of a type leave (or reach) nodes with a label.
    ///
    /// - Complexity: O(1): counts are kept at commit.
    public func edgeCount(type: EdgeType, label: Label, _ direction: Direction) throws -> Int {
        let view = view
        guard let type = view.catalog.number(of: type), let label = view.catalog.number(of: label)
        else { return 0 }
        var total = 0
        if direction != .incoming { total += try view.count(.labelType(label, type, isOut: true)) }
        if direction != .outgoing { total += try view.count(.labelType(label, type, isOut: false)) }
        return total
    }

    /// Returns the labels that nodes carry, ascending by bytes.
    public func labels() throws -> [Label] {
        let view = view
        return try view.catalog.names(.label).filter { try view.count(.label($0.number)) > 0 }
            .map { Label($0.name) }.sorted()
    }

    /// Returns the types that edges have, ascending by bytes.
    public func edgeTypes() throws -> [EdgeType] {
        let view = view
        return try view.catalog.names(.edgeType).filter { try view.count(.type($0.number)) > 0 }
            .map { EdgeType($0.name) }.sorted()
    }

    /// Returns every property key that was ever used, ascending by bytes.
    public func propertyKeys() -> [PropertyKey] {
        view.catalog.names(.propertyKey).map { PropertyKey($0.name) }.sorted()
    }
}

extension GraphView {
    /// Calls `body` for each node of today, ascending, until it returns false.
    func forEachCurrentNode(_ body: (UInt64) throws -> Bool) throws {
        var cursor = try bytes.cursor(tables.node)
        var found = try cursor.first()
        while found {
            guard cursor.key.byteCount == 8 else { throw GraphStoreError.corrupted("node key") }
            guard try body(cursor.key.loadBE64(at: 0)) else { return }
            found = try cursor.next()
        }
    }

    /// Calls `body` for each id of a label or type, ascending, until it returns false.
    func forEachMember(_ entity: EntityKind, _ symbol: UInt32, _ body: (UInt64) throws -> Bool)
        throws
    {
        if let past { return try forEachPastMember(entity, symbol, past, body) }
        try forEachCurrentMember(entity, symbol, body)
    }

    /// Calls `body` for each id that has a label or type today.
    func forEachCurrentMember(
        _ entity: EntityKind, _ symbol: UInt32, _ body: (UInt64) throws -> Bool
    ) throws {
        try forEachContainer(entity, symbol) { base, lows in
            for low in lows { guard try body(base | UInt64(low)) else { return false } }
            return true
        }
    }

    /// Calls `body` with the ids that have a label or type today, a container at a time: what is
    /// common to them, and the rest of each, ascending.
    func forEachContainer(
        _ entity: EntityKind, _ symbol: UInt32, _ body: (UInt64, [UInt16]) throws -> Bool
    ) throws {
        var prefix = FixedKey()
        prefix.append(entity.rawValue)
        prefix.appendBE32(symbol)
        var cursor = try bytes.cursor(tables.member)
        var found = try cursor.seek(atOrAfter: prefix.span)
        var lows: [UInt16] = []
        while found, cursor.key.hasPrefix(prefix.span) {
            guard cursor.key.byteCount == 13 else {
                throw GraphStoreError.corrupted("member key of \(entity) symbol \(symbol)")
            }
            let base = cursor.key.loadBE64(at: 5) << UInt64(IDContainer.bits)
            lows.removeAll(keepingCapacity: true)
            guard IDContainer.decode(cursor.value, into: &lows) else {
                throw GraphStoreError.corrupted("members of \(entity) symbol \(symbol)")
            }
            guard try body(base, lows) else { return }
            found = try cursor.next()
        }
    }

    /// Calls `body` for each edge, ascending, until it returns false.
    func forEachLocator(_ body: (EdgeID, EdgeLocator) throws -> Bool) throws {
        if let past { return try forEachPastLocator(past, body) }
        try forEachCurrentLocator(body)
    }

    /// Calls `body` for each edge of today.
    func forEachCurrentLocator(_ body: (EdgeID, EdgeLocator) throws -> Bool) throws {
        var cursor = try bytes.cursor(tables.edge)
        var found = try cursor.first()
        while found {
            guard cursor.key.byteCount == 8, let slots = EdgeChunk.decode(cursor.value) else {
                throw GraphStoreError.corrupted("edge chunk")
            }
            let base = cursor.key.loadBE64(at: 0) << UInt64(EdgeChunk.bits)
            for (slot, locator) in slots.enumerated() {
                guard let locator else { continue }
                guard try body(EdgeID(base | UInt64(slot)), locator) else { return }
            }
            found = try cursor.next()
        }
    }

    func count(_ statistic: Statistic) throws -> Int {
        if let past { return try pastCount(statistic, past) }
        return try currentCount(statistic)
    }

    /// A count of today.
    func currentCount(_ statistic: Statistic) throws -> Int {
        let pending = pendingCounts[statistic] ?? 0
        guard let value = try bytes.get(tables.stat, statistic.key.span) else {
            return Int(pending)
        }
        guard value.byteCount == 8 else { throw GraphStoreError.corrupted("a count") }
        return Int(clamping: Int64(clamping: value.loadLE64(at: 0)) &+ pending)
    }
}
