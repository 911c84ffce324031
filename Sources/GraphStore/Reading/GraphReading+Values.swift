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
        var member: UInt32?
        if let label {
            guard let known = view.catalog.number(of: label) else { return }
            member = known
        }
        try view.forEachCurrentValue(of: number, label: member) { try body(NodeID($0), $1) }
    }

    /// Calls `body` with the values of some properties of each node, ascending by id, until it
    /// returns false; a value is nil where the node has none.
    ///
    /// Nothing else of the nodes is decoded; the values are lent in one array, in the order of the
    /// keys, which is used again for the next node.
    ///
    /// - Parameter label: Only nodes with this label; nil means all nodes.
    /// - Complexity: O(nodes visited).
    public func forEachNodeID(
        label: Label? = nil, reading keys: [PropertyKey],
        _ body: (NodeID, [PropertyValue?]) throws -> Bool
    ) throws {
        let view = view
        var values = [PropertyValue?](repeating: nil, count: keys.count)
        if view.past != nil {
            return try forEachNodeID(label: label) { id in
                for place in keys.indices { values[place] = try property(keys[place], of: id) }
                return try body(id, values)
            }
        }
        var member: UInt32?
        if let label {
            guard let known = view.catalog.number(of: label) else { return }
            member = known
        }
        // 0 is the number of no property.
        let numbers = keys.map { view.catalog.number(of: $0) ?? 0 }
        var places = [Int](repeating: 0, count: keys.count)
        try view.forEachCurrentRecord(label: member) { id, bytes, label in
            guard let record = RecordView(bytes) else {
                throw GraphStoreError.corrupted("record of node \(id)")
            }
            guard label.map({ record.hasLabel($0) }) ?? true else { return true }
            for column in numbers.indices {
                values[column] = try view.value(
                    of: numbers[column], near: &places[column], in: record, id)
            }
            return try body(NodeID(id), values)
        }
    }
}

extension GraphView {
    /// Calls `body` with one property of each node of today that has it, ascending, until it
    /// returns false.
    func forEachCurrentValue(
        of property: UInt32, label: UInt32?, _ body: (UInt64, PropertyValue) throws -> Bool
    ) throws {
        var known: PropertyPlace?
        try forEachCurrentRecord(label: label) { id, bytes, label in
            guard let value = try value(of: property, label: label, &known, in: bytes, id) else {
                return true
            }
            return try body(id, value)
        }
    }

    /// Calls `body` with the record of each node of today, ascending, until it returns false. Where
    /// all records are walked, it is given the label too, and looks for it.
    @inline(__always)
    fileprivate func forEachCurrentRecord(
        label: UInt32?, _ body: (UInt64, RawSpan, UInt32?) throws -> Bool
    ) throws {
        if let label, try currentCount(.label(label)) < currentCount(.nodes) / Self.fewNodes {
            // Records are walked, not looked up: neighbours in the table are a step apart.
            var walk = try AscendingWalk(bytes.cursor(tables.node))
            for id in try members(.node, label) {
                guard try walk.advance(to: id) else {
                    throw GraphStoreError.corrupted("node \(id) has a label but no record")
                }
                guard try body(id, walk.value, nil) else { return }
            }
            return
        }
        var cursor = try bytes.cursor(tables.node)
        var found = try cursor.first()
        while found {
            guard cursor.key.byteCount == 8 else { throw GraphStoreError.corrupted("node key") }
            let id = cursor.key.loadBE64(at: 0)
            guard try body(id, cursor.value, label) else { return }
            found = try cursor.next()
        }
    }

    /// Where fewer nodes than one in so many have a label, the others are stepped over.
    private static var fewNodes: Int { 4 }

    /// A property of a record; nil where it has none.
    ///
    /// - Parameter place: Where the property stood in the record before: most records of a label
    ///   are alike.
    @inline(__always)
    fileprivate func value(
        of property: UInt32, near place: inout Int, in record: RecordView, _ id: UInt64
    ) throws -> PropertyValue? {
        if place >= record.propertyCount || record.key(at: place) != property {
            guard let found = record.find(property) else { return nil }
            place = found
        }
        if let integer = record.integer(at: place) { return .integer(integer) }
        return try value(at: place, of: property, in: record, .node, id)
    }

    /// A property of a record, with the label if one is named; nil where it has none.
    ///
    /// - Parameter known: What the record before told: most records of a label are alike.
    @inline(__always)
    private func value(
        of property: UInt32, label: UInt32?, _ known: inout PropertyPlace?, in bytes: RawSpan,
        _ id: UInt64
    ) throws -> PropertyValue? {
        if known?.fits(bytes) != true {
            known = PropertyPlace(bytes, of: property, label: label)
        }
        guard let found = known else { throw GraphStoreError.corrupted("record of node \(id)") }
        guard let place = found.place else { return nil }
        guard let range = found.valueRange(at: place, in: bytes) else {
            throw GraphStoreError.corrupted("record of node \(id)")
        }
        if let integer = ValueCodec.integer(in: bytes, range) { return .integer(integer) }
        if bytes.loadUInt8(at: range.lowerBound) == ValueCodec.Tag.spilled {
            return try blob(.node, id, property)
        }
        guard let value = ValueCodec.decode(bytes.extracting(range)) else {
            throw GraphStoreError.corrupted("record of node \(id)")
        }
        return value
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
