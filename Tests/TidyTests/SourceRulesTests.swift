import Foundation
import Testing

@Suite struct `The rules of the house` {
    /// Where `unsafe` may stand; each of these opens with its invariants.
    static let unsafeHomes: [String] = [
        "Sources/LMDB/",
        "Sources/PropertyGraph/CSR/CSRStorage.swift",
        "Sources/Algorithms/Runtime/ParallelRows.swift",
        "Sources/Algorithms/Runtime/AtomicColumn.swift",
        "Sources/Cypher/Temporal/SystemTime.swift",
        "Sources/GraphFormats/Input/FileDescriptors.swift",
        "Sources/GraphFormats/Input/Gzip.swift",
        "Sources/GraphFormats/XML/XMLStream.swift",
        "Sources/GraphFormats/RDF/TripleStream.swift",
        "Sources/CLI/Shell/LineEditor.swift",
        "Sources/CLI/Terminal/SystemCalls.swift",
    ]

    static let sources = SourceTree.files("Sources", suffix: ".swift")

    /// A line without its comment and its string literals, roughly.
    static func code(_ line: Substring) -> String {
        var result = ""
        var isInString = false
        var previous: Character = " "
        for character in line {
            if character == "\"" && previous != "\\" { isInString.toggle() }
            if !isInString && character == "/" && previous == "/" {
                return String(result.dropLast())
            }
            if !isInString { result.append(character) }
            previous = character
        }
        return result
    }

    @Test func `no file of the sources is longer than 500 lines`() {
        for path in Self.sources {
            let count = SourceTree.lines(path).count
            #expect(count <= 500, "\(path) has \(count) lines: more than one idea lives there.")
        }
    }

    @Test func `unsafe code stays in its homes`() {
        for path in Self.sources where !Self.unsafeHomes.contains(where: { path.hasPrefix($0) }) {
            for (number, line) in SourceTree.lines(path).enumerated() {
                let words = Self.code(line).split { !$0.isLetter && $0 != "_" && $0 != "@" }
                #expect(!words.contains("unsafe"), "\(path):\(number + 1)")
            }
        }
    }

    @Test func `nothing traps on purpose where input may reach`() {
        for path in Self.sources {
            for (number, line) in SourceTree.lines(path).enumerated() {
                let code = Self.code(line)
                for trap in ["try!", "as!", "fatalError("] where code.contains(trap) {
                    Issue.record("\(path):\(number + 1) has \(trap)")
                }
            }
        }
    }

    @Test func `what the compiler cannot prove sendable carries its proof`() {
        for path in Self.sources {
            let lines = SourceTree.lines(path)
            for (number, line) in lines.enumerated()
            where Self.code(line).contains("@unchecked Sendable") {
                let around = lines[max(0, number - 6)..<min(lines.count, number + 7)]
                #expect(
                    around.contains { $0.contains("//") && $0.contains("Sendable") },
                    "\(path):\(number + 1) needs a comment that says why.")
            }
        }
    }

    @Test func `no work is left marked as undone`() {
        let words = ["TO" + "DO", "FIX" + "ME"]
        for path in Self.sources + SourceTree.files("Tests", suffix: ".swift") {
            for (number, line) in SourceTree.lines(path).enumerated() {
                for word in words where line.contains(word) {
                    Issue.record("\(path):\(number + 1) says \(word).")
                }
            }
        }
    }

    @Test func `the changelog has a heading for each version and a kind for each line`() {
        let lines = SourceTree.lines("CHANGELOG.md")
        #expect(lines.first == "# Changelog")
        #expect(lines.contains { $0.hasPrefix("## ") })
        for line in lines where line.hasPrefix("- ") {
            #expect(line.hasPrefix("- ["), "\(line)")
            #expect(line.contains("] ") && line.contains(": "), "\(line)")
        }
    }

    @Test func `every document that another one links to exists`() {
        let documents =
            SourceTree.files("docs", suffix: ".md") + [
                "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md",
            ]
        for path in documents {
            let folder = path.split(separator: "/").dropLast().joined(separator: "/")
            for part in SourceTree.text(path).components(separatedBy: "](").dropFirst() {
                let link = part.prefix { $0 != ")" && $0 != "#" }
                guard !link.isEmpty, !link.contains("://") else { continue }
                let target = folder.isEmpty ? String(link) : "\(folder)/\(link)"
                #expect(SourceTree.exists(target), "\(path) links to \(link).")
            }
        }
    }
}
