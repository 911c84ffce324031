internal import LMDB

/// How long earlier states of the graph are kept for as-of reads.
public struct HistoryRetention: Hashable, Sendable {
    /// At most so many positions back.
    public var maximumPositions: UInt64
    /// At most so far back in time; nil for no limit of time.
    public var maximumAge: Duration?

    /// Keeps so many positions, and none older than an age.
    public init(maximumPositions: UInt64 = 1_000_000, maximumAge: Duration? = nil) {
        self.maximumPositions = maximumPositions
        self.maximumAge = maximumAge
    }
}

/// What a store that keeps history says of it: a record of `meta`, absent where none is kept.
///
/// | offset | size | meaning                                                             |
/// |--------|------|---------------------------------------------------------------------|
/// | 0      | 1    | version, 1                                                          |
/// | 1      | 8    | positions to keep                                                   |
/// | 9      | 8    | age to keep, microseconds; 2⁶⁴ − 1 for no limit                     |
/// | 17     | 8    | floor: the first position that can be read                          |
/// | 25     | 8    | trimmed: images of changes up to this position are gone             |
struct HistoryState: Equatable, Sendable {
    var maximumPositions: UInt64
    var maximumAge: UInt64
    /// The first position that can be read.
    var floor: UInt64
    /// What was kept of changes up to this position is gone; at most the floor.
    var trimmed: UInt64

    init(_ retention: HistoryRetention, from position: UInt64) {
        maximumPositions = max(1, retention.maximumPositions)
        maximumAge = Self.microseconds(retention.maximumAge)
        floor = position
        trimmed = position
    }

    init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= 33, bytes.loadUInt8(at: 0) == 1 else { return nil }
        maximumPositions = bytes.loadLE64(at: 1)
        maximumAge = bytes.loadLE64(at: 9)
        floor = bytes.loadLE64(at: 17)
        trimmed = bytes.loadLE64(at: 25)
    }

    func encode(into writer: inout ByteWriter) {
        writer.append(1 as UInt8)
        writer.appendLE64(maximumPositions)
        writer.appendLE64(maximumAge)
        writer.appendLE64(floor)
        writer.appendLE64(trimmed)
    }

    mutating func retain(_ retention: HistoryRetention) {
        maximumPositions = max(1, retention.maximumPositions)
        maximumAge = Self.microseconds(retention.maximumAge)
    }

    var retention: HistoryRetention {
        HistoryRetention(
            maximumPositions: maximumPositions,
            maximumAge: maximumAge == .max
                ? nil : .microseconds(Int64(clamping: maximumAge)))
    }

    private static func microseconds(_ age: Duration?) -> UInt64 {
        guard let age else { return .max }
        let (seconds, attoseconds) = age.components
        let (whole, overflow) = UInt64(clamping: seconds).multipliedReportingOverflow(by: 1_000_000)
        return overflow
            ? .max - 1 : whole &+ UInt64(clamping: attoseconds / 1_000_000_000_000)
    }
}

/// What a position was: which ids were given, and when.
///
/// | offset | size | meaning                                       |
/// |--------|------|-----------------------------------------------|
/// | 0      | 8    | next node id                                  |
/// | 8      | 8    | next edge id                                  |
/// | 16     | 8    | commit time, microseconds since 1970 UTC      |
struct HistoryMoment: Equatable, Sendable {
    let nextNode: UInt64
    let nextEdge: UInt64
    let time: Int64

    init(_ counters: Counters) {
        nextNode = counters.nextNode
        nextEdge = counters.nextEdge
        time = counters.lastCommitTime
    }

    init?(_ bytes: RawSpan) {
        guard bytes.byteCount == 24 else { return nil }
        nextNode = bytes.loadLE64(at: 0)
        nextEdge = bytes.loadLE64(at: 8)
        time = Int64(bitPattern: bytes.loadLE64(at: 16))
    }

    func encode(into writer: inout ByteWriter) {
        writer.appendLE64(nextNode)
        writer.appendLE64(nextEdge)
        writer.appendLE64(UInt64(bitPattern: time))
    }
}

// Keys of `history`, by their first byte.
//
// | kind | key                                             | value                             |
// |------|-------------------------------------------------|-----------------------------------|
// | 1    | node u64 · ~position u64                        | `EntityImage`: before the change  |
// | 2    | edge u64 · ~position u64                        | `EntityImage`: before the change  |
// | 3    | position u64 · entity u8 · id u64               | empty: what a position touched    |
// | 4, 5 | node u64 · type u32 · neighbour u64 · edge u64  | position u64 that removed the row |
// |      |                                                 | from `out` (4) or `in` (5)        |
// | 6    | position u64                                    | `HistoryMoment`                   |
//
// An edge never changes its ends and no id is given twice, so rows that came after a position are
// known by their edge id, and only rows that went need a record.
extension FixedKey {
    static func image(_ entity: EntityKind, _ id: UInt64, _ position: UInt64) -> FixedKey {
        var key = imagePrefix(entity, id)
        key.appendBE64(~position)
        return key
    }

    static func imagePrefix(_ entity: EntityKind, _ id: UInt64) -> FixedKey {
        var key = FixedKey()
        key.append(entity.rawValue)
        key.appendBE64(id)
        return key
    }

    static func touched(_ position: UInt64, _ entity: EntityKind, _ id: UInt64) -> FixedKey {
        var key = touchedPrefix(position)
        key.append(entity.rawValue)
        key.appendBE64(id)
        return key
    }

    static func touchedPrefix(_ position: UInt64) -> FixedKey {
        var key = FixedKey()
        key.append(3 as UInt8)
        key.appendBE64(position)
        return key
    }

    /// The rows removed at a node; of one type, when it is given.
    static func removedRows(isOut: Bool, _ node: UInt64, _ type: UInt32? = nil) -> FixedKey {
        var key = FixedKey()
        key.append((isOut ? 4 : 5) as UInt8)
        key.appendBE64(node)
        if let type { key.appendBE32(type) }
        return key
    }

    static func removedRow(isOut: Bool, _ locator: EdgeLocator, _ edge: UInt64) -> FixedKey {
        var key = removedRows(
            isOut: isOut, isOut ? locator.source : locator.target, locator.type)
        key.appendBE64(isOut ? locator.target : locator.source)
        key.appendBE64(edge)
        return key
    }

    static func moment(_ position: UInt64) -> FixedKey {
        var key = FixedKey()
        key.append(6 as UInt8)
        key.appendBE64(position)
        return key
    }
}
