import Foundation
import StoreTestSupport

/// Runs the examples of a page in order, in a folder of their own.
struct ExampleRunner {
    /// Statements before the first example of a page; what they print is not looked at.
    let prelude: String
    let page: ExamplePage

    /// As wide as a page may be.
    private static let columns = "96"

    /// What each example printed, standard error included.
    func outputs() throws -> [String] {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("cairn-examples-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createSymbolicLink(
            at: folder.appendingPathComponent("datasets"),
            withDestinationURL: Documents.root.appendingPathComponent("datasets"))
        var outputs: [String] = []
        var waiting: [String] = []
        func runWaiting() throws {
            guard !waiting.isEmpty else { return }
            outputs += try shell(waiting, in: folder)
            waiting = []
        }
        for example in page.examples {
            if example.language == .cypher {
                waiting.append(example.code)
                continue
            }
            try runWaiting()
            outputs.append(
                try Self.run("/bin/sh", ["-c", example.code], input: "", in: folder))
        }
        try runWaiting()
        return outputs
    }

    /// What each of some examples prints in one session of the shell.
    ///
    /// A marker is printed behind each, where the whole is then cut.
    private func shell(_ examples: [String], in folder: URL) throws -> [String] {
        var script = Self.ended(prelude) + Self.marker(0)
        for (place, example) in examples.enumerated() {
            script += Self.ended(example) + Self.marker(place + 1)
        }
        let database = page.database.map { ["--db", $0] } ?? ["--in-memory"]
        let output = try Self.run(
            BuiltCommand.path, ["cypher", "--interactive", "--quiet"] + database, input: script,
            in: folder)
        var rest = output[...]
        var pieces: [String] = []
        for place in 0...examples.count {
            let end = "example_\(place)\n" + Self.number(place) + "\n"
            guard let range = rest.range(of: end) else {
                throw ExamplePage.Malformed(
                    path: page.path, line: page.examples[max(0, place - 1)].line,
                    what: "the session ended here: \(rest)")
            }
            pieces.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return Array(pieces.dropFirst())
    }

    /// A statement ends with a semicolon, a command of the shell with its line.
    private static func ended(_ code: String) -> String {
        let text = code.trimmingCharacters(in: .whitespacesAndNewlines)
        let last = text.components(separatedBy: "\n").last ?? ""
        return text.isEmpty || text.hasSuffix(";") || last.hasPrefix(":")
            ? text + "\n" : text + "\n;\n"
    }

    private static func marker(_ place: Int) -> String { "RETURN \(place) AS example_\(place);\n" }

    /// A number as a table aligns it under the heading of the marker.
    private static func number(_ place: Int) -> String {
        let text = String(place)
        return String(repeating: " ", count: "example_".count) + text
    }

    private static func run(
        _ program: String, _ arguments: [String], input: String, in folder: URL
    ) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let commands = URL(fileURLWithPath: BuiltCommand.path).deletingLastPathComponent().path
        process.environment = BuiltCommand.environment(adding: [
            "PATH": "\(commands):/usr/bin:/bin", "COLUMNS": columns, "CAIRN_HISTORY": "",
        ])
        let files = ["in", "out"].map { folder.appendingPathComponent(".run.\($0)") }
        try Data(input.utf8).write(to: files[0])
        try Data().write(to: files[1])
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        // One handle for both, so that errors stand where they happened.
        let output = try FileHandle(forWritingTo: files[1])
        process.standardOutput = output
        process.standardError = output
        try process.run()
        process.waitUntilExit()
        return try String(contentsOf: files[1], encoding: .utf8)
    }
}

/// The documents of the package.
enum Documents {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let isUpdating = ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1"

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// Every document below `docs`, from the root on, ascending.
    static let all: [String] = {
        let found = FileManager.default.enumerator(atPath: root.appendingPathComponent("docs").path)
        let paths = (found?.allObjects as? [String] ?? []).filter { $0.hasSuffix(".md") }
        return paths.map { "docs/" + $0 }.sorted()
    }()

    /// The documents with queries, each of which a test runs.
    static let withQueries: [String] = all.filter { path in
        (try? text(path))?.contains("```cypher") ?? false
    }

    /// The pages of the reference of openCypher.
    static let reference: [String] = all.filter { $0.hasPrefix("docs/reference/cypher/") }
}
