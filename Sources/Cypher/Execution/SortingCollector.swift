internal import GraphStore
internal import PropertyGraph

/// Rows in order. Equal rows stay in the order they came in.
final class SortingCollector: Collector {
    private struct Row {
        /// The first key, beside the others: most often it is the only one.
        let key: Value
        let otherKeys: [Value]
        let number: Int
        let values: [Value]
    }

    private let keys: [SortKey]
    private let skip: Int
    private let limit: Int?
    /// How many rows are wanted, those that are skipped among them; nil means all.
    private let wanted: Int?
    /// The slots that are kept of a row; nil means all.
    private let kept: [Int]?
    private var rows: [Row] = []
    private var count = 0
    /// The last row that is wanted so far: one that is not before it is not kept.
    private var worst: Row?

    /// So few are kept in order as they come.
    private static let mostInOrder = 64

    init<T: GraphReading & ~Copyable>(
        _ sort: Sort, _ execution: Execution, _ txn: borrowing T
    ) throws {
        keys = sort.keys
        let skip = try execution.rows(sort.skip, "SKIP", txn) ?? 0
        limit = try execution.rows(sort.limit, "LIMIT", txn)
        let sum = limit.map { skip.addingReportingOverflow($0) }
        self.skip = skip
        kept = sort.kept
        wanted = sum.flatMap { $0.overflow ? nil : $0.partialValue }
    }

    var isFull: Bool { limit == 0 }

    func accept<T: GraphReading & ~Copyable>(
        _ execution: Execution, _ txn: borrowing T
    ) throws -> Bool {
        let key = try execution.value(keys[0].code, txn)
        let others =
            keys.count == 1 ? [] : try keys.dropFirst().map { try execution.value($0.code, txn) }
        count += 1
        if let worst, precedence(key, others, worst) >= 0 { return true }
        let bytes = bytes(execution)
        try execution.keep(bytes)
        let values = kept.map { $0.map { execution.slots[$0] } } ?? execution.slots
        let row = Row(key: key, otherKeys: others, number: count, values: values)
        guard let wanted else {
            rows.append(row)
            return true
        }
        if wanted <= Self.mostInOrder {
            rows.insert(row, at: place(of: row))
            if rows.count > wanted { rows.removeLast() }
            if rows.count == wanted { worst = rows.last }
            if count > wanted { execution.release(bytes) }
            return true
        }
        rows.append(row)
        // No more than twice of what is wanted is kept.
        if rows.count / 2 > wanted {
            sort()
            let surplus = rows.count - wanted
            rows.removeLast(surplus)
            worst = rows.last
            execution.release(surplus * bytes)
        }
        return true
    }

    /// Where a row belongs among those that are kept in order: behind its equals, which came first.
    private func place(of row: Row) -> Int {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if precedence(row.key, row.otherKeys, rows[middle]) < 0 {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }

    /// About the bytes that the row under way takes here.
    private func bytes(_ execution: Execution) -> Int { execution.rowBytes + 64 }

    private func sort() {
        rows.sort { left, right in
            let order = precedence(left.key, left.otherKeys, right)
            return order == 0 ? left.number < right.number : order < 0
        }
    }

    /// Negative where a row with the keys comes before another.
    private func precedence(_ key: Value, _ others: [Value], _ row: Row) -> Int {
        let order = key.order(against: row.key)
        if order != 0 { return keys[0].isDescending ? -order : order }
        for place in others.indices {
            let order = others[place].order(against: row.otherKeys[place])
            if order != 0 { return keys[place + 1].isDescending ? -order : order }
        }
        return 0
    }

    func finish<T: GraphReading & ~Copyable>(
        _ execution: Execution, _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool {
        if wanted ?? .max > Self.mostInOrder { sort() }
        for row in rows.dropFirst(skip).prefix(limit ?? .max) {
            if let kept {
                for (slot, value) in zip(kept, row.values) { execution.slots[slot] = value }
            } else {
                execution.slots = row.values
            }
            guard try next() else { return false }
        }
        return true
    }
}
