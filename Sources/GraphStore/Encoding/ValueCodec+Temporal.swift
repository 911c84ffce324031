internal import LMDB
internal import PropertyGraph

extension ValueCodec {
    /// The tag of a date, time or duration.
    static func temporalTag(_ value: PropertyValue) -> UInt8 {
        switch value {
        case .date: Tag.date
        case .localTime: Tag.localTime
        case .zonedTime: Tag.zonedTime
        case .localDateTime: Tag.localDateTime
        case .zonedDateTime(let moment):
            moment.zoneName == nil ? Tag.offsetDateTime : Tag.zonedDateTime
        default: Tag.duration
        }
    }

    /// The zone of a moment that has one.
    static func zoneName(_ value: PropertyValue) -> String? {
        guard case .zonedDateTime(let moment) = value else { return nil }
        return moment.zoneName
    }

    /// Calls `body` with the numbers of a date, time or duration in the order they are written.
    @inline(__always)
    static func forEachNumber(of value: PropertyValue, _ body: (Int64) -> Void) {
        switch value {
        case .date(let date): body(date.daysSinceEpoch)
        case .localTime(let time): body(time.nanosecondsSinceMidnight)
        case .zonedTime(let time):
            body(time.localTime.nanosecondsSinceMidnight)
            body(Int64(time.utcOffsetSeconds))
        case .localDateTime(let moment):
            body(moment.secondsSinceEpoch)
            body(Int64(moment.nanoseconds))
        case .zonedDateTime(let moment):
            body(moment.secondsSinceEpoch)
            body(Int64(moment.nanoseconds))
            body(Int64(moment.utcOffsetSeconds))
        case .duration(let duration):
            body(duration.months)
            body(duration.days)
            body(duration.seconds)
            body(Int64(duration.nanoseconds))
        default: break
        }
    }

    /// The date, time or duration behind its tag.
    static func decodeTemporal(_ tag: UInt8, _ reader: inout ByteReader) -> PropertyValue? {
        guard let first = reader.zigzag() else { return nil }
        switch tag {
        case Tag.date: return .date(CalendarDate(daysSinceEpoch: first))
        case Tag.localTime: return .localTime(LocalTime(nanosecondsSinceMidnight: first))
        case Tag.zonedTime:
            guard let offset = reader.zigzag32() else { return nil }
            return .zonedTime(
                ZonedTime(
                    localTime: LocalTime(nanosecondsSinceMidnight: first), utcOffsetSeconds: offset)
            )
        case Tag.localDateTime:
            guard let nanoseconds = reader.zigzag32() else { return nil }
            return .localDateTime(
                LocalDateTime(secondsSinceEpoch: first, nanoseconds: nanoseconds))
        case Tag.offsetDateTime, Tag.zonedDateTime:
            guard let nanoseconds = reader.zigzag32(), let offset = reader.zigzag32() else {
                return nil
            }
            var zone: String?
            if tag == Tag.zonedDateTime {
                zone = blobText(&reader)
                if zone == nil { return nil }
            }
            return .zonedDateTime(
                ZonedDateTime(
                    secondsSinceEpoch: first, nanoseconds: nanoseconds, utcOffsetSeconds: offset,
                    zoneName: zone))
        default:
            guard let days = reader.zigzag(), let seconds = reader.zigzag(),
                let nanoseconds = reader.zigzag32()
            else { return nil }
            return .duration(
                TemporalDuration(
                    months: first, days: days, seconds: seconds, nanoseconds: nanoseconds))
        }
    }
}
