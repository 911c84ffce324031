internal import PropertyGraph

/// Aggregates over the rows of columns, which hold exactly what is stored.
///
/// Groups are numbered by codes, and numbers are counted and summed without being made values.
struct ColumnAggregation {
    private let scan: ScanAggregation
    private let columns: [CSRColumn]
    private let rows: Int
    private let execution: Execution

    init(_ scan: ScanAggregation, _ columns: [CSRColumn], rows: Int, _ execution: Execution) {
        self.scan = scan
        self.columns = columns
        self.rows = rows
        self.execution = execution
    }

    /// The groups in the order of their first rows.
    ///
    /// - Complexity: O(rows) for each key and each aggregate.
    func groups() throws -> [ScanGroup] {
        var kept = 0
        defer { execution.release(kept) }
        var grouping: Grouping?
        for key in scan.keys {
            try execution.tick(UInt64(rows))
            try execution.keep(rows * 4)
            kept += rows * 4
            let next = try Grouping(columns[key.property], execution)
            grouping = try grouping.map { try Grouping($0, next, execution) } ?? next
        }
        var groups: [ScanGroup] = []
        for first in grouping?.firsts ?? [0] {
            let key = scan.keys.map { Value(columns[$0.property].value(at: first)) }
            groups.append(try ScanGroup(ValueKey(values: key), scan, execution))
        }
        for place in scan.aggregates.indices {
            try execution.tick(UInt64(rows))
            try aggregate(place, &groups, grouping?.numbers)
        }
        return groups
    }

    private func aggregate(
        _ place: Int, _ groups: inout [ScanGroup], _ numbers: [UInt32]?
    ) throws {
        let part = scan.aggregates[place]
        guard let property = part.property else {
            // The nodes themselves, each of which comes once.
            return count(nil, place, &groups, numbers)
        }
        let column = columns[property]
        switch (part.aggregate.kind, column.values) {
        case (.count, _) where !part.aggregate.isDistinct: count(column, place, &groups, numbers)
        case (.sum, .integers(let buffer)) where !part.aggregate.isDistinct,
            (.average, .integers(let buffer)) where !part.aggregate.isDistinct,
            (.minimum, .integers(let buffer)), (.maximum, .integers(let buffer)):
            var totals = [IntegerTotals](repeating: IntegerTotals(), count: groups.count)
            let integers = buffer.span
            let mustFit = part.aggregate.kind == .sum
            let isWhole = column.presence == nil
            var fits = true
            if let numbers {
                for row in integers.indices where isWhole || column.isPresent(row) {
                    fits = totals[Int(numbers[row])].add(integers[row]) && fits
                }
            } else {
                let isSum = part.aggregate.kind == .sum || part.aggregate.kind == .average
                if isSum, isWhole, let total = IntegerTotals(sumOf: integers) {
                    totals[0] = total
                } else {
                    var total = IntegerTotals()
                    for row in integers.indices where isWhole || column.isPresent(row) {
                        fits = total.add(integers[row]) && fits
                    }
                    totals[0] = total
                }
            }
            if mustFit, !fits { throw MathFunctions.overflow(at: part.aggregate.range) }
            for group in groups.indices { groups[group].states[place].set(totals[group]) }
        default:
            for row in 0..<rows {
                if row & 0x3FF == 0 { try execution.checkLimits() }
                guard column.isPresent(row) else { continue }
                let group = numbers.map { Int($0[row]) } ?? 0
                try groups[group].states[place].add(
                    Value(column.value(at: row)), nil, execution)
            }
        }
    }

    /// Counts rows; of a column those that are present.
    private func count(
        _ column: CSRColumn?, _ place: Int, _ groups: inout [ScanGroup], _ numbers: [UInt32]?
    ) {
        var counts = [Int64](repeating: 0, count: groups.count)
        let isWhole = column?.presence == nil
        if let numbers {
            for row in numbers.indices where isWhole || column?.isPresent(row) ?? true {
                counts[Int(numbers[row])] &+= 1
            }
        } else if isWhole {
            counts[0] = Int64(rows)
        } else {
            for row in 0..<rows where column?.isPresent(row) ?? true { counts[0] &+= 1 }
        }
        for group in groups.indices { groups[group].states[place].set(count: counts[group]) }
    }
}

/// Integers that were added up so far.
struct IntegerTotals {
    var count: Int64 = 0
    var sum: Int64 = 0
    /// The sum in floating point, for the mean.
    var floats = 0.0
    var least = Int64.max
    var greatest = Int64.min

    init() {}

    /// Count and sum of numbers, none of which is so large that order or overflow could matter: a
    /// double holds every sum on the way. Nil where that cannot be told at a glance.
    init?(sumOf integers: Span<Int64>) {
        // So many bits a number may have beside its sign.
        let bits = 52 - (Int.bitWidth - integers.count.leadingZeroBitCount)
        guard bits > 0 else { return nil }
        let bias = Int64(1) << Int64(bits)
        var sum: Int64 = 0
        var seen: Int64 = 0
        for row in integers.indices {
            let number = integers[row]
            sum &+= number
            // Negative, or beyond twice the bias, where the number is out of range.
            seen |= number &+ bias
        }
        guard seen >> Int64(bits + 1) == 0 else { return nil }
        count = Int64(integers.count)
        self.sum = sum
        floats = Double(sum)
    }

    /// Adds a number; false where the sum no longer fits.
    @inline(__always)
    mutating func add(_ number: Int64) -> Bool {
        count &+= 1
        floats += Double(number)
        least = min(least, number)
        greatest = max(greatest, number)
        let (sum, overflow) = sum.addingReportingOverflow(number)
        self.sum = sum
        return !overflow
    }
}

/// The group of each row, numbered in the order of their first rows.
private struct Grouping {
    private(set) var numbers: [UInt32] = []
    private(set) var firsts: [Int] = []
    private let execution: Execution
    /// What was counted for looking groups up.
    private var kept = 0

    /// About the bytes of a group beside its key: where it begins, and its place among the known.
    private static let groupBytes = 48

    /// By equivalence of the values of a column.
    init(_ column: CSRColumn, _ execution: Execution) throws {
        self.execution = execution
        numbers.reserveCapacity(column.count)
        defer { forget() }
        switch column.values {
        case .dictionary(let codes, let offsets, _):
            // The code behind the last is that of no value.
            try keep(offsets.count * (MemoryLayout<UInt32>.stride + MemoryLayout<Int>.stride))
            var known = [UInt32](repeating: .max, count: offsets.count)
            let codes = codes.span
            let isWhole = column.presence == nil
            for row in codes.indices {
                let code =
                    isWhole || column.isPresent(row) ? Int(codes[row]) : offsets.count - 1
                if known[code] == .max { known[code] = begin(row) }
                numbers.append(known[code])
            }
        case .integers(let buffer):
            var known: [Int64: UInt32] = [:]
            var absent: UInt32?
            let integers = buffer.span
            for row in integers.indices {
                guard column.isPresent(row) else {
                    let number = absent ?? begin(row)
                    absent = number
                    numbers.append(number)
                    continue
                }
                try add(row, integers[row], &known, 0)
            }
        default:
            var known: [ValueKey: UInt32] = [:]
            for row in 0..<column.count {
                let key = ValueKey(values: [Value(column.value(at: row))])
                try add(row, key, &known, key.bytes)
            }
        }
    }

    /// By both of two groupings of the same rows.
    init(_ left: Grouping, _ right: Grouping, _ execution: Execution) throws {
        self.execution = execution
        var known: [UInt64: UInt32] = [:]
        numbers.reserveCapacity(left.numbers.count)
        defer { forget() }
        for row in left.numbers.indices {
            let key = UInt64(left.numbers[row]) << 32 | UInt64(right.numbers[row])
            try add(row, key, &known, 0)
        }
    }

    private mutating func begin(_ row: Int) -> UInt32 {
        firsts.append(row)
        return UInt32(truncatingIfNeeded: firsts.count - 1)
    }

    /// - Parameter bytes: What the key keeps beside its place.
    private mutating func add<Key: Hashable>(
        _ row: Int, _ key: Key, _ known: inout [Key: UInt32], _ bytes: Int
    ) throws {
        if row & 0x3FF == 0 { try execution.checkLimits() }
        if let number = known[key] { return numbers.append(number) }
        try keep(Self.groupBytes + bytes)
        let number = begin(row)
        known[key] = number
        numbers.append(number)
    }

    private mutating func keep(_ bytes: Int) throws {
        try execution.keep(bytes)
        kept += bytes
    }

    private mutating func forget() {
        execution.release(kept)
        kept = 0
    }
}
