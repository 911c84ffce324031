/// For each node of a problem the nodes without which it cannot be picked, itself among them: its
/// landmarks, as rows of bits.
///
/// The least sets such that a node needs, of each of its groups, what all options need. Sound also
/// where nodes need each other in circles.
///
/// - SeeAlso: Keyder, Richter, Helmert, *Sound and Complete Landmarks for And/Or Graphs* (2010).
struct MustSets {
    private let words: Int
    private var bits: [UInt64]

    /// The most nodes for which sets are kept: 50 MB.
    static let limit = 20_000

    /// - Complexity: O(options × nodes / 64), times rounds where there are circles.
    init(_ problem: ClosureProblem) {
        let count = problem.nodeCount
        words = (count + 63) / 64
        bits = [UInt64](repeating: 0, count: words * count)
        for node in 0..<count { bits[node * words + node / 64] = 1 << UInt64(node % 64) }
        let order = Self.optionsFirst(problem)
        var common = [UInt64](repeating: 0, count: words)
        var isChanged = true
        while isChanged {
            isChanged = false
            for node in order {
                for group in problem.groups(of: Int(node)) {
                    intersect(problem.option[problem.options(of: group)], into: &common)
                    if add(common, to: Int(node)) { isChanged = true }
                }
            }
        }
    }

    /// Whether one node cannot be picked without another.
    func contains(_ node: Int32, _ other: Int32) -> Bool {
        bits[Int(node) * words + Int(other) / 64] & (1 << UInt64(Int(other) % 64)) != 0
    }

    /// What a node needs, ascending.
    func row(of node: Int) -> [Int32] {
        var result: [Int32] = []
        for word in 0..<words {
            var rest = bits[node * words + word]
            while rest != 0 {
                result.append(Int32(word * 64 + rest.trailingZeroBitCount))
                rest &= rest - 1
            }
        }
        return result
    }

    /// The sum of some weights over what a node needs.
    func sum(of node: Int, _ weight: [PlanWeight]) -> PlanWeight {
        var total: PlanWeight = 0
        for word in 0..<words {
            var rest = bits[node * words + word]
            while rest != 0 {
                total += weight[word * 64 + rest.trailingZeroBitCount]
                rest &= rest - 1
            }
        }
        return total
    }

    private func intersect(_ options: ArraySlice<Int32>, into common: inout [UInt64]) {
        var isFirst = true
        for option in options {
            let base = Int(option) * words
            if isFirst {
                for word in 0..<words { common[word] = bits[base + word] }
            } else {
                for word in 0..<words { common[word] &= bits[base + word] }
            }
            isFirst = false
        }
        if isFirst { for word in 0..<words { common[word] = 0 } }
    }

    private mutating func add(_ common: [UInt64], to node: Int) -> Bool {
        let base = node * words
        var news: UInt64 = 0
        for word in 0..<words {
            news |= common[word] & ~bits[base + word]
            bits[base + word] |= common[word]
        }
        return news != 0
    }

    /// Nodes by depth-first search from the root, each after its options where that is possible.
    static func optionsFirst(_ problem: ClosureProblem) -> [Int32] {
        var isSeen = [Bool](repeating: false, count: problem.nodeCount)
        var order: [Int32] = []
        order.reserveCapacity(problem.nodeCount)
        var stack: [(node: Int, position: Int, end: Int)] = []
        func open(_ node: Int) {
            isSeen[node] = true
            // The options of a node's groups lie in a row.
            let groups = problem.groups(of: node)
            stack.append(
                (
                    node, Int(problem.optionStart[groups.lowerBound]),
                    Int(problem.optionStart[groups.upperBound])
                ))
        }
        for root in 0..<problem.nodeCount where !isSeen[root] {
            open(root)
            while let top = stack.last {
                guard top.position < top.end else {
                    order.append(Int32(top.node))
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].position += 1
                let next = Int(problem.option[top.position])
                if !isSeen[next] { open(next) }
            }
        }
        return order
    }
}
