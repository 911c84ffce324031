import Glibc
import PropertyGraph

/// What the streams of this process are connected to.
struct Terminal: Sendable {
    /// Whether standard output is a terminal.
    let outputIsTerminal: Bool
    /// Whether standard error is a terminal.
    let errorIsTerminal: Bool
    /// Whether standard input is a terminal.
    let inputIsTerminal: Bool
    /// How many columns a table may take; nil when it may take any.
    let columns: Int?
    /// Whether the environment allows colours (https://no-color.org).
    let allowsColor: Bool

    /// Looks at the streams and the environment.
    static func detect() -> Terminal {
        let output = SystemCalls.isTerminal(STDOUT_FILENO)
        let refusal = SystemCalls.environment("NO_COLOR") ?? ""
        let kind = SystemCalls.environment("TERM") ?? ""
        // COLUMNS overrides, also away from a terminal: that is how a table is fitted in a test.
        let wished = SystemCalls.environment("COLUMNS").flatMap { Int($0) }.flatMap {
            $0 >= 20 ? $0 : nil
        }
        return Terminal(
            outputIsTerminal: output,
            errorIsTerminal: SystemCalls.isTerminal(STDERR_FILENO),
            inputIsTerminal: SystemCalls.isTerminal(STDIN_FILENO),
            columns: wished ?? (output ? SystemCalls.terminalColumns(STDOUT_FILENO) ?? 80 : nil),
            allowsColor: refusal.isEmpty && !UTF8Order.equal(kind, "dumb"))
    }

    /// Ends the process.
    static func exit(_ code: Int32) -> Never { Glibc.exit(code) }
}
