internal import PropertyGraph

/// Makes temporal values from maps: `{year: 1984, week: 10, dayOfWeek: 3, timezone: '+01:00'}`.
struct TemporalBuilder {
    let kind: TemporalKind
    let map: ValueMap
    let clock: QueryClock
    let range: SourceRange

    /// The value that the map describes, over the parts of a base where there is one.
    func value(over base: TemporalParts? = nil, isTruncated: Bool = false) throws(CypherError)
        -> Value
    {
        try checkFields()
        var parts = TemporalParts()
        if let base {
            for name in ["date", "time", "datetime"] + Self.epochs where has(name) {
                throw wrong("After a truncation single parts are set, and no `\(name)`.")
            }
            parts = base
        } else if let moment = try epoch() {
            parts = moment
        } else {
            parts = try selected()
        }
        // The larger parts that fields leave out are those of a base.
        let hasTime = base != nil || parts.time != nil
        if !isEpoch {
            if kind.hasDate { parts.date = try date(over: parts.date) }
            if kind.hasTime {
                if !hasTime { try checkTimeOrder() }
                parts.time = try time(over: parts.time, isTruncated: isTruncated)
            }
        }
        if let zone = try zone() {
            if base == nil { parts.move(to: zone, clock: clock) } else { parts.zone = zone }
        }
        guard kind.hasDate || parts.time != nil || base != nil else {
            throw wrong("The hour is missing.")
        }
        guard let value = parts.value(kind, clock: clock) else {
            throw wrong("The year is missing.")
        }
        guard value.isWithinYears else { throw outOfYears }
        return value
    }

    // MARK: Which fields go together

    /// The ways to name a day of a year.
    private static let days = [
        ["month", "day"], ["week", "dayOfWeek"], ["quarter", "dayOfQuarter"], ["ordinalDay"],
    ]
    private static let times = [
        "hour", "minute", "second", "millisecond", "microsecond", "nanosecond",
    ]
    private static let epochs = ["epochSeconds", "epochMillis"]

    private func has(_ name: String) -> Bool { !(map[name] ?? .null).isNull }

    private var isEpoch: Bool { Self.epochs.contains(where: has) }

    /// The fields that a value of each kind may be made from.
    private static let fields: [TemporalKind: [String]] = {
        let kinds: [TemporalKind] = [.date, .localTime, .time, .localDateTime, .dateTime]
        return Dictionary(uniqueKeysWithValues: kinds.map { ($0, fields(of: $0)) })
    }()

    private static func fields(of kind: TemporalKind) -> [String] {
        var fields: [String] = []
        if kind.hasDate { fields += ["year"] + days.joined() }
        if kind.hasTime { fields += times }
        if kind.hasZone { fields.append("timezone") }
        if kind.hasDate { fields.append("date") }
        if kind.hasTime { fields.append("time") }
        fields.append("datetime")
        if kind.hasDate, kind.hasTime { fields += epochs }
        return fields
    }

    /// Fields that there are not, and fields that speak of one thing in two ways, are refused.
    private func checkFields() throws(CypherError) {
        let fields = Self.fields[kind] ?? []
        for entry in map.entries where !fields.contains(entry.key) {
            let near = NearMiss.best(for: entry.key, among: fields)
            let advice = near.map { "Did you mean `\($0)`?" } ?? "It has \(list(fields))."
            throw wrong("It has no field `\(entry.key)`. \(advice)")
        }
        let ways = Self.days.compactMap { $0.first(where: has) }
        if ways.count > 1 { throw wrong("`\(ways[0])` and `\(ways[1])` exclude each other.") }
        let moments = ["datetime"] + Self.epochs
        for moment in moments where has(moment) {
            let others =
                moments + ["date", "time"]
                + (moment == "datetime" ? [] : ["year"] + Self.days.joined())
            for other in others where other != moment && has(other) {
                throw wrong("`\(moment)` and `\(other)` exclude each other.")
            }
        }
        guard isEpoch else { return }
        for name in Self.times.dropLast() where has(name) {
            throw wrong("A moment since 1970 may have a `nanosecond`, and no `\(name)`.")
        }
    }

    /// Smaller units stand behind all larger ones.
    private func checkTimeOrder() throws(CypherError) {
        let units = [["hour"], ["minute"], ["second"], Array(Self.times.dropFirst(3))]
        var missing: String?
        for unit in units {
            guard let given = unit.first(where: has) else {
                missing = missing ?? unit[0]
                continue
            }
            if let missing { throw wrong("A `\(given)` needs the `\(missing)` before it.") }
        }
    }

    private func list(_ names: [String]) -> String {
        names.map { "`\($0)`" }.joined(separator: ", ")
    }

    private var outOfYears: CypherError { wrong("Years are from -999999999 to 999999999.") }

    private func wrong(_ message: String) -> CypherError {
        .argument(
            .invalidArgumentValue, "A \(kind.rawValue) cannot be made so. \(message)", at: range)
    }

    // MARK: Fields

    /// The integer of a field, nil where it is not given.
    private func field(_ name: String) throws(CypherError) -> Int64? {
        switch map[name] {
        case nil, .null?: return nil
        case .integer(let number)?: return number
        case let other?: throw wrong("`\(name)` is an integer, and this is \(other.typeName).")
        }
    }

    private func field(
        _ name: String, _ bounds: ClosedRange<Int64>
    ) throws(CypherError) -> Int64? {
        guard let number = try field(name) else { return nil }
        guard bounds.contains(number) else {
            throw wrong(
                "`\(name)` is from \(bounds.lowerBound) to \(bounds.upperBound), and this is "
                    + "\(number).")
        }
        return number
    }

    private func zone() throws(CypherError) -> TemporalZone? {
        switch map["timezone"] {
        case nil, .null?: return nil
        case .string(let name)?:
            guard let zone = TemporalZone(name) else {
                throw wrong("The time zone '\(name)' is unknown.")
            }
            return kind.hasZone ? zone : nil
        case let other?: throw wrong("`timezone` is a string, and this is \(other.typeName).")
        }
    }

    /// The moment that is counted from 1970, where the map tells one so.
    private func epoch() throws(CypherError) -> TemporalParts? {
        if let seconds = try field("epochSeconds") {
            return try moment(seconds, field("nanosecond", 0...999_999_999) ?? 0)
        }
        guard let millis = try field("epochMillis") else { return nil }
        let (seconds, rest) = TemporalFunctions.floored(millis, by: 1_000)
        return try moment(seconds, rest * 1_000_000 + (field("nanosecond", 0...999_999) ?? 0))
    }

    private func moment(_ seconds: Int64, _ nanoseconds: Int64) throws(CypherError) -> TemporalParts
    {
        guard LocalDateTime.seconds.contains(seconds) else { throw outOfYears }
        var parts = TemporalParts()
        let local = LocalDateTime(secondsSinceEpoch: seconds, nanoseconds: Int32(nanoseconds))
        (parts.date, parts.time, parts.zone) = (local.date, local.time, .utc)
        return parts
    }

    /// The parts that come from other temporal values.
    private func selected() throws(CypherError) -> TemporalParts {
        var parts = TemporalParts()
        for name in ["datetime", "date", "time"] {
            guard let value = map[name], !value.isNull else { continue }
            guard let found = TemporalParts(value) else {
                throw wrong("`\(name)` is a temporal value, and this is \(value.typeName).")
            }
            if name != "time" {
                guard let date = found.date else { throw wrong("`\(name)` has no date.") }
                parts.date = date
            }
            if name != "date" {
                guard let time = found.time ?? (name == "datetime" ? TemporalParts.midnight : nil)
                else { throw wrong("`\(name)` has no time.") }
                parts.time = time
                parts.zone = kind.hasDate ? found.zone : found.fixedZone
                parts.offset = found.offset
            }
        }
        return parts
    }

    // MARK: Dates

    private func date(over base: CalendarDate?) throws(CypherError) -> CalendarDate? {
        let year = try field("year", -999_999_999...999_999_999)
        if let date = try weekDate(year, over: base) { return date }
        if let date = try quarterDate(year, over: base) { return date }
        if let day = try field("ordinalDay") {
            guard let year = year ?? base?.civil.year else { throw wrong("The year is missing.") }
            guard let date = CalendarDate(year: year, dayOfYear: day) else {
                throw wrong("The year \(year) has no day \(day).")
            }
            return date
        }
        let month = try field("month", 1...12)
        let day = try field("day", 1...31)
        guard year != nil || base != nil else {
            if month != nil || day != nil { throw wrong("The year is missing.") }
            return nil
        }
        let civil = base?.civil
        let wanted = (
            year ?? civil?.year ?? 1, month ?? civil?.month ?? 1, day ?? civil?.day ?? 1
        )
        guard base != nil || month != nil || day == nil else {
            throw wrong("The month is missing.")
        }
        guard let date = CalendarDate(year: wanted.0, month: wanted.1, day: wanted.2) else {
            throw wrong("Month \(wanted.1) of \(wanted.0) has no day \(wanted.2).")
        }
        return date
    }

    private func weekDate(
        _ year: Int64?, over base: CalendarDate?
    ) throws(CypherError) -> CalendarDate? {
        let week = try field("week", 1...53)
        let day = try field("dayOfWeek", 1...7)
        guard week != nil || day != nil else { return nil }
        let known = base.map { TemporalComponents.week(of: $0) }
        guard let year = year ?? known?.year else { throw wrong("The year is missing.") }
        guard let week = week ?? known?.week else { throw wrong("The week is missing.") }
        guard
            let date = CalendarDate(weekYear: year, week: week, weekday: day ?? known?.day ?? 1)
        else { throw wrong("The year \(year) has no week \(week).") }
        return date
    }

    private func quarterDate(
        _ year: Int64?, over base: CalendarDate?
    ) throws(CypherError) -> CalendarDate? {
        let quarter = try field("quarter", 1...4)
        let day = try field("dayOfQuarter", 1...92)
        guard quarter != nil || day != nil else { return nil }
        let known = base.map { TemporalComponents.quarter(of: $0) }
        guard let year = year ?? base?.civil.year else { throw wrong("The year is missing.") }
        guard let quarter = quarter ?? known?.quarter else {
            throw wrong("The quarter is missing.")
        }
        if day == nil, let civil = base?.civil {
            // The same day of the same month within another quarter.
            let month = (quarter - 1) * 3 + (civil.month - 1) % 3 + 1
            guard
                let date = CalendarDate(
                    year: year, month: month, day: civil.day)
            else { throw wrong("Month \(month) of \(year) has no day \(civil.day).") }
            return date
        }
        let start = CalendarDate(year: year, month: (quarter - 1) * 3 + 1, day: 1)
        guard let start else { throw wrong("The year \(year) is out of range.") }
        let date = CalendarDate(daysSinceEpoch: start.daysSinceEpoch + (day ?? 1) - 1)
        guard TemporalComponents.quarter(of: date).quarter == quarter else {
            throw wrong("Quarter \(quarter) of \(year) has no day \(day ?? 1).")
        }
        return date
    }

    // MARK: Times

    private func time(
        over base: LocalTime?, isTruncated: Bool
    ) throws(CypherError) -> LocalTime? {
        let old = base?.nanosecondsSinceMidnight ?? 0
        let hour = try field("hour", 0...23)
        let minute = try field("minute", 0...59)
        let second = try field("second", 0...59)
        guard let fraction = try fraction(of: old % 1_000_000_000, isTruncated: isTruncated) else {
            guard base != nil || hour != nil || minute != nil || second != nil else { return nil }
            return time(hour, minute, second, old % 1_000_000_000, over: old)
        }
        return time(hour, minute, second, fraction, over: old)
    }

    private func time(
        _ hour: Int64?, _ minute: Int64?, _ second: Int64?, _ fraction: Int64, over old: Int64
    ) -> LocalTime {
        let seconds = old / 1_000_000_000
        let total =
            (hour ?? seconds / 3_600) * 3_600 + (minute ?? seconds / 60 % 60) * 60
            + (second ?? seconds % 60)
        return LocalTime(nanosecondsSinceMidnight: total * 1_000_000_000 + fraction)
    }

    /// The fraction of the second that fields give; nil when none does. Smaller units stand behind
    /// larger ones.
    private func fraction(
        of old: Int64, isTruncated: Bool
    ) throws(CypherError) -> Int64? {
        let millis = try field("millisecond", 0...999)
        let micros = try field("microsecond", 0...(millis == nil ? 999_999 : 999))
        let most: Int64 = micros != nil ? 999 : millis != nil ? 999_999 : 999_999_999
        let nanos = try field("nanosecond", 0...most)
        guard millis != nil || micros != nil || nanos != nil else { return nil }
        // What a truncation left stands before what is given.
        let kept = isTruncated && millis == nil ? old : 0
        return (millis ?? 0) * 1_000_000 + (micros ?? 0) * 1_000 + (nanos ?? 0) + kept
    }
}
