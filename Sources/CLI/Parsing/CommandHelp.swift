import ArgumentParser
import PropertyGraph

/// A command line to learn from, and what it does.
struct Example: Sendable {
    let what: String
    let line: String

    init(_ what: String, _ line: String) {
        self.what = what
        self.line = line
    }
}

extension CommandConfiguration {
    /// The configuration of a command whose help begins with examples.
    init(
        _ name: String, _ abstract: String, examples: [Example], discussion: String = "",
        version: String = "", isShown: Bool = true, groups: [CommandGroup] = [],
        subcommands: [any ParsableCommand.Type] = []
    ) {
        var text = examples.isEmpty ? "" : "EXAMPLES:\n"
        text += examples.map { "  # \($0.what)\n  \($0.line)" }.joined(separator: "\n")
        if !discussion.isEmpty { text += (text.isEmpty ? "" : "\n\n") + discussion }
        self.init(
            commandName: name, abstract: abstract, discussion: text, version: version,
            shouldDisplay: isShown, subcommands: subcommands, groupedSubcommands: groups)
    }
}

/// Pages of help, as the parser makes them.
enum HelpText {
    /// The page with its line of usage, which the parser never breaks, in lines of so many columns.
    static func fitted(_ page: String, to columns: Int) -> String {
        var lines: [Substring] = page.split(separator: "\n", omittingEmptySubsequences: false)
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.flatMap { line -> [String] in
            guard line.utf8.starts(with: "USAGE: ".utf8) else { return [String(line)] }
            return usage(line, columns)
        }.joined(separator: "\n")
    }

    /// Breaks between options, never within the brackets of one.
    private static func usage(_ line: Substring, _ columns: Int) -> [String] {
        var lines: [String] = []
        var current = ""
        var depth = 0
        func take(_ part: String) {
            if current.isEmpty {
                current = part
            } else if TextWidth.columns(current) + 1 + TextWidth.columns(part) <= columns {
                current += " " + part
            } else {
                lines.append(current)
                current = "         " + part
            }
        }
        var part = ""
        for word in line.split(separator: " ") {
            part += part.isEmpty ? String(word) : " " + word
            depth += word.count { $0 == "[" } - word.count { $0 == "]" }
            if depth == 0 {
                take(part)
                part = ""
            }
        }
        if !part.isEmpty { take(part) }
        return lines + [current]
    }
}

/// All commands, found from the root.
enum CommandTree {
    /// A command with the words that call it.
    struct Place {
        let words: [String]
        let type: any ParsableCommand.Type
    }

    /// Every command that help lists, parents before children.
    static func places() -> [Place] {
        func walk(_ type: any ParsableCommand.Type, _ words: [String]) -> [Place] {
            let own = words + [name(type)]
            return [Place(words: own, type: type)]
                + type.configuration.subcommands.filter { $0.configuration.shouldDisplay }
                .flatMap { walk($0, own) }
        }
        return walk(CairnCommand.self, [])
    }

    /// The words that call a command.
    static func path(to type: any ParsableCommand.Type) -> String {
        let found = places().first { $0.type == type }
        return (found?.words ?? ["cairn"]).joined(separator: " ")
    }

    /// The message for a word that no command bears, with the near miss; nil when the words up to
    /// the first option all name commands.
    static func misnamed(_ words: [String]) -> CommandError? {
        var type: any ParsableCommand.Type = CairnCommand.self
        var path = "cairn"
        for word in words {
            let children = type.configuration.subcommands
            if children.isEmpty || word.utf8.starts(with: "-".utf8) { return nil }
            // 'cairn help node' names the commands that follow.
            if UTF8Order.equal(word, "help") { continue }
            guard let next = children.first(where: { UTF8Order.equal(name($0), word) }) else {
                let names = children.filter { $0.configuration.shouldDisplay }.map { name($0) }
                return .usage(
                    "'\(path)' has no command '\(word)'.\(NearMiss.hint(for: word, among: names))",
                    help: path + " --help")
            }
            type = next
            path += " " + word
        }
        return nil
    }

    /// The command that words lead to, options and values passed over.
    static func deepest(_ words: [String]) -> String {
        var type: any ParsableCommand.Type = CairnCommand.self
        var path = "cairn"
        for word in words {
            guard
                let next = type.configuration.subcommands.first(where: {
                    UTF8Order.equal(name($0), word)
                })
            else { continue }
            type = next
            path += " " + word
        }
        return path
    }

    private static func name(_ type: any ParsableCommand.Type) -> String {
        type.configuration.commandName ?? ""
    }
}
