import GraphAlgorithms
import GraphFormats

/// Answers graphs given one a line: `{"concepts": […], "requires": […], "queries": […]}`.
///
/// Each line gives one line back: `{"answers": [{"id": …, "answer": …}]}`, or `{"error": …}` where
/// it cannot be read. A query that fails has an `error` in place of its `answer`.
struct LearnLines {
    let console: Console
    private var line = 0
    private var failures = 0

    /// The longest line: 256 MB.
    private static let limit = 256 << 20

    init(_ console: Console) { self.console = console }

    /// Reads standard input to its end.
    ///
    /// - Throws: A failure at the end when some line or query failed.
    mutating func run() throws {
        var pending: [UInt8] = []
        var searched = 0
        while true {
            if Interruption.isRequested { throw CommandError.interrupted }
            let more = SystemCalls.readInput(1 << 16)
            if more.isEmpty { break }
            pending += more
            var start = 0
            while let end = pending[max(start, searched)...].firstIndex(of: 0x0A) {
                try answer(Array(pending[start..<end]))
                start = end + 1
                searched = start
            }
            pending.removeFirst(start)
            searched = pending.count
            if pending.count > Self.limit {
                throw CommandError.failure(
                    "Line \(line + 1) is longer than \(Self.limit >> 20) MB. "
                        + "Give one graph a line.")
            }
        }
        if !pending.isEmpty { try answer(pending) }
        if failures > 0 {
            throw CommandError.failure(
                "\(NumberText.counted(failures, "answer")) failed; the output tells which and why.")
        }
    }

    private mutating func answer(_ bytes: [UInt8]) throws {
        line += 1
        guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { return }
        do {
            let tree = try JSONTree(bytes)
            let graph = try LineReader.graph(tree)
            var answers: [JSON] = []
            for query in try LineReader.list(tree, "queries") {
                answers.append(answer(query, graph))
            }
            try console.printLine(.object([("answers", .array(answers))]))
        } catch let failure as ClosedPipe {
            throw failure
        } catch {
            failures += 1
            try console.printLine(
                .object([("line", .count(line)), ("error", Self.text(of: error))]))
        }
    }

    private mutating func answer(_ query: JSONTree, _ graph: PrerequisiteGraph) -> JSON {
        let id: JSON =
            switch query["id"] {
            case .string(let text)?: .string(text)
            case .integer(let number)?: .integer(number)
            default: .null
            }
        do {
            let answer = try LineQuery(query).answer(on: graph)
            return .object([("id", id), ("answer", answer)])
        } catch {
            failures += 1
            return .object([("id", id), ("error", Self.text(of: error))])
        }
    }

    private static func text(of error: any Error) -> JSON {
        switch error {
        case let error as LearningPathError: .string(error.message)
        case let error as CommandError: .string(error.message)
        case let error as FormatError: .string(error.message)
        default: .string("\(error)")
        }
    }
}

/// Reads members of JSON objects, and says what is wrong with them.
enum LineReader {
    static func graph(_ tree: JSONTree) throws -> PrerequisiteGraph {
        guard case .object = tree else {
            throw CommandError.failure("This is no object. Give {\"concepts\": …} on each line.")
        }
        let concepts = try list(tree, "concepts").map { node in
            Concept(
                id: try text(node, "id", of: "a concept") ?? "",
                title: try text(node, "title", of: "a concept"),
                minutes: try whole(node, "minutes", of: "a concept") ?? 60,
                difficulty: try number(node, "difficulty", of: "a concept") ?? 0.5,
                isRequirement: try flag(node, "requirement", of: "a concept") ?? false)
        }
        let requirements = try list(tree, "requires").map { edge in
            guard let of = try text(edge, "of", of: "a requirement"),
                let needs = try text(edge, "needs", of: "a requirement")
            else {
                throw CommandError.failure(
                    "A requirement lacks 'of' or 'needs'. Name the concept and what it needs.")
            }
            return Requirement(
                of: of, needs: needs,
                strength: try number(edge, "strength", of: "a requirement") ?? 1,
                group: try text(edge, "group", of: "a requirement"),
                isCorequisite: try flag(edge, "coreq", of: "a requirement") ?? false,
                reason: try text(edge, "reason", of: "a requirement"))
        }
        return try PrerequisiteGraph(concepts: concepts, requirements: requirements)
    }

    static func list(_ tree: JSONTree, _ name: String) throws -> [JSONTree] {
        switch tree[name] {
        case nil: return []
        case .array(let elements)?: return elements
        default: throw wrong(name, "the line", "a list")
        }
    }

    static func text(_ tree: JSONTree, _ name: String, of what: String) throws -> String? {
        switch tree[name] {
        case nil: return nil
        case .string(let text)?: return text
        default: throw wrong(name, what, "text")
        }
    }

    static func texts(_ tree: JSONTree, _ name: String, of what: String) throws -> [String]? {
        switch tree[name] {
        case nil: return nil
        case .array(let elements)?:
            return try elements.map { element in
                guard case .string(let text) = element else {
                    throw wrong(name, what, "a list of texts")
                }
                return text
            }
        default: throw wrong(name, what, "a list of texts")
        }
    }

    static func whole(_ tree: JSONTree, _ name: String, of what: String) throws -> Int64? {
        switch tree[name] {
        case nil: return nil
        case .integer(let number)?: return number
        case .double(let number)?:
            if let whole = Int64(exactly: number) { return whole }
            throw wrong(name, what, "a whole number")
        default: throw wrong(name, what, "a whole number")
        }
    }

    static func number(_ tree: JSONTree, _ name: String, of what: String) throws -> Double? {
        switch tree[name] {
        case nil: return nil
        case .integer(let number)?: return Double(number)
        case .double(let number)?: return number
        default: throw wrong(name, what, "a number")
        }
    }

    static func flag(_ tree: JSONTree, _ name: String, of what: String) throws -> Bool? {
        switch tree[name] {
        case nil: return nil
        case .boolean(let flag)?: return flag
        default: throw wrong(name, what, "true or false")
        }
    }

    static func wrong(_ name: String, _ what: String, _ wanted: String) -> CommandError {
        .failure("The member '\(name)' of \(what) is not \(wanted).")
    }
}
