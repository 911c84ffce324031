internal import GraphStore
internal import PropertyGraph

// Properties of single nodes from columns, where a query reads many.

/// How often a query read a property of nodes, and the column it is read from now.
struct PropertyReads {
    let key: PropertyKey
    var count: UInt64 = 0
    var column: CSRColumn?
    /// The graph whose rows are those of the column.
    var graph: CSRGraph?

    /// So many reads are not worth looking for a column.
    static let few: UInt64 = 4
}

extension Execution {
    /// A property from its column, if that is held and holds what is stored; nil where the record
    /// must be read.
    func columnValue<T: GraphReading & ~Copyable>(
        _ key: PropertyKey, of id: NodeID, _ txn: borrowing T
    ) throws -> Value? {
        var place = 0
        while place < propertyReads.count, propertyReads[place].key != key { place += 1 }
        if place == propertyReads.count { propertyReads.append(PropertyReads(key: key)) }
        propertyReads[place].count &+= 1
        if propertyReads[place].count == PropertyReads.few, let derived {
            let graph = try derived.graphs.graph(
                .column(key, nil), of: derived.database, derived.making, txn)
            if let graph, let column = graph.nodeColumns[key.name], column.isExact {
                propertyReads[place].column = column
                propertyReads[place].graph = graph
            }
        }
        guard let column = propertyReads[place].column,
            let row = propertyReads[place].graph?.place(of: id.rawValue)
        else { return nil }
        return Value(column.value(at: Int(row)))
    }

    /// Tells what reads without a column have cost.
    func settle() {
        guard let derived else { return }
        for reads in propertyReads where reads.column == nil && reads.count >= PropertyReads.few {
            derived.graphs.spend(
                reads.count &* DerivedGraphs.costOfRead, .column(reads.key, nil))
        }
    }
}
