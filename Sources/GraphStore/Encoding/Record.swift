internal import LMDB
internal import PropertyGraph

// The record of a node or an edge: its labels and properties. Format version 1.
//
// | part       | size                     | meaning                                            |
// |------------|--------------------------|----------------------------------------------------|
// | flags      | 1                        | bits 0–1: width of a label, 2–3: of a property id, |
// |            |                          | 4–5: of an end (0: 1 byte, 1: 2 bytes, 2: 4 bytes);|
// |            |                          | bit 6: has `since`; bit 7: reserved, 0             |
// | labels     | varint                   | number of labels                                   |
// | properties | varint                   | number of properties                               |
// | since      | varint, if flagged       | position that made this version                    |
// | label      | width × labels           | label numbers, ascending                           |
// | key        | width × properties       | property ids, ascending                            |
// | end        | width × properties       | where each value ends, from the first value's start|
// | value      | …                        | `ValueCodec`, or F0 for one spilled to `blob`: F0, |
// |            |                          | the first byte of its storage form, varint size    |
//
// The tables are of fixed width, so a property is found by searching its id among neighbours in
// one cache line, and its value is taken without decoding another. Numbers are little-endian.

/// A record, read in place; every access checks the bounds, and damage answers nil or nothing.
struct RecordView: ~Escapable {
    let bytes: RawSpan
    /// Number of labels.
    let labelCount: Int
    /// Number of properties.
    let propertyCount: Int
    /// The position that made this version, where history is kept.
    let since: UInt64?
    private let labelWidth: Int
    private let keyWidth: Int
    private let endWidth: Int
    private let labelsStart: Int
    private let keysStart: Int
    private let endsStart: Int
    private let valuesStart: Int

    /// Looks at a record; nil when its header is damaged or of a form yet unknown.
    ///
    /// - Complexity: O(1).
    @_lifetime(copy bytes)
    init?(_ bytes: RawSpan) {
        var reader = ByteReader(bytes)
        guard let flags = reader.byte(), flags & 0x80 == 0,
            let labelWidth = RecordWidths.width(code: flags),
            let keyWidth = RecordWidths.width(code: flags &>> 2),
            let endWidth = RecordWidths.width(code: flags &>> 4),
            let labels = reader.count(bitsEach: labelWidth &* 8),
            let properties = reader.count(bitsEach: (keyWidth &+ endWidth) &* 8)
        else { return nil }
        var since: UInt64?
        if flags & RecordWidths.sinceFlag != 0 {
            since = reader.varint()
            if since == nil { return nil }
        }
        // The counts are bounded by the bytes, so these sums cannot overflow.
        let tables = labels &* labelWidth &+ properties &* (keyWidth &+ endWidth)
        guard tables <= reader.remaining else { return nil }
        self.bytes = bytes
        self.since = since
        labelCount = labels
        propertyCount = properties
        self.labelWidth = labelWidth
        self.keyWidth = keyWidth
        self.endWidth = endWidth
        labelsStart = reader.offset
        keysStart = labelsStart &+ labels &* labelWidth
        endsStart = keysStart &+ properties &* keyWidth
        valuesStart = endsStart &+ properties &* endWidth
    }

    /// Where the table of ends begins and how wide its entries are, and where the values begin.
    var tables: (endsStart: Int, endWidth: Int, valuesStart: Int) {
        (endsStart, endWidth, valuesStart)
    }

    /// The label at an index below `labelCount`; labels ascend.
    func label(at index: Int) -> UInt32 {
        guard index >= 0, index < labelCount else { return 0 }
        return UInt32(bytes.fixedWidth(at: labelsStart &+ index &* labelWidth, labelWidth))
    }

    /// Whether the record has a label.
    ///
    /// - Complexity: O(labels), of which there are few.
    func hasLabel(_ label: UInt32) -> Bool {
        for index in 0..<labelCount {
            let other = self.label(at: index)
            if other >= label { return other == label }
        }
        return false
    }

    /// The property id at an index below `propertyCount`; ids ascend.
    func key(at index: Int) -> UInt32 {
        guard index >= 0, index < propertyCount else { return 0 }
        return UInt32(bytes.fixedWidth(at: keysStart &+ index &* keyWidth, keyWidth))
    }

    /// The index of a property, if the record has it.
    ///
    /// - Complexity: O(log properties).
    func find(_ key: UInt32) -> Int? {
        var (low, high) = (0, propertyCount)
        while high &- low > 8 {
            let middle = (low &+ high) &>> 1
            if self.key(at: middle) <= key { low = middle } else { high = middle }
        }
        while low < high {
            let other = self.key(at: low)
            if other >= key { return other == key ? low : nil }
            low &+= 1
        }
        return nil
    }

    /// The bytes of a value, as offsets into the record; nil when damaged.
    func valueRange(at index: Int) -> Range<Int>? {
        guard index >= 0, index < propertyCount else { return nil }
        let end = UInt64(bytes.byteCount &- valuesStart)
        let from =
            index == 0 ? 0 : bytes.fixedWidth(at: endsStart &+ (index &- 1) &* endWidth, endWidth)
        let to = bytes.fixedWidth(at: endsStart &+ index &* endWidth, endWidth)
        guard from < to, to <= end else { return nil }
        return (valuesStart &+ Int(from))..<(valuesStart &+ Int(to))
    }

    /// Whether a property's value is in the blob table.
    func isSpilled(at index: Int) -> Bool {
        guard let range = valueRange(at: index) else { return false }
        return bytes.loadUInt8(at: range.lowerBound) == ValueCodec.Tag.spilled
    }

    /// The size of a spilled value's storage form in bytes; nil where it is not spilled.
    func spilledSize(at index: Int) -> Int? {
        guard let range = valueRange(at: index), range.count > 2,
            bytes.loadUInt8(at: range.lowerBound) == ValueCodec.Tag.spilled
        else { return nil }
        var reader = ByteReader(bytes.extracting(range), at: 2)
        guard let size = reader.varint(), reader.remaining == 0 else { return nil }
        return Int(exactly: size)
    }

    /// The value of a property; nil when it is spilled or damaged.
    func value(at index: Int) -> PropertyValue? {
        guard let range = valueRange(at: index) else { return nil }
        return ValueCodec.decode(bytes.extracting(range))
    }

    /// The value, where it is an integer.
    ///
    /// - Complexity: O(1).
    func integer(at index: Int) -> Int64? {
        guard let range = valueRange(at: index) else { return nil }
        return ValueCodec.integer(in: bytes, range)
    }

    /// The value, where it is a double.
    ///
    /// - Complexity: O(1).
    func double(at index: Int) -> Double? {
        guard let range = valueRange(at: index) else { return nil }
        var reader = ByteReader(bytes.extracting(range), at: 1)
        let tag = bytes.loadUInt8(at: range.lowerBound)
        guard let value = ValueCodec.decodeDouble(tag, &reader), reader.remaining == 0 else {
            return nil
        }
        return value
    }

    /// Whether everything in the record holds together: order of labels and ids, ends that
    /// ascend to the last byte, and values that decode.
    ///
    /// - Complexity: O(bytes).
    var isValid: Bool {
        for index in 0..<labelCount where index > 0 {
            guard label(at: index &- 1) < label(at: index) else { return false }
        }
        var end = valuesStart
        for index in 0..<propertyCount {
            guard index == 0 || key(at: index &- 1) < key(at: index),
                let range = valueRange(at: index),
                spilledSize(at: index) != nil || value(at: index) != nil
            else { return false }
            end = range.upperBound
        }
        return end == bytes.byteCount
    }
}

/// What the reader and the writer of records share.
enum RecordWidths {
    static let sinceFlag: UInt8 = 0x40

    /// Bytes of a table's entries by the two lowest bits.
    @inline(__always)
    static func width(code: UInt8) -> Int? {
        let code = code & 3
        return code == 3 ? nil : 1 &<< Int(code)
    }

    /// The code of the smallest width that holds a number.
    @inline(__always)
    static func code(for largest: UInt64) -> UInt8 {
        largest < 0x100 ? 0 : (largest < 0x1_0000 ? 1 : 2)
    }
}

extension RawSpan {
    /// An unsigned little-endian number of 1, 2 or 4 bytes, which the caller has checked are there.
    @inline(__always)
    func fixedWidth(at offset: Int, _ width: Int) -> UInt64 {
        switch width {
        case 1: UInt64(loadUInt8(at: offset))
        case 2: UInt64(loadLE16(at: offset))
        default: UInt64(loadLE32(at: offset))
        }
    }
}
