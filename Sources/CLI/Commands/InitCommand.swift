import ArgumentParser
import GraphStore

/// `cairn init`.
struct InitCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "init", "Make an empty database.",
        examples: [Example("A directory that will hold a graph", "cairn init people.cairn")])

    @Argument(
        help: "The directory to make; without it, --db or CAIRN_DB.", completion: .directory)
    var path: String?
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let path = try self.path ?? database.requirePath()
        guard !DatabaseOption.isDatabase(path) else {
            throw CommandError.failure(
                "There is a database at '\(path)' already. Use it with "
                    + "--db \(ShellText.word(path)), or name another directory.")
        }
        let made = try GraphDatabase(path: path)
        made.close()
        var details = Details()
        details.add("path", "Path", .string(path))
        details.add("format", "Format", .integer(Int64(made.format.version)))
        try console.report("Made an empty database at '\(path)'.", details)
        try console.suggest(
            "cairn node create Person name=Ada --db \(ShellText.word(path))", "Add a node")
    }
}
