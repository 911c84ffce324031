import Glibc
internal import GraphStore
internal import PropertyGraph

/// Groups rows and computes aggregates over each group.
final class AggregatingCollector: Collector {
    private let keys: [(code: Code, slot: Int)]
    private let aggregates: [Aggregate]
    /// The slot that an argument is, where it is no more than that.
    private let argumentSlots: [Int?]
    private var places: [ValueKey: Int] = [:]
    private var groups: [(key: [Value], states: [AggregateState], slots: [Value])] = []

    init(keys: [(code: Code, slot: Int)], aggregates: [Aggregate]) {
        self.keys = keys
        self.aggregates = aggregates
        argumentSlots = aggregates.map {
            if case .slot(let slot)? = $0.argument, $0.second == nil { slot } else { nil }
        }
    }

    func accept<T: GraphReading & ~Copyable>(
        _ execution: Execution, _ txn: borrowing T
    ) throws -> Bool {
        let place = try keys.isEmpty ? onlyGroup(execution) : group(execution, txn)
        for (number, aggregate) in aggregates.enumerated() {
            if let slot = argumentSlots[number] {
                try groups[place].states[number].add(execution.slots[slot], nil, execution)
                continue
            }
            let value = try aggregate.argument.map { try execution.value($0, txn) }
            let second = try aggregate.second.map { try execution.value($0, txn) }
            try groups[place].states[number].add(value, second, execution)
        }
        return true
    }

    /// The group of a query without keys.
    private func onlyGroup(_ execution: Execution) throws -> Int {
        if groups.isEmpty { try add(ValueKey(values: []), execution) }
        return 0
    }

    /// The group of the row under way, a new one if it is the first.
    private func group<T: GraphReading & ~Copyable>(
        _ execution: Execution, _ txn: borrowing T
    ) throws -> Int {
        let key = ValueKey(values: try keys.map { try execution.value($0.code, txn) })
        if let known = places[key] { return known }
        places[key] = groups.count
        try add(key, execution)
        return groups.count - 1
    }

    private func add(_ key: ValueKey, _ execution: Execution) throws {
        try execution.keep(
            execution.rowBytes + 128 + aggregates.count * 128 + key.heapBytes)
        let isOnly = keys.isEmpty
        groups.append(
            (key.values, aggregates.map { AggregateState($0, isOnly: isOnly) }, execution.slots))
    }

    func finish<T: GraphReading & ~Copyable>(
        _ execution: Execution, _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool {
        if keys.isEmpty, groups.isEmpty {
            // Without keys there is one group, even of no row.
            groups.append(([], aggregates.map { AggregateState($0) }, execution.slots))
        }
        for group in groups {
            execution.slots = group.slots
            for (key, value) in zip(keys, group.key) { execution.slots[key.slot] = value }
            for (aggregate, state) in zip(aggregates, group.states) {
                execution.slots[aggregate.slot] = try state.result()
            }
            guard try next() else { return false }
        }
        return true
    }
}

/// An aggregate over the rows of one group so far.
struct AggregateState {
    private let aggregate: Aggregate
    private var count: Int64 = 0
    private var integers: Int64 = 0
    private var floats = 0.0
    private var isFloat = false
    private var duration: Value?
    private var best: Value?
    private var values: [Value] = []
    private var seen: Set<ValueKey> = []
    /// Nodes, which only equal themselves, stand apart: most often they alone are counted.
    private var seenNodes: NodeSet
    private var second: Value?
    /// Mean and sum of squared distances, kept up with each value (Welford 1962).
    private var mean = 0.0
    private var squares = 0.0

    /// - Parameter isOnly: Whether there is but one group.
    init(_ aggregate: Aggregate, isOnly: Bool = false) {
        self.aggregate = aggregate
        seenNodes = NodeSet(isOnly: isOnly)
    }

    mutating func add(_ value: Value?, _ second: Value?, _ execution: Execution) throws {
        if aggregate.kind == .countAll {
            count += 1
            return
        }
        guard let value, !value.isNull else { return }
        if aggregate.isDistinct {
            if case .node(let node) = value {
                guard seenNodes.insert(node) else { return }
            } else {
                guard seen.insert(ValueKey(values: [value])).inserted else { return }
            }
            try execution.keep(96 + value.heapBytes)
        }
        count += 1
        switch aggregate.kind {
        case .countAll, .count: break
        case .sum, .average: try addNumber(value)
        case .minimum:
            if best.map({ value.order(against: $0) < 0 }) ?? true { best = value }
        case .maximum:
            if best.map({ value.order(against: $0) > 0 }) ?? true { best = value }
        case .collect:
            try execution.keep(MemoryLayout<Value>.stride * 2 + value.heapBytes)
            values.append(value)
        case .deviation, .deviationOfAll:
            guard let number = MathFunctions.double(value) else { throw wrongType(value) }
            let distance = number - mean
            mean += distance / Double(count)
            squares += distance * (number - mean)
        case .percentileContinuous, .percentileDiscrete:
            guard MathFunctions.double(value) != nil else { throw wrongType(value) }
            try execution.keep(MemoryLayout<Value>.stride * 2)
            values.append(value)
            self.second = second
            try checkPercentile()
        }
    }

    /// Takes what was counted elsewhere, instead of adding value after value.
    mutating func set(count: Int64) { self.count = count }

    /// Takes integers that were added up elsewhere.
    mutating func set(_ totals: IntegerTotals) {
        count = totals.count
        integers = totals.sum
        floats = totals.floats
        guard totals.count > 0 else { return }
        if aggregate.kind == .minimum { best = .integer(totals.least) }
        if aggregate.kind == .maximum { best = .integer(totals.greatest) }
    }

    private mutating func addNumber(_ value: Value) throws {
        switch value {
        case .integer(let number):
            floats += Double(number)
            let (sum, overflow) = integers.addingReportingOverflow(number)
            if overflow, aggregate.kind == .sum, !isFloat {
                throw MathFunctions.overflow(at: aggregate.range)
            }
            integers = sum
        case .float(let number):
            floats += number
            isFloat = true
        case .duration:
            duration =
                try duration.map {
                    try Arithmetic.value(.add, $0, value, at: aggregate.range)
                } ?? value
        default: throw wrongType(value)
        }
    }

    private func wrongType(_ value: Value) -> CypherError {
        .type(
            .invalidArgumentType, "This aggregate takes numbers, and a value is \(value.typeName).",
            at: aggregate.range)
    }

    private func checkPercentile() throws {
        guard let fraction = MathFunctions.double(second), (0...1).contains(fraction) else {
            throw CypherError.argument(
                .numberOutOfRange, "A percentile is a number from 0.0 to 1.0.", at: aggregate.range)
        }
    }

    func result() throws -> Value {
        switch aggregate.kind {
        case .countAll, .count: return .integer(count)
        case .sum: return duration ?? (isFloat ? .float(floats) : .integer(integers))
        case .average:
            if count == 0 { return .null }
            if let duration {
                return try Arithmetic.value(
                    .divide, duration, .integer(count), at: aggregate.range)
            }
            return .float(floats / Double(count))
        case .minimum, .maximum: return best ?? .null
        case .collect: return .list(values)
        case .deviation: return .float(count < 2 ? 0 : (squares / Double(count - 1)).squareRoot())
        case .deviationOfAll:
            return .float(count < 1 ? 0 : (squares / Double(count)).squareRoot())
        case .percentileContinuous, .percentileDiscrete: return percentile()
        }
    }

    private func percentile() -> Value {
        guard let fraction = MathFunctions.double(second), !values.isEmpty else { return .null }
        let sorted = values.sorted { $0.order(against: $1) < 0 }
        if aggregate.kind == .percentileDiscrete {
            // Nearest rank: the smallest value that so large a part does not exceed.
            let rank = Int((fraction * Double(sorted.count)).rounded(.up))
            return sorted[min(max(rank - 1, 0), sorted.count - 1)]
        }
        let place = fraction * Double(sorted.count - 1)
        let low = Int(place)
        let high = min(low + 1, sorted.count - 1)
        guard let below = MathFunctions.double(sorted[low]),
            let above = MathFunctions.double(sorted[high])
        else { return .null }
        return .float(below + (above - below) * (place - Double(low)))
    }
}
