import Cypher
import Foundation
import GraphStore
import Testing

@Suite struct `Queries in the documents` {
    /// The first example of the reference makes the graph that its pages, and those beside it,
    /// speak of.
    private static func prelude(_ path: String) throws -> String {
        let home = "docs/reference/cypher/README.md"
        guard path.hasPrefix("docs/reference/"), path != home else { return "" }
        return try ExamplePage(home, Documents.text(home)).examples.first?.code ?? ""
    }

    @Test(arguments: Documents.withQueries)
    func `print what the document says`(path: String) throws {
        let text = try Documents.text(path)
        let page = try ExamplePage(path, text)
        let outputs = try ExampleRunner(prelude: Self.prelude(path), page: page).outputs()
        if Documents.isUpdating {
            let updated = page.text(outputs: outputs)
            let file = Documents.root.appendingPathComponent(path)
            if updated != text { try Data(updated.utf8).write(to: file) }
            return
        }
        for (example, output) in zip(page.examples, outputs) {
            #expect(
                output == example.output,
                """
                \(path):\(example.line) prints something else. Run UPDATE_GOLDEN=1 script/test \
                --filter DocumentationTests, and read the diff.
                """)
        }
    }

    @Test func `the reference, its neighbours and the tutorial are among those that are run`() {
        let pages =
            Documents.reference + [
                "docs/reference/cypher-differences.md", "docs/reference/cypher-errors.md",
                "docs/tutorials/querying-the-curriculum.md",
            ]
        for page in pages { #expect(Documents.withQueries.contains(page), "\(page)") }
    }

    @Test func `a block in a language that nothing runs is refused`() {
        #expect(throws: ExamplePage.Malformed.self) {
            _ = try ExamplePage("page.md", "```python\nprint(1)\n```\n")
        }
        #expect(throws: ExamplePage.Malformed.self) {
            _ = try ExamplePage("page.md", "Words.\n\n```text\n1\n```\n")
        }
    }

    @Test func `an output that is not what an example prints is seen`() throws {
        let page = try ExamplePage(
            "page.md", "```cypher\nRETURN 1 AS one\n```\n```text\none\n  2\n```\n")
        let outputs = try ExampleRunner(prelude: "", page: page).outputs()
        #expect(outputs == ["one\n  1\n"])
        #expect(page.examples.map(\.output) == ["one\n  2\n"])
        #expect(
            page.text(outputs: outputs)
                == "```cypher\nRETURN 1 AS one\n```\n```text\none\n  1\n```\n")
    }
}

@Suite struct `The reference of openCypher` {
    private static let text = Result {
        try Documents.reference.map { try Documents.text($0) }.joined(separator: "\n")
    }

    /// What stands between backticks, and in the examples.
    private static func code() throws -> [Substring] {
        try text.get().split(separator: "`").enumerated().filter { $0.offset % 2 == 1 }
            .map(\.element)
    }

    @Test func `names every function`() throws {
        let code = try Self.code()
        for name in CypherVocabulary.functions {
            #expect(code.contains { $0.hasPrefix("\(name)(") }, "\(name)")
        }
    }

    @Test func `names every keyword`() throws {
        let words = Set(
            try Self.text.get().uppercased().split { !($0.isLetter || $0 == "_") }.map(String.init))
        for keyword in CypherVocabulary.keywords { #expect(words.contains(keyword), "\(keyword)") }
    }

    @Test func `names every clause and command`() throws {
        let code = try Self.code()
        for clause in CypherVocabulary.clauses {
            #expect(code.contains { $0.contains(clause) }, "\(clause)")
        }
    }

    @Test func `gives the signature of every procedure`() throws {
        let text = try Self.text.get()
        for signature in ProcedureRegistry().signatures {
            #expect(text.contains("`\(signature.name)`"), "\(signature.name)")
        }
    }

    @Test func `names no procedure or function that is not there`() throws {
        let procedures = Set(ProcedureRegistry().signatures.map(\.name))
        for name in try Self.code()
        where name.hasPrefix("algo.") || name.hasPrefix("learn.")
            || name.hasPrefix("db.")
        {
            guard name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "." }),
                !name.hasPrefix("algo.name")
            else { continue }
            let isThere = procedures.contains(String(name))
            #expect(isThere, "\(name)")
        }
    }
}

@Suite struct `The table of errors` {
    private static let path = "docs/reference/cypher-errors.md"

    /// Those that take a long run or a long text.
    private static let withoutExample: Set<String> = [
        "LimitExceeded", "QueryCancelled", "QueryTooLarge",
    ]

    /// The rows of the table: detail, type and phase.
    private static func rows() throws -> [(detail: String, kind: String, phase: String)] {
        try Documents.text(path).components(separatedBy: "\n").compactMap { line in
            let cells = line.components(separatedBy: "|").map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard cells.count > 5, cells[1].hasPrefix("`") else { return nil }
            return (cells[1].filter { $0 != "`" }, cells[2], cells[3])
        }
    }

    @Test func `has a row for every error of the code, and for no other`() throws {
        let names = try Self.rows().map(\.detail)
        #expect(names == CypherError.Detail.all.map(\.rawValue).sorted())
    }

    @Test func `tells type and phase as the examples have them`() throws {
        let home = "docs/reference/cypher/README.md"
        let prelude = try ExamplePage(home, Documents.text(home)).examples.first?.code ?? ""
        let page = try ExamplePage(Self.path, Documents.text(Self.path))
        for row in try Self.rows() where !Self.withoutExample.contains(row.detail) {
            let database = try GraphDatabase.temporary()
            defer { database.close() }
            _ = try database.query(prelude)
            let examples = page.examples.filter { $0.heading == row.detail }
            let example = try #require(examples.last, "\(row.detail) has no example")
            for earlier in examples.dropLast() { _ = try database.query(earlier.code) }
            do {
                _ = try database.query(example.code)
                Issue.record("\(row.detail): its example runs")
            } catch let error as CypherError {
                #expect(error.detail.rawValue == row.detail, "\(error)")
                #expect(row.kind.contains(error.kind.rawValue), "\(row.detail): \(error.kind)")
                #expect(row.phase.contains(error.phase.rawValue), "\(row.detail): \(error.phase)")
            }
        }
    }

    /// The source of the engine, without the list of details.
    private static func code() throws -> String {
        let folder = Documents.root.appendingPathComponent("Sources/Cypher")
        let files = FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String]
        return try (files ?? []).filter { $0.hasSuffix(".swift") }
            .filter { $0 != "CypherErrorDetail.swift" }
            .map { try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8) }
            .joined()
    }

    @Test func `tells every type and phase that stand in the code`() throws {
        let code = try Self.code()
        var kinds: [String: Set<String>] = [:]
        var phases: [String: Set<String>] = [:]
        func add(_ detail: Substring, _ kind: String, _ phase: String) {
            let name = detail.prefix(1).uppercased() + detail.dropFirst()
            kinds[name, default: []].insert(kind)
            phases[name, default: []].insert(phase)
        }
        let short = [
            "syntax": ("SyntaxError", "compile time"), "type": ("TypeError", "runtime"),
            "argument": ("ArgumentError", "runtime"),
        ]
        for found in code.matches(of: /\.(syntax|type|argument)\(\s*\.(\w+)\s*,/) {
            if let (kind, phase) = short[String(found.1)] { add(found.2, kind, phase) }
        }
        for found in code.matches(of: /\.(\w+),\s*\.(compileTime|runtime),\s*\.(\w+)/) {
            let kind = found.1.prefix(1).uppercased() + found.1.dropFirst()
            add(found.3, kind, found.2 == "runtime" ? "runtime" : "compile time")
        }
        for row in try Self.rows() {
            #expect(Set(row.kind.components(separatedBy: ", ")) == kinds[row.detail], "\(row)")
            #expect(Set(row.phase.components(separatedBy: ", ")) == phases[row.detail], "\(row)")
        }
    }

    @Test func `is of errors that the engine gives`() throws {
        let code = try Self.code()
        let hasOthers = code.contains("Detail(rawValue: \"")
        #expect(!hasOthers, "A name that is not in the list")
        for detail in CypherError.Detail.all {
            let name = detail.rawValue.prefix(1).lowercased() + detail.rawValue.dropFirst()
            let isGiven = code.contains(".\(name)")
            #expect(isGiven, "\(name) is never given")
        }
    }
}
