import ArgumentParser
import GraphStore
import PropertyGraph

/// The option that asks for an earlier state.
struct MomentOption: ParsableArguments {
    @Option(
        name: .customLong("at"),
        help: ArgumentHelp(
            "As it was at a position (a number) or time (2026-01-31, 2026-01-31T12:00Z); the "
                + "database must keep its history.", valueName: "moment"))
    var text: String?

    /// The moment asked for; nil for now.
    func moment() throws -> PastMoment? {
        try text.map { try Self.moment($0) }
    }

    /// The moment that a text says.
    static func moment(_ text: String) throws -> PastMoment {
        if let position = UInt64(text) { return .position(position) }
        if let moment = ZonedDateTime(iso: text) {
            return try time(moment.secondsSinceEpoch, moment.nanoseconds, text)
        }
        if let local = LocalDateTime(iso: text) {
            return try time(local.secondsSinceEpoch, local.nanoseconds, text)
        }
        if let date = CalendarDate(iso: text) {
            let (seconds, overflow) = Int64(date.daysSinceEpoch)
                .multipliedReportingOverflow(by: 86_400)
            if !overflow { return try time(seconds, 0, text) }
        }
        throw CommandError.usage(
            "'\(text)' is no moment. Give a position as in --at 120, or a time in UTC as in --at "
                + "2026-01-31T12:00Z.")
    }

    private static func time(
        _ seconds: Int64, _ nanoseconds: Int32, _ text: String
    ) throws -> PastMoment {
        let (microseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        guard !overflow else { throw CommandError.usage("'\(text)' is too far away in time.") }
        return .time(microsecondsSinceEpoch: microseconds &+ Int64(nanoseconds / 1_000))
    }

    /// Reads the database as it is, or was.
    func read<R>(
        _ database: GraphDatabase, _ body: (borrowing ReadTransaction) throws -> R
    ) throws -> R {
        guard let moment = try moment() else { return try database.read(body) }
        return try database.read(asOf: moment, body)
    }
}
