internal import PropertyGraph

/// `duration.between` and its kin.
enum TemporalDifference {
    static func value(_ function: FunctionID, _ from: Value, _ to: Value) -> Value? {
        guard var first = TemporalParts(from), var second = TemporalParts(to) else { return nil }
        let hasDates = first.date != nil && second.date != nil
        // What one of the two lacks is taken from the other.
        let zone = first.zone ?? second.zone
        let isZoned = zone != nil
        first.date = first.date ?? second.date
        second.date = second.date ?? first.date
        let firstZone = first.zone ?? zone ?? .utc
        let secondZone = second.zone ?? zone ?? .utc
        let start = firstZone.moment(first.local, preferring: first.offset)
        let end = secondZone.moment(second.local, preferring: second.offset)
        // Both as the clock of the first shows them.
        let seen = firstZone.moment(seconds: end.secondsSinceEpoch, end.nanoseconds)
        let clocks = (start.localDateTime, seen.localDateTime)
        switch function {
        case .durationInSeconds: return .duration(seconds(start, end))
        case .durationInDays:
            guard hasDates else { return .duration(zero) }
            return .duration(
                TemporalDuration(
                    months: 0, days: wholeDays(clocks.0, clocks.1), seconds: 0, nanoseconds: 0))
        case .durationInMonths:
            guard hasDates else { return .duration(zero) }
            return .duration(
                TemporalDuration(
                    months: wholeMonths(clocks.0, clocks.1), days: 0, seconds: 0, nanoseconds: 0))
        default:
            guard hasDates else { return .duration(seconds(start, end)) }
            return between(start, end, clocks, firstZone, isZoned: isZoned).map { .duration($0) }
        }
    }

    private static let zero = TemporalDuration(months: 0, days: 0, seconds: 0, nanoseconds: 0)

    private static func seconds(_ from: ZonedDateTime, _ to: ZonedDateTime) -> TemporalDuration {
        let nanos = Int64(to.nanoseconds) - Int64(from.nanoseconds)
        let seconds = to.secondsSinceEpoch - from.secondsSinceEpoch
        return TemporalDuration(
            months: 0, days: 0, seconds: nanos < 0 ? seconds - 1 : seconds,
            nanoseconds: Int32(nanos < 0 ? nanos + 1_000_000_000 : nanos))
    }

    /// Whole days toward zero.
    private static func wholeDays(_ from: LocalDateTime, _ to: LocalDateTime) -> Int64 {
        let days = to.date.daysSinceEpoch - from.date.daysSinceEpoch
        if days > 0, to.time < from.time { return days - 1 }
        if days < 0, to.time > from.time { return days + 1 }
        return days
    }

    /// Whole months toward zero.
    private static func wholeMonths(_ from: LocalDateTime, _ to: LocalDateTime) -> Int64 {
        let (a, b) = (from.date.civil, to.date.civil)
        let months = (b.year - a.year) * 12 + b.month - a.month
        let isBefore = (b.day, to.time) < (a.day, from.time)
        let isAfter = (b.day, to.time) > (a.day, from.time)
        if months > 0, isBefore { return months - 1 }
        if months < 0, isAfter { return months + 1 }
        return months
    }

    private static func between(
        _ start: ZonedDateTime, _ end: ZonedDateTime, _ clocks: (LocalDateTime, LocalDateTime),
        _ zone: TemporalZone, isZoned: Bool
    ) -> TemporalDuration? {
        let months = wholeMonths(clocks.0, clocks.1)
        guard
            let afterMonths = TemporalArithmetic.shifted(clocks.0.date, months: months, days: 0)
        else { return nil }
        let reached = LocalDateTime(date: afterMonths, time: clocks.0.time)
        let days = wholeDays(reached, clocks.1)
        let afterDays = LocalDateTime(
            date: CalendarDate(daysSinceEpoch: afterMonths.daysSinceEpoch + days),
            time: clocks.0.time)
        // Without a step by months or days the start keeps its own offset.
        let last =
            months == 0 && days == 0
            ? start : zone.moment(afterDays, preferring: start.utcOffsetSeconds)
        let rest = seconds(last, end)
        return TemporalDuration(
            months: months, days: days, seconds: rest.seconds, nanoseconds: rest.nanoseconds)
    }
}
