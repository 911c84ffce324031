internal import LMDB
package import PropertyGraph

/// Changes to the graph, lent to the closure of `GraphDatabase.write`.
///
/// Everything the closure does is committed together when it returns, and undone when it throws.
/// It reads its own changes. It runs on the writer's thread, alone; it may run more than once
/// (when the map must grow first), so it must have no effect outside the database.
public struct WriteTransaction: ~Copyable, GraphReading {
    var lmdb: LMDB.WriteTransaction
    var state: WriteState
    let tables: Tables
    let limits: StoreLimits
    /// When this closure has to make way for those it shares a commit with.
    var timeLimit: TimeLimit?
    /// The node made last and its labels, which its edges ask for.
    var newNode: (id: UInt64, labels: [UInt32])?
    /// Reused by every operation that builds a value.
    var scratch = ByteWriter()
    var entries: [AdjacencyEntry] = []

    init(
        _ lmdb: consuming LMDB.WriteTransaction, _ state: WriteState, _ tables: Tables,
        _ limits: StoreLimits
    ) {
        self.lmdb = lmdb
        self.state = state
        self.tables = tables
        self.limits = limits
    }

    /// The graph as this transaction has made it so far.
    public var view: GraphView {
        @_lifetime(borrow self)
        get {
            GraphView(
                lmdb.view, state.snapshot, tables, pendingCounts: state.counts,
                pendingCounters: state.counters)
        }
    }

    /// Commits everything; the transaction is over either way.
    consuming func commit() throws(LMDBError) { try lmdb.commit() }

    // MARK: Names

    /// - Throws: `.invalidName` when a name is empty or too long.
    func checkName(_ kind: SymbolKind, _ name: String) throws {
        try limits.check(kind, name)
    }

    mutating func intern(_ kind: SymbolKind, _ name: String) throws -> UInt32 {
        try checkName(kind, name)
        guard state.catalog.count(kind) < limits.maximumNames else {
            throw GraphStoreError(
                .limitExceeded,
                "The database has \(limits.maximumNames) names of kind \(kind), the most it may. "
                    + "Keep what varies in property values, not in names.")
        }
        let number = state.changeCatalog { $0.add(kind, name) }
        let key = FixedKey.symbol(kind, number)
        try lmdb.put(tables.symbol, key.span, Array(name.utf8).rawSpan)
        return number
    }

    mutating func number(_ label: Label) throws -> UInt32 {
        if let number = state.catalog.number(of: label) { return number }
        return try intern(.label, label.name)
    }

    mutating func number(_ type: EdgeType) throws -> UInt32 {
        if let number = state.catalog.number(of: type) { return number }
        return try intern(.edgeType, type.name)
    }

    mutating func number(_ key: PropertyKey) throws -> UInt32 {
        if let number = state.catalog.number(of: key) { return number }
        return try intern(.propertyKey, key.name)
    }

    mutating func numbers(_ labels: [Label]) throws -> [UInt32] {
        var numbers: [UInt32] = []
        for label in labels { numbers.append(try number(label)) }
        return Set(numbers).sorted()
    }

    /// Properties by number, ascending, each checked for what a property can hold.
    mutating func numbered(_ properties: Properties) throws -> NumberedProperties {
        var result: NumberedProperties = []
        result.reserveCapacity(properties.count)
        for (key, value) in properties {
            try check(value, key)
            result.append((try number(key), value))
        }
        result.sort { $0.key < $1.key }
        return result
    }

    func check(_ value: PropertyValue, _ key: PropertyKey) throws {
        guard value.isStorable else {
            throw GraphStoreError(
                .invalidValue,
                "Property '\(key)' got a list of mixed or nested values. A stored list holds "
                    + "scalars of one type; store parts apart or convert them.")
        }
        let size =
            switch value {
            case .string(let text): text.utf8.count
            case .bytes(let bytes): bytes.count
            case .list(let list): list.count
            case .vector(let vector): vector.count * 4
            default: 0
            }
        guard size <= limits.maximumValueBytes else {
            throw GraphStoreError(
                .limitExceeded,
                "Property '\(key)' is \(size) bytes long; the limit is "
                    + "\(limits.maximumValueBytes). Keep large contents in files.")
        }
    }

    /// Stores what stands in `scratch`.
    mutating func putScratch(_ table: Table, _ key: RawSpan) throws {
        // Taken out for the call, since a span of it may not overlap with a change of `self`.
        var value = ByteWriter()
        swap(&value, &scratch)
        defer { swap(&value, &scratch) }
        try lmdb.put(table, key, value.span)
    }

    /// As `putScratch`, for a key that follows all of the table.
    mutating func appendScratch(_ table: Table, _ key: RawSpan) throws {
        var value = ByteWriter()
        swap(&value, &scratch)
        defer { swap(&value, &scratch) }
        try lmdb.append(table, key, value.span)
    }

    // MARK: Containers

    /// Puts an id into the container at a key.
    mutating func insert(_ id: UInt64, table: Table, key: RawSpan) throws {
        let low = UInt16(truncatingIfNeeded: id & (1 << IDContainer.bits - 1))
        try replace(table, key) { old, output in
            guard let old else {
                IDContainer.encode([low], into: &output)
                return .store
            }
            switch IDContainer.inserting(low, into: old, output: &output) {
            case .some(true): return .store
            case .some(false): return .keep
            case .none: throw GraphStoreError.corrupted("a container of table \(table.name)")
            }
        }
    }

    /// Takes an id out of the container at a key.
    mutating func remove(_ id: UInt64, table: Table, key: RawSpan) throws {
        let low = UInt16(truncatingIfNeeded: id & (1 << IDContainer.bits - 1))
        try replace(table, key) { old, output in
            var outcome = IDContainer.Removal.unchanged
            if let old { outcome = IDContainer.removing(low, from: old, output: &output) }
            switch outcome {
            case .unchanged, .damaged:
                throw GraphStoreError.corrupted("id \(id) is missing in a container")
            case .changed: return .store
            case .emptied: return .remove
            }
        }
    }

    /// Looks a key up and stores what `body` makes of its value, in one descent of the tree.
    mutating func replace(
        _ table: Table, _ key: RawSpan,
        _ body: (RawSpan?, inout ByteWriter) throws -> Replacement
    ) throws {
        // Taken out for the call, as in `putScratch`.
        var value = ByteWriter()
        swap(&value, &scratch)
        defer { swap(&value, &scratch) }
        try lmdb.replace(table, key, &value, body)
    }
}

/// Limits on what one database holds; each has a default.
public struct StoreLimits: Sendable {
    /// The longest name of a label, edge type or property key, in bytes of UTF-8.
    public var maximumNameBytes = 1_024
    /// The most names of one kind.
    public var maximumNames = 65_536
    /// The longest value of one property, in bytes (elements, for a list).
    public var maximumValueBytes = 256 << 20

    /// The default limits.
    public init() {}

    func check(_ kind: SymbolKind, _ name: String) throws {
        let length = name.utf8.count
        guard length == 0 || length > maximumNameBytes else { return }
        throw GraphStoreError(
            .invalidName,
            length == 0
                ? "The name of \(kind.phrase) is empty. Give it at least one character."
                : "The name of \(kind.phrase) is \(length) bytes long; the limit is "
                    + "\(maximumNameBytes). Use a shorter name.")
    }

    /// - Throws: `.invalidName` when a name is empty or too long.
    package func check(labels: [Label], types: [EdgeType], keys: [PropertyKey]) throws {
        for label in labels { try check(.label, label.name) }
        for type in types { try check(.edgeType, type.name) }
        for key in keys { try check(.propertyKey, key.name) }
    }
}
