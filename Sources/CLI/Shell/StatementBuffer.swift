import Cypher

/// The lines of a statement until its semicolon.
struct StatementBuffer {
    private(set) var text = ""

    var isEmpty: Bool { text.utf8.allSatisfy { $0 <= 0x20 } }

    /// Takes a line; the statements that are whole now. Nothing is left then.
    mutating func take(_ line: String) -> [String] {
        text += text.isEmpty ? line : "\n" + line
        guard text.utf8.last(where: { $0 > 0x20 }) == 0x3B || line.utf8.contains(0x3B) else {
            return []
        }
        guard let whole = try? CypherScript.statements(of: text),
            let more = try? CypherScript.statements(of: text + "\nRETURN")
        else {
            // A text or comment that goes on; or one that is wrong, which running it will tell.
            return text.utf8.last(where: { $0 > 0x20 }) == 0x3B && !isOpen ? flush() : []
        }
        if more.count == whole.count { return [] }
        text = ""
        return whole
    }

    /// What there is, as a statement; nothing is left.
    mutating func flush() -> [String] {
        defer { text = "" }
        return isEmpty ? [] : [text]
    }

    /// Whether closing a text or comment would make it readable.
    private var isOpen: Bool {
        ["'", "\"", "`", "*/"].contains { (try? CypherScript.statements(of: text + $0)) != nil }
    }
}
