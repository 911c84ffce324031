import ArgumentParser
import GraphStore
import PropertyGraph

/// `cairn backup`.
struct BackupCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "backup", "Back a database up while it is in use, or prove a backup.",
        examples: [
            Example("Now and every night", "cairn backup backups/people --db people.cairn"),
            Example("Do I have a backup?", "cairn backup --verify backups/people"),
            Example("What can be restored", "cairn backup --list backups/people"),
        ],
        discussion: """
            The first backup copies the whole database, later ones the changes since; when the \
            change log does not reach back so far, the whole database again. Every piece is proved \
            as it is written. With --verify every byte is read again: the exit code is 0 when the \
            newest state can be restored, else 1.
            """)

    @Argument(help: "The directory of the backup.", completion: .directory)
    var target: String
    @Flag(help: "Copy the whole database.")
    var full = false
    @Flag(help: "Add the changes since the last backup, or fail saying why that cannot be.")
    var incremental = false
    @Flag(help: "Prove the backup instead of adding to it.")
    var verify = false
    @Flag(help: "List the pieces of the backup instead of adding to it.")
    var list = false
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func validate() throws {
        let modes = [full, incremental, verify, list].filter { $0 }.count
        if modes > 1 {
            throw ValidationError("Give at most one of --full, --incremental, --verify, --list.")
        }
    }

    func run(on console: Console) throws {
        if verify { return try prove(on: console) }
        if list { return try listPieces(on: console) }
        let source = try database.openForReading()
        let choice: BackupChoice = full ? .full : incremental ? .increment : .automatic
        let result = try source.backup(to: target, choice)
        if let reason = result.reason { try console.note(reason) }
        var details = Details()
        details.add("target", "Target", .string(target))
        details.add("piece", "Piece", .string(result.piece?.name ?? ""))
        details.add("position", "Position", .unsigned(result.piece?.position ?? 0))
        details.add("bytes", "Bytes", .count(result.piece?.bytes ?? 0))
        guard let piece = result.piece else {
            return try console.report(
                "Nothing was changed since the last backup to '\(target)'.", details)
        }
        let what =
            piece.kind == .full
            ? "the whole database" : "the changes since position \(piece.afterPosition)"
        try console.report(
            "Backed up \(what) to '\(target)': position \(piece.position), "
                + "\(NumberText.bytes(piece.bytes)).", details)
    }

    private func listPieces(on console: Console) throws {
        var listing = Listing(
            [
                .init("piece", "Piece"), .init("kind", "Kind"), .init("position", "Position"),
                .init("committed", "Committed"), .init("nodes", "Nodes", as: .grouped),
                .init("edges", "Edges", as: .grouped),
                .init("bytes", "Size", as: .size),
            ], ifEmpty: "There is no backup at '\(target)'.")
        listing.rows = Backup(at: target).pieces().map { piece in
            [
                .string(piece.name), .string(piece.kind.rawValue), .unsigned(piece.position),
                .string(DurationText.moment(microseconds: piece.committedMicroseconds)),
                .count(piece.nodes), .count(piece.edges), .count(piece.bytes),
            ]
        }
        try console.print(listing)
    }

    private func prove(on console: Console) throws {
        let report = try Backup(at: target).verify { Interruption.isRequested }
        for finding in report.findings { try console.note(finding) }
        var details = Details()
        details.add("restorable", "Restorable", .boolean(report.isRestorable))
        details.add("pieces", "Pieces", .count(report.pieces.count))
        if let span = report.spans.last {
            details.add("first", "First position", .unsigned(span.first))
            details.add("last", "Last position", .unsigned(span.last))
        }
        details.add("findings", "Findings", .array(report.findings.map { .string($0) }))
        var sentence = report.isRestorable ? "Yes" : "No"
        if let span = report.spans.last {
            let time = DurationText.moment(microseconds: span.lastMicroseconds)
            sentence +=
                span.first == span.last
                ? ": position \(span.last) can be restored"
                : ": positions \(span.first) to \(span.last) can be restored"
            if span.lastMicroseconds != 0 { sentence += ", the last of \(time)" }
            sentence += report.isRestorable ? "." : ", and later ones not."
        } else {
            sentence += ": nothing can be restored."
        }
        try console.report(sentence, details)
        guard report.isRestorable else {
            throw CommandError.failure(
                "The backup at '\(target)' is damaged: "
                    + "\(NumberText.counted(report.findings.count, "finding")). Make another one.")
        }
    }
}

/// `cairn restore`.
struct RestoreCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "restore", "Make a database anew from its backup.",
        examples: [
            Example("The newest state", "cairn restore backups/people --db people.cairn"),
            Example(
                "An earlier one, beside it",
                "cairn restore backups/people --at 2026-01-31T12:00Z --db then.cairn"),
        ],
        discussion: """
            The database is built aside, checked, and put in its place in one step. One that is \
            there already is replaced only with --force, and only when no other process has it open.
            """)

    @Argument(help: "The directory of the backup.", completion: .directory)
    var backup: String
    @Option(
        name: .customLong("at"),
        help: ArgumentHelp(
            "The last state at or before a position (a number) or time (2026-01-31T12:00Z).",
            valueName: "moment"))
    var moment: String?
    @Flag(help: "Replace a database that is there.")
    var force = false
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let path = try database.requirePath()
        let moment = try moment.map { try MomentOption.moment($0) }
        let summary = try Backup(at: backup).restore(to: path, at: moment, replacing: force)
        var details = Details()
        details.add("path", "Path", .string(path))
        details.add("position", "Position", .unsigned(summary.position))
        details.add("nodes", "Nodes", .count(summary.nodes))
        details.add("edges", "Edges", .count(summary.edges))
        try console.report(
            "Restored '\(path)' as of position \(summary.position): "
                + "\(NumberText.counted(summary.nodes, "node")), "
                + "\(NumberText.counted(summary.edges, "edge")).", details)
    }
}
