internal import PropertyGraph

/// Where a clock stands: a fixed offset from UTC, or a zone by name.
enum TemporalZone: Sendable {
    case offset(Int32)
    case named(String, TimeZoneRules)

    static let utc = TemporalZone.offset(0)

    /// `Z`, `+01:00`, `-0530`, `+02:05:59` or `Europe/Stockholm`.
    init?(_ text: String) {
        if let time = ZonedTime(iso: "00:00" + text) {
            self = .offset(time.utcOffsetSeconds)
        } else if let rules = TimeZoneRules.find(text) {
            self = .named(text, rules)
        } else {
            return nil
        }
    }

    /// The zone of a moment.
    init(_ moment: ZonedDateTime) {
        if let name = moment.zoneName, let rules = TimeZoneRules.find(name) {
            self = .named(name, rules)
        } else {
            self = .offset(moment.utcOffsetSeconds)
        }
    }

    /// The moment at which a clock in the zone shows a local time.
    ///
    /// - Parameter preferred: The offset to take where it is one of two that the clock has then.
    func moment(_ local: LocalDateTime, preferring preferred: Int32? = nil) -> ZonedDateTime {
        let offset: Int32 =
            switch self {
            case .offset(let seconds): seconds
            case .named(_, let rules):
                rules.offset(atLocal: local.secondsSinceEpoch, preferring: preferred)
            }
        // In a gap the clock then shows another time, at its new offset.
        return moment(seconds: local.secondsSinceEpoch &- Int64(offset), local.nanoseconds)
    }

    /// A moment as the zone shows it.
    func moment(seconds: Int64, _ nanoseconds: Int32) -> ZonedDateTime {
        switch self {
        case .offset(let offset):
            return ZonedDateTime(
                secondsSinceEpoch: seconds, nanoseconds: nanoseconds, utcOffsetSeconds: offset)
        case .named(let name, let rules):
            return ZonedDateTime(
                secondsSinceEpoch: seconds, nanoseconds: nanoseconds,
                utcOffsetSeconds: rules.offset(atUTC: seconds), zoneName: name)
        }
    }

    /// The offset for a time of day; that of a named zone is today's.
    func offset(clock: QueryClock) -> Int32 {
        switch self {
        case .offset(let seconds): seconds
        case .named(_, let rules): rules.offset(atUTC: clock.secondsSinceEpoch)
        }
    }
}
