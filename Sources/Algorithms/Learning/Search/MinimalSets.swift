/// The minimal closed sets of a problem, best first, one at a time.
///
/// The best set without some concepts is minimal, for a smaller one would be better. So after a set
/// is given out, each of its concepts in turn is barred, and the best of these answers is next.
/// Where an earlier concept was barred the later ones are kept, so that each set is met on one path.
///
/// - SeeAlso: Lawler, *A procedure for computing the K best solutions* (1972); Reiter, *A theory of
///   diagnosis from first principles* (1987).
struct MinimalSets {
    private struct Candidate {
        var best: ClosureSolution
        /// Concepts that sets of this part do without.
        var barred: [Int32]
        /// Concepts that are not to be barred within this part.
        var kept: Set<Int32>
    }

    private var problem: ClosureProblem
    /// Where order matters: what tells whether a set can be laid out.
    private let frame: PlanFrame?
    private var candidates: [Candidate] = []
    private var isStarted = false
    /// The sets given out, best first.
    private(set) var found: [ClosureSolution] = []
    /// Whether there are no more.
    private(set) var isExhausted = false

    init(_ problem: ClosureProblem, frame: PlanFrame?) {
        self.problem = problem
        self.frame = frame
    }

    /// Finds one set more; false when there is none or the budget is spent.
    mutating func advance(_ meter: inout SearchMeter) -> Bool {
        if !isStarted {
            isStarted = true
            if let best = best(without: [], &meter) {
                candidates.append(Candidate(best: best, barred: [], kept: []))
            }
        }
        while !meter.isSpent, let index = leastIndex() {
            let candidate = candidates.remove(at: index)
            let isNew = !found.contains { $0.names == candidate.best.names }
            if isNew { found.append(candidate.best) }
            split(candidate, &meter)
            // Where the budget ran out a part may be unfinished, but what was found is found.
            if isNew { return true }
        }
        isExhausted = !meter.isSpent && candidates.isEmpty
        return false
    }

    private func leastIndex() -> Int? {
        candidates.indices.min { candidates[$0].best.precedes(candidates[$1].best) }
    }

    private mutating func split(_ candidate: Candidate, _ meter: inout SearchMeter) {
        var kept = candidate.kept
        for concept in candidate.best.names where !kept.contains(concept) {
            if meter.isSpent { return }
            let barred = candidate.barred + [concept]
            guard let best = best(without: barred, &meter) else { continue }
            candidates.append(Candidate(best: best, barred: barred, kept: kept))
            kept.insert(concept)
        }
    }

    /// The best set without some concepts; nil when there is none, or it is not known in time.
    private mutating func best(
        without concepts: [Int32], _ meter: inout SearchMeter
    ) -> ClosureSolution? {
        while true {
            var edit = ClosureEdit(problem)
            for node in problem.names.indices
            where problem.names[node].contains(where: concepts.contains) {
                edit.bar(Int32(node))
            }
            guard edit.run() else { return nil }
            let rest = edit.rest()
            var search = ClosureSearch(meter)
            let outcome = search.solve(rest, limit: rest.weight.reduce(0, +))
            meter = search.meter
            guard outcome.isProven,
                let best = outcome.best?.joined(edit.takenWeight, edit.takenNames)
            else { return nil }
            guard let frame else { return best }
            let clauses = frame.clauses(against: best.names)
            if clauses.isEmpty { return best }
            // A clause without options: what is left cannot be laid out at all.
            problem = problem.adding(clauses.map { ($0.owner, $0.options) })
        }
    }
}

/// The minimal plans for some goals, best first: those of each independent part, combined.
struct MinimalPlans {
    private let base: ClosureSolution
    private var parts: [MinimalSets]
    private var front: [(plan: ClosureSolution, places: [Int])] = []
    private var isSeen: Set<[Int]> = []
    private var isStarted = false
    private(set) var meter: SearchMeter

    /// The concepts in every plan, where that was found without trying.
    var certain: [Int32] { base.names.sorted() }

    init(_ frame: PlanFrame, meter: SearchMeter) {
        var left = meter
        let whole = frame.problem()
        if frame.mayLackOrder {
            base = ClosureSolution(weight: 0, names: [])
            parts = [MinimalSets(whole, frame: frame)]
        } else if let reduced = ReducedProblem(
            whole, limit: frame.totalWeight, &left, keepsAll: true)
        {
            base = ClosureSolution(weight: reduced.weight, names: reduced.names)
            parts =
                reduced.problem.groupCount == 0
                ? [] : reduced.problem.components().map { MinimalSets($0, frame: nil) }
        } else {
            base = ClosureSolution(weight: 0, names: [])
            parts = []
        }
        self.meter = left
    }

    /// The next plan; nil when there is none or the budget is spent.
    mutating func next() -> ClosureSolution? {
        if !isStarted {
            isStarted = true
            push([Int](repeating: 0, count: parts.count))
        }
        guard let index = front.indices.min(by: { front[$0].plan.precedes(front[$1].plan) }) else {
            return nil
        }
        let (plan, places) = front.remove(at: index)
        for part in parts.indices {
            var after = places
            after[part] += 1
            push(after)
        }
        return plan
    }

    private mutating func push(_ places: [Int]) {
        guard isSeen.insert(places).inserted else { return }
        var plan = base
        for (part, place) in places.enumerated() {
            while parts[part].found.count <= place {
                guard parts[part].advance(&meter) else { return }
            }
            let set = parts[part].found[place]
            plan.weight += set.weight
            plan.names += set.names
        }
        plan.names.sort()
        front.append((plan, places))
    }
}
