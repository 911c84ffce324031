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
    /// The slots that are kept of a row; nil means all.
    private let kept: [Int]?
    private var rows: [Row] = []
    private var count = 0
    /// The last row that is wanted so far: one that is not before it is not kept.
    private var worst: Row?

    init<T: GraphReading & ~Copyable>(
        _ sort: Sort, _ execution: Execution, _ txn: borrowing T
    ) throws {
        keys = sort.keys
        skip = try execution.rows(sort.skip, "SKIP", txn) ?? 0
        limit = try execution.rows(sort.limit, "LIMIT", txn)
        kept = sort.kept
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
        rows.append(Row(key: key, otherKeys: others, number: count, values: values))
        // No more than twice of what is wanted is kept.
        if let limit, case let wanted = skip.addingReportingOverflow(limit), !wanted.overflow,
            rows.count > 64, rows.count / 2 > wanted.partialValue
        {
            sort()
            let surplus = rows.count - wanted.partialValue
            rows.removeLast(surplus)
            worst = rows.last
            execution.release(surplus * bytes)
        }
        return true
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
        sort()
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
