import PropertyGraph

/// A hash of bytes: eight at a time, folded multiplication; seeded for each process so that no
/// file can be made to collide on purpose.
enum ByteHash {
    private static let seed = UInt64.random(in: .min ... .max)

    static func hash(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
        var hash = seed ^ UInt64(truncatingIfNeeded: range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            var word: UInt64 = 0
            let end = min(index + 8, range.upperBound)
            while index < end {
                word = word << 8 | UInt64(bytes[index])
                index += 1
            }
            hash = mix(hash ^ word, 0x9E37_79B9_7F4A_7C15)
        }
        return mix(hash, 0xD6E8_FEB8_6659_FD93)
    }

    static func hash(_ value: UInt64) -> UInt64 { mix(value ^ seed, 0x9E37_79B9_7F4A_7C15) }

    private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }
}

/// Byte strings, each once, numbered from 0 in the order of their first appearance.
///
/// Exact: strings of one hash are compared byte by byte. Beside the bytes themselves it takes
/// 29 to 51 bytes a string.
struct ByteStringTable: Sendable {
    /// What a question looks at first, and in most cases all but the bytes.
    private struct Slot {
        var hash: UInt32
        /// The number of the string; `UInt32.max` marks a free slot.
        var index: UInt32
        /// Where the string begins.
        var start: UInt64
    }

    private(set) var bytes: [UInt8] = []
    private(set) var ends: [UInt64] = []
    private var slots = [Slot](repeating: Self.free, count: 1 << 10)

    private static let free = Slot(hash: 0, index: .max, start: 0)

    /// How many strings there are.
    var count: Int { ends.count }

    /// The bytes of a string.
    func range(_ index: Int) -> Range<Int> {
        Int(index == 0 ? 0 : ends[index - 1])..<Int(ends[index])
    }

    /// The number of a string; nil when it is not there.
    func index(of source: Span<UInt8>, _ range: Range<Int>, hash: UInt64) -> UInt32? {
        let found = slots[slot(of: source, range, hash: hash)].index
        return found == .max ? nil : found
    }

    /// The number of a string, added when new.
    ///
    /// - Returns: nil when there are 2^32 − 1 strings already.
    mutating func intern(
        _ source: Span<UInt8>, _ range: Range<Int>, hash: UInt64
    ) -> (index: UInt32, isNew: Bool)? {
        let slot = slot(of: source, range, hash: hash)
        if slots[slot].index != .max { return (slots[slot].index, false) }
        guard count < Int(UInt32.max) else { return nil }
        let index = UInt32(count)
        let start = UInt64(bytes.count)
        for position in range { bytes.append(source[position]) }
        ends.append(UInt64(bytes.count))
        slots[slot] = Slot(hash: UInt32(truncatingIfNeeded: hash), index: index, start: start)
        if count * 4 > slots.count * 3 { grow() }
        return (index, true)
    }

    private func slot(of source: Span<UInt8>, _ range: Range<Int>, hash: UInt64) -> Int {
        let slots = slots.span
        let mask = slots.count - 1
        let short = UInt32(truncatingIfNeeded: hash)
        var slot = Int(short) & mask
        while true {
            let entry = slots[slot]
            if entry.index == .max { return slot }
            if entry.hash == short, equals(Int(entry.start), source, range),
                ends[Int(entry.index)] == entry.start + UInt64(range.count)
            {
                return slot
            }
            slot = (slot + 1) & mask
        }
    }

    /// Whether the bytes from a place on begin with a string.
    private func equals(_ start: Int, _ source: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let bytes = bytes.span
        guard range.count <= bytes.count - start else { return false }
        var left = start
        for right in range {
            if bytes[left] != source[right] { return false }
            left += 1
        }
        return true
    }

    private mutating func grow() {
        let size = slots.count * 2
        var grown = [Slot](repeating: Self.free, count: size)
        for entry in slots where entry.index != .max {
            var slot = Int(entry.hash) & (size - 1)
            while grown[slot].index != .max { slot = (slot + 1) & (size - 1) }
            grown[slot] = entry
        }
        slots = grown
    }
}
