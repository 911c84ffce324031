import PropertyGraph

/// Times of work as people and programs read them.
enum DurationText {
    /// Milliseconds, to the microsecond.
    static func milliseconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        let microseconds = seconds &* 1_000_000 &+ attoseconds / 1_000_000_000_000
        return Double(microseconds) / 1_000
    }

    /// `2.5 ms`, `1.25 s`.
    static func words(_ duration: Duration) -> String {
        let milliseconds = milliseconds(duration)
        if milliseconds < 1_000 { return "\(NumberText.fixed(milliseconds, 1)) ms" }
        return "\(NumberText.fixed(milliseconds / 1_000, 2)) s"
    }

    /// A moment in ISO 8601, to the millisecond, in UTC.
    static func moment(microseconds: Int64) -> String {
        let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        return ZonedDateTime(
            secondsSinceEpoch: seconds, nanoseconds: Int32(rest / 1_000) * 1_000_000,
            utcOffsetSeconds: 0
        ).description
    }
}
