import PropertyGraph
import TestSupport

@testable import GraphStore

/// A small store with something of everything the format has.
enum Sample {
    /// Every type of value, with the bits that are easily lost.
    static let values: [PropertyValue] = [
        .boolean(true), .boolean(false), 0, -1, 127, -129, .integer(.min), .integer(.max), 0.5, 0.7,
        .double(-0.0), .double(.nan), .double(.infinity), .double(1e300),
        .double(.leastNonzeroMagnitude), "", "plain", "\u{E9}", "e\u{301}", "zero \u{0} inside",
        .string(String(repeating: "k", count: 450) + "a"),
        .string(String(repeating: "k", count: 450) + "b"),
        .string(String(repeating: "long ", count: 200)), .bytes([]), .bytes([0, 255, 128]),
        .bytes([UInt8](repeating: 9, count: 700)), .list([]), .list([1, 2, -3]),
        .list(["a", "\u{E9}"]), .list([.double(.nan), 0.25]), .list([true, false]),
        .list([.date(CalendarDate(daysSinceEpoch: 19_000))]),
        .date(CalendarDate(daysSinceEpoch: -719_162)),
        .localTime(LocalTime(nanosecondsSinceMidnight: 86_399_999_999_999)),
        .zonedTime(
            ZonedTime(
                localTime: LocalTime(nanosecondsSinceMidnight: 1), utcOffsetSeconds: -3_600)),
        .localDateTime(LocalDateTime(secondsSinceEpoch: -1, nanoseconds: 999_999_999)),
        .zonedDateTime(
            ZonedDateTime(
                secondsSinceEpoch: 1_700_000_000, nanoseconds: 5, utcOffsetSeconds: 3_600,
                zoneName: "Europe/Berlin")),
        .zonedDateTime(
            ZonedDateTime(secondsSinceEpoch: 0, nanoseconds: 0, utcOffsetSeconds: 0)),
        .duration(TemporalDuration(months: -14, days: 3, seconds: -1, nanoseconds: 7)),
        .point(Point(.wgs84, x: 13.4, y: 52.5)),
        .point(Point(.cartesianThreeD, x: -0.0, y: .nan, z: 1)), .vector([]),
        .vector([0.5, -0.0, .infinity]),
        .vector((0..<200).map { Float($0) }),
    ]

    /// Fills an empty database in several transactions; 200 edges suffice for runs of blocks.
    static func fill(_ db: GraphDatabase, edges: UInt64) throws {
        try db.write { txn in
            try txn.createIndex(label: "Value", properties: ["v"])
            try txn.createUniqueConstraint(label: "Value", properties: ["kind", "number"])
            try txn.setInlineProperty("w", of: "LINK")
            for (number, value) in values.enumerated() {
                try txn.createNode(
                    labels: number % 2 == 0 ? ["Value"] : ["Value", "caf\u{E9}"],
                    properties: [
                        "v": value, "kind": .string(value.typeName),
                        "number": .integer(Int64(number)),
                    ])
            }
        }
        let first = NodeID(1)
        try db.write { txn in
            // A run of several blocks in both directions, loops and parallels among it.
            for step in 0..<edges {
                let other = NodeID(1 + step % UInt64(values.count))
                let weight: PropertyValue =
                    switch step % 6 {
                    case 0: .double(Double(step) / 10)
                    case 1: .integer(Int64(step))
                    case 2: .string("not a number")
                    case 3: .double(1.0 / 3)
                    default: .double(Double(step) / 4)
                    }
                let properties: Properties =
                    step % 6 == 5 ? [:] : ["w": weight, "since": .integer(Int64(step))]
                try txn.createEdge("LINK", from: first, to: other, properties: properties)
                if step % 3 == 0 { try txn.createEdge("BACK", from: other, to: first) }
            }
            try txn.createIndex(edgeType: "LINK", properties: ["since"], name: "links by date")
            try txn.createUniqueConstraint(label: "cafe\u{301}", properties: ["name"])
            let table = try txn.byteTable("notes")
            for key in 0..<20 as Range<UInt8> {
                try txn.put([key], [UInt8](repeating: key, count: Int(key) * 10), in: table)
            }
        }
        try db.write { txn in
            for id in stride(from: 10 as UInt64, to: 100, by: 3) { try txn.deleteEdge(EdgeID(id)) }
            try txn.detachDeleteNode(NodeID(5))
            try txn.addLabel("cafe\u{301}", to: NodeID(2))
            try txn.removeLabel("Value", from: NodeID(3))
            try txn.setProperty("name", of: NodeID(2), to: "only")
            try txn.setProperty("v", of: NodeID(23), to: "short now")
            try txn.remove([7], from: try txn.byteTable("notes"))
        }
        try db.write { txn in
            _ = try txn.createIndex(label: "Value", properties: ["number", "kind"])
        }
        try db.write { txn in try txn.dropSchemaObject(named: "index_Value_number_kind") }
    }
}
