import Foundation
import LMDB
import PropertyGraph
import Testing

@testable import GraphStore

/// One encoding that is on people's disks: how it is written, and that it is read.
private struct GoldenVector: Sendable {
    let name: String
    let bytes: [UInt8]
    let isRead: @Sendable ([UInt8]) -> Bool

    static func key(_ name: String, _ values: PropertyValue...) -> GoldenVector {
        let bytes = OrderedKey.encode(values).bytes
        return GoldenVector(name: "key \(name)", bytes: bytes) { $0 == bytes }
    }

    static func value(_ name: String, _ value: PropertyValue) -> GoldenVector {
        GoldenVector(
            name: "value \(name)", bytes: written { ValueCodec.encode(value, into: &$0) },
            isRead: { ValueCodec.decode($0) == value })
    }

    static func container(_ name: String, _ ids: [UInt16]) -> GoldenVector {
        GoldenVector(
            name: "ids \(name)", bytes: written { IDContainer.encode(ids, into: &$0) },
            isRead: {
                var found: [UInt16] = []
                return IDContainer.decode($0.rawSpan, into: &found) && found == ids
            })
    }

    static func chunk(_ name: String, _ slots: [EdgeLocator?]) -> GoldenVector {
        GoldenVector(
            name: "chunk \(name)", bytes: written { EdgeChunk.encode(slots, into: &$0) },
            isRead: { bytes in
                let found = EdgeChunk.decode(bytes) ?? []
                return Array(found.prefix(slots.count)) == slots
                    && found.dropFirst(slots.count).allSatisfy { $0 == nil }
            })
    }

    static func block(
        _ name: String, _ rows: [(UInt64, UInt64, InlineValue)], total: UInt64?,
        hasColumn: Bool = true
    ) -> GoldenVector {
        let rows = rows.map { AdjacencyEntry(neighbor: $0.0, edge: $0.1, inline: $0.2) }
        return GoldenVector(
            name: "block \(name)",
            bytes: written {
                AdjacencyBlock.encode(rows[...], runTotal: total, hasColumn: hasColumn, into: &$0)
            },
            isRead: {
                var found: [AdjacencyEntry] = []
                let head = AdjacencyBlock.decode($0, into: &found)
                return head?.runTotal == total && head?.hasColumn == hasColumn && found == rows
            })
    }

    static func record(
        _ name: String, labels: [UInt32], since: UInt64?,
        _ properties: [(key: UInt32, value: PropertyValue)]
    ) -> GoldenVector {
        GoldenVector(
            name: "record \(name)",
            bytes: written {
                var spilled: [(key: UInt32, bytes: [UInt8])] = []
                RecordEncoder.encode(
                    labels: labels, since: since, properties: properties, into: &$0,
                    spilled: &spilled)
            },
            isRead: { bytes in
                guard let view = RecordView(bytes.rawSpan), view.isValid else { return false }
                var isSame = view.since == since && view.labelCount == labels.count
                isSame = isSame && view.propertyCount == properties.count
                for (index, label) in labels.enumerated() {
                    isSame = isSame && view.label(at: index) == label
                }
                for (index, property) in properties.enumerated() {
                    let isFound = view.find(property.key) == index
                    let isHere = view.value(at: index) == property.value
                    isSame = isSame && isFound && (isHere || view.isSpilled(at: index))
                }
                return isSame
            })
    }
}

extension GoldenVector {
    private static let berlin = ZonedDateTime(
        secondsSinceEpoch: 1_767_225_600, nanoseconds: 500, utcOffsetSeconds: 3_600,
        zoneName: "Europe/Berlin")
    private static let plain = ZonedDateTime(
        secondsSinceEpoch: -1, nanoseconds: 0, utcOffsetSeconds: -5_400)
    private static let noon = LocalTime(nanosecondsSinceMidnight: 43_200_000_000_000)
    private static let month = TemporalDuration(months: 1, days: -2, seconds: 3, nanoseconds: 4)

    private static let scalars: [(String, PropertyValue)] = [
        ("false", false), ("true", true), ("0", 0), ("1", 1), ("-1", -1), ("47", 47), ("48", 48),
        ("-17", -17), ("2026", 2026), ("-70000", -70_000), ("max", .integer(.max)),
        ("min", .integer(.min)), ("2^53+1", .integer(9_007_199_254_740_993)), ("0.7", 0.7),
        ("-12.25", -12.25), ("1.0", 1.0), ("-0.0", -0.0), ("pi", .double(.pi)), ("2^-20", 0x1p-20),
        ("1e300", 1e300), ("inf", .double(.infinity)), ("-inf", .double(-.infinity)),
        ("nan", .double(.nan)), ("123456.789", 123456.789),
        ("least", .double(.leastNonzeroMagnitude)),
        ("empty", ""), ("text", "Brüche"), ("two forms", "e\u{301}é"), ("nul", "a\0b"),
        ("64 bytes", .string(String(repeating: "x", count: 64))), ("bytes", .bytes([0, 1, 255])),
        ("date", .date(CalendarDate(daysSinceEpoch: 20_454))),
        ("date bc", .date(CalendarDate(daysSinceEpoch: -800_000))), ("localtime", .localTime(noon)),
        ("time", .zonedTime(ZonedTime(localTime: noon, utcOffsetSeconds: 7_200))),
        (
            "localdatetime",
            .localDateTime(LocalDateTime(secondsSinceEpoch: 1_767_225_600, nanoseconds: 1))
        ),
        ("datetime offset", .zonedDateTime(plain)), ("datetime zone", .zonedDateTime(berlin)),
        ("duration", .duration(month)), ("point", .point(Point(.wgs84, x: 13.4, y: 52.5))),
        ("point 3d", .point(Point(.cartesianThreeD, x: 1, y: -2, z: 3))),
        ("vector", .vector([1, -0.5, 0])), ("empty list", .list([])), ("booleans", [true, false]),
        ("integers", [1, 2, 300]), ("singles", [0.5, 1.0]), ("doubles", [0.1, 0.2]),
        ("strings", ["a", "", "é"]), ("dates", .list([.date(CalendarDate(daysSinceEpoch: 1))])),
    ]

    private static var records: [GoldenVector] {
        let long = PropertyValue.string(String(repeating: "x", count: 600))
        let concept: [(key: UInt32, value: PropertyValue)] = [
            (key: 1, value: "Fractions"), (key: 4, value: 0.7), (key: 9, value: 45),
            (key: 12, value: ["a", "b"]),
        ]
        let wide: [(key: UInt32, value: PropertyValue)] = [
            (key: 5, value: 1), (key: 1000, value: 2), (key: 100_000, value: 3),
        ]
        let spilled: [(key: UInt32, value: PropertyValue)] = [
            (key: 2, value: long), (key: 3, value: false),
        ]
        return [
            .record("empty", labels: [], since: nil, []),
            .record("concept", labels: [3], since: nil, concept),
            .record("wide", labels: [1, 300, 70_000], since: 99, wide),
            .record("spilled", labels: [], since: 5, spilled),
        ]
    }

    private static var blocks: [GoldenVector] {
        let mixed: [(UInt64, UInt64, InlineValue)] = [
            (1, 1, .integer(-1)), (2, 2, .elsewhere), (3, 3, .double(0.1)), (4, 4, .absent),
        ]
        return [
            .block("one", [(7, 9, .absent)], total: 1, hasColumn: false),
            .block(
                "run", [(7, 9, .absent), (7, 12, .absent), (900, 3, .absent)], total: 500,
                hasColumn: false),
            .block("hundredths", [(1, 1, .double(0.25)), (2, 2, .double(0.7))], total: nil),
            .block("thousandths", [(1, 1, .double(0.125)), (2, 2, .double(5))], total: nil),
            .block("constant", [(1, 1, .double(1)), (2, 2, .double(1))], total: 2),
            .block("single", [(1, 1, .double(0x1p-20)), (2, 2, .double(-0.0))], total: 2),
            .block("double", [(1, 1, .double(.pi))], total: 1),
            .block("integers", [(1, 1, .integer(300)), (2, 2, .absent)], total: 2),
            .block("mixed", mixed, total: 4),
        ]
    }

    private static var containers: [GoldenVector] {
        [
            .container("one", [77]), .container("array", [1, 5, 8191]),
            .container("runs", Array(10...99) + Array(200...260)),
            .container("all", Array(0...8191)),
            .container("bitmap", Array(stride(from: 0, through: 8191, by: 3))),
        ]
    }

    private static var chunks: [GoldenVector] {
        var full: [EdgeLocator?] = []
        for slot: UInt64 in 0..<128 {
            full.append(
                EdgeLocator(source: 40 + slot / 8, target: slot * 3, type: 1, hasRecord: false))
        }
        let first = EdgeLocator(source: 1_000, target: 70_000, type: 2, hasRecord: false)
        let second = EdgeLocator(source: 1_300, target: 5, type: 2, hasRecord: false)
        return [
            .chunk("one", [EdgeLocator(source: 5, target: 6, type: 7, hasRecord: true)]),
            .chunk("gaps", [nil, first, nil, second]), .chunk("full", full),
        ]
    }

    static var all: [GoldenVector] {
        var vectors: [GoldenVector] = []
        for (name, value) in scalars {
            vectors.append(.key(name, value))
            vectors.append(.value(name, value))
        }
        vectors.append(.key("composite", "Ada", 1815, true))
        vectors.append(.key("cut", .string(String(repeating: "k", count: 500))))
        return vectors + records + blocks + containers + chunks
    }
}

@Suite struct `Encodings on disk` {
    private static let path =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/encodings-v1.txt")

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    private static func bytes(_ hex: Substring) -> [UInt8] {
        let digits = hex.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map {
            UInt8(digits[$0] * 16 + digits[$0 + 1])
        }
    }

    /// The file was written by the first version of the format. A line that no longer holds means
    /// that stores written earlier are no longer read, or no longer found by their keys.
    @Test func `encodings are those of format version 1`() throws {
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            let lines = GoldenVector.all.map { "\($0.name) = \(Self.hex($0.bytes))\n" }
            try lines.joined().write(to: Self.path, atomically: true, encoding: .utf8)
        }
        var expected: [String: [UInt8]] = [:]
        for line in try String(contentsOf: Self.path, encoding: .utf8).split(separator: "\n") {
            guard let range = line.range(of: " = ", options: .backwards) else { continue }
            expected[String(line[..<range.lowerBound])] = Self.bytes(line[range.upperBound...])
        }
        #expect(expected.count == GoldenVector.all.count)
        for vector in GoldenVector.all {
            let golden = try #require(expected[vector.name], "\(vector.name)")
            #expect(Self.hex(vector.bytes) == Self.hex(golden), "\(vector.name)")
            #expect(vector.isRead(golden), "\(vector.name)")
        }
    }
}
