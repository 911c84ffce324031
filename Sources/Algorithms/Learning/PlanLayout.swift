/// Lays a set of concepts out as a sequence of ready concepts and blocks.
struct PlanLayout {
    let graph: PrerequisiteGraph
    let hard: HardRequirements
    let cost: [Int64]
    /// The set, ascending.
    let plan: [Int32]
    /// The concepts placed so far, in order; requirement nodes are left out.
    private(set) var placed: [Int32] = []
    /// Where each step ends in `placed`.
    private(set) var stepEnds: [Int32] = []
    /// Whether a concept of the set is still to be placed.
    private(set) var isWaiting: [Bool]
    /// How many soft prerequisites of a concept are still to be placed.
    private(set) var softWaiting: [Int32]
    private var isActive: [Bool]
    private var support: [Int32]
    private var unmet: [Int32]
    private var light = RankHeap()
    private var heavy = RankHeap()

    /// - Complexity: O(concepts + edges of the set).
    init(
        _ plan: [Int32], known: [Bool], graph: PrerequisiteGraph, hard: HardRequirements,
        cost: [Int64]
    ) {
        self.graph = graph
        self.hard = hard
        self.cost = cost
        self.plan = plan
        isWaiting = [Bool](repeating: false, count: hard.conceptCount)
        isActive = isWaiting
        softWaiting = [Int32](repeating: 0, count: hard.conceptCount)
        unmet = softWaiting
        support = [Int32](repeating: 0, count: hard.groupOwner.count)
        for concept in plan { isWaiting[Int(concept)] = true }
        for concept in plan {
            for group in hard.groups(of: concept) {
                if hard.options(of: group).contains(where: { known[Int(hard.option[$0])] }) {
                    support[group] = 1
                } else {
                    unmet[Int(concept)] += 1
                }
            }
            for position in hard.soft(of: concept)
            where isWaiting[Int(hard.softNeeds[position])] {
                softWaiting[Int(concept)] += 1
            }
        }
    }

    /// Places the whole set in one of the three orders; false when it cannot be laid out.
    ///
    /// - Complexity: O(edges of the set + concepts × log concepts), where no block is a choice.
    mutating func layOut(
        _ order: StepOrder, goals: [Int32]
    ) -> Bool {
        let left =
            switch order {
            case .easiest: drain(plan)
            case .levels: placeByLevels()
            case .focus: placeDepthFirst(from: goals)
            }
        return left.isEmpty
    }

    /// The ids of the steps.
    func namedSteps() -> [[String]] {
        var start = 0
        return stepEnds.map { end in
            defer { start = Int(end) }
            return placed[start..<Int(end)].map { graph.ids[Int($0)] }
        }
    }

    /// Places members by the rule `easiest`, and returns those that cannot be placed yet.
    mutating func drain(_ members: [Int32]) -> [Int32] {
        var remaining = 0
        for concept in members where isWaiting[Int(concept)] {
            isActive[Int(concept)] = true
            remaining += 1
            if unmet[Int(concept)] == 0 { push(concept) }
        }
        while remaining > 0 {
            if let concept = popReady() {
                isWaiting[Int(concept)] = false
                settle(concept)
                endStep([concept])
                remaining -= 1
            } else if let block = bestBlock(among: members) {
                for concept in block { isWaiting[Int(concept)] = false }
                for concept in block { settle(concept) }
                endStep(block)
                remaining -= block.count
            } else {
                break
            }
        }
        light = RankHeap()
        heavy = RankHeap()
        var left: [Int32] = []
        for concept in members {
            isActive[Int(concept)] = false
            if isWaiting[Int(concept)] { left.append(concept) }
        }
        return left
    }

    /// Whether an atom is in the set and still to be placed.
    func waits(_ atom: Int32) -> Bool { Int(atom) < isWaiting.count && isWaiting[Int(atom)] }

    private mutating func push(_ concept: Int32) {
        let rank = graph.easiestRank[Int(concept)]
        if softWaiting[Int(concept)] == 0 || graph.isHidden[Int(concept)] {
            light.push(rank)
        } else {
            heavy.push(rank)
        }
    }

    private mutating func popReady() -> Int32? {
        while let rank = light.pop() {
            let concept = graph.conceptByRank[Int(rank)]
            if isWaiting[Int(concept)] { return concept }
        }
        while let rank = heavy.pop() {
            let concept = graph.conceptByRank[Int(rank)]
            // Those whose soft prerequisites are placed by now stand in the other heap.
            if isWaiting[Int(concept)], softWaiting[Int(concept)] > 0 { return concept }
        }
        return nil
    }

    /// Tells those who wait for a concept that it is placed.
    private mutating func settle(_ concept: Int32) {
        for use in hard.uses(of: concept) {
            let group = Int(hard.usedGroup[use])
            let owner = Int(hard.groupOwner[group])
            guard isWaiting[owner], support[group] == 0 else { continue }
            support[group] = 1
            unmet[owner] -= 1
            if unmet[owner] == 0, isActive[owner] { push(Int32(owner)) }
        }
        for position in hard.softUsers(of: concept) {
            let user = Int(hard.softUser[position])
            guard isWaiting[user] else { continue }
            softWaiting[user] -= 1
            if softWaiting[user] == 0, unmet[user] == 0, isActive[user] { push(Int32(user)) }
        }
    }

    private mutating func endStep(_ step: [Int32]) {
        let before = placed.count
        for concept in step where !graph.isHidden[Int(concept)] { placed.append(concept) }
        if placed.count > before { stepEnds.append(Int32(placed.count)) }
    }

    /// The ready block that is smallest, then cheapest, then first by its ids.
    private func bestBlock(among members: [Int32]) -> [Int32]? {
        guard hard.hasCorequisites else { return nil }
        let finder = BlockFinder(hard)
        let left = hard.corequisiteConcepts.filter { isWaiting[Int($0)] && isActive[Int($0)] }
        let members = finder.supporting(among: left, support: support)
        return finder.smallest(
            within: members, support: support, cost: cost, isHidden: graph.isHidden)
    }
}
