/// A set of node indexes that gives its lowest member first.
///
/// Level 0 has a bit for each index; a bit of the level above says whether a word below has any:
///
///     level 2                      1
///     level 1           1 0 0 ... 1
///     level 0   0 1 0 1 | 0 0 0 0 | ... | 1 0 0 0        64 bits a word
///
/// Inserting and taking the lowest cost one word a level: three levels hold 262,144 indexes, four
/// hold 16,777,216.
struct LowestFirstSet: Sendable {
    private var words: [UInt64]
    /// Where each level's words start; level 0 first.
    private let starts: [Int]

    init(capacity: Int) {
        var starts: [Int] = []
        var total = 0
        var size = max(capacity, 1)
        repeat {
            size = (size + 63) / 64
            starts.append(total)
            total += size
        } while size > 1
        self.starts = starts
        words = [UInt64](repeating: 0, count: total)
    }

    mutating func insert(_ index: UInt32) {
        var position = Int(index)
        for start in starts {
            let word = start &+ position >> 6
            let old = words[word]
            words[word] = old | 1 << UInt64(position & 63)
            // A word that had a bit is already marked above.
            if old != 0 { return }
            position >>= 6
        }
    }

    mutating func popLowest() -> UInt32? {
        guard words[words.count - 1] != 0 else { return nil }
        var position = 0
        for start in starts.reversed() {
            position = position << 6 &+ words[start &+ position].trailingZeroBitCount
        }
        let lowest = UInt32(truncatingIfNeeded: position)
        for start in starts {
            let word = start &+ position >> 6
            words[word] &= ~(1 << UInt64(position & 63))
            if words[word] != 0 { break }
            position >>= 6
        }
        return lowest
    }
}
