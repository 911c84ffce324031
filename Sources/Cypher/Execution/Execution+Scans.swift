internal import GraphStore
internal import PropertyGraph

// Aggregates over all nodes, or those of a label, of which only properties are asked: from columns,
// or else from the records, of which nothing else is decoded.

extension Execution {
    /// Gives the rows of an aggregation over a scan.
    func aggregate<T: GraphReading & ~Copyable>(
        _ scan: ScanAggregation, _ txn: borrowing T, _ emit: () throws -> Bool
    ) throws -> Bool {
        let groups =
            if scan.properties.isEmpty {
                try [count(scan, txn)]
            } else if let columns = try columns(of: scan, txn) {
                try ColumnAggregation(scan, columns.0, rows: columns.rows, self).groups()
            } else {
                try aggregateRecords(scan, txn)
            }
        for group in groups {
            for (key, value) in zip(scan.keys, group.key) { slots[key.slot] = value }
            for (part, state) in zip(scan.aggregates, group.states) {
                slots[part.aggregate.slot] = try state.result()
            }
            guard try emit() else { return false }
        }
        return true
    }

    /// The one group of a scan that only counts nodes, which the store does.
    private func count<T: GraphReading & ~Copyable>(
        _ scan: ScanAggregation, _ txn: borrowing T
    ) throws -> ScanGroup {
        var group = try ScanGroup(ValueKey(values: []), scan, self)
        let count = Int64(try txn.nodeCount(label: scan.label))
        for place in group.states.indices { group.states[place].set(count: count) }
        return group
    }

    /// A column for each property of a scan, if all are held and hold what is stored.
    private func columns<T: GraphReading & ~Copyable>(
        of scan: ScanAggregation, _ txn: borrowing T
    ) throws -> (columns: [CSRColumn], rows: Int)? {
        guard derived != nil, !scan.properties.isEmpty else { return nil }
        var columns: [CSRColumn] = []
        for key in scan.properties {
            let graph = try derivedGraph(.column(key, scan.label), isScan: true, txn)
            guard let column = graph?.nodeColumns[key.name], column.isExact else { return nil }
            columns.append(column)
        }
        return (columns, columns[0].count)
    }

    private func aggregateRecords<T: GraphReading & ~Copyable>(
        _ scan: ScanAggregation, _ txn: borrowing T
    ) throws -> [ScanGroup] {
        var groups: [ScanGroup] = []
        var places: [ValueKey: Int] = [:]
        if scan.keys.isEmpty { groups.append(try ScanGroup(ValueKey(values: []), scan, self)) }
        try txn.forEachNodeID(label: scan.label, reading: scan.properties) { node, values in
            try tick(1)
            var place = 0
            if !scan.keys.isEmpty {
                let key = ValueKey(values: scan.keys.map { Value(values[$0.property]) })
                if let known = places[key] {
                    place = known
                } else {
                    place = groups.count
                    places[key] = place
                    groups.append(try ScanGroup(key, scan, self))
                }
            }
            for (number, part) in scan.aggregates.enumerated() {
                // Without a property it is the node itself that is counted.
                let value = part.property.map { Value(values[$0]) } ?? .node(node)
                try groups[place].states[number].add(value, nil, self)
            }
            return true
        }
        return groups
    }
}

/// A group of the nodes of a scan.
struct ScanGroup {
    let key: [Value]
    var states: [AggregateState]

    init(_ key: ValueKey, _ scan: ScanAggregation, _ execution: Execution) throws {
        try execution.keep(256 + scan.aggregates.count * 128 + key.heapBytes)
        self.key = key.values
        states = scan.aggregates.map { AggregateState($0.aggregate) }
    }
}
