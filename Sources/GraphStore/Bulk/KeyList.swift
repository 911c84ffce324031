internal import LMDB

/// Keys of ordered indexes and the ids they lead to, in memory, that can be put in order.
///
/// The bytes of all keys stand in one array, and an item holds the first eight of its own: sorting
/// moves no reference and touches the bytes of few.
struct KeyList {
    private struct Item {
        /// The first eight bytes behind the number of the index, the highest first.
        var prefix: UInt64
        var id: UInt64
        var start: Int
        var index: UInt32
        var length: UInt32
    }

    private var bytes: [UInt8] = []
    private var items: [Item] = []

    /// The number of an index, in front of each of its keys.
    private static let indexBytes = 4

    var count: Int { items.count }
    /// The memory it takes.
    var byteCount: Int { bytes.count + items.count * MemoryLayout<Item>.stride }

    mutating func append(index: UInt32, key: [UInt8], id: UInt64) {
        let start = bytes.count
        for shift in [24, 16, 8, 0] as [UInt32] {
            bytes.append(UInt8(truncatingIfNeeded: index >> shift))
        }
        bytes.append(contentsOf: key)
        var prefix: UInt64 = 0
        for offset in 0..<8 {
            prefix = prefix << 8 | UInt64(offset < key.count ? key[offset] : 0)
        }
        items.append(
            Item(
                prefix: prefix, id: id, start: start, index: index,
                length: UInt32(truncatingIfNeeded: Self.indexBytes + key.count)))
    }

    /// Sorts by index, by the bytes of the key, then by id.
    mutating func sort() {
        let bytes = bytes
        items.sort { a, b in
            if a.index != b.index { return a.index < b.index }
            if a.prefix != b.prefix { return a.prefix < b.prefix }
            let all = bytes.rawSpan
            let left = all.extracting(a.start..<(a.start + Int(a.length)))
            let right = all.extracting(b.start..<(b.start + Int(b.length)))
            let order = left.compare(right)
            return order == 0 ? a.id < b.id : order < 0
        }
    }

    /// Calls `body` with (index · key, id), in the order they stand in.
    func forEach(_ body: (RawSpan, UInt64) throws -> Void) throws {
        for item in items {
            let end = item.start + Int(item.length)
            try body(bytes.rawSpan.extracting(item.start..<end), item.id)
        }
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        items.removeAll(keepingCapacity: true)
    }
}
