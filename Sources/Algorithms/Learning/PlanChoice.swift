/// What to learn for some goals.
enum PlanChoice {
    /// The best plan found.
    case plan(ChosenPlan)
    /// No set of concepts reaches all goals.
    case unreachable
}

/// The members of a plan, and how sure it is that none is better.
struct ChosenPlan {
    /// Ascending; requirement nodes included.
    var members: [Int32]
    /// Whether no plan is better.
    var isOptimal = true
    /// No plan costs less, in minutes; nil where that is what it costs.
    var lowerBound: Int64?
    /// Whether it is the only minimal plan.
    var isOnly = true
}

/// Chooses what to learn for goals from a state of knowledge.
struct PlanChooser {
    let graph: PrerequisiteGraph
    let hard: HardRequirements
    let known: [Bool]
    let excluded: [Bool]
    /// What each concept costs, in minutes.
    let cost: [Int64]
    let budget: SearchBudget

    /// The best plan for goals that are concepts.
    ///
    /// First what lies behind the goals where every group leaves one option: linear. Where that
    /// meets a choice, what cannot be learned is struck off, and then the best plan is searched for.
    ///
    /// - Parameters:
    ///   - isChecked: Whether a closure without choices is tried out. Otherwise it may hold a
    ///     cycle, which shows when it is laid out.
    ///   - isSearched: Whether the best plan is searched for; else any plan will do.
    /// - Complexity: O(concepts + edges) without choices; else exponential in the choices at worst,
    ///   within the budget.
    func choose(
        _ goals: [Int32], isChecked: Bool = true, isSearched: Bool = true
    ) throws(LearningPathError) -> PlanChoice {
        let targets = goals.filter { !known[Int($0)] }
        guard !targets.isEmpty else { return .plan(ChosenPlan(members: [])) }
        guard targets.allSatisfy({ !excluded[Int($0)] }) else { return .unreachable }
        let usable = excluded.indices.map { $0 < hard.conceptCount && !excluded[$0] }
        switch closure(of: targets, usable: usable) {
        case .closed(let plan):
            let isPlan = !isChecked || reaches(targets, within: plan)
            return isPlan ? .plan(ChosenPlan(members: plan)) : .unreachable
        case .dead: return .unreachable
        case .choice: break
        }
        guard let learnable = learnable(targets, usable: usable) else { return .unreachable }
        switch closure(of: targets, usable: learnable) {
        case .closed(let plan): return .plan(ChosenPlan(members: plan))
        case .dead: return .unreachable
        case .choice: break
        }
        let frame = try PlanFrame(self, targets: targets, usable: learnable)
        guard isSearched else {
            return .plan(
                ChosenPlan(
                    members: withHidden(frame.quickPlan(), frame.hidden), isOptimal: false,
                    isOnly: false))
        }
        var search = PlanSearch(frame, meter: SearchMeter(budget))
        let found = search.best()
        return .plan(
            ChosenPlan(
                members: withHidden(found.concepts, frame.hidden), isOptimal: found.isOptimal,
                lowerBound: found.isOptimal ? nil : found.lowerBound, isOnly: false))
    }

    /// The choices behind goals; nil when a goal cannot be learned.
    func frame(_ goals: [Int32]) throws(LearningPathError) -> PlanFrame? {
        let targets = goals.filter { !known[Int($0)] }
        let usable = excluded.indices.map { $0 < hard.conceptCount && !excluded[$0] }
        guard let learnable = learnable(targets, usable: usable) else { return nil }
        return try PlanFrame(self, targets: targets, usable: learnable)
    }

    /// Whether each concept behind the goals can be learned; nil when a goal cannot.
    func learnable(_ targets: [Int32], usable: [Bool]) -> [Bool]? {
        var blocked = [Bool](repeating: true, count: hard.atomCount)
        for concept in behind(targets, usable: usable) { blocked[Int(concept)] = false }
        var all = ForwardChaining(hard, known: known, isBlocked: blocked)
        all.run()
        guard targets.allSatisfy({ all.have[Int($0)] }) else { return nil }
        return Array(all.have[..<hard.conceptCount])
    }

    /// A plan with the requirement nodes that it meets: they cost nothing and show nowhere.
    func withHidden(_ plan: [Int32], _ hidden: [Int32]) -> [Int32] {
        guard !hidden.isEmpty else { return plan }
        let all = (plan + hidden).sorted()
        var blocked = [Bool](repeating: true, count: hard.atomCount)
        for concept in all { blocked[Int(concept)] = false }
        var chaining = ForwardChaining(hard, known: known, isBlocked: blocked)
        chaining.run()
        return all.filter { chaining.have[Int($0)] }
    }

    /// The concepts that every plan needs, by excluding each in turn.
    ///
    /// - Complexity: O(relevant concepts × edges).
    func necessary(_ targets: [Int32], among usable: [Bool]) -> [Int32] {
        let relevant = behind(targets, usable: usable)
        var blocked = [Bool](repeating: true, count: hard.atomCount)
        for concept in relevant { blocked[Int(concept)] = false }
        var result: [Int32] = []
        for concept in relevant where !graph.isHidden[Int(concept)] {
            blocked[Int(concept)] = true
            var rest = ForwardChaining(hard, known: known, isBlocked: blocked)
            rest.run()
            if targets.contains(where: { !rest.have[Int($0)] }) { result.append(concept) }
            blocked[Int(concept)] = false
        }
        return result
    }

    /// Whether the goals can be learned with nothing but the members of a set.
    func reaches(_ targets: [Int32], within plan: [Int32]) -> Bool {
        var blocked = [Bool](repeating: true, count: hard.atomCount)
        for concept in plan { blocked[Int(concept)] = false }
        var chaining = ForwardChaining(hard, known: known, isBlocked: blocked)
        chaining.run()
        return targets.allSatisfy { chaining.have[Int($0)] }
    }

    /// All concepts behind the goals over usable options, the goals included, ascending; nothing
    /// behind a known concept.
    func behind(_ targets: [Int32], usable: [Bool]) -> [Int32] {
        var isIn = [Bool](repeating: false, count: hard.conceptCount)
        var stack: [Int32] = []
        func visit(_ atom: Int32) {
            let index = Int(atom)
            guard index < hard.conceptCount, usable[index], !known[index], !isIn[index] else {
                return
            }
            isIn[index] = true
            stack.append(atom)
        }
        for target in targets { visit(target) }
        while let concept = stack.popLast() {
            for group in hard.groups(of: concept) {
                for position in hard.options(of: group) { visit(hard.option[position]) }
            }
        }
        return (0..<Int32(hard.conceptCount)).filter { isIn[Int($0)] }
    }

    private enum Closure {
        case closed([Int32])
        case dead
        case choice
    }

    /// What lies behind the goals while every open group leaves one usable option.
    private func closure(of targets: [Int32], usable: [Bool]) -> Closure {
        var isIn = [Bool](repeating: false, count: hard.conceptCount)
        var stack: [Int32] = []
        var count = 0
        for target in targets where !isIn[Int(target)] {
            isIn[Int(target)] = true
            stack.append(target)
        }
        var hasChoice = false
        while let concept = stack.popLast() {
            count += 1
            if !hard.hasAlternatives {
                // One option a group: the groups of a concept are the positions of its options.
                for group in hard.groups(of: concept) {
                    let atom = Int(hard.option[group])
                    if known[atom] { continue }
                    guard atom < hard.conceptCount, usable[atom] else { return .dead }
                    if isIn[atom] { continue }
                    isIn[atom] = true
                    stack.append(Int32(atom))
                }
                continue
            }
            for group in hard.groups(of: concept) {
                var chosen: Int32 = -1
                var isMet = false
                var usableCount = 0
                for position in hard.options(of: group) {
                    let atom = hard.option[position]
                    if known[Int(atom)] {
                        isMet = true
                        break
                    }
                    if Int(atom) < hard.conceptCount, usable[Int(atom)] {
                        usableCount += 1
                        chosen = atom
                    }
                }
                if isMet { continue }
                if usableCount == 0 { return .dead }
                if usableCount > 1 {
                    hasChoice = true
                } else if !isIn[Int(chosen)] {
                    isIn[Int(chosen)] = true
                    stack.append(chosen)
                }
            }
        }
        if hasChoice { return .choice }
        var plan: [Int32] = []
        plan.reserveCapacity(count)
        for concept in 0..<Int32(hard.conceptCount) where isIn[Int(concept)] {
            plan.append(concept)
        }
        return .closed(plan)
    }
}
