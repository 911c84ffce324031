extension CalendarDate {
    /// Makes the date of a calendar day; nil when there is no such day.
    public init?(year: Int64, month: Int64, day: Int64) {
        guard CivilCalendar.years.contains(year), (1...12).contains(month), day >= 1,
            day <= CivilCalendar.daysInMonth(month, of: year)
        else { return nil }
        self.init(daysSinceEpoch: CivilCalendar.days(year: year, month: month, day: day))
    }

    /// Makes the date of the n-th day of a year, from 1; nil when the year is shorter.
    public init?(year: Int64, dayOfYear: Int64) {
        guard CivilCalendar.years.contains(year), dayOfYear >= 1,
            dayOfYear <= (CivilCalendar.isLeap(year) ? 366 : 365)
        else { return nil }
        self.init(
            daysSinceEpoch: CivilCalendar.days(year: year, month: 1, day: 1) + dayOfYear - 1)
    }

    /// Makes the date of an ISO 8601 week and weekday (Monday 1 … Sunday 7); nil when there is no
    /// such week in the year.
    public init?(weekYear: Int64, week: Int64, weekday: Int64) {
        guard CivilCalendar.years.contains(weekYear), week >= 1, (1...7).contains(weekday) else {
            return nil
        }
        let first = CivilCalendar.firstMonday(ofWeekYear: weekYear)
        guard first + (week - 1) * 7 < CivilCalendar.firstMonday(ofWeekYear: weekYear + 1) else {
            return nil
        }
        self.init(daysSinceEpoch: first + (week - 1) * 7 + weekday - 1)
    }

    /// Reads a date in any ISO 8601 form that openCypher knows: `2015-07-21`, `20150721`,
    /// `2015-07`, `2015-W30-2`, `2015W302`, `2015-Q2-60`, `2015-202`, `2015202`, `2015`,
    /// `+12345-01-01`; nil for anything else.
    public init?(iso text: some StringProtocol) {
        var scanner = ISOScanner(text)
        guard let date = scanner.date(), scanner.isAtEnd else { return nil }
        self = date
    }

    /// The year, month 1 … 12 and day 1 … 31.
    public var civil: (year: Int64, month: Int64, day: Int64) {
        CivilCalendar.civil(days: daysSinceEpoch)
    }
}

extension CalendarDate: CustomStringConvertible {
    /// The ISO 8601 text, `2015-07-21`; years of more than four digits have a sign in front.
    public var description: String {
        let (year, month, day) = civil
        var text = year > 9_999 ? "+" : ""
        text.append(year, width: 4)
        text.append("-")
        text.append(month, width: 2)
        text.append("-")
        text.append(day, width: 2)
        return text
    }
}
