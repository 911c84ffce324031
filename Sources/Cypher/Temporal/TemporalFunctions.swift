internal import PropertyGraph

/// Functions that make temporal values; arguments are never null.
enum TemporalFunctions {
    /// The result; nil when the arguments are of types it does not take.
    static func value(
        _ function: FunctionID, _ arguments: [Value], clock: QueryClock, at range: SourceRange
    ) throws(CypherError) -> Value? {
        switch function {
        case .duration: return try duration(arguments.first, at: range)
        case .durationBetween, .durationInMonths, .durationInDays, .durationInSeconds:
            guard let from = arguments.first, let to = arguments[safe: 1] else { return nil }
            return TemporalDifference.value(function, from, to)
        case .dateTimeFromEpoch:
            guard case .integer(let seconds)? = arguments.first else { return nil }
            var nanos: Int64 = 0
            if let second = arguments[safe: 1] {
                guard case .integer(let number) = second else { return nil }
                nanos = number
            }
            let (carry, rest) = floored(nanos, by: 1_000_000_000)
            let (sum, overflows) = seconds.addingReportingOverflow(carry)
            return try moment(overflows ? .max : sum, rest, at: range)
        case .dateTimeFromEpochMillis:
            guard case .integer(let millis)? = arguments.first else { return nil }
            let (seconds, rest) = floored(millis, by: 1_000)
            return try moment(seconds, rest * 1_000_000, at: range)
        case .timestamp:
            let (millis, overflows) = clock.secondsSinceEpoch.multipliedReportingOverflow(by: 1_000)
            return overflows ? .null : .integer(millis + Int64(clock.nanoseconds) / 1_000_000)
        default: break
        }
        guard let (kind, form) = kind(of: function) else { return nil }
        switch form {
        case .make: return try make(kind, arguments.first, clock, at: range)
        case .now: return now(kind, arguments.first, clock)
        case .truncate: return try truncate(kind, arguments, clock, at: range)
        }
    }

    /// A quotient rounded down, and what is left, 0 or more.
    static func floored(_ value: Int64, by divisor: Int64) -> (Int64, Int64) {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }

    private enum Form { case make, now, truncate }

    private static func kind(of function: FunctionID) -> (TemporalKind, Form)? {
        let parts = function.rawValue.split(separator: ".")
        guard let kind = parts.first.flatMap({ TemporalKind(rawValue: String($0)) }) else {
            return nil
        }
        guard let form = parts[safe: 1] else { return (kind, .make) }
        return (kind, form == "truncate" ? .truncate : .now)
    }

    private static func moment(
        _ seconds: Int64, _ nanoseconds: Int64, at range: SourceRange
    ) throws(CypherError) -> Value {
        guard LocalDateTime.seconds.contains(seconds) else {
            throw .argument(
                .numberOutOfRange, "This moment is too far from 1970 to be a datetime.", at: range)
        }
        return .dateTime(
            ZonedDateTime(
                secondsSinceEpoch: seconds, nanoseconds: Int32(nanoseconds), utcOffsetSeconds: 0))
    }

    private static func now(_ kind: TemporalKind, _ zone: Value?, _ clock: QueryClock) -> Value? {
        var parts = TemporalParts()
        var place = TemporalZone.utc
        if case .string(let name)? = zone {
            guard let found = TemporalZone(name) else { return nil }
            place = found
        }
        let moment = place.moment(seconds: clock.secondsSinceEpoch, clock.nanoseconds)
        let local = moment.localDateTime
        (parts.date, parts.time, parts.zone) = (local.date, local.time, place)
        parts.offset = moment.utcOffsetSeconds
        return parts.value(kind, clock: clock)
    }

    private static func make(
        _ kind: TemporalKind, _ argument: Value?, _ clock: QueryClock, at range: SourceRange
    ) throws(CypherError) -> Value? {
        switch argument {
        case nil: return now(kind, nil, clock)
        case .map(let map)?:
            let keys = map.entries.filter { !$0.value.isNull }
            if keys.count == 1, keys[0].key == "timezone", case .string? = map["timezone"] {
                return now(kind, map["timezone"], clock)
            }
            return try TemporalBuilder(kind: kind, map: map, clock: clock, range: range).value()
        case .string(let text)?:
            guard let value = TemporalText.value(kind, text) else {
                throw .argument(
                    .invalidArgumentValue,
                    "'\(text)' is no \(kind.rawValue). Write one such as '\(kind.example)'.",
                    at: range)
            }
            return value
        case let value?:
            guard let parts = TemporalParts(value) else { return nil }
            if kind.hasDate, parts.date == nil {
                throw .argument(
                    .invalidArgumentValue,
                    "A \(kind.rawValue) cannot be made of a \(value.typeName), which has no date.",
                    at: range)
            }
            return parts.value(kind, clock: clock)
        }
    }

    // MARK: Truncation

    private static func truncate(
        _ kind: TemporalKind, _ arguments: [Value], _ clock: QueryClock, at range: SourceRange
    ) throws(CypherError) -> Value? {
        guard case .string(let unit)? = arguments.first else { return nil }
        var parts: TemporalParts
        if let value = arguments[safe: 1] {
            guard let found = TemporalParts(value) else { return nil }
            parts = found
        } else {
            guard let value = now(kind, nil, clock), let found = TemporalParts(value) else {
                return nil
            }
            parts = found
        }
        guard TemporalTruncation.apply(unit.lowercased(), to: &parts) else {
            let isUnit = TemporalTruncation.units.contains { $0.lowercased() == unit.lowercased() }
            let near = isUnit ? nil : NearMiss.best(for: unit, among: TemporalTruncation.units)
            throw .argument(
                .invalidArgumentValue,
                "A \(kind.rawValue) cannot be truncated to '\(unit)' here. "
                    + (near.map { "Did you mean '\($0)'?" }
                        ?? "Units run from millennium to microsecond, as far as the value has "
                        + "them."),
                at: range)
        }
        if kind.hasDate, parts.date == nil { return nil }
        guard let third = arguments[safe: 2] else { return parts.value(kind, clock: clock) }
        guard case .map(let map) = third else { return nil }
        return try TemporalBuilder(kind: kind, map: map, clock: clock, range: range)
            .value(over: parts, isTruncated: true)
    }

    // MARK: Durations

    private static let durationFields = [
        "years", "quarters", "months", "weeks", "days", "hours", "minutes", "seconds",
        "milliseconds", "microseconds", "nanoseconds",
    ]

    private static func duration(
        _ argument: Value?, at range: SourceRange
    ) throws(CypherError) -> Value? {
        switch argument {
        case .duration?: return argument
        case .string(let text)?:
            guard let duration = TemporalDuration(iso: text) else {
                throw .argument(
                    .invalidArgumentValue,
                    "'\(text)' is no duration. Write one such as 'P1Y2M10DT2H30M'.", at: range)
            }
            return .duration(duration)
        case .map(let map)?:
            var builder = DurationBuilder()
            for (key, value) in map.entries {
                switch value {
                case .integer, .float: break
                default:
                    throw .argument(
                        .invalidArgumentValue,
                        "`\(key)` of a duration is a number, and this is \(value.typeName).",
                        at: range)
                }
                switch key.lowercased() {
                case "years": builder.add(months: value, times: 12)
                case "quarters": builder.add(months: value, times: 3)
                case "months": builder.add(months: value, times: 1)
                case "weeks": builder.add(days: value, times: 7)
                case "days": builder.add(days: value, times: 1)
                case "hours": builder.add(seconds: value, times: 3_600)
                case "minutes": builder.add(seconds: value, times: 60)
                case "seconds": builder.add(seconds: value, times: 1)
                case "milliseconds": builder.add(parts: value, of: 1_000)
                case "microseconds": builder.add(parts: value, of: 1_000_000)
                case "nanoseconds": builder.add(parts: value, of: 1_000_000_000)
                default:
                    throw .argument(
                        .invalidArgumentValue,
                        "A duration has no field `\(key)`."
                            + NearMiss.hint(for: key, among: durationFields), at: range)
                }
            }
            guard let duration = builder.duration() else {
                throw .argument(.numberOutOfRange, "This duration is too long.", at: range)
            }
            return .duration(duration)
        default: return nil
        }
    }
}

/// Cuts temporal values down to a unit.
enum TemporalTruncation {
    static let units = [
        "millennium", "century", "decade", "year", "weekYear", "quarter", "month", "week", "day",
        "hour", "minute", "second", "millisecond", "microsecond",
    ]

    /// Whether the unit is one that the parts have.
    static func apply(_ unit: String, to parts: inout TemporalParts) -> Bool {
        let nanoseconds: [String: Int64] = [
            "hour": 3_600_000_000_000, "minute": 60_000_000_000, "second": 1_000_000_000,
            "millisecond": 1_000_000, "microsecond": 1_000,
        ]
        if let size = nanoseconds[unit] {
            guard let time = parts.time else { return false }
            parts.time = LocalTime(
                nanosecondsSinceMidnight: time.nanosecondsSinceMidnight / size * size)
            return true
        }
        if unit == "day" {
            guard parts.date != nil || parts.time != nil else { return false }
            if parts.time != nil { parts.time = TemporalParts.midnight }
            return true
        }
        guard let date = parts.date, let start = start(unit, date) else { return false }
        parts.date = start
        if parts.time != nil { parts.time = TemporalParts.midnight }
        return true
    }

    private static func start(_ unit: String, _ date: CalendarDate) -> CalendarDate? {
        let civil = date.civil
        func year(_ years: Int64) -> CalendarDate? {
            let start =
                civil.year >= 0
                ? civil.year / years * years
                : (civil.year - years + 1) / years * years
            return CalendarDate(year: start, month: 1, day: 1)
        }
        switch unit {
        case "millennium": return year(1_000)
        case "century": return year(100)
        case "decade": return year(10)
        case "year": return year(1)
        case "weekyear":
            return CalendarDate(
                weekYear: TemporalComponents.week(of: date).year, week: 1, weekday: 1)
        case "quarter":
            return CalendarDate(year: civil.year, month: (civil.month - 1) / 3 * 3 + 1, day: 1)
        case "month": return CalendarDate(year: civil.year, month: civil.month, day: 1)
        case "week":
            let monday = CalendarDate(
                daysSinceEpoch: date.daysSinceEpoch - TemporalComponents.week(of: date).day + 1)
            return monday.isWithinYears ? monday : nil
        default: return nil
        }
    }
}

/// Temporal values from text in ISO 8601.
enum TemporalText {
    static func value(_ kind: TemporalKind, _ text: String) -> Value? {
        switch kind {
        case .date: return CalendarDate(iso: text).map { .date($0) }
        case .localTime: return LocalTime(iso: time(text)).map { .localTime($0) }
        case .localDateTime: return LocalDateTime(iso: text).map { .localDateTime($0) }
        case .time:
            if let time = ZonedTime(iso: time(text)) { return .time(time) }
            return LocalTime(iso: time(text)).map {
                .time(ZonedTime(localTime: $0, utcOffsetSeconds: 0))
            }
        case .dateTime: return dateTime(text)
        }
    }

    /// The text of a time without the `T` that it may begin with.
    private static func time(_ text: String) -> Substring {
        text.hasPrefix("T") ? text.dropFirst() : text[...]
    }

    /// A zone in brackets alone tells the offset; with both, the offset picks the moment.
    private static func dateTime(_ text: String) -> Value? {
        if let moment = ZonedDateTime(iso: text) {
            guard moment.zoneName != nil else { return .dateTime(moment) }
            return .dateTime(
                TemporalZone(moment).moment(
                    seconds: moment.secondsSinceEpoch, moment.nanoseconds))
        }
        guard text.hasSuffix("]"), let bracket = text.firstIndex(of: "[") else {
            return LocalDateTime(iso: text).map { .dateTime(TemporalZone.utc.moment($0)) }
        }
        let name = text[text.index(after: bracket)...].dropLast()
        guard let local = LocalDateTime(iso: text[..<bracket]),
            let zone = TemporalZone(String(name))
        else { return nil }
        return .dateTime(zone.moment(local))
    }
}
