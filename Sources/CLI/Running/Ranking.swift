import GraphAlgorithms
import PropertyGraph

/// The rows to show: those with the greatest or least first column, of those that have a value, or
/// the first ones.
struct Ranking {
    /// Which rows come first.
    enum Order {
        /// The greatest.
        case descending
        /// The least.
        case ascending
        /// The rows as they are.
        case none
    }

    let rows: [Int]
    /// How they are ordered by the first column.
    let order: Order

    /// - Parameter order: How to order them; only numbers can be.
    init(_ output: AlgorithmOutput, count: Int, order: Order) {
        guard let column = output.columns.first else {
            (rows, self.order) = ([], .none)
            return
        }
        let limit = min(count, column.count)
        guard order != .none else {
            (rows, self.order) = (Array(0..<limit), .none)
            return
        }
        switch column.values {
        case .integers(let values):
            rows = Self.best(values.count, limit, where: { values[$0] != .min }) {
                order == .descending ? values[$0] > values[$1] : values[$0] < values[$1]
            }
            self.order = order
        case .doubles(let values):
            rows = Self.best(values.count, limit, where: { !values[$0].isNaN }) {
                order == .descending ? values[$0] > values[$1] : values[$0] < values[$1]
            }
            self.order = order
        default: (rows, self.order) = (Array(0..<limit), .none)
        }
    }

    /// The order in which the rows of an algorithm are told.
    ///
    /// - Parameter isAsked: Whether so many rows were asked for; else those of most algorithms about
    ///   nodes are left to whoever wants them.
    static func order(
        _ algorithm: AlgorithmDescriptor, _ output: AlgorithmOutput, isAsked: Bool
    ) -> Order {
        if algorithm.ordersNodes { return .ascending }
        if algorithm.family == .centrality { return .descending }
        guard output.rows == .nodes else { return .none }
        return isAsked || algorithm.family == .cohesion ? .descending : .none
    }

    /// The places of the best that are there, equal ones by place: the best so far, sorted.
    ///
    /// - Complexity: O(count × limit) at worst; O(count) when few replace others.
    private static func best(
        _ count: Int, _ limit: Int, where isPresent: (Int) -> Bool,
        _ isBetter: (Int, Int) -> Bool
    ) -> [Int] {
        guard limit > 0 else { return [] }
        func precedes(_ lhs: Int, _ rhs: Int) -> Bool {
            isBetter(lhs, rhs) || (!isBetter(rhs, lhs) && lhs < rhs)
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

extension AlgorithmDescriptor {
    /// Whether the first column is the place of each node in an order, which is read from its
    /// beginning.
    fileprivate var ordersNodes: Bool {
        columns.first.map { UTF8Order.equal($0.name, "position") } ?? false
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
