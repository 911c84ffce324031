import GraphAlgorithms
import Testing

/// Graphs too large to enumerate: answers are checked by what they promise.
@Suite struct `Searching among alternatives` {
    private struct Trial {
        var graph: PrerequisiteGraph
        var concepts: [Concept]
        var requirements: [Requirement]
        var goals: [String]
        var known: [String]

        /// Whether a set can be laid out from what is known, by trying; no corequisites.
        func isPlan(_ set: Set<String>) -> Bool {
            var have = Set(known)
            var left = set
            while true {
                let ready = left.filter { isReady($0, have) }
                if ready.isEmpty { return left.isEmpty && have.isSuperset(of: goals) }
                have.formUnion(ready)
                left.subtract(ready)
            }
        }

        func isReady(_ concept: String, _ have: Set<String>) -> Bool {
            var met: [String: Bool] = [:]
            for (place, edge) in requirements.enumerated() where edge.of == concept {
                let group = edge.group ?? "#\(place)"
                met[group] = (met[group] ?? false) || have.contains(edge.needs)
            }
            return met.values.allSatisfy { $0 }
        }

        func cost(_ set: some Sequence<String>) -> Int64 {
            let minutes = Dictionary(uniqueKeysWithValues: concepts.map { ($0.id, $0.minutes) })
            return set.reduce(0) { $0 + (minutes[$1] ?? 0) }
        }
    }

    /// Layers of concepts, each with groups of alternatives below it; some edges point back up.
    private func trial(seed: UInt64, count: Int, backEdges: Int = 0) throws -> Trial {
        var random = SeededGenerator(seed: seed)
        let names = (0..<count).map { "c\(1_000 + $0)" }
        let concepts = names.map { Concept(id: $0, minutes: .random(in: 1...9, using: &random)) }
        var requirements: [Requirement] = []
        for place in count / 5..<count {
            for group in 0..<Int.random(in: 1...3, using: &random) {
                let options = Set(
                    (0..<Int.random(in: 1...3, using: &random)).map { _ in
                        Int.random(in: max(0, place - count / 3)..<place, using: &random)
                    })
                for option in options.sorted() {
                    requirements.append(
                        Requirement(
                            of: names[place], needs: names[option], group: "g\(group)"))
                }
            }
        }
        for _ in 0..<backEdges {
            let low = Int.random(in: count / 5..<count / 2, using: &random)
            let high = Int.random(in: low + 1..<count, using: &random)
            requirements.append(Requirement(of: names[low], needs: names[high], group: "g0"))
        }
        return Trial(
            graph: try PrerequisiteGraph(concepts: concepts, requirements: requirements),
            concepts: concepts, requirements: requirements,
            goals: [names[count - 1], names[count - 3]],
            known: [names[Int.random(in: 0..<count / 2, using: &random)]])
    }

    private func query(_ trial: Trial, _ budget: SearchBudget) -> LearningPathQuery {
        var query = LearningPathQuery(known: trial.known)
        query.budget = budget
        return query
    }

    @Test(arguments: UInt64(0)..<16)
    func `a plan is a plan, without a superfluous concept, and bounds hold`(seed: UInt64) throws {
        let trial = try trial(seed: seed, count: 60, backEdges: seed % 2 == 0 ? 0 : 12)
        let best = try trial.graph.plan(
            goals: trial.goals, query: query(trial, .steps(1_000_000)))
        #expect(best.isOptimal && best.lowerBound == best.minutes)
        for steps in [0, 1, 5] {
            let options = query(trial, .steps(steps))
            let plan = try trial.graph.plan(goals: trial.goals, query: options)
            let set = Set(plan.concepts)
            #expect(trial.isPlan(set), "\(steps) steps")
            #expect(trial.cost(set) == plan.minutes)
            #expect(plan.lowerBound <= best.minutes && plan.minutes >= best.minutes)
            if plan.isOptimal { #expect(plan.concepts == best.concepts) }
            for concept in set where !trial.goals.contains(concept) {
                #expect(!trial.isPlan(set.subtracting([concept])), "\(steps) steps: \(concept)")
            }
            let again = try trial.graph.plan(goals: trial.goals, query: options)
            #expect(again.order == plan.order && again.lowerBound == plan.lowerBound)
        }
    }

    @Test(arguments: UInt64(100)..<106)
    func `alternatives ascend, differ, and are minimal; must and may hold them`(
        seed: UInt64
    ) throws {
        let trial = try trial(seed: seed, count: 40, backEdges: seed % 3 == 0 ? 6 : 0)
        let options = query(trial, .steps(300))
        let found = try trial.graph.alternatives(goals: trial.goals, count: 12, query: options)
        let best = try trial.graph.plan(goals: trial.goals, query: options)
        #expect(found.plans.first?.concepts == best.concepts)
        #expect(Set(found.plans.map(\.concepts)).count == found.plans.count)
        let need = try trial.graph.need(goals: trial.goals, query: options)
        for (place, plan) in found.plans.enumerated() {
            let set = Set(plan.concepts)
            #expect(trial.isPlan(set))
            for concept in set { #expect(!trial.isPlan(set.subtracting([concept]))) }
            if place > 0 { #expect(found.plans[place - 1].minutes <= plan.minutes) }
            #expect(set.isSuperset(of: need.must))
            if need.isComplete { #expect(set.isSubset(of: need.may)) }
        }
        for concept in need.must where !trial.goals.contains(concept) {
            var without = options
            without.exclude = [concept]
            #expect(throws: LearningPathError.self) {
                try trial.graph.plan(goals: trial.goals, query: without)
            }
        }
    }

    @Test func `a huge cost is compared without rounding, and too much of it is an error`() throws {
        let half = Int64.max / 2
        func graph(_ a: Int64, _ b: Int64) throws -> PrerequisiteGraph {
            try PrerequisiteGraph(
                concepts: [
                    Concept(id: "goal", minutes: 0), Concept(id: "a", minutes: a),
                    Concept(id: "b", minutes: b),
                ],
                requirements: [
                    Requirement(of: "goal", needs: "a", group: "g"),
                    Requirement(of: "goal", needs: "b", group: "g"),
                ])
        }
        #expect(try graph(half, half - 1).plan(goals: ["goal"]).concepts == ["b", "goal"])
        #expect(try graph(half, half).plan(goals: ["goal"]).concepts == ["a", "goal"])
        let error = #expect(throws: LearningPathError.self) {
            try graph(.max, .max).plan(goals: ["goal"])
        }
        #expect(error?.code == .overflow)
    }

    @Test func `as many blocks as there are choices end in a plan, and in an error when listed`()
        throws
    {
        // Each concept needs six times one of four others as a corequisite.
        let names = (0..<32).map { "c\(100 + $0)" }
        var requirements: [Requirement] = []
        for (place, name) in names.enumerated() {
            for group in 0..<6 {
                for step in 1...4 {
                    requirements.append(
                        Requirement(
                            of: name, needs: names[(place + step + group * 5) % names.count],
                            group: "g\(group)", isCorequisite: true))
                }
            }
        }
        let graph = try PrerequisiteGraph(
            concepts: names.map { Concept(id: $0) }, requirements: requirements)
        var query = LearningPathQuery()
        query.budget = .steps(20)
        let plan = try graph.plan(goals: [names[0]], query: query)
        #expect(plan.order.joined().sorted() == plan.concepts)
        #expect(plan.order[0].count > 1 && plan.concepts.contains(names[0]))
        let error = #expect(throws: LearningPathError.self) { try graph.frontier() }
        #expect(error?.code == .tooManyBlocks)
    }

    @Test func `the most goals that fit are chosen, and a spent budget says so`() throws {
        let trial = try trial(seed: 7, count: 50)
        let goals = trial.concepts.suffix(8).map(\.id)
        let options = query(trial, .steps(100_000))
        let found = try trial.graph.within(minutes: 120, goals: goals, query: options)
        #expect(found.isOptimal && found.minutes <= 120)
        let plan = try trial.graph.plan(goals: found.goals, query: options)
        #expect(plan.minutes == found.minutes)
        for other in goals where !found.goals.contains(other) {
            let more = try trial.graph.plan(goals: found.goals + [other], query: options)
            #expect(more.minutes > 120)
        }
        let hasty = try trial.graph.within(
            minutes: 120, goals: goals, query: query(trial, .steps(3)))
        #expect(!hasty.isOptimal && hasty.goals.count <= found.goals.count)
        #expect(throws: LearningPathError.self) {
            try trial.graph.within(minutes: -1, goals: goals)
        }
    }

    @Test func `modules follow each other without a circle`() throws {
        for seed in UInt64(0)..<12 {
            let trial = try trial(seed: seed, count: 80)
            let options = query(trial, .steps(100_000))
            let plan = try trial.graph.plan(goals: trial.goals, query: options)
            let modules = try trial.graph.modules(plan, query: options)
            #expect(modules.flatMap(\.concepts).sorted() == plan.concepts)
            #expect(modules.reduce(0) { $0 + $1.minutes } == plan.minutes)
            var module: [String: Int] = [:]
            for (place, each) in modules.enumerated() {
                for concept in each.concepts { module[concept] = place }
            }
            // Taking away modules that need no other one must take all away.
            var needs: [Int: Set<Int>] = [:]
            for edge in trial.requirements {
                guard let of = module[edge.of], let need = module[edge.needs], of != need else {
                    continue
                }
                needs[of, default: []].insert(need)
            }
            var left = Set(modules.indices)
            while let free = left.first(where: { (needs[$0] ?? []).isDisjoint(with: left) }) {
                left.remove(free)
            }
            #expect(left.isEmpty, "seed \(seed)")
            let firsts = modules.compactMap { module in
                plan.order.firstIndex { $0 == [module.concepts[0]] }
            }
            #expect(firsts == firsts.sorted())
        }
    }
}
