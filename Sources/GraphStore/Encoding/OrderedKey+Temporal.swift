internal import LMDB
internal import PropertyGraph

extension OrderedKey {
    /// Appends a date, time or duration with its tag; any other value appends nothing.
    static func appendTemporal(_ value: PropertyValue, to writer: inout ByteWriter) {
        writer.append(tag(of: value))
        switch value {
        case .date(let date): appendOrdered(date.daysSinceEpoch, to: &writer)
        case .localTime(let time): appendOrdered(time.nanosecondsSinceMidnight, to: &writer)
        case .zonedTime(let time):
            appendOrdered(time.instant, to: &writer)
            appendOrdered(Int64(time.utcOffsetSeconds), to: &writer)
        case .localDateTime(let moment):
            appendOrdered(moment.secondsSinceEpoch, to: &writer)
            appendOrdered(Int64(moment.nanoseconds), to: &writer)
        case .zonedDateTime(let moment):
            appendOrdered(moment.secondsSinceEpoch, to: &writer)
            appendOrdered(Int64(moment.nanoseconds), to: &writer)
            appendOrdered(Int64(moment.utcOffsetSeconds), to: &writer)
            guard let zone = moment.zoneName else { return writer.append(0x00 as UInt8) }
            writer.append(0x01 as UInt8)
            append(.string(zone), to: &writer)
        case .duration(let duration):
            appendOrdered(duration.averageSeconds, to: &writer)
            appendOrdered(Int64(duration.nanoseconds), to: &writer)
            appendOrdered(duration.months, to: &writer)
            appendOrdered(duration.days, to: &writer)
        default: break
        }
    }
}

extension ZonedTime {
    /// Nanoseconds since midnight UTC; outside of a day where the offset carries it there. Wraps
    /// for times that are no times of day.
    var instant: Int64 {
        localTime.nanosecondsSinceMidnight &- Int64(utcOffsetSeconds) &* 1_000_000_000
    }
}

extension TemporalDuration {
    /// The seconds of the duration with months of 30.436875 days, the Gregorian average, by which
    /// openCypher orders durations.
    var averageSeconds: Int128 {
        Int128(months) * 2_629_746 + Int128(days) * 86_400 + Int128(seconds)
    }
}
