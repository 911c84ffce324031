internal import PropertyGraph

/// The parts of temporal values by name: `d.year`, `d.weekDay`, `t.epochMillis`.
enum TemporalComponents {
    /// The ISO week of a day: its week-year, week and day, Monday being 1.
    static func week(of date: CalendarDate) -> (year: Int64, week: Int64, day: Int64) {
        // 1970-01-01 was a Thursday.
        let weekday = ((date.daysSinceEpoch + 3) % 7 + 7) % 7 + 1
        let thursday = CalendarDate(daysSinceEpoch: date.daysSinceEpoch + 4 - weekday)
        let year = thursday.civil.year
        let start = CalendarDate(year: year, month: 1, day: 1) ?? thursday
        return (year, (thursday.daysSinceEpoch - start.daysSinceEpoch) / 7 + 1, weekday)
    }

    /// The quarter of a day, and the day within it from 1.
    static func quarter(of date: CalendarDate) -> (quarter: Int64, day: Int64) {
        let civil = date.civil
        let quarter = (civil.month - 1) / 3 + 1
        let start = CalendarDate(year: civil.year, month: (quarter - 1) * 3 + 1, day: 1) ?? date
        return (quarter, date.daysSinceEpoch - start.daysSinceEpoch + 1)
    }

    static func value(_ name: String, of value: Value) -> Value {
        let number: Int64?
        switch value {
        case .date(let date): number = component(name, of: date)
        case .localTime(let time): number = component(name, of: time)
        case .time(let time):
            if let zone = zone(name, time.utcOffsetSeconds, nil) { return zone }
            number = component(name, of: time.localTime)
        case .localDateTime(let moment):
            number = component(name, of: moment.date) ?? component(name, of: moment.time)
        case .dateTime(let moment):
            if let zone = zone(name, moment.utcOffsetSeconds, moment.zoneName) { return zone }
            let local = moment.localDateTime
            number =
                epoch(name, moment) ?? component(name, of: local.date)
                ?? component(name, of: local.time)
        case .duration(let duration): number = component(name, of: duration)
        default: number = nil
        }
        return number.map { .integer($0) } ?? .null
    }

    private static func component(_ name: String, of date: CalendarDate) -> Int64? {
        switch name {
        case "year": date.civil.year
        case "quarter": quarter(of: date).quarter
        case "month": date.civil.month
        case "week": week(of: date).week
        case "weekYear": week(of: date).year
        case "dayOfQuarter": quarter(of: date).day
        case "day": date.civil.day
        case "ordinalDay":
            date.daysSinceEpoch
                - (CalendarDate(year: date.civil.year, month: 1, day: 1) ?? date).daysSinceEpoch + 1
        case "dayOfWeek", "weekDay": week(of: date).day
        default: nil
        }
    }

    private static func component(_ name: String, of time: LocalTime) -> Int64? {
        let nanos = time.nanosecondsSinceMidnight
        return switch name {
        case "hour": nanos / 3_600_000_000_000
        case "minute": nanos / 60_000_000_000 % 60
        case "second": nanos / 1_000_000_000 % 60
        case "millisecond": nanos % 1_000_000_000 / 1_000_000
        case "microsecond": nanos % 1_000_000_000 / 1_000
        case "nanosecond": nanos % 1_000_000_000
        default: nil
        }
    }

    private static func epoch(_ name: String, _ moment: ZonedDateTime) -> Int64? {
        switch name {
        case "epochSeconds": moment.secondsSinceEpoch
        case "epochMillis":
            total(moment.secondsSinceEpoch, 1_000, Int64(moment.nanoseconds) / 1_000_000)
        default: nil
        }
    }

    /// Seconds in parts of one, and some more parts; nil where that does not fit 64 bits.
    private static func total(_ seconds: Int64, _ perSecond: Int64, _ more: Int64) -> Int64? {
        // Below zero the last second may not fit by itself.
        let isBelow = seconds < 0 && more > 0
        let (product, first) = (isBelow ? seconds + 1 : seconds)
            .multipliedReportingOverflow(by: perSecond)
        let (sum, second) = product.addingReportingOverflow(isBelow ? more - perSecond : more)
        return first || second ? nil : sum
    }

    private static func zone(_ name: String, _ offset: Int32, _ zone: String?) -> Value? {
        let time = ZonedTime(localTime: TemporalParts.midnight, utcOffsetSeconds: offset)
        let text = String(time.description.dropFirst(5))
        return switch name {
        case "timezone": .string(zone ?? text)
        case "offset": .string(text)
        case "offsetMinutes": .integer(Int64(offset / 60))
        case "offsetSeconds": .integer(Int64(offset))
        default: nil
        }
    }

    private static func component(_ name: String, of duration: TemporalDuration) -> Int64? {
        let (months, days, seconds) = (duration.months, duration.days, duration.seconds)
        let nanos = Int64(duration.nanoseconds)
        // Whole units toward zero, the nanoseconds always adding.
        let whole = seconds < 0 && nanos > 0 ? seconds + 1 : seconds
        return switch name {
        case "years": months / 12
        case "quarters": months / 3
        case "months": months
        case "quartersOfYear": months % 12 / 3
        case "monthsOfQuarter": months % 3
        case "monthsOfYear": months % 12
        case "weeks": days / 7
        case "days": days
        case "daysOfWeek": days % 7
        case "hours": whole / 3_600
        case "minutes": whole / 60
        case "minutesOfHour": whole / 60 % 60
        case "seconds": seconds
        case "secondsOfMinute": seconds % 60
        case "milliseconds": total(seconds, 1_000, nanos / 1_000_000)
        case "millisecondsOfSecond": nanos / 1_000_000
        case "microseconds": total(seconds, 1_000_000, nanos / 1_000)
        case "microsecondsOfSecond": nanos / 1_000
        case "nanoseconds": total(seconds, 1_000_000_000, nanos)
        case "nanosecondsOfSecond": nanos
        default: nil
        }
    }
}
