/// The cheapest simple paths from one concept to another, best first.
///
/// Paths are ordered by cost, then number of nodes, then ids. Each found path splits the rest into
/// disjoint parts by where a path first leaves it.
///
/// - SeeAlso: Yen, *Finding the k shortest loopless paths* (1971); the parts are Lawler's (1972).
struct ChainSearch {
    private let rows: DependentRows
    private let needs: DependentRows
    private let cost: [Int64]
    private let target: Int32
    private var isBanned: [Bool]

    /// All paths that start with a prefix and do not go on to some concepts.
    private struct Part {
        var prefix: [Int32]
        var barred: [Int32]
        var best: [Int32]
        var cost: Int64
    }

    /// - Parameter isExcluded: Concepts no path may visit.
    init(
        _ rows: DependentRows, cost: [Int64], from source: Int32, to target: Int32,
        isExcluded: [Bool]
    ) {
        self.rows = rows
        self.cost = cost
        self.target = target
        needs = rows.reversed()
        let ahead = Self.reached(from: source, rows, isExcluded)
        let behind = Self.reached(from: target, needs, isExcluded)
        isBanned = ahead.indices.map { !ahead[$0] || !behind[$0] }
    }

    /// At most `count` paths from a concept to the target.
    ///
    /// - Complexity: O(count × length × edges × log concepts), over the concepts between both ends.
    mutating func paths(from source: Int32, count: Int) -> [[Int32]] {
        guard !isBanned[Int(source)] else { return [] }
        if source == target { return [[source]] }
        var parts: [Part] = []
        var found: [[Int32]] = []
        add(prefix: [source], barred: [], to: &parts)
        while found.count < count, let index = leastIndex(parts) {
            let part = parts.remove(at: index)
            found.append(part.best)
            for end in (part.prefix.count - 1)..<(part.best.count - 1) {
                let isFirst = end == part.prefix.count - 1
                add(
                    prefix: Array(part.best[...end]),
                    barred: (isFirst ? part.barred : []) + [part.best[end + 1]], to: &parts)
            }
        }
        return found
    }

    private func leastIndex(_ parts: [Part]) -> Int? {
        parts.indices.min { lhs, rhs in
            let (a, b) = (parts[lhs], parts[rhs])
            if a.cost != b.cost { return a.cost < b.cost }
            if a.best.count != b.best.count { return a.best.count < b.best.count }
            return a.best.lexicographicallyPrecedes(b.best)
        }
    }

    private mutating func add(prefix: [Int32], barred: [Int32], to parts: inout [Part]) {
        guard let last = prefix.last else { return }
        for concept in prefix { isBanned[Int(concept)] = true }
        let labels = distances()
        for concept in prefix { isBanned[Int(concept)] = false }
        var path = prefix
        var node = last
        var isFirst = true
        while node != target {
            var best: (label: Label, node: Int32)?
            for next in rows.row(of: node) {
                guard let label = labels[Int(next)], !(isFirst && barred.contains(next)) else {
                    continue
                }
                let total = Label(cost: label.cost &+ cost[Int(next)], length: label.length + 1)
                if best.map({ total < $0.label }) ?? true { best = (total, next) }
            }
            guard let best else { return }
            path.append(best.node)
            node = best.node
            isFirst = false
        }
        // The sum of all minutes was found to fit before the search.
        let price = path.dropFirst().reduce(0) { $0 &+ cost[Int($1)] }
        parts.append(Part(prefix: prefix, barred: barred, best: path, cost: price))
    }

    private struct Label: Comparable {
        var cost: Int64
        var length: Int32
        static func < (lhs: Label, rhs: Label) -> Bool {
            (lhs.cost, lhs.length) < (rhs.cost, rhs.length)
        }
    }

    /// Cost and length of the best way from each concept to the target (Dijkstra, backwards).
    private func distances() -> [Label?] {
        var labels = [Label?](repeating: nil, count: cost.count)
        guard !isBanned[Int(target)] else { return labels }
        var isDone = [Bool](repeating: false, count: cost.count)
        var heap = Heap()
        labels[Int(target)] = Label(cost: 0, length: 0)
        heap.push(Label(cost: 0, length: 0), target)
        while let (label, node) = heap.pop() {
            if isDone[Int(node)] { continue }
            isDone[Int(node)] = true
            let next = Label(cost: label.cost &+ cost[Int(node)], length: label.length + 1)
            for before in needs.row(of: node) where !isBanned[Int(before)] {
                if let known = labels[Int(before)], known <= next { continue }
                labels[Int(before)] = next
                heap.push(next, before)
            }
        }
        return labels
    }

    private static func reached(
        from source: Int32, _ rows: DependentRows, _ isExcluded: [Bool]
    ) -> [Bool] {
        var isReached = [Bool](repeating: false, count: rows.start.count - 1)
        guard !isExcluded[Int(source)] else { return isReached }
        isReached[Int(source)] = true
        var stack = [source]
        while let node = stack.popLast() {
            for next in rows.row(of: node) where !isReached[Int(next)] && !isExcluded[Int(next)] {
                isReached[Int(next)] = true
                stack.append(next)
            }
        }
        return isReached
    }

    private struct Heap {
        private var items: [(label: Label, node: Int32)] = []

        mutating func push(_ label: Label, _ node: Int32) {
            items.append((label, node))
            var child = items.count - 1
            while child > 0, items[child].label < items[(child - 1) / 2].label {
                items.swapAt(child, (child - 1) / 2)
                child = (child - 1) / 2
            }
        }

        mutating func pop() -> (label: Label, node: Int32)? {
            guard let least = items.first, let last = items.popLast() else { return nil }
            if items.isEmpty { return least }
            items[0] = last
            var parent = 0
            while true {
                var child = 2 * parent + 1
                guard child < items.count else { return least }
                if child + 1 < items.count, items[child + 1].label < items[child].label {
                    child += 1
                }
                guard items[child].label < items[parent].label else { return least }
                items.swapAt(child, parent)
                parent = child
            }
        }
    }
}
