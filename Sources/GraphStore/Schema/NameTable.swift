internal import LMDB

/// Numbers of names of one kind, found by the bytes of a name.
///
/// An open-addressing table over XXH64 with a seed of the process: every read begins by looking
/// names up, and the standard dictionary hashes and compares text an order slower.
struct NameTable: Sendable {
    private static let seed = UInt64.random(in: .min ... .max)

    /// Numbers, 0 where free; at most half full.
    private var slots = [UInt32](repeating: 0, count: 16)
    /// The names by number; 0 is no name.
    private(set) var names: [String] = [""]

    /// How many names there are.
    var count: Int { names.count - 1 }

    /// The number of a name; nil when it is not there.
    ///
    /// - Complexity: O(bytes of the name).
    func number(of name: String) -> UInt32? {
        let bytes = name.utf8.span.rawSpan
        var slot = Self.slot(bytes, slots.count)
        while true {
            let number = slots[slot]
            if number == 0 { return nil }
            let other = names[Int(number)].utf8.span.rawSpan
            if other.byteCount == bytes.byteCount, other.compare(bytes) == 0 { return number }
            slot = (slot + 1) & (slots.count - 1)
        }
    }

    /// Adds the next name, which is not there yet, and returns its number.
    mutating func append(_ name: String) -> UInt32 {
        let number = UInt32(names.count)
        names.append(name)
        if names.count * 2 > slots.count { grow() } else { place(number) }
        return number
    }

    /// Gives a number another name, which none has.
    ///
    /// - Complexity: O(names).
    mutating func rename(_ number: UInt32, to name: String) {
        guard number > 0, Int(number) < names.count else { return }
        names[Int(number)] = name
        rebuild(slots.count)
    }

    private mutating func grow() { rebuild(slots.count * 2) }

    private mutating func rebuild(_ count: Int) {
        slots = [UInt32](repeating: 0, count: count)
        for number in 1..<names.count { place(UInt32(number)) }
    }

    private mutating func place(_ number: UInt32) {
        var slot = Self.slot(names[Int(number)].utf8.span.rawSpan, slots.count)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = number
    }

    private static func slot(_ bytes: RawSpan, _ count: Int) -> Int {
        Int(truncatingIfNeeded: bytes.hash64(seed: seed)) & (count - 1)
    }
}
