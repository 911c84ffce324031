/// A lower bound on the weight of any closed set, and a closed set that shows how near it is.
///
/// While the root cannot be closed with nodes of residual weight 0, there is a cut: nodes one of
/// which every closed set holds. The least residual weight of a cut is counted and taken from all
/// of it. So the bound never exceeds any closed set, and each closed set weighs at least the bound
/// and its own residual weight.
///
/// - SeeAlso: Helmert and Domshlak, *Landmarks, Critical Paths and Abstractions* (2009), of which
///   these are the cuts; Wong, *A Dual Ascent Approach for Steiner Tree Problems* (1984).
struct DualAscent {
    /// No closed set weighs less.
    private(set) var bound: PlanWeight = 0
    /// What is left of each weight.
    private(set) var residual: [PlanWeight]
    /// A closed set with no superfluous node, ascending, without the root: of residual weight 0
    /// unless the ascent was broken off. Nil when there is none.
    private(set) var picked: [Int32]?

    private let problem: ClosureProblem
    private var isAlive: [Bool]
    private var alive: [Int32]
    /// Through which group a node of residual weight 0 died.
    private var reason: [Int32]
    private var stamp: [Int32]
    private var turn: Int32 = 0

    /// Options looked at before an ascent is broken off: a few seconds.
    private static let workLimit = 200_000_000
    /// Larger sets are thinned out before each node is tried.
    private static let pruningLimit = 3_000

    /// - Complexity: O(options × cuts) at worst, until time or the limit of work is over; cuts of
    ///   one round share the work.
    init(_ problem: ClosureProblem, _ meter: inout SearchMeter) {
        self.problem = problem
        residual = problem.weight
        isAlive = [Bool](repeating: false, count: problem.nodeCount)
        alive = [Int32](repeating: 0, count: problem.groupCount)
        reason = [Int32](repeating: -1, count: problem.nodeCount)
        stamp = reason
        var work = 0
        while true {
            work += problem.option.count + problem.nodeCount
            if meter.isLate() || work > Self.workLimit {
                // Any node may be picked then: each can be closed.
                for node in isAlive.indices { isAlive[node] = true }
                break
            }
            findAlive()
            let open = problem.groups(of: 0).filter { alive[$0] == 0 }
                .sorted { problem.options(of: $0).count < problem.options(of: $1).count }
            if open.isEmpty { break }
            var isRaised = false
            for group in open {
                let cut = cut(of: group)
                // A node without groups of its own that can be met: nothing closes the root.
                guard let least = cut.map({ residual[Int($0)] }).min() else { return }
                guard least > 0 else { continue }
                bound += least
                for node in cut { residual[Int(node)] -= least }
                isRaised = true
            }
            if !isRaised { break }
        }
        picked = pick()
    }

    /// The greatest closed set of nodes of residual weight 0; the root is left to the caller.
    private mutating func findAlive() {
        for node in isAlive.indices {
            isAlive[node] = residual[node] == 0
            reason[node] = -1
        }
        var dead: [Int32] = []
        for group in 0..<problem.groupCount {
            var count: Int32 = 0
            for position in problem.options(of: group)
            where isAlive[Int(problem.option[position])] {
                count += 1
            }
            alive[group] = count
        }
        for group in 0..<problem.groupCount where alive[group] == 0 {
            kill(Int(problem.owner[group]), by: group, &dead)
        }
        while let node = dead.popLast() {
            for use in problem.uses(of: Int(node)) {
                let group = Int(problem.useGroup[use])
                alive[group] -= 1
                if alive[group] == 0 { kill(Int(problem.owner[group]), by: group, &dead) }
            }
        }
    }

    private mutating func kill(_ node: Int, by group: Int, _ dead: inout [Int32]) {
        guard node != 0, isAlive[node] else { return }
        isAlive[node] = false
        reason[node] = Int32(group)
        dead.append(Int32(node))
    }

    /// The nodes of positive weight that stand between a group and being met. A node died before
    /// those that died by it, so a closed set that avoids the cut would need a first node of these.
    private mutating func cut(of group: Int) -> [Int32] {
        turn += 1
        var cut: [Int32] = []
        var stack = [group]
        while let group = stack.popLast() {
            for position in problem.options(of: group) {
                let node = Int(problem.option[position])
                guard stamp[node] != turn else { continue }
                stamp[node] = turn
                if reason[node] >= 0 {
                    stack.append(Int(reason[node]))
                } else {
                    cut.append(Int32(node))
                }
            }
        }
        return cut
    }

    /// From the alive nodes behind the root all that can go is taken away, the heaviest first.
    private func pick() -> [Int32] {
        var (isIn, members) = behindRoot(price: nil)
        if members.count > Self.pruningLimit {
            let options = (0..<problem.groupCount).map { group -> [Int32]? in
                problem.option[problem.options(of: group)].filter { isAlive[Int($0)] }
            }
            (isIn, members) = behindRoot(price: problem.upperPrices(among: options))
            if members.count > Self.pruningLimit { return members.sorted() }
        }
        let order = members.sorted { lhs, rhs in
            let (a, b) = (problem.weight[Int(lhs)], problem.weight[Int(rhs)])
            return a != b ? a > b : lhs > rhs
        }
        return ClosurePruning(problem, isIn: isIn).left(removing: order)
    }

    /// The alive nodes behind the root: all, or of each group the one of the least price.
    private func behindRoot(price: [PlanWeight]?) -> (isIn: [Bool], members: [Int32]) {
        var isIn = [Bool](repeating: false, count: problem.nodeCount)
        isIn[0] = true
        var members: [Int32] = []
        var stack = [0]
        while let node = stack.popLast() {
            for group in problem.groups(of: node) {
                var options = problem.option[problem.options(of: group)].filter {
                    isAlive[Int($0)]
                }
                if let price {
                    if options.contains(where: { isIn[Int($0)] }) { continue }
                    let best = options.min { price[Int($0)] < price[Int($1)] }
                    options = best.map { [$0] } ?? []
                }
                for next in options where !isIn[Int(next)] {
                    isIn[Int(next)] = true
                    members.append(next)
                    stack.append(Int(next))
                }
            }
        }
        return (isIn, members)
    }
}
