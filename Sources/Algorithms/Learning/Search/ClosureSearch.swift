/// A closed set: what it weighs, and its concepts, ascending.
struct ClosureSolution {
    var weight: PlanWeight
    var names: [Int32]

    /// Whether it is better: lighter, then first by its concepts.
    func precedes(_ other: ClosureSolution) -> Bool {
        weight != other.weight
            ? weight < other.weight : names.lexicographicallyPrecedes(other.names)
    }

    /// Both together.
    func joined(_ weight: PlanWeight, _ names: [Int32]) -> ClosureSolution {
        ClosureSolution(weight: self.weight + weight, names: (self.names + names).sorted())
    }
}

/// What a search found.
struct ClosureOutcome {
    /// The best found within the limit.
    var best: ClosureSolution?
    /// No closed set weighs less.
    var lower: PlanWeight
    /// Whether none is better than `best`, or none is within the limit.
    var isProven: Bool
}

/// Finds the best closed set: of least weight, then the smallest ascending list of concepts.
///
/// A problem is first made small: what every closed set holds is taken, options that others make
/// superfluous are dropped, nodes picked only together are merged, and what the dual ascent proves
/// too dear is barred. What falls apart is searched part by part; else the options of one group are
/// tried in turn, each with the earlier ones barred.
struct ClosureSearch {
    private(set) var meter: SearchMeter

    init(_ meter: SearchMeter) { self.meter = meter }

    /// - Parameter limit: Heavier closed sets are of no interest.
    mutating func solve(_ problem: ClosureProblem, limit: PlanWeight) -> ClosureOutcome {
        let mayGoOn = meter.step()
        guard let reduced = ReducedProblem(problem, limit: limit, &meter) else {
            return ClosureOutcome(best: nil, lower: limit + 1, isProven: true)
        }
        let quick = reduced.quick
        guard mayGoOn, !meter.isSpent, reduced.problem.groupCount > 0 else {
            let isWithin = quick.weight <= limit
            return ClosureOutcome(
                best: isWithin ? quick : nil, lower: reduced.weight + reduced.bound,
                isProven: reduced.problem.groupCount == 0)
        }
        let parts = reduced.problem.components()
        var outcome =
            parts.count > 1
            ? solve(parts, limit: limit - reduced.weight)
            : branch(reduced, limit: limit - reduced.weight)
        outcome.best = outcome.best?.joined(reduced.weight, reduced.names)
        outcome.lower += reduced.weight
        return outcome
    }

    /// Parts share nothing, so the best of each make the best of all.
    private mutating func solve(
        _ parts: [ClosureProblem], limit: PlanWeight
    ) -> ClosureOutcome {
        var bounds: [PlanWeight] = []
        for part in parts { bounds.append(DualAscent(part, &meter).bound) }
        var total = bounds.reduce(0, +)
        var joined = ClosureSolution(weight: 0, names: [])
        var isProven = true
        for (index, part) in parts.enumerated() {
            let found = solve(part, limit: limit - (total - bounds[index]))
            if found.isProven && found.best == nil {
                return ClosureOutcome(best: nil, lower: limit + 1, isProven: true)
            }
            total += max(found.lower, bounds[index]) - bounds[index]
            bounds[index] = max(found.lower, bounds[index])
            if !found.isProven { isProven = false }
            guard let best = found.best else {
                return ClosureOutcome(best: nil, lower: total, isProven: false)
            }
            joined = joined.joined(best.weight, best.names)
        }
        return ClosureOutcome(
            best: joined.weight <= limit ? joined : nil, lower: min(total, joined.weight),
            isProven: isProven)
    }

    private mutating func branch(
        _ reduced: ReducedProblem, limit: PlanWeight
    ) -> ClosureOutcome {
        let problem = reduced.problem
        var best = reduced.quickRest.weight <= limit ? reduced.quickRest : nil
        let order = reduced.branchOptions()
        for (place, option) in order.enumerated() {
            var edit = ClosureEdit(problem)
            for earlier in order[..<place] { edit.bar(earlier) }
            edit.take(option)
            guard edit.run() else { continue }
            let (weight, names) = (edit.takenWeight, edit.takenNames)
            let room = min(limit, best?.weight ?? limit)
            guard weight <= room else { continue }
            let rest = edit.rest()
            if let best, best.weight == room,
                !Self.mayPrecede(best.names, taken: names, free: rest.names, reduced, room)
            {
                continue
            }
            let found = solve(rest, limit: room - weight)
            if let solution = found.best?.joined(weight, names),
                best.map({ solution.precedes($0) }) ?? true
            {
                best = solution
            }
            if !found.isProven {
                return ClosureOutcome(best: best, lower: reduced.bound, isProven: false)
            }
        }
        return ClosureOutcome(best: best, lower: best?.weight ?? limit + 1, isProven: true)
    }

    /// Whether some closed set of the concepts taken and some free ones may stand before another of
    /// the same weight and count; where lighter ones may exist, always.
    private static func mayPrecede(
        _ best: [Int32], taken: [Int32], free: [[Int32]], _ reduced: ReducedProblem,
        _ room: PlanWeight
    ) -> Bool {
        guard reduced.bound == room else { return true }
        var isOpen: Set<Int32> = []
        for list in free { isOpen.formUnion(list) }
        let held = Set(best)
        let own = Set(taken)
        // The first concept, ascending, that one of both has and the other need not have, decides.
        for concept in own.union(isOpen).union(held).sorted() {
            guard held.contains(concept) else {
                return true
            }
            if !own.contains(concept), !isOpen.contains(concept) { return false }
        }
        return false
    }
}
