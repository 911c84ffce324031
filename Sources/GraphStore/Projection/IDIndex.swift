/// Ascending ids and the dense index of each.
///
/// Ids are dense by design, so the index is a subtraction where there are no holes, and a bit and
/// its rank where there are some; only a few ids in a wide range are searched for.
struct IDIndex: Sendable {
    /// The ids, strictly ascending.
    let ids: [UInt64]
    private let first: UInt64
    private let span: UInt64
    private let form: Form
    /// One bit for each id of the range, and the set bits before each word.
    private let words: [UInt64]
    private let ranks: [UInt32]

    private enum Form { case contiguous, ranked, searched }

    /// Bits that a present id may cost in the ranked form.
    private static let rankedBits: UInt64 = 256

    /// - Precondition: `ids` ascend strictly and are fewer than 2^32.
    init(_ ids: [UInt64]) {
        self.ids = ids
        let first = ids.first ?? 0
        let last = ids.last ?? 0
        self.first = first
        span = ids.isEmpty ? 0 : (last &- first) &+ 1
        let count = UInt64(ids.count)
        if span == count {
            form = .contiguous
            (words, ranks) = ([], [])
        } else if span > 0, span <= max(count &* Self.rankedBits, 1 << 16) {
            form = .ranked
            (words, ranks) = Self.bitmap(ids, first, span)
        } else {
            form = .searched
            (words, ranks) = ([], [])
        }
    }

    private static func bitmap(
        _ ids: [UInt64], _ first: UInt64, _ span: UInt64
    ) -> (words: [UInt64], ranks: [UInt32]) {
        var words = [UInt64](repeating: 0, count: Int(clamping: (span &+ 63) / 64))
        for id in ids {
            let bit = id &- first
            words[Int(truncatingIfNeeded: bit &>> 6)] |= 1 &<< (bit & 63)
        }
        var ranks: [UInt32] = []
        ranks.reserveCapacity(words.count)
        var rank: UInt32 = 0
        for word in words {
            ranks.append(rank)
            rank &+= UInt32(truncatingIfNeeded: word.nonzeroBitCount)
        }
        return (words, ranks)
    }

    var count: Int { ids.count }

    /// The index of an id; nil when it is not among them.
    ///
    /// - Complexity: O(1); O(log ids) for a few ids in a wide range.
    @inline(__always)
    func index(of id: UInt64) -> Int? {
        let bit = id &- first
        guard bit < span else { return nil }
        switch form {
        case .contiguous: return Int(truncatingIfNeeded: bit)
        case .ranked:
            let word = words[Int(truncatingIfNeeded: bit &>> 6)]
            let mask = (1 as UInt64) &<< (bit & 63)
            guard word & mask != 0 else { return nil }
            return Int(ranks[Int(truncatingIfNeeded: bit &>> 6)])
                &+ (word & (mask &- 1)).nonzeroBitCount
        case .searched: return search(id)
        }
    }

    private func search(_ id: UInt64) -> Int? {
        var (low, high) = (0, ids.count)
        while low < high {
            let middle = (low &+ high) &>> 1
            if ids[middle] < id { low = middle &+ 1 } else { high = middle }
        }
        return low < ids.count && ids[low] == id ? low : nil
    }
}
