import Foundation
import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

/// Runs what `Fixtures/networkx/compare.py` asks for.
private struct Requests {
    private var model = EdgeListGraph(nodeCount: 0, edges: [])
    private var graph: CSRGraph?
    private var name = ""
    private(set) var answers = ""

    mutating func read(_ text: String) throws {
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ").map(String.init)
            switch fields[0] {
            case "graph":
                name = "\(fields[1]) \(fields[2])"
                model = EdgeListGraph(
                    nodeCount: try #require(Int(fields[5])), isDirected: fields[3] == "directed",
                    isWeighted: fields[4] == "weighted", edges: [])
                graph = nil
            case "edge":
                model.edges.append(
                    .init(
                        try #require(Int(fields[1])), try #require(Int(fields[2])),
                        weight: try #require(Double(fields[3]))))
            default: try run(fields[1], fields.dropFirst(2))
            }
        }
    }

    private mutating func run(_ algorithm: String, _ words: ArraySlice<String>) throws {
        let frozen = try graph ?? model.frozen()
        graph = frozen
        var parameters: [String: String] = [:]
        for word in words {
            let parts = word.split(separator: "=").map(String.init)
            parameters[parts[0]] = parts[1]
        }
        answers += "answer \(algorithm) \(name)"
        do {
            let output = try AlgorithmCatalog.descriptor(named: algorithm)
                .run(on: frozen, parameters: parameters)
            answers += "\n"
            for column in output.columns { write(column) }
            for entry in output.summary {
                answers += "summary \(entry.name) \(entry.value.map(Self.text) ?? "-")\n"
            }
        } catch {
            answers += " error \(error.code.rawValue)\n"
        }
    }

    private mutating func write(_ column: OutputColumn) {
        answers += "column \(column.name) "
        switch column.values {
        case .integers: answers += "integers"
        case .doubles: answers += "doubles"
        case .nodes: answers += "nodes"
        case .nodeLists: answers += "lists"
        }
        for row in 0..<column.count {
            let text = column[row].map(Self.text) ?? "-"
            answers += " " + (text.last == "," ? String(text.dropLast()) : text)
        }
        answers += "\n"
    }

    /// A list ends in a comma, so that one of a single node is not taken for a number.
    private static func text(_ value: OutputValue) -> String {
        switch value {
        case .integer(let value): "\(value)"
        case .double(let value): "\(value)"
        case .string(let value): value
        case .boolean(let value): "\(value)"
        case .node(let value): "\(value)"
        case .nodes(let values): values.map { "\($0)," }.joined()
        }
    }
}

/// Runs the comparing script; nil when Python or networkx is missing.
private func compare(_ arguments: [String]) throws -> String? {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/networkx/compare.py")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-B", script.path] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    if process.terminationStatus == 3 || process.terminationStatus == 127 { return nil }
    #expect(process.terminationStatus == 0, "The comparing script failed.")
    return String(decoding: data, as: UTF8.self)
}

@Suite struct `Comparing with networkx` {
    /// `CAIRN_NETWORKX_GRAPHS=1000` asks for more graphs, `CAIRN_NETWORKX_SEED` for others, and
    /// `CAIRN_NETWORKX_FILTER` for the algorithms whose names contain it.
    @Test func `every kernel agrees on random graphs`() throws {
        let environment = ProcessInfo.processInfo.environment
        let count = environment["CAIRN_NETWORKX_GRAPHS"].flatMap(Int.init) ?? 150
        let seed = environment["CAIRN_NETWORKX_SEED"].flatMap(Int.init) ?? 1
        let range = [String(seed), String(seed + count)]
        let filter = environment["CAIRN_NETWORKX_FILTER"].map { [$0] } ?? []
        guard let asked = try compare(["ask"] + range + filter) else {
            print("Skipped: the comparison needs Python 3 with networkx.")
            return
        }
        var requests = Requests()
        try requests.read(asked)
        let file = FileManager.default.temporaryDirectory
            .appending(path: "cairn-networkx-\(UUID().uuidString).txt")
        defer { try? FileManager.default.removeItem(at: file) }
        try requests.answers.write(to: file, atomically: true, encoding: .utf8)
        let verdict = try compare(["check", file.path] + range + filter) ?? ""
        #expect(!verdict.contains("WRONG"), "\(verdict)")
        #expect(verdict.contains("checked "), "\(verdict)")
        print("networkx \(verdict.split(separator: "\n").last ?? "")")
    }
}
