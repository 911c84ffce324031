/// A binary heap of ranks, least first.
struct RankHeap {
    private var ranks: [Int32] = []

    var isEmpty: Bool { ranks.isEmpty }

    /// - Complexity: O(log count).
    mutating func push(_ rank: Int32) {
        ranks.append(rank)
        var child = ranks.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard ranks[child] < ranks[parent] else { return }
            ranks.swapAt(child, parent)
            child = parent
        }
    }

    /// - Complexity: O(log count).
    mutating func pop() -> Int32? {
        guard let least = ranks.first, let last = ranks.popLast() else { return nil }
        if ranks.isEmpty { return least }
        ranks[0] = last
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < ranks.count else { return least }
            if child + 1 < ranks.count, ranks[child + 1] < ranks[child] { child += 1 }
            guard ranks[child] < ranks[parent] else { return least }
            ranks.swapAt(child, parent)
            parent = child
        }
    }
}
