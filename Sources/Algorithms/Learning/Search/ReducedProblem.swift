/// A problem made as small as it gets without a search.
struct ReducedProblem {
    /// What is left; without groups when nothing is.
    private(set) var problem: ClosureProblem
    /// The weight of what is taken for certain.
    private(set) var weight: PlanWeight = 0
    /// The concepts taken for certain, in no order.
    private(set) var names: [Int32] = []
    /// No closed set of what is left weighs less.
    private(set) var bound: PlanWeight = 0
    /// A good closed set of what is left.
    private(set) var quickRest = ClosureSolution(weight: 0, names: [])
    private var residual: [PlanWeight] = []
    private var picked: [Int32] = []

    /// Nil when no closed set weighs at most the limit.
    ///
    /// - Parameters:
    ///   - meter: Once its budget is spent, no more is reduced than must be.
    ///   - keepsAll: Whether all minimal closed sets are kept, not only the best; the limit is
    ///     passed over then.
    init?(
        _ whole: ClosureProblem, limit: PlanWeight, _ meter: inout SearchMeter,
        keepsAll: Bool = false
    ) {
        problem = whole
        var taken: [Int32] = []
        var barred: [Int32] = []
        while true {
            guard apply(taken, barred) else { return nil }
            (taken, barred) = ([], [])
            if !keepsAll, weight > limit { return nil }
            if problem.groupCount == 0 {
                bound = 0
                quickRest = ClosureSolution(weight: 0, names: [])
                return
            }
            let isThorough =
                problem.nodeCount <= MustSets.limit && !meter.isLate() && !meter.isSpent
            let must = isThorough ? MustSets(problem) : nil
            if let must {
                taken = must.row(of: 0).filter { $0 != 0 }
                if !taken.isEmpty { continue }
                var simplifier = ClosureSimplifier(problem, must)
                if let smaller = simplifier.simplified(byCost: !keepsAll) {
                    problem = smaller
                    continue
                }
            }
            let ascent = DualAscent(problem, &meter)
            guard let picked = ascent.picked else { return nil }
            bound = ascent.bound
            residual = ascent.residual
            self.picked = picked
            quickRest = ClosureSolution(
                weight: picked.reduce(0) { $0 + problem.weight[Int($1)] },
                names: picked.flatMap { problem.names[Int($0)] }.sorted())
            if keepsAll { return }
            if weight + bound > limit { return nil }
            guard let must else { return }
            // Each closed set weighs at least the bound and its residual weight.
            let room = min(limit - weight, quickRest.weight) - bound
            barred = (1..<Int32(problem.nodeCount)).filter {
                residual[Int($0)] > room || must.sum(of: Int($0), residual) > room
            }
            if barred.isEmpty { return }
        }
    }

    /// The quick closed set of the whole.
    var quick: ClosureSolution { quickRest.joined(weight, names) }

    private mutating func apply(_ taken: [Int32], _ barred: [Int32]) -> Bool {
        var edit = ClosureEdit(problem)
        for node in barred { edit.bar(node) }
        for node in taken { edit.take(node) }
        guard edit.run() else { return false }
        weight += edit.takenWeight
        names += edit.takenNames
        problem = edit.rest()
        return true
    }

    /// The options of the root's group to branch on, the most promising first.
    func branchOptions() -> [Int32] {
        var best: (count: Int, weight: PlanWeight, group: Int)?
        for group in problem.groups(of: 0) {
            let options = problem.option[problem.options(of: group)]
            let least = options.lazy.map { problem.weight[Int($0)] }.min() ?? 0
            if let found = best, (found.count, -found.weight) <= (options.count, -least) {
                continue
            }
            best = (options.count, least, group)
        }
        guard let best else { return [] }
        let isPicked = Set(picked)
        return problem.option[problem.options(of: best.group)].sorted { lhs, rhs in
            let (a, b) = (isPicked.contains(lhs), isPicked.contains(rhs))
            if a != b { return a }
            let (x, y) = (residual[Int(lhs)], residual[Int(rhs)])
            return x != y ? x < y : lhs < rhs
        }
    }
}
