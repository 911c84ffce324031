import GraphAlgorithms
import Testing

@Suite struct `Learning paths against the enumerating oracle` {
    struct Tally {
        var compared: [String: Int] = [:]
        var refused: [String: Int] = [:]
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
            } catch let error as LearningPathError where error.code == .notYetSupported {
                tally.refused[query.op, default: 0] += 1
                if data.isPlain(theta: query.theta ?? 0.5), query.cycles == nil {
                    tally.mismatches.append("\(query.id) \(query.op): refused, but has no choice")
                }
            }
        }
    }

    @Test func `the worked example is answered as the specification says`() throws {
        var tally = Tally()
        try check(try LearningCase(json: WorkedExample.json), &tally)
        #expect(tally.mismatches.isEmpty, "\(tally.mismatches.joined(separator: "\n"))")
        print("worked example: \(tally.compared), refused \(tally.refused), absent \(tally.absent)")
        // What is refused may only shrink.
        #expect(tally.compared.values.reduce(0, +) >= 14)
    }

    @Test func `random graphs are answered to the byte or refused`() throws {
        guard let text = SharedData.text("learning_paths_worked/random.jsonl") else { return }
        var tally = Tally()
        for line in text.split(separator: "\n") {
            try check(try LearningCase(json: String(line)), &tally)
        }
        #expect(tally.mismatches.isEmpty, "\(tally.mismatches.joined(separator: "\n"))")
        print("random graphs: \(tally.compared), refused \(tally.refused), absent \(tally.absent)")
        #expect(tally.compared.values.reduce(0, +) >= 1842)
    }
}
