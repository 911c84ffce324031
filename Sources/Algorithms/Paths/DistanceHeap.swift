/// A priority queue of nodes by distance, the nearest first and of equals the lowest.
///
/// A 4-ary heap: it is half as deep as a binary one, and the four children of an entry lie side by
/// side. Entries are not decreased but pushed again; whoever pops one skips it when it is stale.
struct DistanceHeap: Sendable {
    /// A node at a distance.
    struct Entry: Sendable, BitwiseCopyable {
        var distance: Double
        var node: UInt32

        @inline(__always)
        static func < (lhs: Entry, rhs: Entry) -> Bool {
            lhs.distance < rhs.distance
                || (lhs.distance == rhs.distance && lhs.node < rhs.node)
        }
    }

    private var entries: [Entry] = []

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }
    var nearest: Entry? { entries.first }

    mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

    mutating func push(_ entry: Entry) {
        entries.append(entry)
        var heap = entries.mutableSpan
        var hole = heap.count &- 1
        while hole > 0 {
            let parent = (hole &- 1) >> 2
            let above = heap[parent]
            guard entry < above else { break }
            heap[hole] = above
            hole = parent
        }
        heap[hole] = entry
    }

    mutating func pop() -> Entry? {
        guard let last = entries.popLast() else { return nil }
        guard let top = entries.first else { return last }
        var heap = entries.mutableSpan
        let count = heap.count
        var hole = 0
        while true {
            let first = hole &* 4 &+ 1
            guard first < count else { break }
            var least = first
            var leastEntry = heap[first]
            for child in (first &+ 1)..<max(min(first &+ 4, count), first &+ 1) {
                let entry = heap[child]
                if entry < leastEntry {
                    least = child
                    leastEntry = entry
                }
            }
            guard leastEntry < last else { break }
            heap[hole] = leastEntry
            hole = least
        }
        heap[hole] = last
        return top
    }
}
