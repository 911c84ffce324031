import ArgumentParser
import GraphStore
import PropertyGraph

/// `cairn history`.
struct HistoryCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "history", "Keep earlier states of a database, to be read with --at.",
        examples: [
            Example("What is kept", "cairn history --db people.cairn"),
            Example("Keep the last 30 days", "cairn history on --age P30D --db people.cairn"),
            Example(
                "A node as it was",
                "cairn node get Person:name=Ada --at 2026-01-31 --db people.cairn"),
            Example("Keep nothing any more", "cairn history off --force --db people.cairn"),
        ],
        discussion: """
            Every change then also stores what was before, in every process that writes. A file \
            imported in bulk begins the history anew.
            """)

    /// What to do.
    enum Action: String, CaseIterable, ExpressibleByArgument {
        case show, on, off
    }

    @Argument(help: "Show the setting, switch it on (or change it), or off.")
    var action = Action.show
    @Option(help: ArgumentHelp("Keep so many positions.", valueName: "count"))
    var positions: UInt64?
    @Option(
        help: ArgumentHelp("Keep at most so long: P30D, PT12H, P1Y.", valueName: "duration"))
    var age: String?
    @Flag(help: "Drop what was kept without asking.")
    var force = false
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        switch action {
        case .show: try show(database.openForReading(), console)
        case .on:
            let retention = try retention()
            let database = try database.openForWriting()
            try database.setHistory(retention)
            try show(database, console)
        case .off:
            let database = try database.openForWriting()
            try console.confirm("Drop all earlier states?", isForced: force)
            try database.setHistory(nil)
            try console.report("Earlier states are no longer kept.", Details())
        }
    }

    private func retention() throws -> HistoryRetention {
        var retention = HistoryRetention()
        if let positions { retention.maximumPositions = positions }
        guard let age else { return retention }
        guard let duration = TemporalDuration(iso: age), duration.months >= 0, duration.days >= 0,
            duration.seconds >= 0, duration.months < 12_000, duration.days < 4_000_000
        else {
            throw CommandError.usage(
                "'\(age)' is no age. Write it as P30D (days), P1Y or PT12H (hours).")
        }
        // A month counts 31 days: rather too much is kept than too little.
        let days = duration.months * 31 + duration.days
        retention.maximumAge = .seconds(days * 86_400 + min(duration.seconds, 1 << 40))
        return retention
    }

    private func show(_ database: GraphDatabase, _ console: Console) throws {
        guard let history = try database.history() else {
            return try console.report(
                "No earlier states are kept. Switch it on: cairn history on"
                    + self.database.words, Details())
        }
        let newest = try database.position()
        var details = Details()
        details.add("first_position", "First position", .unsigned(history.firstPosition))
        details.add(
            "first_time", "Since",
            history.firstMicrosecondsSinceEpoch.map {
                .string(DurationText.moment(microseconds: $0))
            } ?? .null)
        details.add("newest_position", "Newest position", .unsigned(newest))
        details.add(
            "maximum_positions", "Positions kept", .unsigned(history.retention.maximumPositions))
        details.add(
            "maximum_age_s", "Seconds kept",
            history.retention.maximumAge.map { .integer($0.components.seconds) } ?? .null)
        try console.report(
            "Every state from position \(history.firstPosition) to \(newest) can be read.", details)
    }
}
