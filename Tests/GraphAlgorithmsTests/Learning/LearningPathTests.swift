import GraphAlgorithms
import PropertyGraph
import Testing

@Suite struct `Learning paths by example` {
    private func worked() throws -> PrerequisiteGraph {
        try LearningCase(json: WorkedExample.json).graph()
    }

    private func graph(
        _ concepts: [Concept], _ requirements: [Requirement]
    ) throws -> PrerequisiteGraph {
        try PrerequisiteGraph(concepts: concepts, requirements: requirements)
    }

    private func plain(_ edges: [(String, String)]) throws -> PrerequisiteGraph {
        let names = Set(edges.flatMap { [$0.0, $0.1] })
        return try graph(
            names.sorted().map { Concept(id: $0) },
            edges.map { Requirement(of: $0.0, needs: $0.1) })
    }

    private func failure(_ body: () throws -> Void) throws -> LearningPathError {
        do {
            try body()
        } catch {
            return try #require(error as? LearningPathError)
        }
        throw LearningPathError(.invalidArgument, "expected a failure")
    }

    // MARK: Orders

    @Test func `levels list a concept by its longest chain, blocks with their level`() throws {
        var query = LearningPathQuery()
        query.order = .levels
        let plan = try worked().plan(goals: ["nn"], query: query)
        #expect(
            plan.order == [
                ["alg"], ["py"], ["lin"], ["calc"], ["prob"], ["opt"], ["lab", "ml"], ["nn"],
            ])
        query.known = ["py"]
        query.exclude = ["r", "stat"]
        let shorter = try worked().plan(goals: ["ml", "opt"], query: query)
        #expect(
            shorter.order == [["alg"], ["lin"], ["calc"], ["prob"], ["opt"], ["lab", "ml"]])
    }

    @Test func `a block stands before deeper single concepts in levels`() throws {
        let made = try graph(
            ["a", "b", "x", "y", "z", "goal"].map { Concept(id: $0) },
            [
                Requirement(of: "a", needs: "b", isCorequisite: true),
                Requirement(of: "b", needs: "a", isCorequisite: true),
                Requirement(of: "y", needs: "x"), Requirement(of: "z", needs: "y"),
                Requirement(of: "goal", needs: "z"), Requirement(of: "goal", needs: "a"),
            ])
        var query = LearningPathQuery()
        query.order = .levels
        #expect(
            try made.plan(goals: ["goal"], query: query).order
                == [["x"], ["a", "b"], ["y"], ["z"], ["goal"]])
        query.order = .easiest
        #expect(
            try made.plan(goals: ["goal"], query: query).order
                == [["x"], ["y"], ["z"], ["a", "b"], ["goal"]])
    }

    @Test func `focus goes depth-first from the goals as given`() throws {
        var query = LearningPathQuery()
        query.order = .focus
        let plan = try worked().plan(goals: ["nn"], query: query)
        #expect(
            plan.order == [
                ["py"], ["alg"], ["calc"], ["opt"], ["prob"], ["lin"], ["lab", "ml"], ["nn"],
            ])
        let two = try worked().plan(goals: ["stat", "opt"], query: query)
        #expect(two.order == [["alg"], ["prob"], ["stat"], ["calc"], ["opt"]])
    }

    // MARK: Goals that cannot be reached

    @Test func `each unreachable goal tells one reason`() throws {
        let made = try graph(
            ["a", "b", "c", "d", "e", "f"].map { Concept(id: $0) },
            [
                Requirement(of: "a", needs: "lost"), Requirement(of: "b", needs: "c"),
                Requirement(of: "d", needs: "e"), Requirement(of: "e", needs: "f"),
                Requirement(of: "f", needs: "d"), Requirement(of: "f", needs: "e"),
            ])
        let query = LearningPathQuery(known: [], exclude: ["c"])
        let error = try failure {
            _ = try made.plan(goals: ["d", "a", "b", "aa", "lost"], query: query)
        }
        #expect(error.code == .unreachable)
        #expect(error.unreachable.map(\.goal) == ["a", "aa", "b", "d", "lost"])
        #expect(
            error.unreachable.map(\.reason.name)
                == ["missing", "unknownConcept", "excluded", "cycle", "unknownConcept"])
        #expect(error.unreachable.map(\.reason.ids) == [["lost"], [], ["c"], ["e", "f"], []])
        #expect(error.message.contains("The graph has no concept 'aa'. Did you mean 'a'"))
    }

    @Test func `a partial plan leaves unreachable goals out`() throws {
        var query = LearningPathQuery()
        query.partial = true
        let plan = try worked().plan(goals: ["egg", "prob", "porb"], query: query)
        #expect(plan.order == [["alg"], ["prob"]])
        #expect(plan.unreachable.map(\.goal) == ["egg", "porb"])
        guard case .unknownConcept(let suggestions) = plan.unreachable[1].reason else {
            Issue.record("not unknown")
            return
        }
        #expect(suggestions == ["prob"])
    }

    /// Cause: a plan without steps counted as done. Fix: it must have a goal that is reached.
    @Test func `no goal within reach is no progress`() throws {
        var query = LearningPathQuery(known: ["alg"])
        query.partial = true
        #expect(try worked().plan(goals: ["egg"], query: query).progress == nil)
        #expect(try worked().plan(goals: ["porb"], query: query).progress == nil)
        let reached = try worked().plan(goals: ["alg", "egg"], query: query)
        #expect(reached.progress?.description == "1")
        #expect(reached.unreachable.map(\.goal) == ["egg"])
        #expect(try worked().plan(goals: [], query: query).progress?.description == "1")
    }

    @Test func `excluded alternatives are named`() throws {
        let error = try failure {
            _ = try worked().plan(
                goals: ["ml"], query: LearningPathQuery(known: [], exclude: ["r", "py"]))
        }
        #expect(error.unreachable.first?.reason.ids == ["py", "r"])
        #expect(error.unreachable.first?.reason.name == "excluded")
    }

    @Test func `a concept that needs itself is unreachable until it is known`() throws {
        let made = try plain([("a", "a"), ("b", "a")])
        let error = try failure { _ = try made.plan(goals: ["b"]) }
        #expect(error.unreachable.first?.reason.ids == ["a"])
        #expect(
            try made.plan(goals: ["b"], query: LearningPathQuery(known: ["a"])).order == [["b"]])
        let lint = try made.lint()
        #expect(lint.selfLoops == ["a"] && lint.cycles.isEmpty && lint.unreachable == ["a", "b"])
    }

    @Test func `a cycle of corequisites alone is no cause of a cycle's witness`() throws {
        let made = try graph(
            ["a", "b", "c"].map { Concept(id: $0) },
            [
                Requirement(of: "a", needs: "b", isCorequisite: true),
                Requirement(of: "b", needs: "a", isCorequisite: true),
                Requirement(of: "a", needs: "c"), Requirement(of: "c", needs: "b"),
            ])
        let error = try failure { _ = try made.plan(goals: ["a"]) }
        #expect(error.unreachable.first?.reason.ids == ["a", "c", "b"])
        #expect(try made.lint().cycles.map(\.witness) == [["a", "c", "b"]])
    }

    @Test func `a cycle is taken together only where nothing else helps`() throws {
        var query = LearningPathQuery()
        query.cycles = .together
        let plan = try worked().plan(goals: ["egg", "prob"], query: query)
        #expect(plan.order == [["alg"], ["prob"], ["egg", "emu"]])
        #expect(plan.corequisites == [["egg", "emu"]])
        #expect(try worked().plan(goals: ["prob"], query: query).corequisites == [])
        query.known = ["emu"]
        #expect(try worked().plan(goals: ["egg"], query: query).order == [["egg"]])
    }

    // MARK: Choices

    @Test func `what every plan needs is told although plans differ`() throws {
        #expect(try worked().mustLearn(goals: ["ml"]) == ["alg", "lab", "lin", "ml", "prob"])
        #expect(try worked().mustLearn(goals: ["egg"]) == [])
    }

    @Test func `an alternative behind another one of its group is no choice`() throws {
        // stat needs prob, so prob is in every plan and meets the group.
        let made = try graph(
            ["goal", "prob", "stat"].map { Concept(id: $0) },
            [
                Requirement(of: "goal", needs: "prob", group: "g"),
                Requirement(of: "goal", needs: "stat", group: "g"),
                Requirement(of: "stat", needs: "prob"),
            ])
        #expect(try made.plan(goals: ["goal"]).order == [["prob"], ["goal"]])
        #expect(try made.alternatives(goals: ["goal"], count: 5).plans.count == 1)
    }

    // MARK: Requirement nodes

    @Test func `requirement nodes are met silently and never shown`() throws {
        // goal needs (a and b) or (c and d); d is excluded.
        let made = try graph(
            ["goal", "a", "b", "c", "d"].map { Concept(id: $0) }
                + [Concept(id: "#1", isRequirement: true), Concept(id: "#2", isRequirement: true)],
            [
                Requirement(of: "goal", needs: "#1", group: "g"),
                Requirement(of: "goal", needs: "#2", group: "g"),
                Requirement(of: "#1", needs: "a", reason: "first half"),
                Requirement(of: "#1", needs: "b"),
                Requirement(of: "#2", needs: "c"), Requirement(of: "#2", needs: "d"),
            ])
        var query = LearningPathQuery(known: [], exclude: ["d"])
        for order in StepOrder.allCases {
            query.order = order
            let plan = try made.plan(goals: ["goal"], query: query)
            #expect(plan.order == [["a"], ["b"], ["goal"]])
            #expect(plan.minutes == 180 && plan.concepts == ["a", "b", "goal"])
        }
        #expect(made.conceptCount == 5 && !made.contains("#1"))
        let frontier = try made.frontier(query: LearningPathQuery(known: ["a"]))
        #expect(frontier.entries.map(\.ids) == [["b"], ["c"], ["d"]])
        #expect(frontier.entries.map(\.unlocks) == [1, 0, 0])
        let gaps = try made.gaps(query: LearningPathQuery(known: ["goal", "a"]))
        #expect(gaps.gaps.map(\.groups) == [[["a", "b", "c", "d"]]])
        let why = try made.explain(concept: "a", goals: ["goal"], query: query)
        guard case .because(let because) = why else {
            Issue.record("not planned: \(why)")
            return
        }
        #expect(because.ids == ["a", "goal"] && because.edges.count == 1)
        #expect(try made.chains(from: "c", to: "goal").map(\.ids) == [["c", "goal"]])
    }

    // MARK: What the learner brings

    @Test func `assume closed adds what every plan for the known needs`() throws {
        var query = LearningPathQuery(known: ["ml", "egg"])
        query.assumeClosed = true
        let plan = try worked().plan(goals: ["stat", "lin", "py", "emu"], query: query)
        // prob, lin and alg stand behind ml in every plan; py does not. emu is behind egg.
        #expect(plan.concepts == ["py", "stat"])
    }

    @Test func `mastery makes known or shortens`() throws {
        var query = LearningPathQuery()
        query.mastery = [
            Mastery(concept: "alg", level: 0.95), Mastery(concept: "prob", level: 0.3),
        ]
        #expect(try worked().plan(goals: ["prob"], query: query).minutes == 80)
        query.partialCredit = true
        let plan = try worked().plan(goals: ["stat"], query: query)
        #expect(plan.concepts == ["prob", "stat"] && plan.minutes == 56 + 70)
        // 126 of 210 are left.
        #expect(plan.progress?.description == "0.4")
        let costs = try worked().costs(query: query)
        #expect(plan.order.map { costs.minutes($0) } == [56, 70])
        #expect(costs.minutes("alg") == 60 && costs.minutes("nobody") == 0)
        query.mastery = [Mastery(concept: "alg", level: 0.0000004)]
        #expect(try worked().plan(goals: ["alg"], query: query).minutes == 60)
        query.mastery = [Mastery(concept: "alg", level: 1.5)]
        #expect(
            try failure { _ = try worked().plan(goals: ["alg"], query: query) }.code
                == .invalidArgument)
    }

    @Test func `an answer moves mastery as knowledge tracing says`() {
        let model = KnowledgeTracing()
        func millionths(_ value: Double) -> Int { Int((value * 1_000_000).rounded()) }
        #expect(millionths(model.updated(0.4, isRight: true)) == 775_000)
        #expect(millionths(model.updated(0.4, isRight: false)) == 169_231)
    }

    @Test func `progress rounds half to even`() {
        #expect(LearningProgress(left: 2, of: 3)?.description == "0.3333")
        #expect(LearningProgress(left: 19_999, of: 20_000)?.description == "0")
        #expect(LearningProgress(left: 19_997, of: 20_000)?.description == "0.0002")
        #expect(LearningProgress(left: 19_995, of: 20_000)?.description == "0.0002")
        #expect(LearningProgress(left: 3, of: 2)?.description == "0")
        #expect(LearningProgress(left: 0, of: 7)?.description == "1")
        #expect(LearningProgress(left: 1, of: 2)?.description == "0.5")
        #expect(LearningProgress(left: 0, of: 0) == nil)
        #expect(LearningProgress(left: 1, of: .max)?.description == "1")
        #expect(LearningProgress(left: .max / 2, of: .max)?.description == "0.5")
    }

    // MARK: Answers about a plan

    @Test func `explain shows the way with reasons, or the group that did without`() throws {
        let why = try worked().explain(concept: "alg", goals: ["opt"])
        guard case .because(let because) = why else {
            Issue.record("not planned: \(why)")
            return
        }
        #expect(because.ids == ["alg", "calc", "opt"])
        #expect(because.edges.first?.reason == "limits are computed with algebra")
        #expect(because.edges.map(\.strength) == [1, 1])
        let absent = try worked().explain(concept: "stat", goals: ["nn"])
        guard case .absent(.replaced(let of, let group, let option, let metBy)) = absent else {
            Issue.record("not replaced: \(absent)")
            return
        }
        #expect(of == "ml" && group == "uncertainty" && option == "stat" && metBy == ["prob"])
        guard case .absent(.notNeeded) = try worked().explain(concept: "r", goals: ["opt"]) else {
            Issue.record("r is not behind opt")
            return
        }
        let unknown = try failure { _ = try worked().explain(concept: "clac", goals: ["opt"]) }
        #expect(unknown.code == .unknownConcept && unknown.message.contains("'calc'"))
    }

    @Test func `a schedule fills weeks in plan order`() throws {
        let made = try graph(
            [
                Concept(id: "a", minutes: 40), Concept(id: "b", minutes: 70),
                Concept(id: "c", minutes: 230), Concept(id: "d", minutes: 30),
            ],
            [
                Requirement(of: "b", needs: "a"), Requirement(of: "c", needs: "b"),
                Requirement(of: "d", needs: "c"),
            ])
        let plan = try made.plan(goals: ["d"])
        let schedule = try made.schedule(
            plan, minutesPerWeek: 100, start: CalendarDate(daysSinceEpoch: 20_000))
        #expect(
            schedule.weeks.map { $0.items.map { $0.ids + [String($0.minutes)] } } == [
                [["a", "40"]], [["b", "70"]], [["c", "100"]], [["c", "100"]], [["c", "30"]],
                [["d", "30"]],
            ])
        #expect(schedule.weeks.map(\.start.daysSinceEpoch).last == 20_035)
        #expect(schedule.weeks.reduce(0) { $0 + $1.minutes } == plan.minutes)
    }

    @Test func `lint tells what is unsound`() throws {
        let made = try graph(
            [
                Concept(id: "a", difficulty: 0.8), Concept(id: "b", difficulty: 0.6),
                Concept(id: "c", difficulty: 0.3), Concept(id: "d", difficulty: 0.3),
            ],
            [
                Requirement(of: "b", needs: "a"), Requirement(of: "c", needs: "b"),
                Requirement(of: "c", needs: "b"), Requirement(of: "c", needs: "a"),
                Requirement(of: "d", needs: "gone", strength: 0.1),
                Requirement(of: "d", needs: "c", strength: 0.9),
                Requirement(of: "c", needs: "d", strength: 0.7),
            ])
        let lint = try made.lint()
        #expect(lint.cycles.map(\.members) == [["c", "d"]])
        #expect(lint.cycles.map(\.witness) == [["c", "d"]])
        #expect(lint.missing == [.init(of: "d", needs: "gone")])
        #expect(lint.duplicates.map(\.edge) == [.init(of: "c", needs: "b")])
        #expect(lint.duplicates.map(\.copies) == [1])
        #expect(lint.unreachable == ["c", "d"])
        #expect(lint.implied.map(\.edge) == [.init(of: "c", needs: "a")])
        #expect(lint.implied.map(\.through) == ["b"])
        #expect(
            lint.harder.map(\.edge) == [.init(of: "c", needs: "a"), .init(of: "c", needs: "b")])
        #expect(lint.harder.map(\.byMillionths) == [500_000, 300_000])
        let weakest = try made.weakestEdges()
        #expect(weakest.map { [$0.of, $0.needs] } == [["c", "d"]])
        #expect(try plain([("b", "a")]).lint().isClean)
    }
}
