/// A queue of nodes by rough distance: buckets of one width, in a ring.
///
/// It holds distances from the current bucket up to 4,096 buckets ahead, which suffices as long
/// as no edge is longer than that. Entries live in one pool, linked bucket by bucket; freed ones
/// are used again, so a search touches little memory.
///
///     ring    [ head | head | ... ]           4,096 heads, and a bit for each that is not empty
///     pool    [ node:32 next:32 ] ...
struct BucketQueue: Sendable {
    /// How many buckets the ring has.
    static let ringSize = 1 << 12
    private static let mask = ringSize - 1
    private static let end = UInt32.max

    private var heads = [UInt32](repeating: end, count: ringSize)
    private var occupied = [UInt64](repeating: 0, count: ringSize / 64)
    private var pool: [UInt64] = []
    private var free = end

    /// Puts a node into a bucket.
    @inline(__always)
    mutating func push(_ node: UInt32, bucket: Int) {
        let place = bucket & Self.mask
        let word = UInt64(node) << 32 | UInt64(heads[place])
        let slot: UInt32
        if free != Self.end {
            slot = free
            free = UInt32(truncatingIfNeeded: pool[Int(slot)])
            pool[Int(slot)] = word
        } else {
            slot = UInt32(truncatingIfNeeded: pool.count)
            pool.append(word)
        }
        heads[place] = slot
        occupied[place >> 6] |= 1 << UInt64(place & 63)
    }

    /// Takes a node from a bucket; nil when it is empty.
    @inline(__always)
    mutating func pop(bucket: Int) -> UInt32? {
        let place = bucket & Self.mask
        let slot = heads[place]
        guard slot != Self.end else { return nil }
        let word = pool[Int(slot)]
        let next = UInt32(truncatingIfNeeded: word)
        heads[place] = next
        if next == Self.end { occupied[place >> 6] &= ~(1 << UInt64(place & 63)) }
        pool[Int(slot)] = UInt64(free)
        free = slot
        return UInt32(truncatingIfNeeded: word >> 32)
    }

    /// The first bucket at or after `bucket` that is not empty; nil when all are empty.
    func next(from bucket: Int) -> Int? {
        let place = bucket & Self.mask
        let word = occupied[place >> 6] >> UInt64(place & 63)
        if word != 0 { return bucket + word.trailingZeroBitCount }
        let words = occupied.count
        for step in 1...words {
            let index = (place >> 6 + step) & (words - 1)
            if occupied[index] != 0 {
                // Whole words from the start of the next one; the last step meets our own again.
                let start = bucket - bucket & 63 + step * 64
                return start + occupied[index].trailingZeroBitCount
            }
        }
        return nil
    }
}
