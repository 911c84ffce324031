internal import PropertyGraph

/// `+ - * /` over temporal values; nil where it is none of them.
enum TemporalArithmetic {
    static func value(
        _ sign: BinaryOperator, _ left: Value, _ right: Value, at range: SourceRange
    ) throws(CypherError) -> Value? {
        let result: Value?
        switch (sign, left, right) {
        case (.add, .duration(let a), .duration(let b)): result = sum(a, b).map { .duration($0) }
        case (.subtract, .duration(let a), .duration(let b)):
            result = negated(b).flatMap { sum(a, $0) }.map { .duration($0) }
        case (.add, let instant, .duration(let duration)),
            (.add, .duration(let duration), let instant):
            guard TemporalParts(instant) != nil else { return nil }
            result = shifted(instant, duration)
        case (.subtract, let instant, .duration(let duration)):
            guard TemporalParts(instant) != nil else { return nil }
            result = negated(duration).flatMap { shifted(instant, $0) }
        case (.multiply, .duration(let duration), let factor),
            (.multiply, let factor, .duration(let duration)):
            guard let number = MathFunctions.double(factor) else { return nil }
            result = scaled(duration, number).map { .duration($0) }
        case (.divide, .duration(let duration), let divisor):
            guard let number = MathFunctions.double(divisor) else { return nil }
            result = scaled(duration, 1 / number).map { .duration($0) }
        default: return nil
        }
        guard let result else {
            throw CypherError(
                .arithmeticError, .runtime, .numberOutOfRange,
                "The result is out of range: years are from -999999999 to 999999999, and the "
                    + "parts of a duration have 64 bits.", at: range)
        }
        return result
    }

    static func sum(_ a: TemporalDuration, _ b: TemporalDuration) -> TemporalDuration? {
        TemporalDuration(
            months: a.months, b.months, days: a.days, b.days, seconds: a.seconds, b.seconds,
            nanoseconds: Int64(a.nanoseconds) + Int64(b.nanoseconds))
    }

    static func negated(_ duration: TemporalDuration) -> TemporalDuration? {
        let parts = [duration.months, duration.days, duration.seconds]
        guard !parts.contains(.min) else { return nil }
        return TemporalDuration(
            months: -duration.months, 0, days: -duration.days, 0, seconds: -duration.seconds, 0,
            nanoseconds: -Int64(duration.nanoseconds))
    }

    private static func scaled(_ duration: TemporalDuration, _ factor: Double) -> TemporalDuration?
    {
        var builder = DurationBuilder()
        builder.add(months: .float(Double(duration.months) * factor), times: 1)
        builder.add(days: .float(Double(duration.days) * factor), times: 1)
        builder.add(seconds: .float(Double(duration.seconds) * factor), times: 1)
        builder.add(
            parts: .float(Double(duration.nanoseconds) * factor), of: 1_000_000_000)
        return builder.duration()
    }

    // MARK: Instants

    /// Months first, the day clipped to the end of its month, then days, then seconds.
    private static func shifted(_ instant: Value, _ duration: TemporalDuration) -> Value? {
        switch instant {
        case .date(let date):
            // The time of a duration counts in whole days.
            let (days, tooLarge) = duration.days.addingReportingOverflow(duration.seconds / 86_400)
            guard !tooLarge else { return nil }
            return shifted(date, months: duration.months, days: days).map { .date($0) }
        case .localTime(let time):
            return .localTime(
                time.adding(
                    seconds: duration.seconds, nanoseconds: Int64(duration.nanoseconds)))
        case .time(let time):
            return .time(
                ZonedTime(
                    localTime: time.localTime.adding(
                        seconds: duration.seconds, nanoseconds: Int64(duration.nanoseconds)),
                    utcOffsetSeconds: time.utcOffsetSeconds))
        case .localDateTime(let moment):
            return shifted(moment, duration).map { .localDateTime($0) }
        case .dateTime(let moment):
            return shifted(moment, duration).map { .dateTime($0) }
        default: return nil
        }
    }

    static func shifted(_ date: CalendarDate, months: Int64, days: Int64) -> CalendarDate? {
        var date = date
        if months != 0 {
            let civil = date.civil
            let (total, tooLarge) = (civil.year * 12 + civil.month - 1)
                .addingReportingOverflow(months)
            guard !tooLarge else { return nil }
            let year = total >= 0 ? total / 12 : (total - 11) / 12
            let month = total - year * 12 + 1
            guard (-999_999_999...999_999_999).contains(year) else { return nil }
            var day = civil.day
            while day > 28, CalendarDate(year: year, month: month, day: day) == nil { day -= 1 }
            guard let clipped = CalendarDate(year: year, month: month, day: day) else { return nil }
            date = clipped
        }
        let (shifted, tooLarge) = date.daysSinceEpoch.addingReportingOverflow(days)
        guard !tooLarge, CalendarDate.days.contains(shifted) else { return nil }
        return CalendarDate(daysSinceEpoch: shifted)
    }

    private static func shifted(
        _ moment: LocalDateTime, _ duration: TemporalDuration
    ) -> LocalDateTime? {
        guard
            let date = shifted(moment.date, months: duration.months, days: duration.days)
        else { return nil }
        let start = LocalDateTime(date: date, time: moment.time)
        let nanos = Int64(start.nanoseconds) + Int64(duration.nanoseconds)
        let (seconds, tooLarge) = start.secondsSinceEpoch.addingReportingOverflow(
            duration.seconds)
        guard !tooLarge, LocalDateTime.seconds.contains(seconds) else { return nil }
        let shifted = LocalDateTime(
            secondsSinceEpoch: seconds + nanos / 1_000_000_000,
            nanoseconds: Int32(nanos % 1_000_000_000))
        return shifted.date.isWithinYears ? shifted : nil
    }

    private static func shifted(
        _ moment: ZonedDateTime, _ duration: TemporalDuration
    ) -> ZonedDateTime? {
        let zone = TemporalZone(moment)
        let byCalendar = TemporalDuration(
            months: duration.months, days: duration.days, seconds: 0, nanoseconds: 0)
        guard let local = shifted(moment.localDateTime, byCalendar) else { return nil }
        let start =
            duration.months == 0 && duration.days == 0
            ? moment : zone.moment(local, preferring: moment.utcOffsetSeconds)
        let nanos = Int64(start.nanoseconds) + Int64(duration.nanoseconds)
        let (seconds, tooLarge) = start.secondsSinceEpoch.addingReportingOverflow(
            duration.seconds)
        guard !tooLarge, LocalDateTime.seconds.contains(seconds) else { return nil }
        let shifted = zone.moment(
            seconds: seconds + nanos / 1_000_000_000, Int32(nanos % 1_000_000_000))
        return shifted.localDateTime.date.isWithinYears ? shifted : nil
    }
}
