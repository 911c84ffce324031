/// The minimal plan for some goals, where it can be told without a search.
enum PlanChoice {
    /// The one minimal plan, ascending; requirement nodes included.
    case plan([Int32])
    /// No set of concepts reaches all goals.
    case unreachable
    /// There is a plan, but more than one may be minimal: a concept with a group that no concept
    /// common to all plans meets.
    case undecided(concept: Int32, group: Int)
}

/// Chooses what to learn for goals from a state of knowledge.
struct PlanChooser {
    let graph: PrerequisiteGraph
    let hard: HardRequirements
    let known: [Bool]
    let excluded: [Bool]

    /// The minimal plan for goals that are concepts.
    ///
    /// First what lies behind the goals where every group leaves one option: linear. Where that
    /// meets a choice, what cannot be learned is struck off, and then the concepts that every plan
    /// needs are found; if these are a plan, they are the only minimal one.
    ///
    /// - Parameter isChecked: Whether a closure without choices is tried out. Otherwise it may hold
    ///   a cycle, which shows when it is laid out.
    /// - Complexity: O(concepts + edges) without choices; else O(relevant concepts × edges).
    func choose(_ goals: [Int32], isChecked: Bool = true) -> PlanChoice {
        let targets = goals.filter { !known[Int($0)] }
        guard !targets.isEmpty else { return .plan([]) }
        guard targets.allSatisfy({ !excluded[Int($0)] }) else { return .unreachable }
        let usable = excluded.indices.map { $0 < hard.conceptCount && !excluded[$0] }
        switch closure(of: targets, usable: usable) {
        case .closed(let plan):
            return !isChecked || reaches(targets, within: plan) ? .plan(plan) : .unreachable
        case .dead: return .unreachable
        case .choice: break
        }
        var all = ForwardChaining(hard, known: known, isBlocked: excluded)
        all.run()
        guard targets.allSatisfy({ all.have[Int($0)] }) else { return .unreachable }
        switch closure(of: targets, usable: Array(all.have[..<hard.conceptCount])) {
        case .closed(let plan): return .plan(plan)
        case .dead: return .unreachable
        case .choice: return choose(targets, among: all.have)
        }
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

    private func choose(_ targets: [Int32], among usable: [Bool]) -> PlanChoice {
        let must = necessary(targets, among: usable)
        // Requirement nodes cost nothing and show nowhere: any that can be met is.
        let hidden =
            graph.hasHidden
            ? behind(targets, usable: usable).filter { graph.isHidden[Int($0)] } : []
        let plan = (must + hidden).sorted()
        var blocked = [Bool](repeating: true, count: hard.atomCount)
        for concept in plan { blocked[Int(concept)] = false }
        var chaining = ForwardChaining(hard, known: known, isBlocked: blocked)
        chaining.run()
        if targets.allSatisfy({ chaining.have[Int($0)] }) {
            return .plan(plan.filter { chaining.have[Int($0)] })
        }
        for concept in must where !chaining.have[Int(concept)] {
            for group in hard.groups(of: concept) where chaining.support[group] == 0 {
                let options = hard.options(of: group)
                if options.lazy.filter({ usable[Int(hard.option[$0])] }).count > 1 {
                    return .undecided(concept: concept, group: group)
                }
            }
        }
        let concept = targets[0]
        return .undecided(concept: concept, group: hard.groups(of: concept).lowerBound)
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
