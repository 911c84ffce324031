/// Reads the bytes of a temporal text from left to right.
struct ISOScanner {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { position == bytes.count }

    /// The next byte; nil at the end.
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Takes a byte if it is the next.
    mutating func take(_ character: Character) -> Bool {
        guard let next, next == character.asciiValue else { return false }
        position += 1
        return true
    }

    /// How many digits come next.
    var digitCount: Int {
        var end = position
        while end < bytes.count, bytes[end] &- 0x30 <= 9 { end += 1 }
        return end - position
    }

    /// Takes exactly that many digits (18 at most); nil when fewer come.
    mutating func digits(_ count: Int) -> Int64? {
        guard count > 0, count <= 18, digitCount >= count else { return nil }
        var value: Int64 = 0
        for _ in 0..<count {
            value = value * 10 + Int64(bytes[position] &- 0x30)
            position += 1
        }
        return value
    }

    /// Takes `.` or `,` and the digits after it as nanoseconds; 0 when there is no point.
    ///
    /// Digits after the ninth are dropped, as a shorter clock would have done.
    mutating func fraction() -> Int64? {
        guard take(".") || take(",") else { return 0 }
        let count = digitCount
        guard count > 0, count <= 18, var value = digits(count) else { return nil }
        for _ in count..<max(count, 9) { value *= 10 }
        for _ in 9..<max(count, 9) { value /= 10 }
        return value
    }

    /// Takes everything that is left.
    mutating func rest() -> String {
        defer { position = bytes.count }
        return String(decoding: bytes[position...], as: UTF8.self)
    }

    /// Returns to an earlier position.
    mutating func back(to earlier: Int) { position = earlier }
}

extension ISOScanner {
    /// A calendar day in any form of openCypher: `2015-07-21`, `20150721`, `2015-07`, `201507`,
    /// `2015-W30-2`, `2015W302`, `2015-W30`, `2015W30`, `2015-Q2-60`, `2015Q260`, `2015-Q2`,
    /// `2015Q2`, `2015-202`, `2015202`, `2015`; a sign in front allows years of up to nine digits.
    mutating func date() -> CalendarDate? {
        let isSigned = next == 0x2B || next == 0x2D
        let isNegative = next == 0x2D
        if isSigned { position += 1 }
        let run = digitCount
        let isExtendedYear = isSigned && run >= 4 && run <= 9
        guard let magnitude = digits(isExtendedYear ? run : 4) else { return nil }
        let year = isNegative ? -magnitude : magnitude
        guard CivilCalendar.years.contains(year) else { return nil }
        let isHyphened = position < bytes.count && next == 0x2D
        let start = position
        if isHyphened { position += 1 }
        if take("W") { return week(year, isHyphened: isHyphened) }
        if take("Q") { return quarter(year, isHyphened: isHyphened) }
        switch digitCount {
        case 2:
            guard let month = digits(2) else { return nil }
            if isHyphened, take("-") {
                guard digitCount >= 2, let day = digits(2) else { return nil }
                return CalendarDate(year: year, month: month, day: day)
            }
            return CalendarDate(year: year, month: month, day: 1)
        case 3:
            return digits(3).flatMap { CalendarDate(year: year, dayOfYear: $0) }
        case 4 where !isHyphened && !isExtendedYear:
            guard let month = digits(2), let day = digits(2) else { return nil }
            return CalendarDate(year: year, month: month, day: day)
        case 0 where !isHyphened:
            back(to: start)
            return CalendarDate(year: year, month: 1, day: 1)
        default: return nil
        }
    }

    private mutating func week(_ year: Int64, isHyphened: Bool) -> CalendarDate? {
        guard let week = digits(2) else { return nil }
        var weekday: Int64 = 1
        if isHyphened ? take("-") : digitCount > 0 {
            guard digitCount == 1, let found = digits(1) else { return nil }
            weekday = found
        }
        return CalendarDate(weekYear: year, week: week, weekday: weekday)
    }

    private mutating func quarter(_ year: Int64, isHyphened: Bool) -> CalendarDate? {
        guard let quarter = digits(1), (1...4).contains(quarter) else { return nil }
        var day: Int64 = 1
        if isHyphened ? take("-") : digitCount > 0 {
            guard digitCount == 2, let found = digits(2) else { return nil }
            day = found
        }
        let first = CivilCalendar.days(year: year, month: quarter * 3 - 2, day: 1)
        let after =
            quarter == 4
            ? CivilCalendar.days(year: year + 1, month: 1, day: 1)
            : CivilCalendar.days(year: year, month: quarter * 3 + 1, day: 1)
        guard day >= 1, day <= after - first else { return nil }
        return CalendarDate(daysSinceEpoch: first + day - 1)
    }

    /// A time of day: `21:40:32.142`, `214032.142`, `21:40`, `2140`, `21`.
    mutating func time() -> LocalTime? {
        let run = digitCount
        guard let hour = digits(2), hour < 24 else { return nil }
        var minute: Int64 = 0
        var second: Int64 = 0
        var nanoseconds: Int64 = 0
        let isColoned = next == 0x3A
        if isColoned ? take(":") : run >= 4 {
            guard let found = digits(2), found < 60 else { return nil }
            minute = found
            if isColoned ? take(":") : run >= 6 {
                guard let found = digits(2), found < 60, let fraction = fraction() else {
                    return nil
                }
                second = found
                nanoseconds = fraction
            }
        }
        guard isColoned || run == 2 || run == 4 || run == 6 else { return nil }
        let seconds = hour * 3_600 + minute * 60 + second
        return LocalTime(nanosecondsSinceMidnight: seconds * 1_000_000_000 + nanoseconds)
    }

    /// An offset: `Z`, `+01:00`, `+0100`, `+01`, `+01:00:30`, `+010030`; at most 18 hours.
    mutating func offset() -> Int32? {
        if take("Z") || take("z") { return 0 }
        let isNegative = next == 0x2D
        guard take("+") || take("-") else { return nil }
        let run = digitCount
        guard let hours = digits(2) else { return nil }
        var minutes: Int64 = 0
        var seconds: Int64 = 0
        if next == 0x3A ? take(":") : run >= 4 {
            guard let found = digits(2), found < 60 else { return nil }
            minutes = found
            if next == 0x3A ? take(":") : run >= 6 {
                guard let found = digits(2), found < 60 else { return nil }
                seconds = found
            }
        }
        let total = hours * 3_600 + minutes * 60 + seconds
        guard total <= 64_800 else { return nil }
        return Int32(truncatingIfNeeded: isNegative ? -total : total)
    }
}
