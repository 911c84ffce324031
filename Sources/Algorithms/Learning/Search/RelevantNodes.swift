/// Tells which nodes some minimal closed set of a problem holds.
///
/// A node is in one when some set of nodes closes the root and does so no more without it. So nodes
/// are barred one after the other until the root cannot do without the node: of each closed set
/// that leaves it out, one node must go.
struct RelevantNodes {
    private let problem: ClosureProblem
    /// Whether all questions were answered within the budget.
    private(set) var isComplete = true
    private var isRelevant: [Bool]

    init(_ problem: ClosureProblem) {
        self.problem = problem
        isRelevant = [Bool](repeating: false, count: problem.nodeCount)
    }

    /// The concepts of all nodes that some minimal closed set holds.
    ///
    /// - Complexity: O(nodes × options) where a first try shows it; exponential at worst, within
    ///   the budget.
    mutating func concepts(_ meter: inout SearchMeter) -> [Int32] {
        for node in 1..<max(problem.nodeCount, 1)
        where !isRelevant[node] && isVisible(Int32(node)) {
            if meter.isLate() {
                isComplete = false
                break
            }
            if tryPruning(towards: node) { continue }
            guard let answer = search(node, [], [], &meter) else {
                isComplete = false
                continue
            }
            isRelevant[node] = answer
        }
        return isRelevant.indices.flatMap { isRelevant[$0] ? problem.names[$0] : [] }
    }

    /// Takes away what stands beside a way from the node to the root, then all else that can go;
    /// true when the node is left. What is left is a minimal closed set, so it tells of all its
    /// nodes.
    private mutating func tryPruning(towards node: Int) -> Bool {
        var parent = [Int32](repeating: -1, count: problem.nodeCount)
        var depth = [Int32](repeating: .max, count: problem.nodeCount)
        var queue = [Int32(node)]
        var next = 0
        depth[node] = 0
        while next < queue.count, parent[0] < 0 {
            let child = Int(queue[next])
            next += 1
            for use in problem.uses(of: child) {
                let group = problem.useGroup[use]
                let owner = Int(problem.owner[Int(group)])
                guard depth[owner] == .max else { continue }
                depth[owner] = depth[child] + 1
                parent[owner] = group
                queue.append(Int32(owner))
            }
        }
        guard parent[0] >= 0 else { return false }
        var isOnWay = [Bool](repeating: false, count: problem.nodeCount)
        var beside: [Int32] = []
        var way: [Int32] = []
        var at = 0
        while at != node {
            let options = problem.option[problem.options(of: Int(parent[at]))]
            guard let step = options.min(by: { depth[Int($0)] < depth[Int($1)] }) else { break }
            beside += options
            way.append(step)
            isOnWay[Int(step)] = true
            at = Int(step)
        }
        let all = 1..<Int32(problem.nodeCount)
        let order = (beside + all).filter { !isOnWay[Int($0)] } + way
        let left = ClosurePruning(problem).left(removing: order.filter(isVisible))
        for other in left { isRelevant[Int(other)] = true }
        return isRelevant[node]
    }

    /// Requirement nodes are free and never counted, so they are never taken away.
    private func isVisible(_ node: Int32) -> Bool { !problem.names[Int(node)].isEmpty }

    /// Nil when the budget ran out.
    private func search(
        _ node: Int, _ barred: [Int32], _ kept: Set<Int32>, _ meter: inout SearchMeter
    ) -> Bool? {
        guard meter.step() else { return nil }
        var edit = ClosureEdit(problem)
        for other in barred { edit.bar(other) }
        guard edit.run(), !edit.isBarred(Int32(node)) else { return false }
        var without = edit
        without.bar(Int32(node))
        guard without.run() else { return true }
        let closed = ClosurePruning(problem, isIn: without.isAllowed).left(
            removing: (1..<Int32(problem.nodeCount)).filter(isVisible))
        var kept = kept
        for other in closed where isVisible(other) && !kept.contains(other) {
            guard let answer = search(node, barred + [other], kept, &meter) else { return nil }
            if answer { return true }
            kept.insert(other)
        }
        return false
    }
}
