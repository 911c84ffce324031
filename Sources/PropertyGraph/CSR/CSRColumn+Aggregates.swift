extension CSRColumn {
    /// What the numbers of a column amount to.
    public struct Summary: Sendable, Hashable {
        /// How many there are.
        public let count: Int
        /// Their sum; of doubles in the order of the rows.
        public let sum: Double
        /// The smallest.
        public let minimum: Double
        /// The largest.
        public let maximum: Double
        /// Their mean.
        public var mean: Double { sum / Double(count) }
    }

    /// Sums up a column of numbers; nil when it holds none, or values of another type.
    ///
    /// Integers are summed exactly, where the sum fits 64 bits.
    ///
    /// - Complexity: O(rows).
    public func summary() -> Summary? {
        switch values {
        case .integers(let buffer):
            let numbers = buffer.span
            var (count, sum, low, high) = (0, 0 as Int64, Int64.max, Int64.min)
            var wide = 0.0
            forEachPresent { row in
                let value = numbers[row]
                count &+= 1
                let (total, overflow) = sum.addingReportingOverflow(value)
                if overflow { wide += Double(sum) }
                sum = overflow ? value : total
                low = min(low, value)
                high = max(high, value)
            }
            guard count > 0 else { return nil }
            return Summary(
                count: count, sum: wide + Double(sum), minimum: Double(low), maximum: Double(high))
        case .doubles(let buffer):
            let numbers = buffer.span
            var (count, sum, low, high) = (0, 0.0, Double.infinity, -Double.infinity)
            forEachPresent { row in
                let value = numbers[row]
                count &+= 1
                sum += value
                low = min(low, value)
                high = max(high, value)
            }
            guard count > 0 else { return nil }
            return Summary(count: count, sum: sum, minimum: low, maximum: high)
        case .booleans, .strings, .dictionary: return nil
        }
    }

    /// A value and how often it stands in the column.
    public struct Group: Sendable, Hashable {
        /// The value; nil for rows without one.
        public let value: PropertyValue?
        /// How many rows have it.
        public let count: Int
        /// The first row that has it.
        public let firstRow: Int
    }

    /// Counts the rows of each value, in the order in which values first appear.
    ///
    /// Texts are compared by their bytes, doubles by their bits.
    ///
    /// - Complexity: O(rows), and the bytes of texts that are not in a dictionary.
    public func groups() -> [Group] {
        if case .dictionary(let codes, let offsets, _) = values {
            return dictionaryGroups(codes.span, distinct: max(offsets.count - 1, 0))
        }
        var counter = RowCounter()
        var absent = (count: 0, first: 0)
        switch values {
        case .integers(let buffer):
            let span = buffer.span
            countGroups(&counter, &absent, { UInt64(bitPattern: span[$0]) }) {
                span[$0] == span[$1]
            }
        case .doubles(let buffer):
            let span = buffer.span
            countGroups(&counter, &absent, { span[$0].bitPattern }) {
                span[$0].bitPattern == span[$1].bitPattern
            }
        case .booleans(let buffer):
            let span = buffer.span
            countGroups(&counter, &absent, { UInt64(span[$0]) }) { span[$0] == span[$1] }
        case .strings(let offsets, let bytes):
            let texts = TextRows(offsets: offsets.span, bytes: bytes.bytes)
            countGroups(&counter, &absent, { texts.hash($0) }) { texts.areEqual($0, $1) }
        case .dictionary: break
        }
        var groups = counter.groups.map { group in
            Group(value: value(at: group.row), count: group.count, firstRow: group.row)
        }
        if absent.count > 0 {
            let group = Group(value: nil, count: absent.count, firstRow: absent.first)
            groups.insert(
                group, at: groups.firstIndex { $0.firstRow > absent.first } ?? groups.count)
        }
        return groups
    }

    @inline(__always)
    private func countGroups(
        _ counter: inout RowCounter, _ absent: inout (count: Int, first: Int),
        _ hash: (Int) -> UInt64, _ areEqual: (Int, Int) -> Bool
    ) {
        guard presence != nil else {
            for row in 0..<count { counter.add(row, hash(row), areEqual) }
            return
        }
        for row in 0..<count {
            if isPresent(row) {
                counter.add(row, hash(row), areEqual)
            } else {
                if absent.count == 0 { absent.first = row }
                absent.count &+= 1
            }
        }
    }

    /// As `groups`, of the codes of a dictionary: no text is looked at but those of the answer.
    private func dictionaryGroups(_ codes: Span<UInt32>, distinct: Int) -> [Group] {
        // Codes in turn to four counts: equal ones in a row would wait for one another.
        let lanes = distinct <= 4_096 ? 4 : 1
        var counts = [UInt32](repeating: 0, count: max(distinct &* lanes, 1))
        var firsts = [UInt32](repeating: .max, count: max(distinct, 1))
        var absent = (count: 0, first: 0)
        var counters = counts.mutableSpan
        if presence == nil {
            for row in codes.indices {
                counters[Int(codes[row]) &* lanes &+ row & (lanes &- 1)] &+= 1
            }
        } else {
            for row in codes.indices {
                if isPresent(row) {
                    counters[Int(codes[row]) &* lanes &+ row & (lanes &- 1)] &+= 1
                } else {
                    if absent.count == 0 { absent.first = row }
                    absent.count &+= 1
                }
            }
        }
        var totals: [Int] = []
        var unseen = 0
        for code in 0..<distinct {
            var total = 0
            for lane in 0..<lanes { total &+= Int(counts[code &* lanes &+ lane]) }
            totals.append(total)
            if total > 0 { unseen &+= 1 }
        }
        var row = 0
        while unseen > 0, row < codes.count {
            if firsts[Int(codes[row])] == .max, isPresent(row) {
                firsts[Int(codes[row])] = UInt32(truncatingIfNeeded: row)
                unseen &-= 1
            }
            row &+= 1
        }
        var groups: [Group] = []
        for code in totals.indices where totals[code] > 0 {
            let first = Int(firsts[code])
            groups.append(Group(value: value(at: first), count: totals[code], firstRow: first))
        }
        if absent.count > 0 {
            groups.append(Group(value: nil, count: absent.count, firstRow: absent.first))
        }
        return groups.sorted { $0.firstRow < $1.firstRow }
    }

    /// The value of a row; nil where there is none.
    public func value(at row: Int) -> PropertyValue? {
        guard isPresent(row) else { return nil }
        switch values {
        case .integers(let buffer): return .integer(buffer[row])
        case .doubles(let buffer): return .double(buffer[row])
        case .booleans(let buffer): return .boolean(buffer[row] != 0)
        case .strings, .dictionary: return string(at: row).map { .string($0) }
        }
    }

    /// The rows whose number passes a test; none for columns of other types.
    ///
    /// - Complexity: O(rows).
    public func rows(where test: (Double) -> Bool) -> [Int] {
        var rows: [Int] = []
        switch values {
        case .integers(let buffer):
            let span = buffer.span
            forEachPresent { if test(Double(span[$0])) { rows.append($0) } }
        case .doubles(let buffer):
            let span = buffer.span
            forEachPresent { if test(span[$0]) { rows.append($0) } }
        case .booleans, .strings, .dictionary: break
        }
        return rows
    }

    @inline(__always)
    func forEachPresent(_ body: (Int) -> Void) {
        guard let presence else {
            for row in 0..<count { body(row) }
            return
        }
        let words = presence.span
        for index in words.indices {
            var word = words[index]
            while word != 0 {
                body(index &* 64 &+ word.trailingZeroBitCount)
                word &= word &- 1
            }
        }
    }
}
