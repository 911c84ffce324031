/// Arithmetic of the proleptic Gregorian calendar on plain integers.
///
/// After Howard Hinnant, *chrono-Compatible Low-Level Date Algorithms* (2013): eras of 400 years
/// of 146,097 days, years that begin in March.
enum CivilCalendar {
    /// The years a date may have.
    static let years: ClosedRange<Int64> = -999_999_999...999_999_999

    /// Days from 1970-01-01 to a day; the month and day must exist.
    static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The day that many days after 1970-01-01.
    static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days &+ 719_468
        let era = (shifted >= 0 ? shifted : shifted &- 146_096) / 146_097
        let dayOfEra = shifted &- era &* 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
        return (yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0), month, day)
    }

    /// Whether a year has 366 days.
    static func isLeap(_ year: Int64) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// How many days a month has.
    static func daysInMonth(_ month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The day of the week, Monday 1 … Sunday 7.
    static func weekday(days: Int64) -> Int64 {
        // 1970-01-01 was a Thursday.
        let remainder = (days &+ 3) % 7
        return (remainder < 0 ? remainder + 7 : remainder) + 1
    }

    /// The Monday of week 1 of an ISO week year: the week that holds 4 January.
    static func firstMonday(ofWeekYear year: Int64) -> Int64 {
        let fourth = days(year: year, month: 1, day: 4)
        return fourth - (weekday(days: fourth) - 1)
    }
}

/// Digits written by hand: formatting through Foundation would cost its start-up time.
extension String {
    /// Appends a number of at least `width` digits, zeros in front.
    mutating func append(_ value: Int64, width: Int) {
        let digits = String(value.magnitude)
        if value < 0 { append("-") }
        for _ in 0..<max(0, width - digits.utf8.count) { append("0") }
        append(digits)
    }

    /// Appends `.` and the digits of nanoseconds without zeros behind the last; nothing for 0.
    mutating func appendFraction(nanoseconds: Int64) {
        guard nanoseconds != 0 else { return }
        var (digits, width) = (nanoseconds, 9)
        while digits % 10 == 0 { (digits, width) = (digits / 10, width - 1) }
        append(".")
        append(digits, width: width)
    }

    /// Appends `Z`, or `+hh:mm`, or `+hh:mm:ss`.
    mutating func appendOffset(seconds: Int32) {
        if seconds == 0 {
            append("Z")
            return
        }
        let magnitude = Int64(seconds.magnitude)
        append(seconds < 0 ? "-" : "+")
        append(magnitude / 3_600, width: 2)
        append(":")
        append(magnitude / 60 % 60, width: 2)
        if magnitude % 60 != 0 {
            append(":")
            append(magnitude % 60, width: 2)
        }
    }
}
