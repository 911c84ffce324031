import Foundation
import GraphAlgorithms
import Testing

@Suite struct `Learning paths against the enumerating oracle` {
    struct Tally {
        var compared: [String: Int] = [:]
        var mismatches: [String] = []
        var total: Int { compared.values.reduce(0, +) }
    }

    private func check(_ data: LearningCase, _ tally: inout Tally) throws {
        let graph = try data.graph()
        for query in data.queries {
            tally.compared[query.op, default: 0] += 1
            do {
                let answer = try oracleAnswer(query, graph)
                if answer.text != query.expect.text {
                    tally.mismatches.append(
                        "\(query.id) \(query.op): got \(answer.text), want \(query.expect.text)")
                }
            } catch {
                tally.mismatches.append("\(query.id) \(query.op): \(error)")
            }
        }
    }

    private func check(lines text: String) throws -> Tally {
        var tally = Tally()
        for line in text.split(separator: "\n") {
            try check(try LearningCase(json: String(line)), &tally)
        }
        #expect(tally.mismatches.isEmpty, "\(tally.mismatches.prefix(20).joined(separator: "\n"))")
        return tally
    }

    @Test func `the worked example is answered as the specification says`() throws {
        var tally = Tally()
        try check(try LearningCase(json: WorkedExample.json), &tally)
        #expect(tally.mismatches.isEmpty, "\(tally.mismatches.joined(separator: "\n"))")
        #expect(tally.total == 19)
    }

    /// 80 graphs as the specification's generator makes them, and 130 with more cycles, blocks of
    /// corequisites, concepts of no time and ties.
    @Test func `the committed graphs are answered to the byte`() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fixtures/learning-paths.jsonl")
        let tally = try check(lines: String(contentsOf: file, encoding: .utf8))
        #expect(tally.total == 80 * 14 + 130 * 19)
    }

    @Test func `the published random graphs are answered to the byte`() throws {
        guard let text = SharedData.text("datasets/learning_paths_worked/random.jsonl") else {
            return
        }
        #expect(try check(lines: text).total == 2_240)
    }

    /// `CAIRN_ORACLE_GRAPHS=1000` asks for more graphs, `CAIRN_ORACLE_SEED` for others.
    @Test func `fresh random graphs are answered to the byte`() throws {
        guard let oracle = SharedData.path("oracles/learning_paths_oracle.py") else { return }
        let environment = ProcessInfo.processInfo.environment
        let count = environment["CAIRN_ORACLE_GRAPHS"].flatMap(Int.init) ?? 40
        let seed = environment["CAIRN_ORACLE_SEED"].flatMap(Int.init) ?? 1_000
        let script = """
            import sys, json, importlib.util
            spec = importlib.util.spec_from_file_location("oracle", sys.argv[1])
            oracle = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(oracle)
            for seed in range(int(sys.argv[2]), int(sys.argv[3])):
                print(json.dumps(oracle.rand(seed, 6 + seed % 8)))
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-B", "-c", script, oracle, String(seed), String(seed + count),
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            print("Skipped: the oracle needs Python 3.")
            return
        }
        #expect(try check(lines: String(decoding: data, as: UTF8.self)).total == count * 14)
    }
}
