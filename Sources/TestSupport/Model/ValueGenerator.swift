public import PropertyGraph

/// Random property values of every type, drawn so that equal ones, near ones and awkward ones
/// meet often.
public enum ValueGenerator {
    /// A value of any type.
    public static func value(using random: inout TestRandom) -> PropertyValue {
        switch random.below(20) {
        case 0...3: .integer(integer(&random))
        case 4...6: .double(double(&random))
        case 7...10: .string(string(&random))
        case 11: .boolean(random.percent(50))
        case 12: .bytes((0..<random.pick([0, 1, 3, 600])).map { _ in UInt8(random.below(3)) })
        case 13: .vector((0..<random.pick([0, 2, 3, 160])).map { _ in float(&random) })
        case 14: list(&random)
        case 15: point(&random)
        default: temporal(&random)
        }
    }

    /// A number, as inline properties hold it.
    public static func number(using random: inout TestRandom) -> PropertyValue {
        random.percent(50) ? .integer(integer(&random)) : .double(double(&random))
    }

    private static func integer(_ random: inout TestRandom) -> Int64 {
        random.pick([
            Int64(random.below(8)), Int64(random.below(300)) - 150, 1 << 53, 1 << 53 + 1, .min,
            .max, Int64(random.below(1 << 40)),
        ])
    }

    private static func double(_ random: inout TestRandom) -> Double {
        random.pick([
            Double(random.below(8)), Double(random.below(100)) / 10, 0, -0.0, .nan, .infinity,
            -.infinity, 0x1p53, .leastNonzeroMagnitude, 0.1 + 0.2, -1e300,
            Double.random(in: -1...1, using: &random),
        ])
    }

    private static func float(_ random: inout TestRandom) -> Float {
        random.pick([0, -0.0, 1.5, .nan, .infinity, Float(random.below(4))])
    }

    /// Strings with both normal forms, zero bytes, common beginnings longer than a key, and
    /// lengths around the limits of keys and records.
    private static func string(_ random: inout TestRandom) -> String {
        let word = random.pick([
            "", "a", "b", "ab", "abc", "\u{E9}", "e\u{301}", "\u{0}", "a\u{0}", "a\u{0}b", "Zürich",
            "\u{1F600}",
        ])
        switch random.below(8) {
        case 0...4: return word
        case 5: return String(repeating: "k", count: 380 + random.below(30)) + word
        case 6: return String(repeating: "long ", count: 90 + random.below(20)) + word
        default: return String(repeating: "x", count: random.pick([391, 392, 500, 700, 5_000]))
        }
    }

    private static func list(_ random: inout TestRandom) -> PropertyValue {
        let count = random.pick([0, 1, 2, 3, 200])
        switch random.below(4) {
        case 0: return .list((0..<count).map { _ in .integer(integer(&random)) })
        case 1: return .list((0..<count).map { _ in .double(double(&random)) })
        case 2: return .list((0..<min(count, 3)).map { _ in .string(string(&random)) })
        default: return .list((0..<min(count, 9)).map { _ in .boolean(random.percent(50)) })
        }
    }

    private static func point(_ random: inout TestRandom) -> PropertyValue {
        .point(
            Point(
                random.pick(Point.ReferenceSystem.allCases), x: double(&random),
                y: double(&random), z: Double(random.below(3))))
    }

    private static func temporal(_ random: inout TestRandom) -> PropertyValue {
        let nanoseconds = Int32(random.pick([0, 1, 999_999_999]))
        let offset = Int32(random.pick([0, 3600, -3600]))
        let seconds = Int64(random.below(4)) * 3600 - 3600
        switch random.below(6) {
        case 0: return .date(CalendarDate(daysSinceEpoch: Int64(random.below(5)) - 2))
        case 1: return .localTime(LocalTime(nanosecondsSinceMidnight: Int64(random.below(3))))
        case 2:
            return .zonedTime(
                ZonedTime(
                    localTime: LocalTime(
                        nanosecondsSinceMidnight: (seconds + 3600) * 1_000_000_000),
                    utcOffsetSeconds: offset))
        case 3:
            return .localDateTime(
                LocalDateTime(secondsSinceEpoch: seconds, nanoseconds: nanoseconds))
        case 4:
            return .zonedDateTime(
                ZonedDateTime(
                    secondsSinceEpoch: seconds, nanoseconds: nanoseconds, utcOffsetSeconds: offset,
                    zoneName: random.pick([nil, "Europe/Berlin", "UTC"])))
        default:
            return .duration(
                TemporalDuration(
                    months: Int64(random.below(3)), days: Int64(random.below(3)), seconds: seconds,
                    nanoseconds: nanoseconds))
        }
    }
}
