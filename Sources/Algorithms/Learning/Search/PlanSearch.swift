/// What a search for the best plan came to.
struct PlanSearchResult {
    /// The plan, ascending, without requirement nodes.
    var concepts: [Int32]
    /// Whether no plan is better.
    var isOptimal: Bool
    /// No plan costs less, in minutes.
    var lowerBound: Int64
}

/// Finds the best plan where alternatives have to be weighed.
///
/// A plan is a closed set that can also be laid out in order. So the best closed set is found
/// first; if a part of it cannot be laid out, every plan that holds some of that part meets one of
/// its groups from outside: that is asked for, and the search is made again.
///
/// - SeeAlso: Lin and Zhao, *ASSAT* (2004), for the loop formulas; Bonet and Helmert,
///   *Strengthening Landmark Heuristics via Hitting Sets* (2010).
struct PlanSearch {
    let frame: PlanFrame
    private(set) var meter: SearchMeter

    init(_ frame: PlanFrame, meter: SearchMeter) {
        self.frame = frame
        self.meter = meter
    }

    /// The best plan, or the best found within the budget.
    mutating func best() -> PlanSearchResult {
        var clauses: [PlanFrame.Clause] = []
        var lower: PlanWeight = 0
        while true {
            let problem = frame.problem(with: clauses)
            var search = ClosureSearch(meter)
            let outcome = search.solve(problem, limit: frame.totalWeight)
            meter = search.meter
            lower = max(lower, outcome.lower)
            guard let solution = outcome.best else { break }
            let new = frame.clauses(against: solution.names)
            if new.isEmpty {
                return PlanSearchResult(
                    concepts: outcome.isProven
                        ? solution.names : frame.withoutSuperfluous(solution.names),
                    isOptimal: outcome.isProven,
                    lowerBound: frame.minutes(
                        outcome.isProven ? solution.weight : min(lower, solution.weight)))
            }
            guard !meter.isSpent else { break }
            clauses += new
        }
        return PlanSearchResult(
            concepts: frame.withoutSuperfluous(frame.quickPlan()), isOptimal: false,
            lowerBound: frame.minutes(lower))
    }
}
