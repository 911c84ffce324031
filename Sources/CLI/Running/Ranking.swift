import GraphAlgorithms

/// The rows to show: those with the greatest first column, of those that have a value, or the first ones.
struct Ranking {
    let rows: [Int]
    /// Whether they are in the order of the first column.
    let isSorted: Bool

    /// - Parameter isDescending: Whether the greatest come first; else the rows stay as they are.
    init(_ output: AlgorithmOutput, count: Int, isDescending: Bool) {
        guard let column = output.columns.first else {
            (rows, isSorted) = ([], false)
            return
        }
        let limit = min(count, column.count)
        guard isDescending else {
            (rows, isSorted) = (Array(0..<limit), false)
            return
        }
        switch column.values {
        case .integers(let values):
            rows = Self.greatest(values.count, limit, where: { values[$0] != .min }) {
                values[$0] > values[$1]
            }
            isSorted = true
        case .doubles(let values):
            rows = Self.greatest(values.count, limit, where: { !values[$0].isNaN }) {
                values[$0] > values[$1]
            }
            isSorted = true
        default: (rows, isSorted) = (Array(0..<limit), false)
        }
    }

    /// The places of the greatest that are there, equal ones by place: the best so far, sorted.
    ///
    /// - Complexity: O(count × limit) at worst; O(count) when few replace others.
    private static func greatest(
        _ count: Int, _ limit: Int, where isPresent: (Int) -> Bool,
        _ isGreater: (Int, Int) -> Bool
    ) -> [Int] {
        guard limit > 0 else { return [] }
        func precedes(_ lhs: Int, _ rhs: Int) -> Bool {
            isGreater(lhs, rhs) || (!isGreater(rhs, lhs) && lhs < rhs)
        }
        var best: [Int] = []
        for place in 0..<count where isPresent(place) {
            if best.count == limit, let last = best.last, !precedes(place, last) { continue }
            var (low, high) = (0, best.count)
            while low < high {
                let middle = (low + high) / 2
                if precedes(best[middle], place) { low = middle + 1 } else { high = middle }
            }
            best.insert(place, at: low)
            if best.count > limit { best.removeLast() }
        }
        return best
    }
}

/// The largest groups of an answer whose first column names the group of each node.
struct GroupRanking {
    /// Groups by falling size, equal ones by their lowest node.
    let groups: [(label: UInt32, size: Int)]
    /// The column.
    let name: String

    /// Nil when the answer is none of groups.
    init?(_ algorithm: AlgorithmDescriptor, _ output: AlgorithmOutput, count: Int) {
        guard [.components, .community].contains(algorithm.family), output.rows == .nodes,
            let column = output.columns.first, case .nodes(let labels) = column.values
        else { return nil }
        var sizes: [UInt32: Int] = [:]
        for label in labels where label != .max { sizes[label, default: 0] += 1 }
        let sorted = sizes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        groups = sorted.prefix(count).map { (label: $0.key, size: $0.value) }
        name = column.name
    }
}
