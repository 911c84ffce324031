internal import LMDB

/// Keys of ordered indexes and the ids they lead to, in memory, that can be put in order.
///
/// The bytes of all keys stand in one buffer. What is sorted is eight bytes of each and its place,
/// by radix, then the next eight of those that agree: no key is moved, and few are looked at twice.
struct KeyList {
    private struct Item {
        var id: UInt64
        var start: Int
        var length: UInt32
    }

    /// Eight bytes of a key, the highest first, and the place of its item.
    private struct Entry {
        var word: UInt64
        var place: Int
    }

    /// The bytes of all keys, and of one under way: its value is written here.
    var bytes = ByteWriter()
    /// Where the key under way begins.
    private var start = 0
    private var items: [Item] = []
    private var order: [Entry] = []

    /// The number of an index, in front of each of its keys.
    private static let indexBytes = 4
    /// Fewer entries are compared rather than counted by their digits.
    private static let fewEntries = 1_024
    /// Fewer are put in order one by one.
    private static let handful = 16

    var count: Int { items.count }
    /// The memory it takes, with what sorting will take.
    var byteCount: Int {
        bytes.count + items.count * (MemoryLayout<Item>.stride + 2 * MemoryLayout<Entry>.stride)
    }

    // MARK: Adding

    /// Begins a key: what is appended to `bytes` from now on is its value.
    mutating func begin(index: UInt32) {
        start = bytes.count
        bytes.appendBE32(index)
    }

    /// Ends the key under way, which is cut if it is too long.
    mutating func end(id: UInt64) {
        OrderedKey.cut(&bytes, from: start + Self.indexBytes)
        items.append(
            Item(id: id, start: start, length: UInt32(truncatingIfNeeded: bytes.count - start)))
    }

    /// Gives up the key under way.
    mutating func cancel() { bytes.truncate(to: start) }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        items.removeAll(keepingCapacity: true)
        order.removeAll(keepingCapacity: true)
    }

    // MARK: Reading

    /// Calls `body` with (index · key, id): in order once they are sorted, else as they came.
    func forEach(_ body: (RawSpan, UInt64) throws -> Void) throws {
        if order.isEmpty {
            for item in items { try body(bytes(of: item), item.id) }
        }
        for entry in order {
            let item = items[entry.place]
            try body(bytes(of: item), item.id)
        }
    }

    @_lifetime(borrow self)
    private func bytes(of item: Item) -> RawSpan {
        bytes.span.extracting(item.start..<(item.start &+ Int(item.length)))
    }

    // MARK: Sorting

    /// Sorts by index, by the bytes of the key, then by id.
    ///
    /// - Complexity: O(keys × bytes that tell them apart / 8) for keys of any kind; keys that are
    ///   equal are compared, in O(keys) where their ids came ascending.
    mutating func sort() {
        var entries = items.indices.map { Entry(word: 0, place: $0) }
        var spare = entries
        sort(&entries, &spare, 0..<entries.count, from: 0)
        order = entries
    }

    /// Sorts a range of entries that agree in all bytes before an offset.
    private func sort(
        _ entries: inout [Entry], _ spare: inout [Entry], _ range: Range<Int>, from offset: Int
    ) {
        var offset = offset
        var words = load(&entries, range, from: offset)
        // What all share tells nothing; a key that ended is left to comparing.
        while words.shared > 0, !words.hasEnd {
            offset &+= words.shared
            words = load(&entries, range, from: offset)
        }
        guard range.count >= Self.fewEntries else {
            return compareSort(&entries, range, from: offset)
        }
        Self.radixSort(&entries, &spare, range, differing: words.differing)
        var start = range.lowerBound
        while start < range.upperBound {
            var end = start &+ 1
            while end < range.upperBound, entries[end].word == entries[start].word { end &+= 1 }
            if end &- start > Self.handful, !words.hasEnd {
                sort(&entries, &spare, start..<end, from: offset &+ 8)
            } else if end &- start > 1 {
                compareSort(&entries, start..<end, from: offset)
            }
            start = end
        }
    }

    /// Loads the words of entries at an offset of their keys.
    ///
    /// - Returns: The bits in which they differ, how many leading bytes they share, and whether a
    ///   key ends within its word.
    private func load(
        _ entries: inout [Entry], _ range: Range<Int>, from offset: Int
    ) -> (differing: UInt64, shared: Int, hasEnd: Bool) {
        var (every, any, hasEnd) = (UInt64.max, 0 as UInt64, false)
        let bytes = bytes.span
        for place in range {
            let item = items[entries[place].place]
            let left = Int(item.length) &- offset
            hasEnd = hasEnd || left <= 8
            let word = Self.word(bytes, at: item.start &+ offset, count: left)
            entries[place].word = word
            every &= word
            any |= word
        }
        let differing = every ^ any
        return (differing, range.isEmpty ? 0 : differing.leadingZeroBitCount / 8, hasEnd)
    }

    /// The next eight bytes, the first the highest; zeros behind the end of the key.
    @inline(__always)
    private static func word(_ bytes: RawSpan, at start: Int, count: Int) -> UInt64 {
        if count >= 8 { return bytes.loadBE64(at: start) }
        var word: UInt64 = 0
        for index in 0..<8 {
            word = word &<< 8 | (index < count ? UInt64(bytes.loadUInt8(at: start &+ index)) : 0)
        }
        return word
    }

    /// Sorts by the words, in steps of eleven bits, those in which none differ left out.
    private static func radixSort(
        _ entries: inout [Entry], _ spare: inout [Entry], _ range: Range<Int>, differing: UInt64
    ) {
        let digitBits = 11
        let mask = (1 << digitBits) - 1
        var shift = differing.trailingZeroBitCount
        while shift < UInt64.bitWidth {
            defer { shift &+= digitBits }
            guard (differing &>> UInt64(shift)) & UInt64(mask) != 0 else { continue }
            var places = [Int](repeating: 0, count: mask + 1)
            for place in range {
                places[Int(truncatingIfNeeded: entries[place].word &>> UInt64(shift)) & mask] &+= 1
            }
            var sum = range.lowerBound
            for digit in places.indices {
                let count = places[digit]
                places[digit] = sum
                sum &+= count
            }
            for place in range {
                let entry = entries[place]
                let digit = Int(truncatingIfNeeded: entry.word &>> UInt64(shift)) & mask
                spare[places[digit]] = entry
                places[digit] &+= 1
            }
            if range.count == entries.count {
                swap(&entries, &spare)
            } else {
                for place in range { entries[place] = spare[place] }
            }
        }
    }

    /// Sorts a range by comparing: words, then the bytes behind them, then ids.
    private func compareSort(_ entries: inout [Entry], _ range: Range<Int>, from offset: Int) {
        let bytes = bytes.span
        guard range.count > Self.handful else {
            for place in range.dropFirst() {
                let entry = entries[place]
                var hole = place
                while hole > range.lowerBound,
                    precedes(entry, entries[hole &- 1], bytes, from: offset)
                {
                    entries[hole] = entries[hole &- 1]
                    hole &-= 1
                }
                entries[hole] = entry
            }
            return
        }
        var sorted = Array(entries[range])
        sorted.sort { precedes($0, $1, self.bytes.span, from: offset) }
        for (index, entry) in sorted.enumerated() { entries[range.lowerBound &+ index] = entry }
    }

    @inline(__always)
    private func precedes(
        _ left: Entry, _ right: Entry, _ bytes: RawSpan, from offset: Int
    ) -> Bool {
        if left.word != right.word { return left.word < right.word }
        let (left, right) = (items[left.place], items[right.place])
        let one = bytes.extracting(
            (left.start &+ min(offset, Int(left.length)))..<(left.start &+ Int(left.length)))
        let other = bytes.extracting(
            (right.start &+ min(offset, Int(right.length)))..<(right.start &+ Int(right.length)))
        let order = one.compare(other)
        return order == 0 ? left.id < right.id : order < 0
    }
}
