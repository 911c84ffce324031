internal import LMDB
internal import PropertyGraph

// Order-preserving keys: bytes compare as openCypher orders values. Format version 1.
//
// | first byte | type          | what follows                                                   |
// |------------|---------------|----------------------------------------------------------------|
// | 02         | –             | ends a list; below every type, so a shorter list comes first   |
// | 10         | list          | the elements' encodings, 02                                    |
// | 14         | vector        | ordered count, then 4 bytes a float, sign-flipped              |
// | 18         | point         | ordered system number, then x, y, z as numbers                 |
// | 20         | datetime      | ordered UTC seconds, nanoseconds, offset; 00, or 01 and a name |
// | 24         | localdatetime | ordered seconds, nanoseconds                                   |
// | 28         | date          | ordered days                                                   |
// | 2C         | time          | ordered UTC nanoseconds, offset                                |
// | 30         | localtime     | ordered nanoseconds                                            |
// | 34         | duration      | ordered average seconds, nanoseconds, months, days             |
// | 38         | bytes         | text                                                           |
// | 40         | string        | text                                                           |
// | 48, 49     | boolean       | – (false, true)                                                |
// | 50, 51, 52 | number        | below zero, zero, above zero; see `OrderedKey+Numbers.swift`   |
// | 58         | NaN           | –                                                              |
// | 60         | –             | reserved for null in composite keys                            |
// | others     | –             | reserved                                                       |
//
// text: the bytes, 00 written 00 FF; then 00 00.
// ordered: a signed whole number: 80 + n and n bytes big-endian for v ≥ 0; 7F − n and the low
// n bytes of v for v < 0, n being the fewest bytes that hold v (or −1 − v).
//
// A composite is the concatenation; every encoding ends itself, so none is a prefix of another.
// A key of more than 391 bytes is cut: its first 391 bytes, FF, and the 64-bit hash of the whole
// encoding, big-endian: 400 bytes, a length no uncut key has. So keys that agree in 391 bytes are
// neighbours, all of them cut, and only among them the order must be read from the values.

/// Order-preserving encodings of property values, and the same order on the values themselves.
enum OrderedKey {
    /// Bytes of a cut key, the longest there are.
    static let maximumLength = 400
    /// Bytes of the longest key that is kept whole, and of what a cut key keeps.
    static let cutLength = 391

    /// The first byte of each encoding.
    enum Tag {
        static let endOfList: UInt8 = 0x02
        static let list: UInt8 = 0x10
        static let vector: UInt8 = 0x14
        static let point: UInt8 = 0x18
        static let zonedDateTime: UInt8 = 0x20
        static let localDateTime: UInt8 = 0x24
        static let date: UInt8 = 0x28
        static let zonedTime: UInt8 = 0x2C
        static let localTime: UInt8 = 0x30
        static let duration: UInt8 = 0x34
        static let bytes: UInt8 = 0x38
        static let string: UInt8 = 0x40
        static let boolean: UInt8 = 0x48
        static let negative: UInt8 = 0x50
        static let zero: UInt8 = 0x51
        static let positive: UInt8 = 0x52
        static let notANumber: UInt8 = 0x58
        static let cut: UInt8 = 0xFF
    }

    /// Appends the encoding of a value, however long.
    static func append(_ value: PropertyValue, to writer: inout ByteWriter) {
        switch value {
        case .boolean(let value): writer.append(value ? Tag.boolean + 1 : Tag.boolean)
        case .integer(let value): appendNumber(value, to: &writer)
        case .double(let value): appendNumber(value, to: &writer)
        case .string(let value):
            writer.append(Tag.string)
            appendEscaped(value.utf8.span.rawSpan, to: &writer)
            writer.appendBE16(0)
        case .bytes(let value):
            writer.append(Tag.bytes)
            appendEscaped(value.rawSpan, to: &writer)
            writer.appendBE16(0)
        case .list(let elements):
            writer.append(Tag.list)
            for element in elements { append(element, to: &writer) }
            writer.append(Tag.endOfList)
        case .vector(let elements):
            writer.append(Tag.vector)
            appendOrdered(Int64(elements.count), to: &writer)
            for element in elements { writer.appendBE32(orderedBits(element)) }
        case .point(let value):
            writer.append(Tag.point)
            appendOrdered(Int64(value.referenceSystem.rawValue), to: &writer)
            appendNumber(value.x, to: &writer)
            appendNumber(value.y, to: &writer)
            appendNumber(value.z, to: &writer)
        case .date, .localTime, .zonedTime, .localDateTime, .zonedDateTime, .duration:
            appendTemporal(value, to: &writer)
        }
    }

    /// The key of a composite; cut when long, and then not exact: other values may share it, or
    /// stand beside it in another order than that of the values.
    static func encode(_ values: [PropertyValue]) -> (bytes: [UInt8], isExact: Bool) {
        var writer = ByteWriter()
        for value in values { append(value, to: &writer) }
        let isCut = cut(&writer, from: 0)
        return (writer.bytes, !isCut)
    }

    /// Cuts the key that begins at a place and ends the writer, if it is too long.
    @discardableResult
    static func cut(_ writer: inout ByteWriter, from start: Int) -> Bool {
        guard writer.count - start > cutLength else { return false }
        let hash = writer.span.extracting(start..<writer.count).hash64()
        writer.truncate(to: start + cutLength)
        writer.append(Tag.cut)
        writer.appendBE64(hash)
        return true
    }

    /// Appends the encoding of a text from its storage form, without making the text.
    ///
    /// - Returns: False, with nothing appended, where the form is that of something else.
    static func append(storedText bytes: RawSpan, to writer: inout ByteWriter) -> Bool {
        guard let text = ValueCodec.text(in: bytes) else { return false }
        writer.append(Tag.string)
        appendEscaped(text, to: &writer)
        writer.appendBE16(0)
        return true
    }

    /// What the keys of all strings that start with a text start with, behind leading values.
    ///
    /// It is the lower bound of a scan that goes on while a key has this prefix. Where it was
    /// cut at 391 bytes, the keys it finds are all cut, and are decided by their values.
    static func encodePrefix(ofString prefix: String, after leading: [PropertyValue]) -> [UInt8] {
        var writer = ByteWriter()
        for value in leading { append(value, to: &writer) }
        writer.append(Tag.string)
        appendEscaped(prefix.utf8.span.rawSpan, to: &writer)
        return Array(writer.bytes.prefix(cutLength))
    }

    /// Bounds `lower ≤ key < upper` of the encodings of all values of the same kind: numbers
    /// (integers and doubles, without NaN), or the values of one other type. Empty for NaN, which
    /// compares with nothing.
    static func comparableRange(of value: PropertyValue) -> (lower: [UInt8], upper: [UInt8]) {
        switch value {
        case .double(let number) where number.isNaN: ([Tag.notANumber], [Tag.notANumber])
        case .integer, .double: ([Tag.negative], [Tag.positive + 1])
        case .boolean: ([Tag.boolean], [Tag.boolean + 2])
        default: ([tag(of: value)], [tag(of: value) + 1])
        }
    }

    /// The first byte of a value's encoding; for numbers that of the lowest, for NaN its own.
    static func tag(of value: PropertyValue) -> UInt8 {
        switch value {
        case .list: Tag.list
        case .vector: Tag.vector
        case .point: Tag.point
        case .zonedDateTime: Tag.zonedDateTime
        case .localDateTime: Tag.localDateTime
        case .date: Tag.date
        case .zonedTime: Tag.zonedTime
        case .localTime: Tag.localTime
        case .duration: Tag.duration
        case .bytes: Tag.bytes
        case .string: Tag.string
        case .boolean: Tag.boolean
        case .integer: Tag.negative
        case .double(let number): number.isNaN ? Tag.notANumber : Tag.negative
        }
    }

    /// Appends bytes with 00 written as 00 FF; pieces between zeros are copied whole.
    private static func appendEscaped(_ bytes: RawSpan, to writer: inout ByteWriter) {
        var start = 0
        var offset = 0
        while offset < bytes.byteCount {
            if offset &+ 8 <= bytes.byteCount {
                // Subtracting one borrows into the top bit of a byte only if it, or one below
                // it that is zero itself, was zero.
                let word = bytes.loadLE64(at: offset)
                if (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080 == 0 {
                    offset &+= 8
                    continue
                }
            }
            if bytes.loadUInt8(at: offset) == 0 {
                writer.append(bytes.extracting(start..<(offset &+ 1)))
                writer.append(0xFF as UInt8)
                start = offset &+ 1
            }
            offset &+= 1
        }
        writer.append(bytes.extracting(start..<bytes.byteCount))
    }

    /// The bits of a float as an unsigned number of the same order; -0 as 0, every NaN last.
    private static func orderedBits(_ value: Float) -> UInt32 {
        if value.isNaN { return .max }
        if value == 0 { return 0x8000_0000 }
        let bits = value.bitPattern
        return value < 0 ? ~bits : bits | 0x8000_0000
    }
}
