extension LocalTime {
    /// Reads a time of day: `21:40:32.142`, `214032.142`, `21:40`, `2140`, `21`; nil for anything
    /// else.
    public init?(iso text: some StringProtocol) {
        var scanner = ISOScanner(text)
        guard let time = scanner.time(), scanner.isAtEnd else { return nil }
        self = time
    }
}

extension LocalTime: CustomStringConvertible {
    /// The ISO 8601 text: `21:40`, with seconds when they are not zero, and with the digits of
    /// a fraction when it is not.
    public var description: String {
        let seconds = nanosecondsSinceMidnight / 1_000_000_000
        let fraction = nanosecondsSinceMidnight % 1_000_000_000
        var text = ""
        text.append(seconds / 3_600, width: 2)
        text.append(":")
        text.append(seconds / 60 % 60, width: 2)
        if seconds % 60 != 0 || fraction != 0 {
            text.append(":")
            text.append(seconds % 60, width: 2)
            text.appendFraction(nanoseconds: fraction)
        }
        return text
    }
}

extension ZonedTime {
    /// Reads a time of day and an offset: `21:40:32.142+01:00`, `2140Z`; nil for anything else,
    /// a text without an offset included.
    public init?(iso text: some StringProtocol) {
        var scanner = ISOScanner(text)
        guard let time = scanner.time(), let offset = scanner.offset(), scanner.isAtEnd else {
            return nil
        }
        self.init(localTime: time, utcOffsetSeconds: offset)
    }
}

extension ZonedTime: CustomStringConvertible {
    /// The ISO 8601 text: the local time, then `Z` or the offset.
    public var description: String {
        var text = localTime.description
        text.appendOffset(seconds: utcOffsetSeconds)
        return text
    }
}

extension LocalDateTime {
    /// Makes the moment of a date and a time of day on one clock.
    public init(date: CalendarDate, time: LocalTime) {
        self.init(
            secondsSinceEpoch: date.daysSinceEpoch &* 86_400
                &+ time.nanosecondsSinceMidnight / 1_000_000_000,
            nanoseconds: Int32(truncatingIfNeeded: time.nanosecondsSinceMidnight % 1_000_000_000))
    }

    /// The day.
    public var date: CalendarDate { CalendarDate(daysSinceEpoch: splitDay.days) }

    /// The time of day.
    public var time: LocalTime {
        LocalTime(
            nanosecondsSinceMidnight: splitDay.seconds &* 1_000_000_000 &+ Int64(nanoseconds))
    }

    private var splitDay: (days: Int64, seconds: Int64) {
        let (days, seconds) = secondsSinceEpoch.quotientAndRemainder(dividingBy: 86_400)
        return seconds < 0 ? (days - 1, seconds + 86_400) : (days, seconds)
    }

    /// Reads a date and a time: `2015-07-21T21:40:32.142`, `20150721T2140`; a date alone is its
    /// midnight. Nil for anything else.
    public init?(iso text: some StringProtocol) {
        var scanner = ISOScanner(text)
        guard let value = scanner.dateTime(), scanner.isAtEnd else { return nil }
        self = value
    }
}

extension LocalDateTime: CustomStringConvertible {
    /// The ISO 8601 text: date, `T`, time.
    public var description: String { "\(date)T\(time)" }
}

extension ZonedDateTime {
    /// Reads a date, a time and an offset, and a zone name in brackets if there is one:
    /// `2015-07-21T21:40:32.142+02:00[Europe/Stockholm]`. Nil for anything else, a zone name
    /// without an offset included: finding the offset needs the time-zone database.
    public init?(iso text: some StringProtocol) {
        var scanner = ISOScanner(text)
        guard let local = scanner.dateTime(), let offset = scanner.offset() else { return nil }
        var zone: String?
        if scanner.take("[") {
            let name = scanner.rest()
            guard name.utf8.count >= 2, name.utf8.last == 0x5D,
                name.utf8.dropLast().allSatisfy({ Self.isZoneByte($0) })
            else { return nil }
            zone = String(name.dropLast())
        }
        guard scanner.isAtEnd else { return nil }
        self.init(
            secondsSinceEpoch: local.secondsSinceEpoch &- Int64(offset),
            nanoseconds: local.nanoseconds, utcOffsetSeconds: offset, zoneName: zone)
    }

    /// Letters, digits and `/_+-` make up the names of the time-zone database.
    private static func isZoneByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2F, 0x5F, 0x2B, 0x2D: true
        default: false
        }
    }

    /// What a clock at the offset shows.
    public var localDateTime: LocalDateTime {
        LocalDateTime(
            secondsSinceEpoch: secondsSinceEpoch &+ Int64(utcOffsetSeconds),
            nanoseconds: nanoseconds)
    }
}

extension ZonedDateTime: CustomStringConvertible {
    /// The ISO 8601 text: local date and time, `Z` or the offset, the zone name in brackets.
    public var description: String {
        var text = localDateTime.description
        text.appendOffset(seconds: utcOffsetSeconds)
        if let zoneName { text += "[\(zoneName)]" }
        return text
    }
}

extension ISOScanner {
    /// A date, then `T` and a time; a date alone is its midnight.
    mutating func dateTime() -> LocalDateTime? {
        guard let date = date() else { return nil }
        guard take("T") || take("t") else {
            return LocalDateTime(date: date, time: LocalTime(nanosecondsSinceMidnight: 0))
        }
        return time().map { LocalDateTime(date: date, time: $0) }
    }
}
