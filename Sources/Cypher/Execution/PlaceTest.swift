internal import GraphStore
internal import PropertyGraph

/// A condition on a node that its place in compressed sparse rows decides, by the value that stands
/// there in a column: no row is made for a node that fails.
enum PlaceTest {
    case always
    /// Another node than the one there.
    case differs(from: UInt32)
    case integer(CSRBuffer<Int64>, CSRBuffer<UInt64>?, ComparisonOperator, Int64)
    case double(CSRBuffer<Double>, CSRBuffer<UInt64>?, ComparisonOperator, Double)

    /// Whether it reads a property.
    fileprivate var isRead: Bool {
        switch self {
        case .always, .differs: false
        case .integer, .double: true
        }
    }

    @inline(__always)
    fileprivate func passes(_ place: UInt32) -> Bool {
        switch self {
        case .always: return true
        case .differs(let other): return place != other
        case .integer(let values, let presence, let sign, let bound):
            let row = Int(place)
            return Self.isPresent(row, presence) && sign.holds(values[row], bound)
        case .double(let values, let presence, let sign, let bound):
            let row = Int(place)
            return Self.isPresent(row, presence) && sign.holds(values[row], bound)
        }
    }

    @inline(__always)
    private static func isPresent(_ row: Int, _ presence: CSRBuffer<UInt64>?) -> Bool {
        guard let presence else { return true }
        return presence[row >> 6] >> UInt64(row & 63) & 1 == 1
    }
}

extension ComparisonOperator {
    /// Whether it holds of two numbers of one type; never of a NaN, for no test is made of `<>`.
    @inline(__always)
    fileprivate func holds<Number: Comparable>(_ left: Number, _ right: Number) -> Bool {
        switch self {
        case .equal: left == right
        case .notEqual: left != right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }
}

extension Execution {
    /// The filters that follow a search as tests of places, up to the first that columns do not
    /// decide: one that could fail, or whose column is not held.
    func placeTests<T: GraphReading & ~Copyable>(
        _ steps: [Step], from place: Int, of slot: Int, in graph: CSRGraph, _ txn: borrowing T
    ) throws -> [PlaceTest] {
        var tests: [PlaceTest] = []
        for step in steps[place...] {
            guard case .filter(.comparison(let operands, let signs)) = step, operands.count == 2,
                let test = try placeTest(operands, signs[0], of: slot, in: graph, txn)
            else { break }
            tests.append(test)
        }
        return tests
    }

    private func placeTest<T: GraphReading & ~Copyable>(
        _ operands: [Code], _ sign: ComparisonOperator, of slot: Int, in graph: CSRGraph,
        _ txn: borrowing T
    ) throws -> PlaceTest? {
        if sign == .notEqual {
            guard case .slot(let left) = operands[0], case .slot(let right) = operands[1],
                left != right, left == slot || right == slot,
                let other = node(left == slot ? right : left)
            else { return nil }
            return graph.place(of: other.rawValue).map { .differs(from: $0) } ?? .always
        }
        if case .property(.slot(slot), let key, _) = operands[0] {
            return try placeTest(key, sign, bound(operands[1]), graph, txn)
        }
        if case .property(.slot(slot), let key, _) = operands[1] {
            return try placeTest(key, sign.mirrored, bound(operands[0]), graph, txn)
        }
        return nil
    }

    /// The value that a property is compared with, where it is the same for every node.
    private func bound(_ code: Code) -> Value? {
        switch code {
        case .constant(let value): value
        case .parameter(let name, _): parameter(name)
        default: nil
        }
    }

    private func placeTest<T: GraphReading & ~Copyable>(
        _ key: PropertyKey, _ sign: ComparisonOperator, _ bound: Value?, _ graph: CSRGraph,
        _ txn: borrowing T
    ) throws -> PlaceTest? {
        guard let derived, let bound,
            case .held(let held) = try derived.known(.column(key, nil), txn),
            let column = held.nodeColumns[key.name], column.isExact,
            column.count == graph.nodeCount
        else { return nil }
        switch (column.values, bound) {
        case (.integers(let values), .integer(let bound)):
            return .integer(values, column.presence, sign, bound)
        case (.doubles(let values), .float(let bound)):
            return .double(values, column.presence, sign, bound)
        case (.doubles(let values), .integer(let bound)):
            return Double(exactly: bound).map { .double(values, column.presence, sign, $0) }
        default: return nil
        }
    }

    /// Whether a node passes all tests, the work of which is counted.
    @inline(__always)
    func passes(_ place: UInt32, _ tests: [PlaceTest]) throws -> Bool {
        for test in tests {
            if test.isRead { try tick(1) } else { try tick() }
            guard test.passes(place) else { return false }
        }
        return true
    }
}
