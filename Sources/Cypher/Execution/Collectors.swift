internal import GraphStore
internal import PropertyGraph

/// What takes the rows of a stage and gives those of the next.
protocol Collector: AnyObject {
    /// Whether a row that was accepted goes on at once.
    var passesOn: Bool { get }
    /// Whether no further row is wanted.
    var isFull: Bool { get }
    /// Takes the row under way; for one that passes on, whether it does. False ends the stage.
    func accept<T: GraphReading & ~Copyable>(
        _ execution: Execution, _ txn: borrowing T
    ) throws -> Bool
    /// Puts the collected rows into the frame, one after another; false when no more are wanted.
    func finish<T: GraphReading & ~Copyable>(
        _ execution: Execution, _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool
}

extension Collector {
    var passesOn: Bool { false }
    var isFull: Bool { false }
}

/// Rows as they come.
final class PassingCollector: Collector {
    var passesOn: Bool { true }

    func accept<T: GraphReading & ~Copyable>(
        _ execution: Execution, _ txn: borrowing T
    ) -> Bool { true }

    func finish<T: GraphReading & ~Copyable>(
        _ execution: Execution, _ txn: borrowing T, _ next: () throws -> Bool
    ) -> Bool { true }
}

/// Keeps rows and gives those that SKIP and LIMIT leave.
final class LimitingCollector: Collector {
    private var skip: Int
    private var left: Int
    private var rows: [[Value]] = []

    init(skip: Int, limit: Int?) {
        self.skip = skip
        left = limit ?? .max
    }

    var isFull: Bool { left == 0 }

    func accept<T: GraphReading & ~Copyable>(
        _ execution: Execution, _ txn: borrowing T
    ) throws -> Bool {
        if skip > 0 {
            skip -= 1
            return true
        }
        guard left > 0 else { return false }
        left -= 1
        try execution.keep(execution.rowBytes)
        rows.append(execution.slots)
        return left > 0
    }

    func finish<T: GraphReading & ~Copyable>(
        _ execution: Execution, _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool {
        for row in rows {
            execution.slots = row
            guard try next() else { return false }
        }
        return true
    }
}

/// Rows that differ from all before in some slots.
final class DistinctCollector: Collector {
    private let slots: [Int]
    private var seen: Set<ValueKey> = []
    private var rows: [[Value]] = []

    init(slots: [Int]) { self.slots = slots }

    func accept<T: GraphReading & ~Copyable>(
        _ execution: Execution, _ txn: borrowing T
    ) throws -> Bool {
        let key = ValueKey(values: slots.map { execution.slots[$0] })
        guard seen.insert(key).inserted else { return true }
        try execution.keep(execution.rowBytes + 64 + key.heapBytes)
        rows.append(execution.slots)
        return true
    }

    func finish<T: GraphReading & ~Copyable>(
        _ execution: Execution, _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool {
        for row in rows {
            execution.slots = row
            guard try next() else { return false }
        }
        return true
    }
}

/// Rows in order. Equal rows stay in the order they came in.
final class SortingCollector: Collector {
    private struct Row {
        let keys: [Value]
        let number: Int
        let slots: [Value]
    }

    private let keys: [(code: Code, isDescending: Bool)]
    private let skip: Int
    private let limit: Int?
    private var rows: [Row] = []
    private var count = 0
    /// The keys of the last row that is wanted so far: one that is not before it is not kept.
    private var worst: [Value]?

    init(keys: [(code: Code, isDescending: Bool)], skip: Int, limit: Int?) {
        self.keys = keys
        self.skip = skip
        self.limit = limit
    }

    var isFull: Bool { limit == 0 }

    func accept<T: GraphReading & ~Copyable>(
        _ execution: Execution, _ txn: borrowing T
    ) throws -> Bool {
        let values = try keys.map { try execution.value($0.code, txn) }
        count += 1
        if let worst, precedence(values, worst) >= 0 { return true }
        try execution.keep(execution.rowBytes + 64)
        rows.append(Row(keys: values, number: count, slots: execution.slots))
        // No more than twice of what is wanted is kept.
        if let limit, case let wanted = skip.addingReportingOverflow(limit), !wanted.overflow,
            rows.count > 64, rows.count / 2 > wanted.partialValue
        {
            sort()
            let surplus = rows.count - wanted.partialValue
            rows.removeLast(surplus)
            worst = rows.last?.keys
            execution.release(surplus * (execution.rowBytes + 64))
        }
        return true
    }

    private func sort() {
        rows.sort { left, right in
            let order = precedence(left.keys, right.keys)
            return order == 0 ? left.number < right.number : order < 0
        }
    }

    /// Negative where the row of the left keys comes first.
    private func precedence(_ left: [Value], _ right: [Value]) -> Int {
        for (place, key) in keys.enumerated() {
            let order = left[place].order(against: right[place])
            if order != 0 { return key.isDescending ? -order : order }
        }
        return 0
    }

    func finish<T: GraphReading & ~Copyable>(
        _ execution: Execution, _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool {
        sort()
        for row in rows.dropFirst(skip).prefix(limit ?? .max) {
            execution.slots = row.slots
            guard try next() else { return false }
        }
        return true
    }
}
