/// Counts rows by what stands in them: an open-addressed table of the first row of each value.
struct RowCounter {
    private(set) var groups: [(row: Int, count: Int)] = []
    private var hashes: [UInt64] = []
    /// Group plus one; 0 where nothing is.
    private var slots: [UInt32]

    init() { slots = [UInt32](repeating: 0, count: 1 << 10) }

    /// Counts a row and returns the number of its group.
    @inline(__always)
    @discardableResult
    mutating func add(_ row: Int, _ hash: UInt64, _ areEqual: (Int, Int) -> Bool) -> Int {
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
                return group
            }
            slot = (slot &+ 1) & mask
        }
        groups.append((row, 1))
        hashes.append(mixed)
        slots[slot] = UInt32(truncatingIfNeeded: groups.count)
        if groups.count &* 2 > slots.count { grow() }
        return groups.count &- 1
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
struct TextRows: ~Escapable {
    let offsets: Span<UInt64>
    let bytes: RawSpan

    @_lifetime(copy offsets, copy bytes)
    init(offsets: Span<UInt64>, bytes: RawSpan) {
        self.offsets = offsets
        self.bytes = bytes
    }

    @inline(__always)
    func range(_ row: Int) -> Range<Int> {
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
        range(row).count == other.byteCount && starts(row, with: other)
    }

    @inline(__always)
    func starts(_ row: Int, with other: RawSpan) -> Bool {
        let range = range(row)
        guard range.count >= other.byteCount else { return false }
        var place = 0
        while place < other.byteCount {
            let count = min(8, other.byteCount &- place)
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
