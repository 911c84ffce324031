import ArgumentParser
import GraphStore

/// `cairn check`.
struct CheckCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "check", "Read a whole database and prove that its parts agree.",
        examples: [
            Example("Every record, index and count", "cairn check --db people.cairn"),
            Example("Findings for a program", "cairn check --db people.cairn --json"),
        ],
        discussion: "Nothing is changed. The exit code is 1 when something is damaged.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let database = try database.openForReading()
        let progress = console.progressLine()
        let report = try database.check { step in
            if Interruption.isRequested { throw CommandError.interrupted }
            progress.show(
                "Checking \(step.table): \(NumberText.grouped(step.done)) of "
                    + NumberText.grouped(step.total))
        }
        progress.clear()
        if console.format == .json || console.format == .jsonl {
            let answer = Self.json(report)
            try console.format == .json ? console.print(answer) : console.printLine(answer)
        } else if report.isClean {
            let counts = report.counts
            var details = Details()
            details.add("sound", "Sound", .boolean(true))
            details.add("nodes", "Nodes", .count(counts.nodes))
            details.add("edges", "Edges", .count(counts.edges))
            try console.report(
                "Sound: \(NumberText.counted(counts.nodes, "node")), "
                    + "\(NumberText.counted(counts.edges, "edge")), "
                    + "\(NumberText.grouped(counts.indexEntries)) index entries, "
                    + "\(NumberText.grouped(counts.positions)) positions of the change log.",
                details)
        } else {
            var listing = Listing(
                [.init("code", "Code"), .init("place", "Place"), .init("message", "Finding")],
                ifEmpty: "")
            listing.rows = report.findings.map {
                [.string($0.code.rawValue), .string($0.place), .string($0.message)]
            }
            try console.print(listing)
        }
        guard report.isClean else {
            throw CommandError.failure(
                "The database is damaged: \(NumberText.counted(report.findingCount, "finding")). "
                    + "Restore a backup, or export what can still be read.")
        }
    }

    private static func json(_ report: CheckReport) -> JSON {
        .object([
            ("sound", .boolean(report.isClean)), ("position", .unsigned(report.position)),
            ("nodes", .count(report.counts.nodes)), ("edges", .count(report.counts.edges)),
            ("finding_count", .count(report.findingCount)),
            (
                "findings",
                .array(
                    report.findings.map {
                        .object([
                            ("code", .string($0.code.rawValue)), ("place", .string($0.place)),
                            ("message", .string($0.message)),
                        ])
                    })
            ),
        ])
    }
}

/// `cairn copy`.
struct CopyCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "copy", "Copy a database, as of now, while it is in use.",
        examples: [
            Example("A backup", "cairn copy backup.cairn --db people.cairn"),
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
