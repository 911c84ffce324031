internal import GraphStore
internal import PropertyGraph

// Properties of single nodes from columns, where a query reads many.

/// How often a query read a property of nodes, and the column it is read from now.
final class PropertyReads {
    let key: PropertyKey
    private(set) var count: UInt64 = 0
    /// The column with the graph whose rows are its rows.
    private var column: CSRColumn?
    private var graph: CSRGraph?

    /// So many reads are not worth looking for a column.
    static let few = 4

    init(key: PropertyKey) { self.key = key }

    var hasColumn: Bool { column != nil }

    /// Counts a read; true when it is time to look for a column.
    func countRead() -> Bool {
        count &+= 1
        return count == 1
    }

    func take(_ column: CSRColumn, of graph: CSRGraph) {
        self.column = column
        self.graph = graph
    }

    /// The value from the column; nil where there is none to read.
    func value(of id: NodeID) -> Value? {
        guard column != nil, let row = graph?.place(of: id.rawValue) else { return nil }
        return Value(column?.value(at: Int(row)))
    }
}

extension Execution {
    /// A property from its column, if that is held and holds what is stored; nil where the record
    /// must be read.
    func columnValue<T: GraphReading & ~Copyable>(
        _ key: PropertyKey, of id: NodeID, _ txn: borrowing T
    ) throws -> Value? {
        if fewReads < PropertyReads.few {
            fewReads += 1
            return nil
        }
        let reads: PropertyReads
        if let known = propertyReads.first(where: { $0.key == key }) {
            reads = known
        } else {
            reads = PropertyReads(key: key)
            propertyReads.append(reads)
        }
        if reads.countRead() {
            let graph = try derivedGraph(.column(key, nil), txn)
            if let graph, let column = graph.nodeColumns[key.name], column.isExact {
                reads.take(column, of: graph)
            }
        }
        return reads.value(of: id)
    }

    /// Tells what reads without a column have cost.
    func settle() {
        guard let derived else { return }
        for reads in propertyReads where !reads.hasColumn {
            derived.graphs.spend(
                reads.count &* DerivedGraphs.costOfRead, .column(reads.key, nil))
        }
    }

    /// What the transaction sees of a part of the graph, if it is held, or it is time to make it.
    ///
    /// - Parameter isScan: Whether going without costs what making it does.
    func derivedGraph<T: GraphReading & ~Copyable>(
        _ part: DerivedGraphs.Part, isScan: Bool = false, _ txn: borrowing T
    ) throws -> CSRGraph? {
        guard let derived, derived.making.moment != .never else { return nil }
        if let graph = try derived.graphs.held(part, txn) { return graph }
        var making = derived.making
        making.isStopped = isStopped
        return try derived.graphs.graph(part, of: derived.database, making, isScan: isScan, txn)
    }
}
