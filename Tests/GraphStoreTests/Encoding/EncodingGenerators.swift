import LMDB
import PropertyGraph
import Testing

@testable import GraphStore

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers for the same seed everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed &>> 31)
    }

    /// A number below `bound`.
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    /// A number whose magnitude is as often small as large.
    mutating func spread() -> UInt64 { next() &>> UInt64(below(64)) }

    /// A signed number whose magnitude is as often small as large.
    mutating func spreadSigned() -> Int64 { Int64(bitPattern: next()) &>> Int64(below(64)) }
}

/// Values that codecs and orders get wrong first.
enum AwkwardValues {
    static let integers: [Int64] = {
        var values: Set<Int64> = [0, 1, -1, .min, .max, .min + 1, .max - 1, 47, 48, -16, -17]
        for power in [7, 8, 15, 16, 23, 24, 31, 32, 52, 53, 54, 55, 56, 60, 62] {
            let value = Int64(1) << Int64(power)
            for near in [value - 1, value, value + 1] {
                values.insert(near)
                values.insert(-near)
            }
        }
        return values.sorted()
    }()

    static let doubles: [Double] = {
        var values: [Double] = [
            0, -0.0, 1, -1, 0.1, 0.7, -0.7, 1.5, 100, 12.25, 0.999999, 1e-6, 1e-7, 123456.789,
            .infinity, -.infinity, .nan, -.nan, .signalingNaN, .leastNonzeroMagnitude,
            -.leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
            -.greatestFiniteMagnitude, .pi, 0x1p-1074, 0x1.ffffffffffffp-1023, 3.4e38, 1e300,
            2_147_483_647, 2_147_483_648, 214748.3647, 0.30000000000000004,
        ]
        for power in [0x1p31, 0x1p52, 0x1p53, 0x1p54, 0x1p62, 0x1p63, 0x1p64] {
            for near in [power.nextDown, power, power.nextUp] { values += [near, -near] }
        }
        return values
    }()

    static let strings: [String] = [
        "", "a", "b", "ab", "a\0", "a\0b", "a\u{1}", "\0", "\0\0", "\u{1}", "é", "e\u{301}",
        "ÿ", "z", "中文", "😀", "\u{FFFF}", "\u{10FFFF}", "Äpfel", "A\u{308}pfel", "zz", "a b",
        String(repeating: "x", count: 63), String(repeating: "x", count: 64),
        String(repeating: "\0", count: 200), String(repeating: "é", count: 300),
    ]

    static let temporals: [PropertyValue] = {
        var values: [PropertyValue] = []
        for number: Int64 in [0, 1, -1, 255, 256, 257, -255, -256, -257, 20_000, .max, .min] {
            values.append(.date(CalendarDate(daysSinceEpoch: number)))
            values.append(.localTime(LocalTime(nanosecondsSinceMidnight: number)))
            for offset: Int32 in [0, 3_600, -3_600] {
                let time = LocalTime(nanosecondsSinceMidnight: number)
                values.append(.zonedTime(ZonedTime(localTime: time, utcOffsetSeconds: offset)))
                for zone in [nil, "", "Europe/Berlin", "Europe/Paris"] {
                    values.append(
                        .zonedDateTime(
                            ZonedDateTime(
                                secondsSinceEpoch: number, nanoseconds: 5,
                                utcOffsetSeconds: offset, zoneName: zone)))
                }
            }
            for nanoseconds: Int32 in [0, 1, 999_999_999] {
                values.append(
                    .localDateTime(
                        LocalDateTime(secondsSinceEpoch: number, nanoseconds: nanoseconds)))
                values.append(
                    .duration(
                        TemporalDuration(
                            months: number, days: 1, seconds: number, nanoseconds: nanoseconds)))
            }
        }
        for (months, days, seconds): (Int64, Int64, Int64) in [
            (1, 0, 0), (0, 30, 0), (0, 31, 0), (0, 0, 2_629_746), (12, 0, 0), (0, 365, 0),
            (.max, .max, .max), (.min, .min, .min), (-1, 30, 0),
        ] {
            values.append(
                .duration(
                    TemporalDuration(months: months, days: days, seconds: seconds, nanoseconds: 0)))
        }
        return values
    }()

    static let others: [PropertyValue] = {
        var values: [PropertyValue] = [.boolean(false), .boolean(true)]
        let bytes: [[UInt8]] = [[], [0], [0, 0], [0, 255], [255], [1, 0]]
        for bytes in bytes { values.append(.bytes(bytes)) }
        let lists: [[PropertyValue]] = [
            [], [1], [1.0], [1, 2], [2], ["a"], ["a", ""], ["a\0"], [true], [true, false],
            [.list([])], [.list([1]), 2], [1, "a"], [.double(.nan)], [1.5, 2.5], [0.1, 0.2],
            [-1, 70_000], [128], [-129], [.integer(.max)], [""], ["", ""],
        ]
        for elements in lists { values.append(.list(elements)) }
        let vectors: [[Float]] = [[], [0], [-0.0], [1, 2], [2], [.nan], [-1], [.infinity]]
        for elements in vectors { values.append(.vector(elements)) }
        let coordinates: [Double] = [0, -0.0, 1, -2.5, .nan, .infinity]
        for system in Point.ReferenceSystem.allCases {
            for x in coordinates { values.append(.point(Point(system, x: x, y: 52.5, z: 7))) }
        }
        return values
    }()

    static let all: [PropertyValue] =
        integers.map { .integer($0) } + doubles.map { .double($0) }
        + strings.map { .string($0) } + temporals + others
}

extension PropertyValue {
    /// A random value of any type; lists are flat.
    static func random(using random: inout SeededGenerator, depth: Int = 0) -> PropertyValue {
        switch random.below(depth == 0 ? 15 : 12) {
        case 0: return .boolean(random.below(2) == 0)
        case 1, 2: return .integer(random.spreadSigned())
        case 3: return .double(Double(bitPattern: random.next()))
        case 4:
            return .double(Double(random.below(2000) - 1000) / [1, 10, 100, 1000][random.below(4)])
        case 5: return .double(Double(random.spreadSigned()))
        case 6, 7: return .string(.random(using: &random))
        case 8: return .bytes((0..<random.below(20)).map { _ in UInt8(random.below(4)) })
        case 9, 10: return AwkwardValues.temporals[random.below(AwkwardValues.temporals.count)]
        case 11:
            let system = Point.ReferenceSystem.allCases[random.below(4)]
            return .point(
                Point(
                    system, x: Double(random.below(5)) - 2, y: Double(bitPattern: random.next()),
                    z: 1))
        case 12: return .vector((0..<random.below(9)).map { _ in Float(random.below(7)) / 4 - 0.5 })
        default:
            let first = PropertyValue.random(using: &random, depth: 1)
            var elements = [first]
            for _ in 0..<random.below(6) {
                let next = PropertyValue.random(using: &random, depth: 1)
                elements.append(next.typeName == first.typeName ? next : first)
            }
            return .list(Array(elements.prefix(random.below(7))))
        }
    }
}

extension String {
    /// A short random string over few characters, so that prefixes are shared.
    static func random(using random: inout SeededGenerator) -> String {
        let alphabet = ["a", "b", "\0", "\u{1}", "é", "e\u{301}", "\u{FFFF}", "😀"]
        return (0..<random.below(9)).map { _ in alphabet[random.below(alphabet.count)] }.joined()
    }
}

/// Calls `body` with every truncation of the bytes and with copies in which bits are flipped and
/// bytes replaced.
func forEachDamage(
    of bytes: [UInt8], using random: inout SeededGenerator, flips: Int = 60,
    _ body: ([UInt8]) throws -> Void
) rethrows {
    for length in 0..<bytes.count { try body(Array(bytes.prefix(length))) }
    guard !bytes.isEmpty else { return }
    for _ in 0..<flips {
        var damaged = bytes
        for _ in 0...random.below(3) {
            // Half of the damage strikes the head, where counts and widths are.
            let reach = random.below(2) == 0 ? min(8, damaged.count) : damaged.count
            let index = random.below(reach)
            damaged[index] =
                random.below(2) == 0
                ? damaged[index] ^ (1 << UInt8(random.below(8))) : UInt8(random.below(256))
        }
        if random.below(8) == 0 { damaged.append(UInt8(random.below(256))) }
        try body(damaged)
    }
}

/// The bytes that a closure writes.
func written(_ body: (inout ByteWriter) -> Void) -> [UInt8] {
    var writer = ByteWriter()
    body(&writer)
    return writer.bytes
}

// The macros of Testing take no spans: these take arrays instead.

extension ValueCodec {
    static func decode(_ bytes: [UInt8]) -> PropertyValue? { decode(bytes.rawSpan) }
}

extension IDContainer {
    static func isValid(_ bytes: [UInt8]) -> Bool { isValid(bytes.rawSpan) }
    static func count(_ bytes: [UInt8]) -> Int? { count(bytes.rawSpan) }
    static func contains(_ low: UInt16, in bytes: [UInt8]) -> Bool {
        contains(low, in: bytes.rawSpan)
    }
}

extension EdgeChunk {
    static func decode(_ bytes: [UInt8]) -> [EdgeLocator?]? { decode(bytes.rawSpan) }
    static func locator(at slot: Int, in bytes: [UInt8]) -> EdgeLocator? {
        locator(at: slot, in: bytes.rawSpan)
    }
}

extension AdjacencyBlock {
    static func header(
        _ bytes: [UInt8]
    ) -> (count: Int, runTotal: UInt64?, hasColumn: Bool)? { header(bytes.rawSpan) }

    static func decode(
        _ bytes: [UInt8], into entries: inout [AdjacencyEntry]
    ) -> (runTotal: UInt64?, hasColumn: Bool)? { decode(bytes.rawSpan, into: &entries) }
}

/// Records an issue unless the condition holds; for conditions on views that do not escape.
func expect(
    _ condition: Bool, _ note: @autoclosure () -> String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    if !condition { Issue.record("\(note())", sourceLocation: sourceLocation) }
}
