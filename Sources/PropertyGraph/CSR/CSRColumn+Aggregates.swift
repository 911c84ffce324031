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
        case .booleans, .strings: return nil
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
    /// - Complexity: O(rows), and the bytes of texts.
    public func groups() -> [Group] {
        var counter = RowCounter(rowCount: count)
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

    /// The value of a row; nil where there is none.
    public func value(at row: Int) -> PropertyValue? {
        guard isPresent(row) else { return nil }
        switch values {
        case .integers(let buffer): return .integer(buffer[row])
        case .doubles(let buffer): return .double(buffer[row])
        case .booleans(let buffer): return .boolean(buffer[row] != 0)
        case .strings: return string(at: row).map { .string($0) }
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
        case .booleans, .strings: break
        }
        return rows
    }

    /// The rows with this text, compared by bytes; none for columns of other types.
    ///
    /// - Complexity: O(rows).
    public func rows(equalTo text: String) -> [Int] {
        guard case .strings(let offsets, let bytes) = values else { return [] }
        let texts = TextRows(offsets: offsets.span, bytes: bytes.bytes)
        let wanted = CSRBuffer(Array(text.utf8))
        var rows: [Int] = []
        forEachPresent { if texts.equals($0, wanted.bytes) { rows.append($0) } }
        return rows
    }

    @inline(__always)
    private func forEachPresent(_ body: (Int) -> Void) {
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

/// Counts rows by what stands in them: an open-addressed table of the first row of each value.
private struct RowCounter {
    private(set) var groups: [(row: Int, count: Int)] = []
    private var hashes: [UInt64] = []
    /// Group plus one; 0 where nothing is.
    private var slots: [UInt32]

    init(rowCount: Int) { slots = [UInt32](repeating: 0, count: 1 << 10) }

    @inline(__always)
    mutating func add(_ row: Int, _ hash: UInt64, _ areEqual: (Int, Int) -> Bool) {
        // Fibonacci hashing: neighbouring numbers must not fall into neighbouring slots.
        let mixed = (hash ^ hash &>> 32) &* 0x9E37_79B9_7F4A_7C15
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: mixed &>> 20) & mask
        while true {
            let found = slots[slot]
            if found == 0 { break }
            let group = Int(found) &- 1
            if hashes[group] == mixed, areEqual(groups[group].row, row) {
                groups[group].count &+= 1
                return
            }
            slot = (slot &+ 1) & mask
        }
        groups.append((row, 1))
        hashes.append(mixed)
        slots[slot] = UInt32(truncatingIfNeeded: groups.count)
        if groups.count &* 2 > slots.count { grow() }
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 4)
        let mask = slots.count - 1
        for (group, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash &>> 20) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(truncatingIfNeeded: group + 1)
        }
    }
}

/// Texts of a column, to compare without copying them.
private struct TextRows: ~Escapable {
    let offsets: Span<UInt64>
    let bytes: RawSpan

    @_lifetime(copy offsets, copy bytes)
    init(offsets: Span<UInt64>, bytes: RawSpan) {
        self.offsets = offsets
        self.bytes = bytes
    }

    @inline(__always)
    private func range(_ row: Int) -> Range<Int> {
        let start = min(Int(clamping: offsets[row]), bytes.byteCount)
        return start..<max(start, min(Int(clamping: offsets[row &+ 1]), bytes.byteCount))
    }

    @inline(__always)
    func hash(_ row: Int) -> UInt64 {
        let range = range(row)
        var hash = UInt64(range.count)
        var place = range.lowerBound
        while place < range.upperBound {
            let count = min(8, range.upperBound &- place)
            hash = (hash ^ bytes.word(at: place, count: count)) &* 0xFF51_AFD7_ED55_8CCD
            hash ^= hash &>> 29
            place &+= 8
        }
        return hash
    }

    @inline(__always)
    func areEqual(_ left: Int, _ right: Int) -> Bool {
        equals(left, bytes.extracting(range(right)))
    }

    @inline(__always)
    func equals(_ row: Int, _ other: RawSpan) -> Bool {
        let range = range(row)
        guard range.count == other.byteCount else { return false }
        var place = 0
        while place < range.count {
            let count = min(8, range.count &- place)
            if bytes.word(at: range.lowerBound &+ place, count: count)
                != other.word(at: place, count: count)
            {
                return false
            }
            place &+= 8
        }
        return true
    }
}
