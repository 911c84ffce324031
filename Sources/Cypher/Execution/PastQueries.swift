internal import GraphStore
internal import PropertyGraph

// Queries about an earlier moment: `USE AT 120 MATCH …`, or `QueryOptions.moment`.
extension PreparedQuery {
    /// - Throws: Where the past is asked to change, or for its schema, which is today's.
    func refusePast(_ options: QueryOptions) throws {
        guard asOf != nil || options.moment != nil else { return }
        if case .query = kind, !isUpdating { return }
        throw CypherError.syntax(
            .unexpectedSyntax,
            "Of an earlier moment nodes and relationships can be read, and nothing can be changed. "
                + "Leave USE AT (or the moment) out.", at: asOf?.range)
    }
}

extension PreparedQuery {
    /// - Throws: Where a query within a transaction asks about an earlier moment.
    func refuseAnyPast(_ options: QueryOptions) throws {
        guard asOf != nil || options.moment != nil else { return }
        throw CypherError.syntax(
            .unexpectedSyntax,
            "A transaction reads what is there now. Ask about an earlier moment outside of it.",
            at: asOf?.range)
    }
}

extension GraphDatabase {
    /// The moment that a query is about; nil for now.
    func moment(
        of prepared: PreparedQuery, _ parameters: [String: CypherValue], _ options: QueryOptions
    ) throws -> PastMoment? {
        guard let expression = prepared.asOf else { return options.moment }
        var plain = options
        plain.moment = nil
        let words = prepared.text.text(expression.range)
        let value: CypherValue
        do {
            let result = try query("RETURN \(words)", parameters: parameters, options: plain)
            value = result.rows.first?.first ?? .null
        } catch let error as CypherError {
            // The place would be one of another text.
            throw CypherError.syntax(.unexpectedSyntax, error.message, at: expression.range)
        }
        guard let moment = Self.moment(value) else {
            throw CypherError.syntax(
                .unexpectedSyntax,
                "USE AT takes a position such as 120, or a time such as "
                    + "datetime('2026-01-31T12:00Z').", at: expression.range)
        }
        return moment
    }

    private static func moment(_ value: CypherValue) -> PastMoment? {
        switch value {
        case .integer(let position): return UInt64(exactly: position).map { .position($0) }
        case .string(let text):
            if let zoned = ZonedDateTime(iso: text) {
                return time(zoned.secondsSinceEpoch, zoned.nanoseconds)
            }
            if let local = LocalDateTime(iso: text) {
                return time(local.secondsSinceEpoch, local.nanoseconds)
            }
            return CalendarDate(iso: text).flatMap { day($0) }
        case .property(.zonedDateTime(let zoned)):
            return time(zoned.secondsSinceEpoch, zoned.nanoseconds)
        case .property(.localDateTime(let local)):
            return time(local.secondsSinceEpoch, local.nanoseconds)
        case .property(.date(let date)): return day(date)
        default: return nil
        }
    }

    private static func day(_ date: CalendarDate) -> PastMoment? {
        let (seconds, overflow) = Int64(date.daysSinceEpoch)
            .multipliedReportingOverflow(by: 86_400)
        return overflow ? nil : time(seconds, 0)
    }

    private static func time(_ seconds: Int64, _ nanoseconds: Int32) -> PastMoment? {
        let (microseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        let sum = microseconds.addingReportingOverflow(Int64(nanoseconds / 1_000))
        return overflow || sum.overflow ? nil : .time(microsecondsSinceEpoch: sum.partialValue)
    }
}
