import Foundation
import StoreTestSupport
import Testing

/// What a run of the command left behind.
struct Outcome {
    let code: Int32
    let output: String
    let errors: String

    /// Standard output as JSON.
    func json() throws -> Any {
        try JSONSerialization.jsonObject(
            with: Data(output.utf8), options: [.fragmentsAllowed])
    }

    /// Standard output as one JSON object.
    func object() throws -> [String: Any] { try #require(json() as? [String: Any]) }

    /// Each line of standard output as a JSON object.
    func objects() throws -> [[String: Any]] {
        try output.split(separator: "\n").map { line in
            let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
            return try #require(value as? [String: Any])
        }
    }
}

/// The command, as tests run it.
enum Cairn {
    static let path = BuiltCommand.path

    /// Runs the command to its end.
    static func run(
        _ arguments: [String], in folder: Scratch, input: String = "", columns: Int? = nil
    ) throws -> Outcome {
        let running = try start(arguments, in: folder, input: input, columns: columns)
        return try running.finish()
    }

    /// A command that runs.
    struct Running {
        let process: Process
        let outputFile: URL
        let errorFile: URL

        func finish() throws -> Outcome {
            process.waitUntilExit()
            return Outcome(
                code: process.terminationReason == .exit
                    ? process.terminationStatus : 128 + process.terminationStatus,
                output: try String(contentsOf: outputFile, encoding: .utf8),
                errors: try String(contentsOf: errorFile, encoding: .utf8))
        }
    }

    /// Starts the command. Its output goes to files, so that no pipe fills up.
    static func start(
        _ arguments: [String], in folder: Scratch, input: String = "", columns: Int? = nil
    ) throws -> Running {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        var environment = BuiltCommand.environment
        if let columns { environment["COLUMNS"] = String(columns) }
        process.environment = environment
        let stem = folder.path + "/.run-" + UUID().uuidString
        let files = ["in", "out", "err"].map { URL(fileURLWithPath: "\(stem).\($0)") }
        try Data(input.utf8).write(to: files[0])
        try Data().write(to: files[1])
        try Data().write(to: files[2])
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        try process.run()
        return Running(process: process, outputFile: files[1], errorFile: files[2])
    }
}

/// A folder for one test, removed after it.
final class Scratch {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/cairn-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and returns its name.
    @discardableResult
    func file(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
        return name
    }

    func text(_ name: String) throws -> String {
        try String(contentsOfFile: path + "/" + name, encoding: .utf8)
    }

    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }

    /// Runs the command in the folder and expects it to succeed.
    @discardableResult
    func cairn(
        _ arguments: String..., columns: Int? = nil, input: String = "",
        at location: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        try cairn(arguments, columns: columns, input: input, at: location)
    }

    /// The same with the arguments as a list.
    @discardableResult
    func cairn(
        _ arguments: [String], columns: Int? = nil, input: String = "",
        at location: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        let outcome = try Cairn.run(arguments, in: self, input: input, columns: columns)
        #expect(
            outcome.code == 0, "\(arguments): \(outcome.errors)", sourceLocation: location)
        return outcome
    }

    /// Runs the command in the folder and expects it to fail with a code.
    @discardableResult
    func failing(
        _ code: Int32, _ arguments: String..., at location: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        try failing(code, arguments, at: location)
    }

    /// The same with the arguments as a list.
    @discardableResult
    func failing(
        _ code: Int32, _ arguments: [String], input: String = "",
        at location: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        let outcome = try Cairn.run(arguments, in: self, input: input)
        #expect(outcome.code == code, "\(arguments): \(outcome.errors)", sourceLocation: location)
        #expect(outcome.errors.hasPrefix("cairn: "), "\(outcome.errors)", sourceLocation: location)
        return outcome
    }

    /// A database `g.cairn` with two persons who know each other.
    func people() throws {
        try cairn("init", "g.cairn")
        try cairn("node", "create", "Person", "name=Ada", "born:date=1815-12-10", "--db", "g.cairn")
        try cairn("node", "create", "Person", "name=Zoë 張", "age=44", "--db", "g.cairn")
        try cairn(
            "edge", "create", "Person:name=Ada", "KNOWS", "2", "since=1833", "--db", "g.cairn")
    }
}

/// Files of expected text, rewritten with `UPDATE_GOLDEN=1`.
enum Golden {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    static let package = root.deletingLastPathComponent().deletingLastPathComponent()
    static let isUpdating = ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1"

    /// Compares a text with a file under `Fixtures`.
    static func expect(
        _ text: String, _ name: String, at location: SourceLocation = #_sourceLocation
    ) throws {
        try expect(text, file: root.appendingPathComponent("Fixtures/" + name), at: location)
    }

    /// Compares a text with a file of the package.
    static func expect(
        _ text: String, file: URL, at location: SourceLocation = #_sourceLocation
    ) throws {
        if isUpdating {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            return
        }
        let expected = try? String(contentsOf: file, encoding: .utf8)
        #expect(
            text == expected,
            "\(file.lastPathComponent) is not current. Run UPDATE_GOLDEN=1 script/test, and read the diff.",
            sourceLocation: location)
    }
}
