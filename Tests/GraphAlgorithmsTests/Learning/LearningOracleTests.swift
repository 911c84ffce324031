import GraphAlgorithms
import Testing

@Suite struct `Learning paths against the enumerating oracle` {
    struct Tally {
        var compared: [String: Int] = [:]
        var absent: [String: Int] = [:]
        var mismatches: [String] = []
    }

    private func check(_ data: LearningCase, _ tally: inout Tally) throws {
        let graph = try data.graph()
        for query in data.queries {
            do {
                guard let answer = try oracleAnswer(query, graph) else {
                    tally.absent[query.op, default: 0] += 1
                    continue
                }
                tally.compared[query.op, default: 0] += 1
                if answer.text != query.expect.text {
                    tally.mismatches.append(
                        "\(query.id) \(query.op): got \(answer.text), want \(query.expect.text)")
                }
            } catch {
                tally.mismatches.append("\(query.id) \(query.op): \(error)")
            }
        }
    }

    @Test func `the worked example is answered as the specification says`() throws {
        var tally = Tally()
        try check(try LearningCase(json: WorkedExample.json), &tally)
        #expect(tally.mismatches.isEmpty, "\(tally.mismatches.joined(separator: "\n"))")
        #expect(tally.compared.values.reduce(0, +) == 19)
    }

    @Test func `random graphs are answered to the byte`() throws {
        guard let text = SharedData.text("learning_paths_worked/random.jsonl") else { return }
        var tally = Tally()
        for line in text.split(separator: "\n") {
            try check(try LearningCase(json: String(line)), &tally)
        }
        #expect(tally.mismatches.isEmpty, "\(tally.mismatches.prefix(20).joined(separator: "\n"))")
        #expect(tally.compared.values.reduce(0, +) == 2_240, "absent \(tally.absent)")
    }
}
