import GraphAlgorithms
import Testing

@Suite struct `Prerequisites joined by and` {
    struct Trial {
        var naive: NaivePlanner
        var graph: PrerequisiteGraph
        var goals: [String]
        var query: LearningPathQuery
    }

    /// A random graph with cycles, missing targets, soft edges, known and excluded concepts.
    private func trial(seed: UInt64) throws -> Trial {
        var random = SeededGenerator(seed: seed)
        let count = Int.random(in: 2...12, using: &random)
        let names = (0..<count).map { "k\($0)" }
        var concepts: [Concept] = []
        for name in names {
            concepts.append(
                Concept(
                    id: name, minutes: Int64.random(in: 0...4, using: &random) * 15,
                    difficulty: Double(Int.random(in: 0...3, using: &random)) / 4))
        }
        var edges: [NaivePlanner.Edge] = []
        for _ in 0..<Int.random(in: 0...(2 * count), using: &random) {
            let of = Int.random(in: 0..<count, using: &random)
            var needs = Int.random(in: 0..<count, using: &random)
            // Most edges lead back in the order of names, so that most graphs can be learned.
            if needs >= of, of > 0, Int.random(in: 0..<8, using: &random) > 0 {
                needs = Int.random(in: 0..<of, using: &random)
            }
            let strength = [0.3, 0.5, 0.8, 1][Int.random(in: 0..<4, using: &random)]
            let isMissing = Int.random(in: 0..<40, using: &random) == 0
            edges.append(
                NaivePlanner.Edge(
                    of: names[of], needs: isMissing ? "nowhere" : names[needs], strength: strength))
        }
        let known = names.filter { _ in Int.random(in: 0..<6, using: &random) == 0 }
        let excluded = names.filter { _ in Int.random(in: 0..<20, using: &random) == 0 }
        let goals = (0..<Int.random(in: 1...3, using: &random)).map { _ in
            names[Int.random(in: 0..<count, using: &random)]
        }
        let naive = NaivePlanner(
            minutes: Dictionary(uniqueKeysWithValues: concepts.map { ($0.id, $0.minutes) }),
            difficulty: Dictionary(uniqueKeysWithValues: concepts.map { ($0.id, $0.difficulty) }),
            edges: edges, known: Set(known), excluded: Set(excluded).subtracting(known))
        return Trial(
            naive: naive,
            graph: try PrerequisiteGraph(
                concepts: concepts.shuffled(using: &random),
                requirements: edges.map {
                    Requirement(of: $0.of, needs: $0.needs, strength: $0.strength)
                }),
            goals: goals, query: LearningPathQuery(known: known, exclude: excluded))
    }

    @Test(arguments: 0..<10)
    func `plans agree with leaving out what the goals can do without`(block: Int) throws {
        var planned = 0
        var refused: [String: Int] = [:]
        for seed in UInt64(block * 100)..<UInt64(block * 100 + 100) {
            let trial = try trial(seed: seed)
            let naive = trial.naive
            let result = Result { try trial.graph.plan(goals: trial.goals, query: trial.query) }
            switch result {
            case .success(let plan):
                planned += 1
                let expected = try #require(
                    naive.plan(trial.goals, known: naive.known), "seed \(seed)")
                #expect(plan.concepts == expected.sorted(), "seed \(seed)")
                #expect(plan.order == naive.order(expected).map { [$0] }, "seed \(seed)")
                #expect(plan.minutes == naive.cost(expected), "seed \(seed)")
                #expect(plan.isOptimal && plan.lowerBound == plan.minutes, "seed \(seed)")
                let soft = Set(expected.flatMap { naive.soft($0) }).intersection(naive.names)
                    .subtracting(expected).subtracting(naive.known).subtracting(naive.excluded)
                #expect(plan.recommended == soft.sorted(), "seed \(seed)")
                try checkOrders(trial, expected, seed)
            case .failure(let failure):
                let error = try #require(failure as? LearningPathError)
                #expect(error.code == .unreachable, "seed \(seed): \(error)")
                #expect(naive.plan(trial.goals, known: naive.known) == nil, "seed \(seed)")
                for goal in error.unreachable {
                    check(goal, naive, seed)
                    refused[goal.reason.name, default: 0] += 1
                }
            }
        }
        #expect(planned > 20 && refused.count == 3, "\(planned) planned, unreachable: \(refused)")
    }

    private func check(_ goal: UnreachableGoal, _ naive: NaivePlanner, _ seed: UInt64) {
        let stuck = naive.stuck(goal.goal)
        let missing = stuck.subtracting(naive.names)
        let excluded = stuck.intersection(naive.excluded)
        switch goal.reason {
        case .unknownConcept:
            Issue.record("seed \(seed): all goals are in the graph")
        case .missing(let ids):
            #expect(ids == missing.sorted() && !ids.isEmpty, "seed \(seed)")
        case .excluded(let ids):
            let expected = naive.excluded.contains(goal.goal) ? [goal.goal] : excluded.sorted()
            #expect(ids == expected && !ids.isEmpty, "seed \(seed)")
        case .cycle(let ids):
            #expect(missing.isEmpty && excluded.isEmpty, "seed \(seed)")
            #expect(ids.count == naive.shortestCycle(among: stuck), "seed \(seed): \(ids)")
            #expect(ids.first == ids.min(), "seed \(seed)")
            for (of, needs) in zip(ids, ids.dropFirst() + ids.prefix(1)) {
                #expect(naive.hard(of).contains(needs), "seed \(seed): \(ids)")
            }
        }
    }

    /// The other orders hold the same concepts, each after all it needs.
    private func checkOrders(
        _ trial: Trial, _ plan: Set<String>, _ seed: UInt64
    ) throws {
        var query = trial.query
        for order in [StepOrder.levels, .focus] {
            query.order = order
            let steps = try trial.graph.plan(goals: trial.goals, query: query).order
            #expect(steps.joined().sorted() == plan.sorted(), "seed \(seed) \(order)")
            var have = trial.naive.known
            var levels: [String: Int] = [:]
            var last = 0
            for step in steps.joined() {
                let needs = trial.naive.hard(step)
                #expect(needs.allSatisfy(have.contains), "seed \(seed) \(order): \(steps)")
                have.insert(step)
                let level = needs.compactMap { levels[$0] }.max().map { $0 + 1 } ?? 0
                levels[step] = level
                if order == .levels { #expect(level >= last, "seed \(seed): \(steps)") }
                last = level
            }
        }
    }

    @Test(arguments: 0..<5)
    func `frontier, bottlenecks and progress agree with trying everything`(block: Int) throws {
        for seed in UInt64(block * 60)..<UInt64(block * 60 + 60) {
            let trial = try trial(seed: seed)
            let naive = trial.naive
            func ready(_ known: Set<String>) -> Set<String> {
                Set(
                    naive.names.filter {
                        !known.contains($0) && !naive.excluded.contains($0)
                            && naive.hard($0).allSatisfy(known.contains)
                    })
            }
            let now = ready(naive.known)
            let frontier = try trial.graph.frontier(query: trial.query)
            #expect(Set(frontier.entries.flatMap(\.ids)) == now, "seed \(seed)")
            for entry in frontier.entries {
                let after = ready(naive.known.union(entry.ids)).subtracting(now)
                #expect(entry.unlocks == after.count, "seed \(seed): \(entry)")
            }
            let able = naive.learnable(within: Set(naive.names), known: naive.known)
            var expected: [String: Int] = [:]
            for name in able.subtracting(naive.known) {
                let rest = naive.learnable(
                    within: Set(naive.names).subtracting([name]), known: naive.known)
                let lost = able.subtracting(rest).subtracting([name]).count
                if lost > 0 { expected[name] = lost }
            }
            let found = try trial.graph.bottlenecks(query: trial.query)
            #expect(
                Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0.gates) }) == expected,
                "seed \(seed)")
            guard let plan = try? trial.graph.plan(goals: trial.goals, query: trial.query) else {
                continue
            }
            var beginner = naive
            beginner.known = []
            beginner.excluded = Set(trial.query.exclude)
            let whole = beginner.plan(trial.goals, known: []).map { beginner.cost($0) }
            let wanted: LearningProgress? =
                plan.concepts.isEmpty
                ? LearningProgress(tenThousandths: 10_000)
                : whole.flatMap { LearningProgress(left: plan.minutes, of: $0) }
            #expect(plan.progress == wanted, "seed \(seed)")
        }
    }

    @Test(arguments: 0..<5)
    func `lint finds what trying everything finds`(block: Int) throws {
        for seed in UInt64(block * 60)..<UInt64(block * 60 + 60) {
            let trial = try trial(seed: seed)
            var naive = trial.naive
            naive.known = []
            naive.excluded = []
            let lint = try trial.graph.lint()
            let able = naive.learnable(within: Set(naive.names), known: [])
            #expect(
                lint.unreachable == Set(naive.names).subtracting(able).sorted(), "seed \(seed)")
            let reach = reachability(naive)
            for cycle in lint.cycles {
                #expect(cycle.members.count > 1, "seed \(seed)")
                for (of, needs) in zip(
                    cycle.witness, cycle.witness.dropFirst() + cycle.witness.prefix(1))
                {
                    #expect(naive.hard(of).contains(needs), "seed \(seed)")
                }
            }
            let inCycles = Set(
                naive.names.filter { name in
                    reach[name, default: []].contains {
                        $0 != name && reach[$0]?.contains(name) == true
                    }
                })
            #expect(Set(lint.cycles.flatMap(\.members)) == inCycles, "seed \(seed)")
            // Within cycles it is a matter of taste which of two edges implies the other.
            if inCycles.isEmpty {
                let implied = Set(lint.implied.map { $0.edge.of + ">" + $0.edge.needs })
                #expect(implied == impliedEdges(naive, reach), "seed \(seed)")
            }
            let weakest = try trial.graph.weakestEdges()
            for cut in weakest {
                let index = naive.edges.firstIndex {
                    $0.of == cut.of && $0.needs == cut.needs && $0.strength == cut.strength
                }
                // The engine holds copies of an edge as one, so all of them go.
                _ = try #require(index, "seed \(seed)")
                naive.edges.removeAll {
                    $0.of == cut.of && $0.needs == cut.needs && $0.strength == cut.strength
                }
            }
            #expect(naive.shortestCycle(among: Set(naive.names)) == nil, "seed \(seed)")
        }
    }

    private func reachability(_ naive: NaivePlanner) -> [String: Set<String>] {
        var reach: [String: Set<String>] = [:]
        for name in naive.names {
            var seen: Set<String> = []
            var stack = naive.hard(name)
            while let next = stack.popLast() {
                if seen.insert(next).inserted { stack += naive.hard(next) }
            }
            reach[name] = seen
        }
        return reach
    }

    /// Edges whose target lies behind another need of the same concept.
    private func impliedEdges(
        _ naive: NaivePlanner, _ reach: [String: Set<String>]
    ) -> Set<String> {
        var result: Set<String> = []
        for edge in naive.edges
        where edge.strength >= naive.theta && edge.of != edge.needs && edge.needs != "nowhere" {
            let others = naive.hard(edge.of).filter { $0 != edge.needs && $0 != edge.of }
            if others.contains(where: { reach[$0, default: []].contains(edge.needs) }) {
                result.insert(edge.of + ">" + edge.needs)
            }
        }
        return result
    }
}
