import PropertyGraph

/// A query's options, checked and turned into columns over atoms.
struct LearnerState {
    /// Whether an atom is known.
    var known: [Bool]
    /// Whether an atom is excluded and not known.
    var excluded: [Bool]
    /// Whether the query excludes an atom, known or not: what a plan from nothing may not use.
    var barred: [Bool]
    /// Known ids that the graph never names; a goal among them is reached already.
    var strangers: [String] = []
    /// What each concept still costs, in minutes.
    var cost: [Int64]

    /// Resolves a query. Ids of `known`, `mastery` and `exclude` that the graph does not name are
    /// passed over: a learner may know more than one graph holds.
    ///
    /// - Throws: `.invalidArgument` for mastery outside 0...1.
    init(
        _ query: LearningPathQuery, graph: PrerequisiteGraph, hard: HardRequirements
    ) throws(LearningPathError) {
        known = [Bool](repeating: false, count: hard.atomCount)
        excluded = known
        barred = known
        cost = graph.minutes
        for id in query.known { learn(id, graph) }
        try apply(query, graph)
        if query.assumeClosed { close(hard) }
        for id in query.exclude {
            guard let atom = graph.atom(id) else { continue }
            barred[Int(atom)] = true
            excluded[Int(atom)] = !known[Int(atom)]
        }
    }

    /// The sum of what a plan costs.
    static func sum(
        _ plan: [Int32], _ cost: [Int64]
    ) throws(LearningPathError) -> Int64 {
        var total: Int64 = 0
        for concept in plan {
            let (sum, overflow) = total.addingReportingOverflow(cost[Int(concept)])
            if overflow {
                throw LearningPathError(
                    .overflow,
                    "The minutes of \(plan.count) concepts do not fit 64 bits. "
                        + "Check the minutes of the concepts.")
            }
            total = sum
        }
        return total
    }

    private mutating func learn(_ id: String, _ graph: PrerequisiteGraph) {
        if let atom = graph.atom(id) { known[Int(atom)] = true } else { strangers.append(id) }
    }

    private mutating func apply(
        _ query: LearningPathQuery, _ graph: PrerequisiteGraph
    ) throws(LearningPathError) {
        let threshold = query.masteryThreshold
        guard threshold >= 0, threshold <= 1 else {
            throw LearningPathError(
                .invalidArgument, "The mastery threshold is \(threshold); give 0 to 1.")
        }
        for record in query.mastery {
            guard record.level >= 0, record.level <= 1 else {
                throw LearningPathError(
                    .invalidArgument,
                    "The mastery of '\(record.concept)' is \(record.level); give 0 to 1.")
            }
            if record.level >= threshold {
                learn(record.concept, graph)
            } else if query.partialCredit, let concept = graph.concept(record.concept) {
                cost[Int(concept)] = KnowledgeTracing.remainingMinutes(
                    graph.minutes[Int(concept)], mastery: record.level)
            }
        }
    }

    /// Adds all that every plan for a known concept needs.
    ///
    /// Where groups have one option this is the closure; with alternatives also what no plan from
    /// nothing can do without. Knowing a concept that has no plan closes over its single options.
    private mutating func close(_ hard: HardRequirements) {
        let nothing = [Bool](repeating: false, count: hard.atomCount)
        var stack = (0..<Int32(hard.conceptCount)).filter { known[Int($0)] }
        let claimed = stack
        var hasChoice = false
        func follow() {
            while let concept = stack.popLast() {
                for group in hard.groups(of: concept) {
                    let options = hard.options(of: group)
                    guard options.count == 1 else {
                        hasChoice = true
                        continue
                    }
                    let atom = hard.option[options.lowerBound]
                    guard !known[Int(atom)] else { continue }
                    known[Int(atom)] = true
                    if Int(atom) < hard.conceptCount { stack.append(atom) }
                }
            }
        }
        follow()
        guard hasChoice else { return }
        var all = ForwardChaining(hard, known: nothing, isBlocked: nothing)
        all.run()
        let possible = claimed.filter { all.have[Int($0)] }
        for concept in all.learned where !known[Int(concept)] {
            var without = nothing
            without[Int(concept)] = true
            var rest = ForwardChaining(hard, known: nothing, isBlocked: without)
            rest.run()
            if possible.contains(where: { !rest.have[Int($0)] }) {
                known[Int(concept)] = true
                stack.append(concept)
            }
        }
        follow()
    }
}
