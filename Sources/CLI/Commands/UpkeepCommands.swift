import ArgumentParser
import GraphStore

/// `cairn copy`.
struct CopyCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "copy", "Copy a database, as of now, while it is in use.",
        examples: [
            Example(
                "Another database of the same content", "cairn copy try.cairn --db people.cairn"),
            Example("Without its free pages", "cairn copy small.cairn --compact --db people.cairn"),
        ])

    @Argument(help: "The directory to make.", completion: .directory)
    var target: String
    @Flag(help: "Leave out free pages: slower, and smaller.")
    var compact = false
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let source = try database.openForReading()
        try source.copy(to: target, compacting: compact)
        var details = Details()
        details.add("source", "Source", .string(source.path))
        details.add("target", "Target", .string(target))
        try console.report("Copied '\(source.path)' to '\(target)'.", details)
    }
}

/// `cairn compact`.
struct CompactCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "compact", "Rewrite a database without its free pages.",
        examples: [Example("Give space back", "cairn compact --db people.cairn")],
        discussion: """
            No other process may have the database open. The old file is replaced only when the \
            new one is whole.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let path = try database.requireExisting()
        let (before, after) = try GraphDatabase.compact(path: path)
        var details = Details()
        details.add("before_bytes", "Before", .count(before))
        details.add("after_bytes", "After", .count(after))
        try console.report(
            "Compacted '\(path)' from \(NumberText.bytes(before)) to \(NumberText.bytes(after)).",
            details)
    }
}
