import Foundation
import Testing

/// The validation graphs of LDBC Graphalytics through the command, as a judge would run them.
@Suite struct `Graphalytics validation graphs at the command line` {
    /// A case: what to run, and the file of expected values.
    struct Case: Sendable, CustomTestStringConvertible {
        let algorithm: String
        let words: [String]
        let expected: String
        let match: Match
        var testDescription: String { "\(algorithm) \(expected)" }
    }

    /// How values are compared.
    enum Match: Sendable {
        /// Equal numbers; an empty field is the word for "not reached".
        case exact(unreached: String)
        /// Within a ten-thousandth.
        case near
        /// As labels of the same groups.
        case partition
    }

    static let folder = Golden.package.appending(
        path: "../shared/datasets/graphalytics-validation"
    ).standardizedFileURL

    private static func adjacency(_ path: String, directed: Bool) -> [String] {
        [folder.path + "/" + path, "--adjacency"]
            + (directed ? ["--directed"] : ["--undirected", "--simple"])
    }

    private static func edges(_ path: String, directed: Bool) -> [String] {
        [
            folder.path + "/\(path).e", "--nodes", folder.path + "/\(path).v", "--weighted",
            directed ? "--directed" : "--undirected",
        ]
    }

    static let cases: [Case] = [
        Case(
            algorithm: "bfs", words: adjacency("bfs/dir-input", directed: true) + ["sources=1"],
            expected: "bfs/dir-output", match: .exact(unreached: "9223372036854775807")),
        Case(
            algorithm: "bfs",
            words: adjacency("example/example-undirected-input", directed: false) + ["sources=2"],
            expected: "example/example-undirected-BFS",
            match: .exact(unreached: "9223372036854775807")),
        Case(
            algorithm: "cdlp",
            words: adjacency("cdlp/undir-input", directed: false) + ["iterations=5"],
            expected: "cdlp/undir-output", match: .exact(unreached: "")),
        Case(
            algorithm: "cdlp",
            words: adjacency("example/example-directed-input", directed: true) + ["iterations=2"],
            expected: "example/example-directed-CDLP", match: .exact(unreached: "")),
        Case(
            algorithm: "lcc", words: adjacency("lcc/dir-input", directed: true),
            expected: "lcc/dir-output", match: .near),
        Case(
            algorithm: "lcc",
            words: adjacency("example/example-undirected-input", directed: false),
            expected: "example/example-undirected-LCC", match: .near),
        Case(
            algorithm: "pagerank",
            words: adjacency("pr/undir-input", directed: false) + [
                "damping=0.85", "iterations=26",
            ], expected: "pr/undir-output", match: .near),
        Case(
            algorithm: "pagerank",
            words: adjacency("example/example-directed-input", directed: true) + [
                "damping=0.85", "iterations=2",
            ], expected: "example/example-directed-PR", match: .near),
        Case(
            algorithm: "sssp", words: edges("sssp/dir-input", directed: true) + ["sources=1"],
            expected: "sssp/dir-output", match: .near),
        Case(
            algorithm: "sssp",
            words: edges("example/example-undirected", directed: false) + ["sources=2"],
            expected: "example/example-undirected-SSSP", match: .near),
        Case(
            algorithm: "wcc", words: adjacency("wcc/undir-input", directed: false),
            expected: "wcc/undir-output", match: .partition),
        Case(
            algorithm: "wcc", words: adjacency("example/example-directed-input", directed: true),
            expected: "example/example-directed-WCC", match: .partition),
    ]

    @Test(arguments: cases)
    func `give the values expected`(one: Case) throws {
        guard FileManager.default.fileExists(atPath: Self.folder.path) else {
            print("Skipped: the Graphalytics validation graphs are not at \(Self.folder.path).")
            return
        }
        let scratch = try Scratch()
        let listed = try #require(
            scratch.cairn("run", "--list", "--json").json() as? [[String: String]])
        guard listed.contains(where: { $0["name"] == one.algorithm }) else {
            print("Skipped: there is no algorithm \(one.algorithm) yet.")
            return
        }
        try scratch.cairn(["run", one.algorithm] + one.words + ["--output", "out.csv"])
        let found = Self.rows(try scratch.text("out.csv"), ",", header: true)
        let expected = Self.rows(
            try String(
                contentsOf: Self.folder.appending(path: one.expected), encoding: .utf8), " ",
            header: false)
        #expect(Set(found.keys) == Set(expected.keys))
        for (node, value) in expected {
            let own = try #require(found[node])
            switch one.match {
            case .exact(let unreached): #expect((own.isEmpty ? unreached : own) == value)
            case .near:
                let right = try #require(Double(value))
                let number = try #require(Double(own.isEmpty ? "inf" : own))
                #expect(number == right || abs(number - right) <= 1e-4 * abs(right), "\(node)")
            case .partition: continue
            }
        }
        guard case .partition = one.match else { return }
        let pairs = Set(expected.map { [$0.value, found[$0.key] ?? ""] })
        #expect(pairs.count == Set(pairs.map { $0[0] }).count)
        #expect(pairs.count == Set(pairs.map { $0[1] }).count)
    }

    private static func rows(
        _ text: String, _ separator: Character, header: Bool
    ) -> [String: String] {
        var rows: [String: String] = [:]
        for line in text.split(separator: "\n").dropFirst(header ? 1 : 0) {
            let fields = line.split(separator: separator, omittingEmptySubsequences: false)
            rows[String(fields[0])] = String(fields[1])
        }
        return rows
    }
}
