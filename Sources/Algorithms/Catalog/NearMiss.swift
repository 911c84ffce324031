/// The name among `names` that a typo most likely meant; nil when none is near.
///
/// - Complexity: O(total length of names × length of text).
func nearMiss(to text: String, among names: [String]) -> String? {
    // A long text is no typo, and bytes of the outside world must not cost quadratic time.
    guard text.utf8.count <= 64 else { return nil }
    let typed = Array(text.utf8)
    var best: (name: String, distance: Int)?
    for name in names {
        let distance = editDistance(typed, Array(name.utf8))
        let isNear = distance <= max(name.utf8.count / 3, 1)
        let isPrefix = typed.count >= 3 && name.utf8.starts(with: typed)
        guard isNear || isPrefix else { continue }
        if let best, best.distance <= distance { continue }
        best = (name, distance)
    }
    return best?.name
}

/// How many bytes must be inserted, dropped, replaced or swapped with their neighbour.
private func editDistance(_ lhs: [UInt8], _ rhs: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...rhs.count)
    for (row, left) in lhs.enumerated() {
        var current = [row + 1]
        for (column, right) in rhs.enumerated() {
            var cost = min(last[column + 1] + 1, current[column] + 1)
            cost = min(cost, last[column] + (left == right ? 0 : 1))
            if row > 0, column > 0, left == rhs[column - 1], lhs[row - 1] == right {
                cost = min(cost, beforeLast[column - 1] + 1)
            }
            current.append(cost)
        }
        beforeLast = last
        last = current
    }
    return last[rhs.count]
}
