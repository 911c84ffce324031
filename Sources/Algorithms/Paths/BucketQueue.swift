/// A queue of nodes by rough distance: buckets of one width, in a ring.
///
/// It holds distances from the current bucket up to 4,096 buckets ahead, which suffices as long
/// as no edge is longer than that. A bucket is a list of chunks of one cache line each, so nodes
/// are put and taken without missing the cache each time; chunks are used again.
///
///     ring     [ head | head | ... ]     4,096 heads and fills, and a bit for each not empty
///     chunk    [ next chunk | node | node | ... ]     16 words of 32 bits
struct BucketQueue: Sendable {
    /// How many buckets the ring has.
    static let ringSize = 1 << 12
    /// How many nodes are taken at once at most.
    static let chunkSize = 15
    private static let mask = ringSize - 1
    private static let end = UInt32.max

    private var heads = [UInt32](repeating: end, count: ringSize)
    /// How many nodes each head chunk holds; full when there is none, so that a push makes one.
    private var fills = [UInt32](repeating: UInt32(chunkSize), count: ringSize)
    private var occupied = [UInt64](repeating: 0, count: ringSize / 64)
    private var chunks: [UInt32] = []
    private var free = end

    /// Puts a node into a bucket.
    @inline(__always)
    mutating func push(_ node: UInt32, bucket: Int) {
        let place = bucket & Self.mask
        if fills[place] == UInt32(Self.chunkSize) { addChunk(place) }
        let fill = fills[place] &+ 1
        fills[place] = fill
        chunks[Int(heads[place]) << 4 &+ Int(fill)] = node
    }

    @inline(never)
    private mutating func addChunk(_ place: Int) {
        var chunk = free
        if chunk != Self.end {
            free = chunks[Int(chunk) << 4]
        } else {
            chunk = UInt32(truncatingIfNeeded: chunks.count >> 4)
            for _ in 0...Self.chunkSize { chunks.append(0) }
        }
        chunks[Int(chunk) << 4] = heads[place]
        heads[place] = chunk
        fills[place] = 0
        occupied[place >> 6] |= 1 << UInt64(place & 63)
    }

    /// Takes up to `chunkSize` nodes from a bucket; returns how many, 0 when it is empty.
    mutating func take(bucket: Int, into nodes: inout MutableSpan<UInt32>) -> Int {
        let place = bucket & Self.mask
        let chunk = heads[place]
        guard chunk != Self.end else { return 0 }
        let start = Int(chunk) << 4
        let count = Int(fills[place])
        for index in 0..<count { nodes[index] = chunks[start &+ 1 &+ index] }
        // Every chunk below the head is full.
        heads[place] = chunks[start]
        fills[place] = UInt32(Self.chunkSize)
        if heads[place] == Self.end { occupied[place >> 6] &= ~(1 << UInt64(place & 63)) }
        chunks[start] = free
        free = chunk
        return count
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
