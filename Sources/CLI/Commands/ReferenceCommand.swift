import ArgumentParser

/// `cairn reference`: writes the pages of the reference that are made from the program itself.
struct ReferenceCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "reference", "Print a page of the reference in Markdown.", examples: [], isShown: false)

    /// The pages there are.
    enum Page: String, CaseIterable, ExpressibleByArgument {
        case cli, algorithms
    }

    @Argument(help: "cli or algorithms.")
    var page: Page
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        switch page {
        case .cli: try console.output.write(ReferencePage.commands())
        case .algorithms: try console.output.write(ReferencePage.algorithms())
        }
    }
}
