import ArgumentParser
import Glibc
import GraphStore
import PropertyGraph

/// `cairn changes`.
struct ChangesCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "changes", "Show what was changed, oldest first.",
        examples: [
            Example(
                "The last transactions",
                "cairn changes --db DB"),
            Example(
                "Everything from a position on, for a program",
                "cairn changes --from 1 --format jsonl --db DB"),
            Example(
                "Watch",
                "cairn changes --follow --db DB"),
        ],
        discussion: """
            Every transaction has a position; positions have no gaps. Without --from the last \
            twenty are shown. With --follow the command goes on showing new ones, also those of \
            other processes, until Ctrl-C.
            """)

    @Option(help: ArgumentHelp("Begin with this position.", valueName: "position"))
    var from: UInt64?
    @Flag(name: .shortAndLong, help: "Go on with new ones as they come.")
    var follow = false
    @OptionGroup var limit: LimitOption
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        var room = limit.count(default: from != nil || follow ? 0 : 20)
        let database = try database.openForReading()
        var next = try database.read { try start($0, room) }
        var printer = ChangePrinter(console)
        while !Interruption.isRequested, room > 0 {
            let sets = try database.read { transaction in
                try transaction.position() < next
                    ? [] : transaction.changes(from: next, limit: min(room, 256))
            }
            for set in sets { try printer.print(set) }
            if let last = sets.last { next = last.position + 1 }
            room -= sets.count
            guard sets.isEmpty else { continue }
            guard follow else { break }
            try printer.flush()
            // Other processes have no way to wake this one, so look again from time to time.
            guard SystemCalls.wait(milliseconds: 100, watching: STDOUT_FILENO) else { return }
        }
        try printer.finish()
    }

    /// The first position to show.
    private func start(_ transaction: borrowing ReadTransaction, _ room: Int) throws -> UInt64 {
        if let from { return max(from, 1) }
        let newest = try transaction.position()
        if follow, limit.limit == nil { return newest + 1 }
        let back = UInt64(room)
        let first = newest >= back ? newest - back + 1 : 1
        return max(first, try transaction.firstLoggedPosition(), 1)
    }
}

/// Prints changes one by one as they come.
private struct ChangePrinter {
    let console: Console
    private var count = 0

    init(_ console: Console) { self.console = console }

    mutating func print(_ set: ChangeSet) throws {
        let time = DurationText.moment(microseconds: set.microsecondsSinceEpoch)
        for change in set.changes {
            let words = ChangeText(change)
            switch console.format {
            case .table:
                let place = TextWidth.padded("\(set.position)", to: 8, alignsRight: true)
                let line = "\(time)  \(TextWidth.printable(words.sentence))"
                let room = console.terminal.columns.map { max(40, $0 - 10) }
                let cut = room.map { TextWidth.truncated(line, to: $0) } ?? line
                try console.output.line("\(console.style.dim(place))  \(cut)")
            case .plain:
                try console.output.line(
                    "\(set.position)\t\(time)\t\(words.kind)\t\(TextWidth.printable(words.sentence))"
                )
            case .csv:
                if count == 0 { try console.output.line("position,time,change,text") }
                try console.output.line(
                    CSVText.line(["\(set.position)", time, words.kind, words.sentence]))
            case .json, .jsonl:
                if console.format == .json { try console.output.write(count == 0 ? "[\n" : ",\n") }
                let members: [(String, JSON)] = [
                    ("position", .unsigned(set.position)), ("time", .string(time)),
                    ("change", .string(words.kind)),
                ]
                try console.output.write { JSON.object(members + words.members).write(to: &$0) }
                if console.format == .jsonl { try console.output.line() }
            }
            count += 1
        }
    }

    func flush() throws { try console.output.flush() }

    func finish() throws {
        if console.format == .json { try console.output.line(count == 0 ? "[]" : "\n]") }
        if count == 0, console.format == .table, !console.isQuiet, !Interruption.isRequested {
            try console.note("No changes.")
        }
        try console.output.flush()
    }
}
