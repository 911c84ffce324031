/// Reads the literals of the conformance suite and writes each in one way, so that texts can be
/// compared: labels and keys sorted, floats shortest.
struct LiteralReader {
    private let characters: [Character]
    private var place = 0
    /// Whether the order of lists does not count.
    let sortsLists: Bool

    static func canonical(_ text: String, sortsLists: Bool) -> String {
        var reader = LiteralReader(characters: Array(text), sortsLists: sortsLists)
        return reader.value()
    }

    private init(characters: [Character], sortsLists: Bool) {
        self.characters = characters
        self.sortsLists = sortsLists
    }

    private var current: Character { place < characters.count ? characters[place] : "\0" }

    private mutating func skip() { while current == " " { place += 1 } }

    private mutating func take(_ text: String) -> Bool {
        skip()
        guard characters[place...].starts(with: Array(text)) else { return false }
        place += text.count
        return true
    }

    private mutating func value() -> String {
        skip()
        switch current {
        case "'": return Literals.quoted(string())
        case "[":
            if place + 1 < characters.count, characters[place + 1] == ":" { return relationship() }
            return list()
        case "{": return map()
        case "(": return node()
        case "<": return path()
        default: return word()
        }
    }

    private mutating func string() -> String {
        place += 1
        var text = ""
        while place < characters.count, current != "'" {
            if current == "\\" {
                place += 1
                text.append(current == "n" ? "\n" : current)
            } else {
                text.append(current)
            }
            place += 1
        }
        place += 1
        return text
    }

    private mutating func word() -> String {
        var text = ""
        while place < characters.count, !",]}) ".contains(current) {
            text.append(current)
            place += 1
        }
        switch text {
        case "NaN": return "NaN"
        case "Inf": return "Inf"
        case "-Inf": return "-Inf"
        default: break
        }
        if text.contains(where: { ".eE".contains($0) }), let number = Double(text) {
            return Literals.float(number)
        }
        return text
    }

    private mutating func list() -> String {
        place += 1
        var elements: [String] = []
        while !take("]") {
            elements.append(value())
            _ = take(",")
        }
        if sortsLists { elements.sort() }
        return "[" + elements.joined(separator: ", ") + "]"
    }

    private mutating func map() -> String {
        place += 1
        var entries: [String] = []
        while !take("}") {
            skip()
            var key = ""
            while current != ":" {
                key.append(current)
                place += 1
            }
            place += 1
            entries.append("\(key): \(value())")
            _ = take(",")
        }
        return "{" + entries.sorted().joined(separator: ", ") + "}"
    }

    private mutating func names() -> [String] {
        var names: [String] = []
        while current == ":" {
            place += 1
            var name = ""
            while current.isLetter || current.isNumber || current == "_" {
                name.append(current)
                place += 1
            }
            names.append(name)
        }
        return names
    }

    private mutating func node() -> String {
        place += 1
        let labels = names()
        skip()
        let properties = current == "{" ? map() : "{}"
        _ = take(")")
        return Literals.node(labels, properties)
    }

    private mutating func relationship() -> String {
        place += 1
        let types = names()
        skip()
        let properties = current == "{" ? map() : "{}"
        _ = take("]")
        return Literals.relationship(types.first ?? "", properties)
    }

    private mutating func path() -> String {
        place += 1
        var text = "<" + node()
        while !take(">") {
            let isLeft = take("<-")
            if !isLeft { _ = take("-") }
            let edge = relationship()
            if isLeft { _ = take("-") } else { _ = take("->") }
            text += isLeft ? "<-\(edge)-" : "-\(edge)->"
            text += node()
        }
        return text + ">"
    }
}

/// The one way of writing.
enum Literals {
    static func quoted(_ text: String) -> String { "'" + text + "'" }

    static func float(_ value: Double) -> String {
        value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Inf" : "Inf") : "\(value)"
    }

    static func node(_ labels: [String], _ properties: String) -> String {
        "(" + labels.sorted().map { ":" + $0 }.joined()
            + (properties == "{}" ? "" : " " + properties) + ")"
    }

    static func relationship(_ type: String, _ properties: String) -> String {
        "[:\(type)" + (properties == "{}" ? "" : " " + properties) + "]"
    }
}
