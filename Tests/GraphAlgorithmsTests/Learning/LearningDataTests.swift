import GraphAlgorithms
import Testing

@Suite struct `Learning paths on real graphs` {
    private func metacademy() throws -> PrerequisiteGraph? {
        guard let concepts = SharedData.text("datasets/metacademy/concepts.tsv"),
            let prerequisites = SharedData.text("datasets/metacademy/prereqs.tsv")
        else { return nil }
        return try PrerequisiteGraph(
            concepts: rows(concepts).map { row in
                let hours = Double(row[2])
                return Concept(
                    id: row[0], title: row[1],
                    minutes: hours.map { Int64(($0 * 60).rounded()) } ?? 60)
            },
            requirements: rows(prerequisites).map { row in
                Requirement(of: row[0], needs: row[1], reason: row[3].isEmpty ? nil : row[3])
            })
    }

    private func metamath(_ name: String) throws -> PrerequisiteGraph? {
        guard let text = SharedData.text("datasets/metamath/\(name).tsv") else { return nil }
        var concepts: [Concept] = []
        var requirements: [Requirement] = []
        for row in rows(text) {
            concepts.append(Concept(id: row[0]))
            for use in row[3].split(separator: " ") {
                requirements.append(Requirement(of: row[0], needs: String(use)))
            }
        }
        return try PrerequisiteGraph(concepts: concepts, requirements: requirements)
    }

    private func rows(_ text: String) -> [[String]] {
        text.split(separator: "\n").dropFirst().map {
            $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
    }

    @Test func `metacademy is planned and gated as published`() throws {
        guard let graph = try metacademy() else { return }
        #expect(graph.conceptCount == 392)
        let belief = try graph.plan(goals: ["deep_belief_networks"])
        #expect(belief.concepts.count == 34 && belief.minutes == 3212)
        let laplace = try graph.plan(goals: ["gp_classification_laplace"])
        #expect(laplace.concepts.count == 83 && laplace.minutes == 7511)
        let gates = try graph.bottlenecks().prefix(2)
        #expect(gates.map(\.id) == ["vectors", "dot_product"])
        #expect(gates.map(\.gates) == [223, 207])
        #expect(try graph.bottleneck(of: "vectors").gates == 223)
        let lint = try graph.lint()
        #expect(lint.cycles.isEmpty && lint.missing.isEmpty && lint.unreachable.isEmpty)
        #expect(Set(lint.implied.map(\.edge)).count == 963 - 690)
    }

    @Test func `metamath is planned and gated as published`() throws {
        guard let graph = try metamath("nf") else { return }
        #expect(graph.conceptCount == 6174 && graph.requirementCount == 43794)
        let plan = try graph.plan(goals: ["nchoice"])
        #expect(plan.concepts.count == 3215)
        #expect(plan.order.count == 3215)
        #expect(try graph.bottleneck(of: "ax-mp").gates == 5961)
    }
}
