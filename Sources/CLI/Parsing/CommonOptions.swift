import ArgumentParser

/// The options that every command has.
struct CommonOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How to print results: table, plain (tabs, no header), json, jsonl or csv.",
            valueName: "format"))
    var format: OutputFormat?

    @Flag(help: "Short for --format json.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print results only: no hints, no progress.")
    var quiet = false

    @Flag(name: .customLong("no-color"), help: "No colours; the variable NO_COLOR does the same.")
    var noColor = false

    @Flag(name: .customLong("no-input"), help: "Never ask; fail where an answer is needed.")
    var noInput = false

    /// The format that was asked for; nil when none was.
    var formatAsked: OutputFormat? { format ?? (json ? .json : nil) }

    /// Where the command prints.
    func console() -> Console {
        Console(
            terminal: .detect(), format: formatAsked ?? .table, isQuiet: quiet,
            mayAsk: !noInput, hasColor: !noColor)
    }
}

extension OutputFormat: ExpressibleByArgument {}

/// A command that prints to a console: sets it up, runs, and prints what is left.
protocol ConsoleCommand: ParsableCommand {
    /// The options that every command has.
    var common: CommonOptions { get }
    /// Does the work.
    func run(on console: Console) throws
}

extension ConsoleCommand {
    /// Runs the command on a console made from its options.
    func run() throws {
        let console = common.console()
        SystemCalls.catchInterrupts()
        do {
            try run(on: console)
        } catch {
            // What was found before the failure still belongs to the reader.
            try console.output.flush()
            throw error
        }
        try console.output.finish()
    }

    /// An error that says the command was called wrongly, and where its help is.
    static func usage(_ message: String) -> CommandError {
        .usage(message, help: CommandTree.path(to: Self.self) + " --help")
    }
}

/// Checks of numbers and lists.
enum OptionText {
    /// The pieces between commas; empty ones are dropped.
    static func list(_ texts: [String]) -> [String] {
        // By bytes: a comma followed by a combining mark is still a comma.
        texts.flatMap { $0.utf8.split(separator: 0x2C).map { String(Substring($0)) } }
    }

    /// Refuses an empty name of what is no list.
    static func checkName(_ text: String, _ what: String) throws {
        guard text.isEmpty else { return }
        throw ValidationError("The \(what) is an empty name. Give the id of a concept.")
    }

    /// Refuses lists of names of which one is empty, as an unset variable of a shell leaves them.
    ///
    /// - Parameter what: What the names stand for, such as "goals".
    static func checkNames(_ texts: [String], _ what: String) throws {
        let pieces = texts.flatMap {
            $0.utf8.split(separator: 0x2C, omittingEmptySubsequences: false)
        }
        guard pieces.contains(where: \.isEmpty) else { return }
        throw ValidationError(
            "One of the \(what) is an empty name. Give ids of concepts, joined by single commas.")
    }

    /// Refuses a number outside its range.
    ///
    /// - Parameter short: The letter that asks for the same, if there is one.
    static func check<Number: Comparable>(
        _ value: Number?, _ range: ClosedRange<Number>, _ option: String, short: String? = nil
    ) throws {
        guard let value, !range.contains(value) else { return }
        throw ValidationError(
            "The value of \(name(option, short)) is \(text(value)). Give a number from "
                + "\(text(range.lowerBound)) to \(text(range.upperBound)).")
    }

    /// An option by all its names: `--count`, or `-n (--count)`.
    private static func name(_ option: String, _ short: String?) -> String {
        short.map { "-\($0) (--\(option))" } ?? "--\(option)"
    }

    /// A number as one would type it: `7`, not the `7.0` of a double.
    private static func text<Number>(_ number: Number) -> String {
        let text = "\(number)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Refuses a count below the least.
    static func check(
        _ value: Int?, atLeast least: Int, _ option: String, short: String? = nil
    ) throws {
        guard let value, value < least else { return }
        throw ValidationError(
            "The value of \(name(option, short)) is \(value). Give \(least) or more.")
    }
}
