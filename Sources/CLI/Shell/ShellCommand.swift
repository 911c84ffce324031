import PropertyGraph

/// A line of the shell that is no query.
enum ShellCommand: String, CaseIterable {
    case begin, clear, commit, exit, explain, format, help, param, params, profile, rollback
    case schema, source

    /// What stands behind it.
    var arguments: String {
        switch self {
        case .explain, .profile: "QUERY"
        case .format: "table|plain|json|jsonl|csv"
        case .param: "NAME => VALUE"
        case .source: "FILE"
        default: ""
        }
    }

    /// What it does.
    var help: String {
        switch self {
        case .begin: "Open a transaction: nothing is kept until :commit."
        case .clear: "Forget the statement that was begun."
        case .commit: "Keep what was done since :begin."
        case .exit: "Leave; Ctrl-D does the same."
        case .explain: "Show how a query would run."
        case .format: "Choose how rows are printed."
        case .help: "Show this."
        case .param: "Set a parameter for $NAME; VALUE as openCypher writes it."
        case .params: "List the parameters."
        case .profile: "Run a query and show what each step cost."
        case .rollback: "Undo what was done since :begin."
        case .schema: "List labels, edge types, indexes and constraints."
        case .source: "Run the statements of a file."
        }
    }

    /// The command of a line such as `:format json`, and the words behind it.
    static func parse(_ line: String) throws -> (ShellCommand, String) {
        let words = line.dropFirst().split(
            maxSplits: 1, omittingEmptySubsequences: true, whereSeparator: { $0 == " " })
        var name = words.first.map(String.init) ?? ""
        if ["quit", "q"].contains(where: { UTF8Order.equal($0, name) }) { name = "exit" }
        guard let command = allCases.first(where: { UTF8Order.equal($0.rawValue, name) }) else {
            let hint = NearMiss.hint(for: name, among: allCases.map(\.rawValue))
            throw CommandError.failure("There is no command ':\(name)'.\(hint) :help lists them.")
        }
        var rest = words.count > 1 ? String(words[1]) : ""
        while let last = rest.last, last == " " || last == ";" { rest.removeLast() }
        return (command, rest)
    }

    /// All commands, a line each.
    static func helpLines(_ style: TextStyle) -> [String] {
        let heads = allCases.map {
            $0.arguments.isEmpty ? ":\($0.rawValue)" : ":\($0.rawValue) \($0.arguments)"
        }
        let width = heads.map { TextWidth.columns($0) }.max() ?? 0
        let lines = zip(allCases, heads).map { command, head in
            "  \(style.name(TextWidth.padded(head, to: width)))  \(command.help)"
        }
        return ["A statement ends with a semicolon and may have several lines."] + lines
            + ["Tab completes names, the arrow keys bring back statements, Ctrl-C stops a query."]
    }
}
