import Foundation

/// A document with examples: fenced blocks that are run, and what they print.
///
/// A block of `cypher` holds statements or commands of the shell, one of `sh` commands of a
/// terminal, which are run on the pages that name their database and passed over on others. A block
/// of `text` right behind it is what it prints; without one it prints nothing. A block that is
/// meant to be read only has no language, and `swift` has a test of its own.
struct ExamplePage {
    enum Language: String { case cypher, sh, text }

    struct Example {
        let language: Language
        let code: String
        /// The nearest heading above it.
        let heading: String
        /// What it prints, with its final newline.
        var output = ""
        /// The first line of the block, from 1.
        let line: Int
    }

    /// Where it is, from the root of the package on.
    let path: String
    var examples: [Example] = []
    /// The database that `cypher` is run on, of a comment `<!-- database: PATH -->`; nil for an
    /// empty one.
    var database: String?
    /// Everything else: lines of prose, and the numbers of the examples between them.
    private var parts: [Part] = []

    fileprivate enum Part {
        case line(String)
        case example(Int)
    }

    /// Reads a page.
    ///
    /// - Throws: `Malformed` for a block in a language that no test runs.
    init(_ path: String, _ text: String) throws {
        self.path = path
        var lines = text.components(separatedBy: "\n")[...]
        var number = 0
        var heading = ""
        func next() -> String? {
            number += 1
            return lines.popFirst()
        }
        while let line = next() {
            if line.hasPrefix("#") { heading = line.drop { $0 == "#" || $0 == " " }.description }
            if line.hasPrefix("<!-- database: ") {
                database = String(line.dropFirst(15).prefix { $0 != " " })
            }
            let isPassedOver = line == "```swift" || (line == "```sh" && database == nil)
            guard line.hasPrefix("```"), line.count > 3, !isPassedOver else {
                parts.append(.line(line))
                if line.hasPrefix("```") {
                    // A block without a language: passed over up to its end.
                    while let inner = next() {
                        parts.append(.line(inner))
                        if inner == "```" { break }
                    }
                }
                continue
            }
            let start = number
            var body: [String] = []
            while let inner = next(), inner != "```" { body.append(inner) }
            let code = body.joined(separator: "\n") + "\n"
            switch Language(rawValue: String(line.dropFirst(3))) {
            case .text?:
                guard case .example(let place)? = parts.last(where: { !$0.isBlank }) else {
                    throw Malformed(path: path, line: start, what: "an output without its example")
                }
                examples[place].output = code
                while parts.last?.isBlank == true { parts.removeLast() }
            case let language?:
                examples.append(
                    Example(language: language, code: code, heading: heading, line: start))
                parts.append(.example(examples.count - 1))
            case nil:
                throw Malformed(path: path, line: start, what: "a block that no test runs: \(line)")
            }
        }
    }

    /// The page with these outputs in the place of its own.
    func text(outputs: [String]) -> String {
        var lines: [String] = []
        for part in parts {
            switch part {
            case .line(let line): lines.append(line)
            case .example(let place):
                let example = examples[place]
                lines.append("```\(example.language)")
                lines += example.code.dropLast().components(separatedBy: "\n")
                lines.append("```")
                if outputs[place].isEmpty { continue }
                lines.append("```text")
                lines += outputs[place].dropLast().components(separatedBy: "\n")
                lines.append("```")
            }
        }
        return lines.joined(separator: "\n")
    }

    /// Why a page cannot be checked.
    struct Malformed: Error, CustomStringConvertible {
        let path: String
        let line: Int
        let what: String
        var description: String { "\(path):\(line): \(what)" }
    }
}

extension ExamplePage.Part {
    fileprivate var isBlank: Bool { if case .line("") = self { true } else { false } }
}
