/// The names that a typo most likely meant.
package enum NearMiss {
    /// The nearest of some names; nil when none is near.
    ///
    /// A third of the letters of a name may differ, or be swapped with their neighbours, or all but the
    /// first three be missing; the case of Latin letters does not count. Of names that are as near the
    /// first by its bytes is given.
    ///
    /// - Complexity: O(total length of names × length of text).
    package static func best(for text: String, among names: some Sequence<String>) -> String? {
        // A long text is no typo, and bytes of the outside world must not cost quadratic time.
        guard !text.isEmpty, text.utf8.count <= 64 else { return nil }
        let typed = folded(text)
        var best: (name: String, distance: Int)?
        for name in names where name.utf8.count <= 256 {
            let candidate = folded(name)
            let distance = editDistance(typed, candidate)
            let isNear = distance <= max(candidate.count / 3, 1)
            let isPrefix = typed.count >= 3 && candidate.starts(with: typed)
            guard isNear || isPrefix else { continue }
            if let best, best.distance < distance { continue }
            if let best, best.distance == distance, !UTF8Order.precedes(name, best.name) {
                continue
            }
            best = (name, distance)
        }
        return best?.name
    }

    /// " Did you mean 'import'?", or nothing.
    package static func hint(for text: String, among names: some Sequence<String>) -> String {
        best(for: text, among: names).map { " Did you mean '\($0)'?" } ?? ""
    }

    private static func folded(_ text: String) -> [UInt8] {
        text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }

    /// How many bytes must be inserted, dropped, replaced or swapped with their neighbour.
    private static func editDistance(_ lhs: [UInt8], _ rhs: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...rhs.count)
        for row in lhs.indices {
            var current = [row + 1]
            for column in rhs.indices {
                let isSame = lhs[row] == rhs[column]
                var cost = min(last[column + 1], current[column]) + 1
                cost = min(cost, last[column] + (isSame ? 0 : 1))
                if row > 0, column > 0, lhs[row] == rhs[column - 1], lhs[row - 1] == rhs[column] {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[rhs.count]
    }
}
