import Foundation
import GraphStore
import Testing

@testable import Cypher

@Suite struct `The open cases of the openCypher TCK` {
    private static let file = "../shared/conformance/opencypher-tck-open.jsonl"

    @Test(arguments: [false, true])
    func `are answered as expected`(isNaive: Bool) throws {
        guard let text = try? String(contentsOfFile: Self.file, encoding: .utf8) else {
            return print("skipped: \(Self.file) is not there")
        }
        let decoder = JSONDecoder()
        let wanted = ProcessInfo.processInfo.environment["CAIRN_TCK"]
        let scratch = try GraphDatabase.temporary()
        defer { scratch.close() }
        var failures: [String] = []
        var count = 0
        for line in text.split(separator: "\n") {
            let test = try decoder.decode(ConformanceCase.self, from: Data(line.utf8))
            if let wanted, !test.id.contains(wanted) { continue }
            if test.tags?.contains("@ignore") ?? false { continue }
            count += 1
            if let failure = test.failure(isNaive: isNaive, scratch: scratch) {
                failures.append("\(test.id): \(failure)\n    \(test.query)")
            }
        }
        #expect(count > 0)
        if !failures.isEmpty {
            try? failures.joined(separator: "\n").write(
                toFile: NSTemporaryDirectory() + "cairn-tck-failures.txt", atomically: true,
                encoding: .utf8)
        }
        #expect(failures.count == 0, "of \(count) cases; see cairn-tck-failures.txt")
    }
}
