internal import LMDB
public import PropertyGraph

extension GraphReading where Self: ~Copyable {
    /// Returns the nodes of a label whose property satisfies a predicate.
    ///
    /// An index or unique constraint over that one property is used where there is one; the
    /// answer is the same without.
    ///
    /// - Parameters:
    ///   - order: By id, or by value.
    ///   - limit: At most so many, the first in that order.
    /// - Complexity: with an index O(log entries + answers), without O(nodes of the label).
    public func nodeIDs(
        label: Label, where key: PropertyKey, _ predicate: PropertyPredicate,
        order: ScanOrder = .byID, limit: Int = .max, using access: IndexAccess = .automatic
    ) throws -> [NodeID] {
        let view = view
        guard let label = view.catalog.number(of: label), let key = view.catalog.number(of: key),
            limit > 0
        else { return [] }
        let scan = PropertyScan(
            entity: .node, symbol: label, property: key, predicate: predicate, order: order,
            limit: limit)
        return try view.ids(scan, access).map { NodeID($0) }
    }

    /// Returns the edges of a type whose property satisfies a predicate; as for nodes.
    public func edgeIDs(
        type: EdgeType, where key: PropertyKey, _ predicate: PropertyPredicate,
        order: ScanOrder = .byID, limit: Int = .max, using access: IndexAccess = .automatic
    ) throws -> [EdgeID] {
        let view = view
        guard let type = view.catalog.number(of: type), let key = view.catalog.number(of: key),
            limit > 0
        else { return [] }
        let scan = PropertyScan(
            entity: .edge, symbol: type, property: key, predicate: predicate, order: order,
            limit: limit)
        return try view.ids(scan, access).map { EdgeID($0) }
    }

    /// Returns the nodes of a label whose properties equal all the given values, ascending by id.
    ///
    /// A composite index over exactly these keys, in this order, is used where there is one.
    public func nodeIDs(
        label: Label, matching values: [(PropertyKey, PropertyValue)],
        using access: IndexAccess = .automatic
    ) throws -> [NodeID] {
        let view = view
        guard let label = view.catalog.number(of: label) else { return [] }
        var numbers: [UInt32] = []
        for (key, _) in values {
            guard let number = view.catalog.number(of: key) else { return [] }
            numbers.append(number)
        }
        let wanted = values.map { $0.1 }
        if access == .automatic, view.past == nil,
            let entry = view.catalog.orderedIndex(.node, symbol: label, properties: numbers)
        {
            return try view.ids(equal: wanted, in: entry).sorted().map { NodeID($0) }
        }
        var result: [NodeID] = []
        try view.forEachMember(.node, label) { id in
            if try view.entity(.node, id, numbers, equal: wanted) { result.append(NodeID(id)) }
            return true
        }
        return result
    }

    /// Returns the one node of a label with this value of a property, through a unique constraint
    /// or index; nil when there is none.
    ///
    /// - Complexity: O(log nodes) with a unique constraint or index.
    public func node(label: Label, _ key: PropertyKey, _ value: PropertyValue) throws -> NodeID? {
        let view = view
        guard let label = view.catalog.number(of: label), let key = view.catalog.number(of: key)
        else { return nil }
        if view.past == nil,
            let order = view.catalog.order(.node, symbol: label, property: key)
        {
            return try view.firstID(equal: value, in: order).map { NodeID($0) }
        }
        let scan = PropertyScan(
            entity: .node, symbol: label, property: key, predicate: .equals(value), order: .byID,
            limit: 1)
        // At an earlier position an index still says where to look.
        return try view.ids(scan, view.past == nil ? .never : .automatic).first.map { NodeID($0) }
    }
}

extension GraphReading where Self: ~Copyable {
    /// The only node of a label that has a value of a property, by a unique constraint;
    /// `.some(nil)` where there is none, and nil where nothing says that it is the only one: there
    /// is no constraint, or the transaction breaks it as yet.
    ///
    /// - Complexity: O(log nodes).
    package func onlyNode(
        label: Label, _ key: PropertyKey, _ value: PropertyValue
    ) throws -> NodeID?? {
        let view = view
        guard view.past == nil,
            let label = view.catalog.number(of: label), let key = view.catalog.number(of: key),
            let order = view.catalog.order(.node, symbol: label, property: key), order.isUnique
        else { return nil }
        switch try view.holders(of: value, inUnique: order.number) {
        case .none: return .some(nil)
        case .one(let id): return .some(NodeID(id))
        case .unknown where view.pendingCounters == nil:
            return .some(try view.firstID(equal: value, in: order).map { NodeID($0) })
        case .unknown: return nil
        }
    }
}

extension GraphReading where Self: ~Copyable {
    /// The number of the unique constraint over a property, for `onlyNode(inUnique:_:)` as long as
    /// `catalogStamp` is the same; nil where there is none that can be used.
    package func uniqueNumber(label: Label, _ key: PropertyKey) -> UInt32? {
        let view = view
        guard view.past == nil, let label = view.catalog.number(of: label),
            let key = view.catalog.number(of: key),
            let order = view.catalog.order(.node, symbol: label, property: key), order.isUnique
        else { return nil }
        return order.number
    }

    /// As `onlyNode(label:_:_:)`, by the number of the constraint; nil also where its key does not
    /// tell.
    package func onlyNode(inUnique number: UInt32, _ value: PropertyValue) throws -> NodeID?? {
        let view = view
        guard view.past == nil else { return nil }
        switch try view.holders(of: value, inUnique: number) {
        case .none: return .some(nil)
        case .one(let id): return .some(NodeID(id))
        case .unknown: return nil
        }
    }
}

/// A question for one property of one label or type.
struct PropertyScan {
    let entity: EntityKind
    let symbol: UInt32
    let property: UInt32
    let predicate: PropertyPredicate
    let order: ScanOrder
    let limit: Int
}

extension GraphView {
    func ids(_ scan: PropertyScan, _ access: IndexAccess) throws -> [UInt64] {
        if let past {
            let entry = catalog.orderedIndex(
                scan.entity, symbol: scan.symbol, properties: [scan.property])
            return try pastIDs(scan, past, access == .automatic ? entry : nil)
        }
        if access == .automatic,
            let entry = catalog.orderedIndex(
                scan.entity, symbol: scan.symbol, properties: [scan.property])
        {
            return try idsByIndex(scan, entry)
        }
        return try idsByReading(scan)
    }

    /// The answer without an index: every entity of the label or type is read.
    private func idsByReading(_ scan: PropertyScan) throws -> [UInt64] {
        var found: [(value: PropertyValue, id: UInt64)] = []
        let stopsEarly = scan.order == .byID
        try forEachMember(scan.entity, scan.symbol) { id in
            guard let value = try value(scan.entity, id, scan.property),
                scan.predicate.isSatisfied(by: value)
            else { return true }
            found.append((value, id))
            return !(stopsEarly && found.count == scan.limit)
        }
        if scan.order != .byID {
            found.sort {
                let order = OrderedKey.compare($0.value, $1.value)
                return order == 0 ? $0.id < $1.id : order < 0
            }
            if scan.order == .descending { found.reverse() }
        }
        return found.prefix(scan.limit).map { $0.id }
    }

    /// One property of a node or an edge; nil when absent.
    func value(_ entity: EntityKind, _ id: UInt64, _ property: UInt32) throws -> PropertyValue? {
        if let past { return try pastValue(entity, id, property, past) }
        return try currentValue(entity, id, property)
    }

    /// One property of a node or an edge that exists today.
    func currentValue(_ entity: EntityKind, _ id: UInt64, _ property: UInt32) throws
        -> PropertyValue?
    {
        switch entity {
        case .node:
            guard let record = try bytes.get(tables.node, FixedKey(be64: id).span) else {
                throw GraphStoreError.corrupted("node \(id) is listed but has no record")
            }
            return try self.property(property, in: record, .node, id)
        case .edge:
            guard let locator = try currentLocator(EdgeID(id)) else {
                throw GraphStoreError.corrupted("edge \(id) is listed but has no locator")
            }
            return try self.property(property, of: EdgeID(id), locator)
        }
    }

    /// Whether the properties of an entity equal the values, in the sense of openCypher.
    func entity(
        _ entity: EntityKind, _ id: UInt64, _ properties: [UInt32], equal values: [PropertyValue]
    ) throws -> Bool {
        for (property, wanted) in zip(properties, values) {
            guard let value = try value(entity, id, property),
                OrderedKey.equalInOpenCypher(value, wanted) == true
            else { return false }
        }
        return true
    }
}
