internal import LMDB
internal import PropertyGraph

extension GraphView {
    /// The nodes of a projection, ascending.
    ///
    /// - Complexity: O(1) reads for all nodes of a store without holes among its ids, O(nodes)
    ///   for one with, O(members) for labels.
    func projectedNodes(
        _ projection: Projection, within bounds: ProjectionBounds = .none
    ) throws -> IDIndex {
        let ids =
            try projection.labels.map { try nodeIDs(withAnyOf: $0, bounds) } ?? allNodeIDs(bounds)
        guard ids.count < Int(UInt32.max) else {
            throw GraphStoreError(
                .limitExceeded,
                "Cannot project \(ids.count) nodes: a projection has at most \(UInt32.max - 1). "
                    + "Project fewer labels.")
        }
        return IDIndex(ids)
    }

    private func allNodeIDs(_ bounds: ProjectionBounds) throws -> [UInt64] {
        if let past {
            var ids: [UInt64] = []
            try forEachPastNode(past) {
                try bounds.tick("nodes", ids.count, every: 1 << 12)
                ids.append($0)
                return true
            }
            return ids
        }
        let entries = try bytes.statistics(tables.node).entries
        var cursor = try bytes.cursor(tables.node)
        guard try cursor.first() else { return [] }
        let first = try nodeID(cursor.key)
        guard try cursor.last() else { return [] }
        let last = try nodeID(cursor.key)
        // As many keys as numbers between the first and the last: no hole, nothing to read.
        if last >= first, last - first == UInt64(entries) - 1 { return Array(first...last) }
        var ids: [UInt64] = []
        ids.reserveCapacity(entries)
        var found = try cursor.first()
        while found {
            try bounds.tick("nodes", ids.count, of: entries, every: 1 << 12)
            ids.append(try nodeID(cursor.key))
            found = try cursor.next()
        }
        return ids
    }

    private func nodeID(_ key: RawSpan) throws -> UInt64 {
        guard key.byteCount == 8 else { throw GraphStoreError.corrupted("node key") }
        return key.loadBE64(at: 0)
    }

    private func nodeIDs(
        withAnyOf labels: [Label], _ bounds: ProjectionBounds
    ) throws -> [UInt64] {
        var union: [UInt64] = []
        for label in Set(labels) {
            guard let number = catalog.number(of: label) else { continue }
            var members: [UInt64] = []
            try forEachMember(.node, number) {
                try bounds.tick("nodes", members.count, every: 1 << 12)
                members.append($0)
                return true
            }
            union = union.isEmpty ? members : Self.union(union, members)
        }
        return union
    }

    /// The ids of two ascending lists, each once.
    private static func union(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] {
        var result: [UInt64] = []
        result.reserveCapacity(left.count + right.count)
        var (i, j) = (0, 0)
        while i < left.count, j < right.count {
            let (a, b) = (left[i], right[j])
            result.append(min(a, b))
            if a <= b { i += 1 }
            if b <= a { j += 1 }
        }
        result.append(contentsOf: left[i...])
        result.append(contentsOf: right[j...])
        return result
    }

    /// Columns over nodes that ascend, by the names of the keys.
    ///
    /// - Complexity: O(nodes): one walk over their records.
    func nodeColumns(
        _ keys: [PropertyKey], of nodes: IDIndex, within bounds: ProjectionBounds = .none
    ) throws -> [String: CSRColumn] {
        var columns: [String: CSRColumn] = [:]
        let unique = Set(keys).sorted()
        guard !unique.isEmpty else { return columns }
        let numbers = unique.map { catalog.number(of: $0) ?? 0 }
        var builders = unique.map { _ in ColumnBuilder(count: nodes.count) }
        if past != nil {
            try fillOneByOne(&builders, numbers, .node, nodes.ids, bounds)
        } else {
            try fillInOneWalk(&builders, numbers, nodes.ids, bounds)
        }
        for (key, builder) in zip(unique, builders) {
            try bounds.look("properties of nodes", nodes.count, of: nodes.count)
            columns[key.name] = builder.column()
        }
        return columns
    }

    private func fillInOneWalk(
        _ builders: inout [ColumnBuilder], _ numbers: [UInt32], _ ids: [UInt64],
        _ bounds: ProjectionBounds
    ) throws {
        var walk = try AscendingWalk(bytes.cursor(tables.node))
        for row in ids.indices {
            try bounds.check(row, builders)
            let id = ids[row]
            guard try walk.advance(to: id) else {
                throw GraphStoreError.corrupted("node \(id) has a label but no record")
            }
            try fill(&builders, numbers, row, walk.value, .node, id)
        }
        // The rows behind the last look.
        try bounds.check(0, builders)
    }

    /// Sets all rows by looking up each value: the way at an earlier position.
    func fillOneByOne(
        _ builders: inout [ColumnBuilder], _ numbers: [UInt32], _ entity: EntityKind,
        _ ids: [UInt64], _ bounds: ProjectionBounds
    ) throws {
        for row in ids.indices {
            try bounds.tick("properties", row, of: ids.count, every: 1 << 8)
            for column in numbers.indices where numbers[column] != 0 {
                guard let value = try value(entity, ids[row], numbers[column]) else { continue }
                switch value {
                case .integer(let number): builders[column].set(row, integer: number)
                case .double(let number): builders[column].set(row, double: number)
                default: builders[column].set(row, value)
                }
            }
        }
    }

    /// Sets the row of each builder to the value that the record has under its number.
    func fill(
        _ builders: inout [ColumnBuilder], _ numbers: [UInt32], _ row: Int, _ bytes: RawSpan,
        _ entity: EntityKind, _ id: UInt64
    ) throws {
        guard let record = RecordView(bytes) else {
            throw GraphStoreError.corrupted("record of \(entity) \(id)")
        }
        for column in numbers.indices {
            guard let index = record.find(numbers[column]) else { continue }
            if let integer = record.integer(at: index) {
                builders[column].set(row, integer: integer)
            } else if let double = record.double(at: index) {
                builders[column].set(row, double: double)
            } else if let value = try property(numbers[column], in: bytes, entity, id) {
                builders[column].set(row, value)
            }
        }
    }
}

/// A cursor over keys of one 64-bit number that only moves forward.
///
/// Neighbours are reached by a step, which costs a tenth of a search.
struct AscendingWalk: ~Copyable, ~Escapable {
    private var cursor: Cursor
    private var hasStarted = false

    @_lifetime(copy cursor)
    init(_ cursor: consuming Cursor) {
        self.cursor = cursor
    }

    /// Goes to a key above all earlier ones; false when there is none.
    @_lifetime(self: copy self)
    mutating func advance(to id: UInt64) throws -> Bool {
        let isStep = hasStarted && cursor.isOnRecord
        hasStarted = true
        if isStep, try cursor.next(), cursor.key.byteCount == 8, cursor.key.loadBE64(at: 0) == id {
            return true
        }
        return try cursor.seek(to: FixedKey(be64: id).span)
    }

    /// The value of the record it is on.
    var value: RawSpan {
        @_lifetime(copy self)
        get { cursor.value }
    }
}
