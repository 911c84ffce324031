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
