/// Why a command ended without doing its work: what to tell, and the code to exit with.
struct CommandError: Error {
    /// One or more sentences: what failed, where, and how to mend it.
    let message: String
    /// A command that helps; nil when there is none.
    let help: String?
    /// What the process exits with.
    let exitCode: Int32

    /// The command could not do its work.
    static func failure(_ message: String) -> CommandError {
        CommandError(message: message, help: nil, exitCode: 1)
    }

    /// The command was called wrongly.
    static func usage(_ message: String, help: String? = nil) -> CommandError {
        CommandError(message: message, help: help, exitCode: 64)
    }

    /// Ctrl-C.
    static var interrupted: CommandError {
        CommandError(
            message: "Interrupted; nothing was changed.", help: nil,
            exitCode: Interruption.exitCode)
    }
}
