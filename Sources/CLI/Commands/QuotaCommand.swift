import ArgumentParser
import GraphStore

/// `cairn quota`.
struct QuotaCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "quota", "Limit the size of a database, for every program that writes to it.",
        examples: [
            Example("What it is", "cairn quota --db people.cairn"),
            Example("At most 500 MB", "cairn quota 500MB --db people.cairn"),
            Example("No limit any more", "cairn quota none --db people.cairn"),
        ],
        discussion: """
            A write that does not fit fails and leaves nothing; deleting goes on, and compacting \
            gives space back. The variable CAIRN_MAX_SIZE limits one program further.
            """)

    @Argument(
        help: ArgumentHelp(
            "A size such as 500MB or 2GB (powers of 1024), or none.", valueName: "size"))
    var size: String?
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        guard let size else { return try show(database.openForReading(), console) }
        var bytes: Int?
        if size != "none" {
            bytes = SizeText.bytes(size)
            guard let bytes, bytes >= 1 << 20 else {
                throw Self.usage(
                    "'\(size)' is no size. Give 1MB or more, such as 500MB or 2GB, or none.")
            }
        }
        let database = try database.openForWriting()
        try database.setSizeLimit(bytes)
        try show(database, console)
    }

    private func show(_ database: GraphDatabase, _ console: Console) throws {
        let info = try database.info()
        var details = Details()
        details.add("size_limit_bytes", "Limit", info.sizeLimit.map { .count($0) } ?? .null)
        details.add("file_bytes", "File", .count(info.fileBytes))
        let used = "it has \(NumberText.bytes(info.fileBytes)) now."
        try console.report(
            info.sizeLimit.map { "The file may grow to \(NumberText.bytes($0)); \(used)" }
                ?? "The file may grow as far as the volume allows; \(used)", details)
    }
}
