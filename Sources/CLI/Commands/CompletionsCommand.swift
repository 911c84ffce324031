import ArgumentParser

/// `cairn completions`.
struct CompletionsCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "completions", "Print a script that completes commands in a shell.",
        examples: [
            Example("bash, for this session", "source <(cairn completions bash)"),
            Example("zsh, for good", "cairn completions zsh > ~/.zfunc/_cairn"),
            Example(
                "fish, for good",
                "cairn completions fish > ~/.config/fish/completions/cairn.fish"),
        ])

    /// The shells there is a script for.
    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish
    }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let script =
            switch shell {
            case .bash: CairnCommand.completionScript(for: .bash)
            case .zsh: CairnCommand.completionScript(for: .zsh)
            case .fish: CairnCommand.completionScript(for: .fish)
            }
        try console.output.line(script)
    }
}
