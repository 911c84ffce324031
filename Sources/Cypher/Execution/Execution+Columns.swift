internal import GraphStore
internal import PropertyGraph

// Properties of single nodes from columns, where a query reads many.

/// How often a query read a property of nodes, and the column it is read from now.
final class PropertyReads {
    let key: PropertyKey
    var count: UInt64 = 0
    private var values = Values.none
    /// Where rows are given by ids without holes: the first of them.
    private var firstID: UInt64?
    private var rowCount: UInt64 = 0
    private var graph: CSRGraph?

    /// The values of a column, those of numbers apart, which are read most.
    private enum Values {
        case none
        case integers(CSRBuffer<Int64>, presence: CSRBuffer<UInt64>?)
        case doubles(CSRBuffer<Double>, presence: CSRBuffer<UInt64>?)
        case column(CSRColumn)
    }

    /// So many reads of a query are not worth making one of these.
    static let few = 4

    init(key: PropertyKey) { self.key = key }

    var hasColumn: Bool { if case .none = values { false } else { true } }

    func take(_ column: CSRColumn, of graph: CSRGraph) {
        switch column.values {
        case .integers(let buffer): values = .integers(buffer, presence: column.presence)
        case .doubles(let buffer): values = .doubles(buffer, presence: column.presence)
        default: values = .column(column)
        }
        self.graph = graph
        rowCount = UInt64(column.count)
        if let ids = graph.nodeIDs, let last = ids.span.indices.last,
            ids[last] &- ids[0] == UInt64(last), rowCount == UInt64(ids.count)
        {
            firstID = ids[0]
        }
    }

    /// The value from the column; nil where there is none to read.
    func value(of id: NodeID) -> Value? {
        guard hasColumn, let row = row(of: id.rawValue) else { return nil }
        switch values {
        case .none: return nil
        case .integers(let buffer, let presence):
            return Self.isPresent(row, presence) ? .integer(buffer[row]) : .null
        case .doubles(let buffer, let presence):
            return Self.isPresent(row, presence) ? .float(buffer[row]) : .null
        case .column(let column): return column.value(at: row)
        }
    }

    private static func isPresent(_ row: Int, _ presence: CSRBuffer<UInt64>?) -> Bool {
        guard let presence else { return true }
        return presence[row >> 6] >> UInt64(row & 63) & 1 == 1
    }

    private func row(of id: UInt64) -> Int? {
        guard let firstID else { return graph?.place(of: id).map { Int($0) } }
        let row = id &- firstID
        return row < rowCount ? Int(row) : nil
    }
}

extension CSRColumn {
    /// The value of a row; null where it has none.
    fileprivate func value(at row: Int) -> Value {
        switch values {
        case .integers(let buffer): isPresent(row) ? .integer(buffer[row]) : .null
        case .doubles(let buffer): isPresent(row) ? .float(buffer[row]) : .null
        default: Value(value(at: row) as PropertyValue?)
        }
    }
}

extension Execution {
    /// A property from its column, if that is held and holds what is stored; nil where the record
    /// must be read.
    func columnValue<T: GraphReading & ~Copyable>(
        _ key: PropertyKey, of id: NodeID, _ txn: borrowing T
    ) throws -> Value? {
        if let reads = propertyReads.first(where: { $0.key == key }) {
            reads.count &+= 1
            return reads.value(of: id)
        }
        guard let derived else { return nil }
        let part = DerivedGraphs.Part.column(key, nil)
        var graph: CSRGraph?
        switch try derived.known(part, spending: DerivedGraphs.costOfRead, txn) {
        case .held(let held): graph = held
        case .absent: break
        case .unknown:
            graph = try derivedGraph(part, txn)
            if graph == nil { derived.spend(DerivedGraphs.costOfRead, part) }
        }
        let column = graph?.nodeColumns[key.name].flatMap { $0.isExact ? $0 : nil }
        if fewReads < PropertyReads.few {
            fewReads += 1
            guard let column, let row = graph?.place(of: id.rawValue), row < column.count else {
                return nil
            }
            return column.value(at: Int(row))
        }
        let reads = PropertyReads(key: key)
        propertyReads.append(reads)
        if let graph, let column { reads.take(column, of: graph) }
        return reads.value(of: id)
    }

    /// Tells what reads without a column have cost.
    func settle() {
        guard let derived else { return }
        for reads in propertyReads where !reads.hasColumn {
            derived.spend(
                reads.count &* DerivedGraphs.costOfRead, .column(reads.key, nil))
        }
    }

    /// What the transaction sees of a part of the graph, if it is held, or it is time to make it.
    ///
    /// - Parameters:
    ///   - isScan: Whether going without costs what making it does.
    ///   - units: What going without costs, which is noted where it is not yet time to make it.
    func derivedGraph<T: GraphReading & ~Copyable>(
        _ part: DerivedGraphs.Part, isScan: Bool = false, spending units: UInt64 = 0,
        _ txn: borrowing T
    ) throws -> CSRGraph? {
        guard let derived, let database, making.moment != .never else { return nil }
        switch try derived.known(part, spending: units, txn) {
        case .held(let graph): return graph
        case .absent: if !isScan, making.moment == .whenItPays { return nil }
        case .unknown: break
        }
        var making = making
        making.isStopped = isStopped
        return try derived.graph(part, of: database, making, isScan: isScan, txn)
    }
}
