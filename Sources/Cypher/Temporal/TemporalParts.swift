internal import PropertyGraph

/// A temporal value under construction: what is known of its date, time and zone.
struct TemporalParts {
    var date: CalendarDate?
    var time: LocalTime?
    var zone: TemporalZone?
    /// The offset of the value that the parts come from: a clock that is put back shows a time
    /// twice, and this tells which of the two it was.
    var offset: Int32?

    /// The parts of a value.
    init?(_ value: Value) {
        switch value {
        case .date(let date): self.date = date
        case .localTime(let time): self.time = time
        case .time(let time):
            self.time = time.localTime
            zone = .offset(time.utcOffsetSeconds)
        case .localDateTime(let moment): (date, time) = (moment.date, moment.time)
        case .dateTime(let moment):
            (date, time) = (moment.localDateTime.date, moment.localDateTime.time)
            zone = TemporalZone(moment)
            offset = moment.utcOffsetSeconds
        default: return nil
        }
    }

    init() {}

    /// The zone as one without its date keeps it: the offset that counted then.
    var fixedZone: TemporalZone? {
        date == nil ? zone : offset.map { .offset($0) } ?? zone
    }

    static let midnight = LocalTime(nanosecondsSinceMidnight: 0)

    var local: LocalDateTime {
        LocalDateTime(
            date: date ?? CalendarDate(daysSinceEpoch: 0), time: time ?? Self.midnight)
    }

    /// The same moment in another zone; a time without a zone is one of that zone.
    mutating func move(to new: TemporalZone, clock: QueryClock) {
        defer { zone = new }
        guard let old = zone, let time else { return }
        guard date != nil else {
            let shift = Int64(new.offset(clock: clock)) - Int64(old.offset(clock: clock))
            self.time = time.adding(seconds: shift)
            return
        }
        let moment = old.moment(local, preferring: offset)
        let moved = new.moment(seconds: moment.secondsSinceEpoch, moment.nanoseconds)
        (date, self.time) = (moved.localDateTime.date, moved.localDateTime.time)
        offset = moved.utcOffsetSeconds
    }

    /// The value of a kind; nil where a part of it is missing.
    func value(_ kind: TemporalKind, clock: QueryClock) -> Value? {
        switch kind {
        case .date: date.map { .date($0) }
        case .localTime: .localTime(time ?? Self.midnight)
        case .time:
            .time(
                ZonedTime(
                    localTime: time ?? Self.midnight,
                    utcOffsetSeconds: timeOffset(clock: clock)))
        case .localDateTime: date == nil ? nil : .localDateTime(local)
        case .dateTime:
            date == nil ? nil : .dateTime((zone ?? .utc).moment(local, preferring: offset))
        }
    }

    private func timeOffset(clock: QueryClock) -> Int32 {
        guard let zone else { return 0 }
        return date == nil
            ? zone.offset(clock: clock)
            : zone.moment(local, preferring: offset).utcOffsetSeconds
    }
}

extension CalendarDate {
    /// From 1 January -999999999 to 31 December 999999999.
    static let days: ClosedRange<Int64> = -365_243_219_162...365_241_780_471

    /// Whether its year is one that a date may have.
    var isWithinYears: Bool { Self.days.contains(daysSinceEpoch) }
}

extension LocalDateTime {
    /// The seconds of the years that a date may have.
    static let seconds: ClosedRange<Int64> =
        CalendarDate.days.lowerBound * 86_400...CalendarDate.days.upperBound * 86_400 + 86_399
}

extension Value {
    /// Whether its year is one that a date may have; true of what has none.
    var isWithinYears: Bool {
        switch self {
        case .date(let date): date.isWithinYears
        case .localDateTime(let moment): moment.date.isWithinYears
        case .dateTime(let moment): moment.localDateTime.date.isWithinYears
        default: true
        }
    }
}

enum TemporalKind: String {
    case date, localTime = "localtime", time, localDateTime = "localdatetime"
    case dateTime = "datetime"

    /// A text of the kind, for messages.
    var example: String {
        switch self {
        case .date: "2026-03-31"
        case .localTime: "12:30:00"
        case .time: "12:30:00+01:00"
        case .localDateTime: "2026-03-31T12:30:00"
        case .dateTime: "2026-03-31T12:30:00+01:00"
        }
    }

    var hasDate: Bool { self != .localTime && self != .time }
    var hasTime: Bool { self != .date }
    var hasZone: Bool { self == .time || self == .dateTime }
}

extension LocalTime {
    static let nanosecondsPerDay: Int64 = 86_400_000_000_000

    /// The time so many seconds later, around the clock.
    func adding(seconds: Int64, nanoseconds: Int64 = 0) -> LocalTime {
        let shift = seconds % 86_400 * 1_000_000_000 + nanoseconds
        let sum = (nanosecondsSinceMidnight + shift) % Self.nanosecondsPerDay
        return LocalTime(
            nanosecondsSinceMidnight: sum < 0 ? sum + Self.nanosecondsPerDay : sum)
    }
}
