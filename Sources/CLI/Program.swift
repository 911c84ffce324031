import ArgumentParser
import Glibc
import PropertyGraph

/// The command `cairn`: reads its words, runs the command, prints what went wrong.
enum Program {
    /// The version of the program.
    static let version = "0.1.0"
    /// The version of the database format it writes; a test compares it with a new database.
    static let formatVersion = 1

    /// Runs a command line, the program's name first, and returns the code to exit with.
    static func run(arguments: [String]) -> Int32 {
        SystemCalls.ignoreClosedPipes()
        let words = Array(arguments.dropFirst())
        do {
            if let misnamed = CommandTree.misnamed(words) { throw misnamed }
            if let page = algorithmPage(words) {
                try write(page + "\n")
                return 0
            }
            var command = try CairnCommand.parseAsRoot(words)
            try command.run()
            return 0
        } catch is ClosedPipe {
            return 0
        } catch {
            return report(error, words)
        }
    }

    /// `cairn run pagerank --help` is about the algorithm, not about `run`.
    private static func algorithmPage(_ words: [String]) -> String? {
        guard let first = words.first, UTF8Order.equal(first, "run"),
            words.contains(where: { UTF8Order.equal($0, "--help") || UTF8Order.equal($0, "-h") })
        else { return nil }
        let columns = Terminal.detect().columns
        let names = OptionText.list([words.dropFirst().first ?? ""])
        let pages = names.compactMap { AlgorithmPage.lines($0, columns: columns) }
        guard !pages.isEmpty, pages.count == names.count else { return nil }
        return pages.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
    }

    private static func report(_ error: any Error, _ words: [String]) -> Int32 {
        // The end has come already; nobody should be told of it twice.
        Interruption.mayEndAtOnce(false)
        let terminal = Terminal.detect()
        let hasColor =
            terminal.allowsColor && terminal.errorIsTerminal
            && !words.contains { UTF8Order.equal($0, "--no-color") }
        if let report = ErrorReport(error, words, style: TextStyle(isEnabled: hasColor)) {
            Console.writeError(report.lines.map { $0 + "\n" }.joined())
            return report.exitCode
        }
        // What the parser throws: help and version that were asked for, and wrong usage.
        let code = CairnCommand.exitCode(for: error)
        guard code != .success else {
            do {
                let columns = terminal.columns ?? 96
                let page = CairnCommand.fullMessage(for: error, columns: columns)
                try write(HelpText.fitted(page, to: columns) + "\n")
                return 0
            } catch {
                if error is ClosedPipe { return 0 }
                let report = ErrorReport(error, words, style: TextStyle(isEnabled: hasColor))
                Console.writeError((report?.lines ?? []).map { $0 + "\n" }.joined())
                return 1
            }
        }
        let style = TextStyle(isEnabled: hasColor)
        let message = hinted(CairnCommand.message(for: error), words)
        let help = CommandTree.deepest(words) + " --help"
        Console.writeError("\(style.bad("cairn:")) \(message)\nTry '\(help)'.\n")
        return code.rawValue
    }

    /// The options that every command has of the parser, which does not think of them itself.
    private static func hinted(_ message: String, _ words: [String]) -> String {
        if let hint = negativeValueHint(message, words) { return message + hint }
        guard message.utf8.starts(with: "Unknown option".utf8),
            let word = words.first(where: {
                $0.utf8.starts(with: "--".utf8) && message.contains("'\($0)'")
            })
        else { return message }
        let name = String(Substring(word.utf8.dropFirst(2)))
        // The parser itself would think of an option that is as short.
        if OutputFormat(name: name) != nil {
            return "Unknown option '\(word)'. Did you mean '--format \(name)'?"
        }
        guard !message.contains("Did you mean") else { return message }
        return message + "." + NearMiss.hint(for: word, among: ["--version", "--help"])
    }

    /// How to give a value that the parser took for an option: `--top -3`.
    private static func negativeValueHint(_ message: String, _ words: [String]) -> String? {
        guard message.utf8.starts(with: "Missing value for '".utf8) else { return nil }
        for (option, value) in zip(words, words.dropFirst()) {
            let isNegative = value.utf8.first == 0x2D && Double(value) != nil
            guard isNegative, message.contains("'\(option) ") else { continue }
            return ". A value below zero is written \(option)=\(value)."
        }
        return nil
    }

    private static func write(_ text: String) throws {
        let output = OutputStream.standardOutput()
        try output.write(text)
        try output.finish()
    }
}
