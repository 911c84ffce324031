/// The name that a misspelt one most likely meant.
enum NearMiss {
    /// The nearest of some names; nil when none is near.
    ///
    /// A third of the letters may differ, or be swapped with their neighbours; case does not count.
    static func best(of name: String, among candidates: some Sequence<String>) -> String? {
        // A long text is no typo, and must not cost quadratic time.
        guard !name.isEmpty, name.utf8.count < 64 else { return nil }
        let typed = Array(name.lowercased().utf8)
        return candidates.lazy.filter { $0.utf8.count < 256 }
            .map { ($0, distance(typed, Array($0.lowercased().utf8))) }
            .filter { $0.1 <= max(1, typed.count / 3) }
            .min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }

    /// How many letters must be inserted, dropped, replaced or swapped with their neighbour.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                var cost = min(last[column + 1], current[column]) + 1
                cost = min(cost, last[column] + (left[row] == right[column] ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1],
                    left[row - 1] == right[column]
                {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
