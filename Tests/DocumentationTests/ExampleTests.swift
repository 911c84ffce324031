import Cairn
import Foundation
import Testing

@Suite struct `Examples in the documents` {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// The Swift blocks of a document.
    private static func swiftBlocks(_ path: String) throws -> [String] {
        try text(path).components(separatedBy: "```swift\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
    }

    @Test func `the example of the README is the one that is compiled here`() throws {
        let blocks = try Self.swiftBlocks("README.md")
        #expect(blocks.first == (try Self.text("Tests/DocumentationTests/ReadmeExample.swift")))
    }

    @Test func `the example of the README finds the friend`() throws {
        let path = NSTemporaryDirectory() + "cairn-readme-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let friends = try friendsOfAda(in: path)
        #expect(friends.map { $0["name"] } == ["Bob"])
    }

    @Test func `the tutorial's program is the one that is compiled here`() throws {
        let blocks = try Self.swiftBlocks("docs/tutorials/first-graph.md").joined(separator: "\n")
        #expect(blocks == (try Self.text("Tests/DocumentationTests/TutorialProgram.swift")))
    }

    @Test func `the tutorial's program prints what the tutorial says`() throws {
        let path = NSTemporaryDirectory() + "cairn-tutorial-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let lines = try tutorial(path)
        let tutorial = try Self.text("docs/tutorials/first-graph.md")
        for line in lines { #expect(tutorial.contains(line), "\(line)") }
    }
}
