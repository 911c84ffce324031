internal import LMDB

// Where 128 edges of neighbouring ids are: source, target and type of each. Format version 1.
//
// | part     | size                 | meaning                                                    |
// |----------|----------------------|------------------------------------------------------------|
// | flags    | 1                    | bit 0: all 128 slots are taken, and the presence bitmap is |
// |          |                      | left out; bit 1: a bitmap of records follows; 2–7: 0       |
// | widths   | 1                    | bits 0–3: bytes of a source, 4–7: of a target; 0 … 8 each  |
// | widths   | 1                    | bits 0–3: bytes of a type, 0 … 4; 4–7: reserved, 0         |
// | presence | 16, unless all taken | slot 0 in the lowest bit of the first byte                 |
// | records  | 16, if flagged       | slots whose edge has a property record                     |
// | bases    | 3 varints            | least source, target and type                              |
// | rows     | … × edges            | source, target and type above the bases, slots ascending   |
//
// A field that all edges share takes no bytes in the rows. Numbers are little-endian. The row of
// a slot is found by counting the presence bits below it.

/// Where an edge is: its ends, its type, and whether it has properties in a record.
struct EdgeLocator: Equatable {
    var source: UInt64
    var target: UInt64
    var type: UInt32
    var hasRecord: Bool
}

/// The locators of 128 edges in one value.
enum EdgeChunk {
    /// The bits of an edge id that say its slot; the others are the chunk's key.
    static let bits = 7
    /// Slots of a chunk.
    static let capacity = 1 << bits

    private static let fullFlag: UInt8 = 1
    private static let recordFlag: UInt8 = 2

    /// The locator of the edge in a slot; nil when the slot is empty or the bytes are damaged.
    ///
    /// - Complexity: O(1).
    static func locator(at slot: Int, in bytes: RawSpan) -> EdgeLocator? {
        guard slot >= 0, slot < capacity, let head = Head(bytes), head.presence.contains(slot)
        else { return nil }
        return head.row(head.presence.rank(slot), slot, bytes)
    }

    /// Appends a chunk with a slot set or (with nil) cleared.
    ///
    /// - Returns: true when the chunk was appended; false, with nothing appended, when no edge is
    ///   left in it; nil, with nothing appended, when the old bytes are damaged.
    static func setting(
        _ locator: EdgeLocator?, at slot: Int, in old: RawSpan?, output: inout ByteWriter
    ) -> Bool? {
        precondition(slot >= 0 && slot < capacity, "a chunk has slots 0 to 127")
        var slots = [EdgeLocator?](repeating: nil, count: capacity)
        if let old {
            guard let head = Head(old) else { return nil }
            if let locator, head.holds(locator) {
                splice(locator, slot, head, old, &output)
                return true
            }
            slots = head.slots(old)
        }
        slots[slot] = locator
        guard slots.contains(where: { $0 != nil }) else { return false }
        encode(slots, into: &output)
        return true
    }

    /// Appends the chunk of 128 slots; fewer are filled up with empty ones.
    ///
    /// - Precondition: at most 128 slots.
    static func encode(_ slots: [EdgeLocator?], into writer: inout ByteWriter) {
        precondition(slots.count <= capacity, "a chunk has 128 slots")
        var head = Head()
        var (low, high) = (EdgeLocator.highest, EdgeLocator.lowest)
        for (slot, locator) in slots.enumerated() {
            guard let locator else { continue }
            head.presence.insert(slot)
            if locator.hasRecord { head.records.insert(slot) }
            low.source = min(low.source, locator.source)
            low.target = min(low.target, locator.target)
            low.type = min(low.type, locator.type)
            high.source = max(high.source, locator.source)
            high.target = max(high.target, locator.target)
            high.type = max(high.type, locator.type)
        }
        if head.presence.isEmpty { low = .lowest }
        head.base = low
        head.sourceWidth = unsignedByteCount(high.source &- low.source)
        head.targetWidth = unsignedByteCount(high.target &- low.target)
        head.typeWidth = unsignedByteCount(UInt64(high.type &- low.type))
        head.encode(into: &writer)
        for case let locator? in slots { head.appendRow(locator, into: &writer) }
    }

    /// All 128 slots; nil for damaged bytes.
    static func decode(_ bytes: RawSpan) -> [EdgeLocator?]? { Head(bytes)?.slots(bytes) }

    /// The common small change: the widths suffice, so all other rows are copied as they are.
    private static func splice(
        _ locator: EdgeLocator, _ slot: Int, _ old: Head, _ bytes: RawSpan,
        _ writer: inout ByteWriter
    ) {
        var head = old
        let rank = old.presence.rank(slot)
        let before = old.rowsStart &+ rank &* old.rowWidth
        let after = before &+ (old.presence.contains(slot) ? old.rowWidth : 0)
        head.presence.insert(slot)
        head.records.remove(slot)
        if locator.hasRecord { head.records.insert(slot) }
        head.encode(into: &writer)
        writer.append(bytes.extracting(old.rowsStart..<before))
        head.appendRow(locator, into: &writer)
        writer.append(bytes.extracting(after..<bytes.byteCount))
    }

    /// All of a chunk but its rows.
    private struct Head {
        var presence = SlotBits()
        var records = SlotBits()
        var base = EdgeLocator.lowest
        var sourceWidth = 0
        var targetWidth = 0
        var typeWidth = 0
        var rowsStart = 0

        var rowWidth: Int { sourceWidth &+ targetWidth &+ typeWidth }

        init() {}

        /// Reads a head; nil unless the rows fill the rest exactly.
        init?(_ bytes: RawSpan) {
            var reader = ByteReader(bytes)
            guard let flags = reader.byte(), flags & ~(fullFlag | recordFlag) == 0,
                let ends = reader.byte(), let types = reader.byte()
            else { return nil }
            sourceWidth = Int(ends & 15)
            targetWidth = Int(ends &>> 4)
            typeWidth = Int(types)
            guard sourceWidth <= 8, targetWidth <= 8, typeWidth <= 4 else { return nil }
            presence = .full
            if flags & fullFlag == 0 {
                guard let start = reader.skip(16) else { return nil }
                presence = SlotBits(bytes, at: start)
            }
            if flags & recordFlag != 0 {
                guard let start = reader.skip(16) else { return nil }
                records = SlotBits(bytes, at: start)
            }
            guard records.isSubset(of: presence), !presence.isEmpty,
                let source = reader.varint(), let target = reader.varint(),
                let type = reader.varint(), let type = UInt32(exactly: type)
            else { return nil }
            base = EdgeLocator(source: source, target: target, type: type, hasRecord: false)
            rowsStart = reader.offset
            guard reader.remaining == presence.count &* rowWidth else { return nil }
        }

        func encode(into writer: inout ByteWriter) {
            let isFull = presence.count == capacity
            let flags = (isFull ? fullFlag : 0) | (records.isEmpty ? 0 : recordFlag)
            writer.append(flags)
            writer.append(UInt8(sourceWidth | targetWidth &<< 4))
            writer.append(UInt8(typeWidth))
            if !isFull { presence.encode(into: &writer) }
            if !records.isEmpty { records.encode(into: &writer) }
            writer.appendVarint(base.source)
            writer.appendVarint(base.target)
            writer.appendVarint(UInt64(base.type))
        }

        /// Whether the widths and bases can express a locator.
        func holds(_ locator: EdgeLocator) -> Bool {
            locator.source >= base.source && locator.target >= base.target
                && locator.type >= base.type
                && unsignedByteCount(locator.source &- base.source) <= sourceWidth
                && unsignedByteCount(locator.target &- base.target) <= targetWidth
                && unsignedByteCount(UInt64(locator.type &- base.type)) <= typeWidth
        }

        func appendRow(_ locator: EdgeLocator, into writer: inout ByteWriter) {
            append(locator.source &- base.source, sourceWidth, into: &writer)
            append(locator.target &- base.target, targetWidth, into: &writer)
            append(UInt64(locator.type &- base.type), typeWidth, into: &writer)
        }

        private func append(_ value: UInt64, _ width: Int, into writer: inout ByteWriter) {
            guard width > 0 else { return }
            let start = writer.count
            writer.appendLE64(value)
            writer.truncate(to: start &+ width)
        }

        /// The row of a rank below the number of edges. Sums wrap in damaged bytes.
        @inline(__always)
        func row(_ rank: Int, _ slot: Int, _ bytes: RawSpan) -> EdgeLocator {
            let start = rowsStart &+ rank &* rowWidth
            let target = start &+ sourceWidth
            let type = bytes.littleEndian(at: target &+ targetWidth, size: typeWidth)
            return EdgeLocator(
                source: base.source &+ bytes.littleEndian(at: start, size: sourceWidth),
                target: base.target &+ bytes.littleEndian(at: target, size: targetWidth),
                type: base.type &+ UInt32(truncatingIfNeeded: type),
                hasRecord: records.contains(slot))
        }

        func slots(_ bytes: RawSpan) -> [EdgeLocator?] {
            var slots = [EdgeLocator?](repeating: nil, count: capacity)
            var rank = 0
            for slot in 0..<capacity where presence.contains(slot) {
                slots[slot] = row(rank, slot, bytes)
                rank &+= 1
            }
            return slots
        }
    }

    /// 128 bits in two words.
    private struct SlotBits {
        private var low: UInt64 = 0
        private var high: UInt64 = 0

        static let full = SlotBits(low: .max, high: .max)

        init() {}

        private init(low: UInt64, high: UInt64) {
            self.low = low
            self.high = high
        }

        init(_ bytes: RawSpan, at offset: Int) {
            low = bytes.loadLE64(at: offset)
            high = bytes.loadLE64(at: offset &+ 8)
        }

        var count: Int { low.nonzeroBitCount &+ high.nonzeroBitCount }
        var isEmpty: Bool { low | high == 0 }

        func isSubset(of other: SlotBits) -> Bool {
            low & ~other.low == 0 && high & ~other.high == 0
        }

        @inline(__always)
        func contains(_ slot: Int) -> Bool {
            ((slot < 64 ? low : high) &>> UInt64(slot & 63)) & 1 == 1
        }

        /// Set bits below a slot.
        @inline(__always)
        func rank(_ slot: Int) -> Int {
            let below = (1 as UInt64) &<< UInt64(slot & 63) &- 1
            if slot < 64 { return (low & below).nonzeroBitCount }
            return low.nonzeroBitCount &+ (high & below).nonzeroBitCount
        }

        mutating func insert(_ slot: Int) {
            let bit = (1 as UInt64) &<< UInt64(slot & 63)
            if slot < 64 { low |= bit } else { high |= bit }
        }

        mutating func remove(_ slot: Int) {
            let bit = (1 as UInt64) &<< UInt64(slot & 63)
            if slot < 64 { low &= ~bit } else { high &= ~bit }
        }

        func encode(into writer: inout ByteWriter) {
            writer.appendLE64(low)
            writer.appendLE64(high)
        }
    }
}

extension EdgeLocator {
    fileprivate static let lowest = EdgeLocator(source: 0, target: 0, type: 0, hasRecord: false)
    fileprivate static let highest = EdgeLocator(
        source: .max, target: .max, type: .max, hasRecord: false)
}

/// The fewest bytes that hold an unsigned number: 0 for zero, to 8.
@inline(__always)
func unsignedByteCount(_ value: UInt64) -> Int {
    (71 &- value.leadingZeroBitCount) &>> 3
}
