import GraphAlgorithms
import PropertyGraph
import Testing

@Suite struct `Making a prerequisite graph` {
    private func worked() throws -> PrerequisiteGraph {
        try LearningCase(json: WorkedExample.json).graph()
    }

    private func graph(
        _ concepts: [Concept], _ requirements: [Requirement]
    ) throws -> PrerequisiteGraph {
        try PrerequisiteGraph(concepts: concepts, requirements: requirements)
    }

    private func failure(_ body: () throws -> Void) throws -> LearningPathError {
        do {
            try body()
        } catch {
            return try #require(error as? LearningPathError)
        }
        throw LearningPathError(.invalidArgument, "expected a failure")
    }

    @Test func `a snapshot and plain lists make the same graph`() throws {
        let data = try LearningCase(json: WorkedExample.json)
        let snapshot = Self.snapshot(of: data)
        let fromRows = try PrerequisiteGraph(
            snapshot, missing: [Requirement(of: "r", needs: "nowhere", strength: 0.2)])
        for query in data.queries {
            #expect(
                try oracleAnswer(query, fromRows).text == query.expect.text, "\(query.id)")
        }
        #expect(try fromRows.lint().missing == [.init(of: "r", needs: "nowhere")])
    }

    private static func snapshot(of data: LearningCase) -> CSRGraph {
        // Nodes stand in the order of the file, arcs by node and target, edge ids tell the file's.
        let ids = data.concepts.map(\.id)
        var rows = [[(target: Int, edge: Int)]](repeating: [], count: ids.count)
        for (index, edge) in data.requires.enumerated() {
            guard let of = ids.firstIndex(of: edge.of), let needs = ids.firstIndex(of: edge.needs)
            else { continue }
            rows[of].append((needs, index))
        }
        rows = rows.map { $0.sorted { $0 < $1 } }
        let arcs = rows.flatMap { $0 }
        var offsets: [UInt64] = [0]
        for row in rows { offsets.append((offsets.last ?? 0) + UInt64(row.count)) }
        let edges = arcs.map { data.requires[$0.edge] }
        return CSRGraph(
            nodeCount: ids.count, edgeCount: arcs.count, isDirected: true,
            outgoing: CSRRows(
                offsets: CSRBuffer(offsets), targets: CSRBuffer(arcs.map { UInt32($0.target) }),
                edges: CSRBuffer(arcs.map { UInt64($0.edge) })),
            incoming: nil,
            nodeColumns: [
                "id": CSRColumn(strings: ids),
                "minutes": CSRColumn(integers: data.concepts.map(\.minutes)),
                "difficulty": CSRColumn(doubles: data.concepts.map(\.difficulty)),
            ],
            edgeColumns: [
                "strength": CSRColumn(doubles: edges.map(\.strength)),
                "group": CSRColumn(strings: edges.map(\.group)),
                "coreq": CSRColumn(booleans: edges.map(\.coreq)),
                "reason": CSRColumn(strings: edges.map(\.reason)),
            ])
    }

    @Test func `ids are told apart and ordered by their bytes`() throws {
        let composed = "\u{E9}"
        let decomposed = "e\u{301}"
        let made = try graph(
            [Concept(id: composed), Concept(id: decomposed), Concept(id: "z")],
            [Requirement(of: "z", needs: composed), Requirement(of: "z", needs: decomposed)])
        let order = try made.plan(goals: ["z"]).order
        #expect(
            order.map { Array($0[0].utf8) } == [decomposed, composed, "z"].map { Array($0.utf8) })
    }

    @Test func `a graph that breaks a rule is refused`() throws {
        let wrong: [([Concept], [Requirement], LearningPathError.Code)] = [
            ([Concept(id: "")], [], .invalidGraph),
            ([Concept(id: "a"), Concept(id: "a")], [], .invalidGraph),
            ([Concept(id: "a", minutes: -1)], [], .invalidGraph),
            ([Concept(id: "a", difficulty: .nan)], [], .invalidGraph),
            ([Concept(id: "a")], [Requirement(of: "a", needs: "a", strength: 0)], .invalidGraph),
            ([Concept(id: "a")], [Requirement(of: "b", needs: "a")], .unknownConcept),
        ]
        for (concepts, requirements, code) in wrong {
            #expect(try failure { _ = try graph(concepts, requirements) }.code == code)
        }
        let huge = try graph(
            [Concept(id: "a", minutes: .max), Concept(id: "b")],
            [Requirement(of: "b", needs: "a")])
        #expect(try failure { _ = try huge.plan(goals: ["b"]) }.code == .overflow)
        #expect(try huge.plan(goals: ["a"]).minutes == .max)
    }

    @Test func `no goals give an empty plan, known goals too`() throws {
        let empty = try worked().plan(goals: [])
        #expect(empty.order.isEmpty && empty.minutes == 0)
        #expect(empty.progress?.description == "1")
        let known = try worked().plan(goals: ["egg"], query: LearningPathQuery(known: ["egg"]))
        #expect(known.order.isEmpty && known.progress?.description == "1")
    }
}
