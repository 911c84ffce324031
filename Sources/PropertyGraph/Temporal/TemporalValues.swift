/// A day of the proleptic Gregorian calendar, years −999,999,999 to 999,999,999.
public struct CalendarDate: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01.
    public let daysSinceEpoch: Int64

    /// Makes the date that many days after 1970-01-01.
    public init(daysSinceEpoch: Int64) { self.daysSinceEpoch = daysSinceEpoch }

    /// Orders by day.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.daysSinceEpoch < rhs.daysSinceEpoch }
}

/// A time of day without a zone, to the nanosecond.
public struct LocalTime: Hashable, Comparable, Sendable {
    /// Nanoseconds since midnight, 0 ..< 86,400,000,000,000.
    public let nanosecondsSinceMidnight: Int64

    /// Makes the time that many nanoseconds after midnight.
    public init(nanosecondsSinceMidnight: Int64) {
        self.nanosecondsSinceMidnight = nanosecondsSinceMidnight
    }

    /// Orders by time of day.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        lhs.nanosecondsSinceMidnight < rhs.nanosecondsSinceMidnight
    }
}

/// A time of day with an offset from UTC.
public struct ZonedTime: Hashable, Sendable {
    /// The local time of day.
    public let localTime: LocalTime
    /// Seconds east of UTC, −64,800 ... 64,800.
    public let utcOffsetSeconds: Int32

    /// Makes a time of day at an offset.
    public init(localTime: LocalTime, utcOffsetSeconds: Int32) {
        self.localTime = localTime
        self.utcOffsetSeconds = utcOffsetSeconds
    }
}

/// A day and time of day without a zone.
public struct LocalDateTime: Hashable, Comparable, Sendable {
    /// Seconds since 1970-01-01T00:00 on the local clock.
    public let secondsSinceEpoch: Int64
    /// Nanoseconds within the second, 0 ..< 1,000,000,000.
    public let nanoseconds: Int32

    /// Makes a local date and time from the seconds since its epoch.
    public init(secondsSinceEpoch: Int64, nanoseconds: Int32) {
        self.secondsSinceEpoch = secondsSinceEpoch
        self.nanoseconds = nanoseconds
    }

    /// Orders by time.
    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.secondsSinceEpoch, lhs.nanoseconds) < (rhs.secondsSinceEpoch, rhs.nanoseconds)
    }
}

/// A moment in time, with the offset it is shown at and the zone it came from.
public struct ZonedDateTime: Hashable, Sendable {
    /// Seconds since 1970-01-01T00:00Z.
    public let secondsSinceEpoch: Int64
    /// Nanoseconds within the second, 0 ..< 1,000,000,000.
    public let nanoseconds: Int32
    /// Seconds east of UTC, −64,800 ... 64,800.
    public let utcOffsetSeconds: Int32
    /// The name in the time-zone database, such as "Europe/Berlin"; nil for a plain offset.
    public let zoneName: String?

    /// Makes a moment from UTC seconds, an offset and an optional zone name.
    public init(
        secondsSinceEpoch: Int64, nanoseconds: Int32, utcOffsetSeconds: Int32,
        zoneName: String? = nil
    ) {
        self.secondsSinceEpoch = secondsSinceEpoch
        self.nanoseconds = nanoseconds
        self.utcOffsetSeconds = utcOffsetSeconds
        self.zoneName = zoneName
    }

    /// Whether all parts are the same, the zone names byte by byte.
    public static func == (lhs: Self, rhs: Self) -> Bool {
        guard lhs.secondsSinceEpoch == rhs.secondsSinceEpoch,
            lhs.nanoseconds == rhs.nanoseconds, lhs.utcOffsetSeconds == rhs.utcOffsetSeconds
        else { return false }
        switch (lhs.zoneName, rhs.zoneName) {
        case (nil, nil): return true
        case (let left?, let right?): return UTF8Order.equal(left, right)
        default: return false
        }
    }

    /// Hashes all parts, the bytes of the zone name among them.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(secondsSinceEpoch)
        hasher.combine(nanoseconds)
        hasher.combine(utcOffsetSeconds)
        hasher.combine(zoneName == nil)
        for byte in (zoneName ?? "").utf8 { hasher.combine(byte) }
    }
}

/// An amount of time whose months, days and seconds are kept apart, as in openCypher.
public struct TemporalDuration: Hashable, Sendable {
    /// Whole months; a year is twelve.
    public let months: Int64
    /// Whole days; a week is seven.
    public let days: Int64
    /// Whole seconds.
    public let seconds: Int64
    /// Nanoseconds, 0 ..< 1,000,000,000, added to the seconds.
    public let nanoseconds: Int32

    /// Makes a duration from its four parts.
    public init(months: Int64, days: Int64, seconds: Int64, nanoseconds: Int32) {
        self.months = months
        self.days = days
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }
}
