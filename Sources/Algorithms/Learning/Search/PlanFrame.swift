/// The concepts behind some goals as a closed-set problem, and the order that it leaves aside.
struct PlanFrame {
    /// Nodes that must be met by one of several others, found where a closed set had no order.
    struct Clause {
        var owner: Int32
        var options: [Int32]
    }

    let chooser: PlanChooser
    let targets: [Int32]
    /// The concepts behind the goals, ascending; node `n` of the problem is `members[n − 1]`.
    let members: [Int32]
    /// The node of each concept; −1 outside.
    private let node: [Int32]
    private let weight: [PlanWeight]
    /// How much a minute weighs.
    private let scale: PlanWeight
    private let groups: GroupList
    /// The requirement nodes behind the goals.
    let hidden: [Int32]
    /// Whether edges that are no corequisites run within a strongly connected component, so that a
    /// closed set need not be a plan.
    let mayLackOrder: Bool

    /// - Throws: `.overflow` when the minutes of all concepts behind the goals do not fit 64 bits.
    /// - Complexity: O(concepts + options behind the goals).
    init(
        _ chooser: PlanChooser, targets: [Int32], usable: [Bool]
    ) throws(LearningPathError) {
        self.chooser = chooser
        self.targets = targets
        let (hard, graph) = (chooser.hard, chooser.graph)
        let cost = chooser.cost
        members = chooser.behind(targets, usable: usable)
        _ = try LearnerState.sum(members, cost)
        var node = [Int32](repeating: -1, count: hard.atomCount)
        for (index, concept) in members.enumerated() { node[Int(concept)] = Int32(index + 1) }
        self.node = node
        hidden = members.filter { graph.isHidden[Int($0)] }
        let scale = PlanWeight(members.count + 1)
        self.scale = scale
        weight =
            [0]
            + members.map { concept in
                graph.isHidden[Int(concept)] ? 0 : PlanWeight(cost[Int(concept)]) * scale + 1
            }
        var groups = GroupList()
        for target in targets { groups.add(0, CollectionOfOne(node[Int(target)])) }
        for (index, concept) in members.enumerated() {
            for group in hard.groups(of: concept) {
                let options = hard.options(of: group)
                if options.contains(where: { chooser.known[Int(hard.option[$0])] }) { continue }
                groups.add(
                    Int32(index + 1),
                    options.lazy.map { node[Int(hard.option[$0])] }.filter { $0 > 0 })
            }
        }
        self.groups = groups
        mayLackOrder = Self.mayLackOrder(members, node, hard)
    }

    private static func mayLackOrder(
        _ members: [Int32], _ node: [Int32], _ hard: HardRequirements
    ) -> Bool {
        var start: [Int32] = [0]
        var target: [Int32] = []
        var isPlain: [Bool] = []
        for concept in members {
            for group in hard.groups(of: concept) {
                for position in hard.options(of: group) {
                    let other = node[Int(hard.option[position])]
                    guard other > 0 else { continue }
                    target.append(other - 1)
                    // A concept cannot be its own corequisite.
                    isPlain.append(
                        !hard.isCorequisite[position] || hard.option[position] == concept)
                }
            }
            start.append(Int32(target.count))
        }
        let found = RequirementComponents(start: start, target: target)
        for index in members.indices {
            for position in Int(start[index])..<Int(start[index + 1])
            where isPlain[position]
                && found.component[index] == found.component[Int(target[position])]
            {
                return true
            }
        }
        return false
    }

    /// More than any plan weighs.
    var totalWeight: PlanWeight { weight.reduce(0, +) }

    /// Whole minutes that a weight, or any greater one, stands for at least.
    func minutes(_ weight: PlanWeight) -> Int64 {
        // All minutes together fit 64 bits, and bounds never pass them.
        Int64(clamping: weight / scale)
    }

    /// The problem, with some clauses more.
    func problem(with clauses: [Clause] = []) -> ClosureProblem {
        var all = groups
        for clause in clauses { all.add(clause.owner, clause.options) }
        let names = members.map { chooser.graph.isHidden[Int($0)] ? [] : [$0] }
        return ClosureProblem(weight: weight, names: [[]] + names, groups: all)
    }

    /// What a set of concepts fails to be a plan for: nothing when it can be laid out. Otherwise
    /// clauses that every plan keeps and the set does not.
    func clauses(against set: [Int32]) -> [Clause] {
        guard mayLackOrder else { return [] }
        let hard = chooser.hard
        var state = chaining(within: set)
        state.run()
        let lost = targets.filter { !state.have[Int($0)] }
        guard !lost.isEmpty else { return [] }
        let reason = reasons(among: (set + hidden).filter { !state.have[Int($0)] }, state)
        var isIn = [Bool](repeating: false, count: members.count + 1)
        var stack = lost
        var loop: [Int32] = []
        var outside: Set<Int32> = []
        for concept in lost { isIn[Int(node[Int(concept)])] = true }
        while let concept = stack.popLast() {
            loop.append(concept)
            guard let group = reason[concept] else { continue }
            for position in hard.options(of: group) {
                let option = hard.option[position]
                let index = node[Int(option)]
                guard index > 0, !isIn[Int(index)] else { continue }
                if reason[option] == nil {
                    outside.insert(index)
                } else {
                    isIn[Int(index)] = true
                    stack.append(option)
                }
            }
        }
        let options = outside.sorted()
        return loop.map { Clause(owner: node[Int($0)], options: options) }
    }

    /// The concepts of a set that can be laid out, as far as they go; requirement nodes are met as
    /// they can be.
    private func chaining(within set: [Int32]) -> ForwardChaining {
        var blocked = [Bool](repeating: true, count: chooser.hard.atomCount)
        for concept in set { blocked[Int(concept)] = false }
        for concept in hidden { blocked[Int(concept)] = false }
        return ForwardChaining(chooser.hard, known: chooser.known, isBlocked: blocked)
    }

    /// For each of some concepts that cannot be laid out a group that is met neither by what is had
    /// nor by corequisites given up later.
    private func reasons(
        among stuck: [Int32], _ state: ForwardChaining
    ) -> [Int32: Int] {
        let hard = chooser.hard
        var isOpen: Set<Int32> = Set(stuck)
        var reason: [Int32: Int] = [:]
        func unmet(_ concept: Int32) -> Int? {
            hard.groups(of: concept).first { group in
                state.support[group] == 0
                    && !hard.options(of: group).contains { position in
                        hard.isCorequisite[position] && hard.option[position] != concept
                            && isOpen.contains(hard.option[position])
                    }
            }
        }
        var isChanged = true
        while isChanged {
            isChanged = false
            for concept in stuck where isOpen.contains(concept) {
                guard let group = unmet(concept) else { continue }
                reason[concept] = group
                isOpen.remove(concept)
                isChanged = true
            }
        }
        return reason
    }

    /// A plan with all taken out that it can do without, the dearest first.
    ///
    /// - Complexity: O(concepts × edges of the plan).
    func withoutSuperfluous(_ plan: [Int32]) -> [Int32] {
        guard plan.count <= Self.pruningLimit else { return plan }
        let order = plan.sorted { lhs, rhs in
            let (a, b) = (chooser.cost[Int(lhs)], chooser.cost[Int(rhs)])
            return a != b ? a > b : lhs > rhs
        }
        var left = plan
        let isTarget = Set(targets)
        for concept in order where !isTarget.contains(concept) && left.contains(concept) {
            let rest = left.filter { $0 != concept }
            var state = chaining(within: rest)
            state.run()
            if targets.allSatisfy({ state.have[Int($0)] }) {
                left = rest.filter { state.have[Int($0)] }
            }
        }
        return left
    }

    /// Larger plans are not pruned once the budget is spent.
    private static let pruningLimit = 2_000

    /// Some plan, quickly: what was learned first is preferred.
    func quickPlan() -> [Int32] {
        let hard = chooser.hard
        var state = chaining(within: members)
        state.run()
        var isIn = [Bool](repeating: false, count: hard.conceptCount)
        var stack: [Int32] = []
        func visit(_ concept: Int32) {
            guard !isIn[Int(concept)], !chooser.known[Int(concept)] else { return }
            isIn[Int(concept)] = true
            stack.append(concept)
        }
        for target in targets { visit(target) }
        while let concept = stack.popLast() {
            let own = state.stage[Int(concept)]
            for group in hard.groups(of: concept) {
                let options = hard.options(of: group)
                if options.contains(where: { chooser.known[Int(hard.option[$0])] }) { continue }
                let best = options.filter { position in
                    let atom = Int(hard.option[position])
                    guard atom < hard.conceptCount, state.have[atom] else { return false }
                    return state.stage[atom] < own
                        || (state.stage[atom] == own && hard.isCorequisite[position])
                }.min { lhs, rhs in
                    let (a, b) = (hard.option[lhs], hard.option[rhs])
                    if isIn[Int(a)] != isIn[Int(b)] { return isIn[Int(a)] }
                    return state.stage[Int(a)] < state.stage[Int(b)]
                }
                if let best { visit(hard.option[best]) }
            }
        }
        return members.filter { isIn[Int($0)] && !chooser.graph.isHidden[Int($0)] }
    }
}
