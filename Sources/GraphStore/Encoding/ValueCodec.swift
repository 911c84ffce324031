internal import LMDB
internal import PropertyGraph

// The storage form of a property value: exact to the bit, self-describing, ends itself.
// Format version 1. Numbers are little-endian; varint is LEB128; signed varints are zigzag.
//
// | tag    | type                | what follows                                              |
// |--------|---------------------|-----------------------------------------------------------|
// | 00     | –                   | never written: zeroed bytes are damage                    |
// | 01, 02 | boolean             | – (false, true)                                           |
// | 03     | double              | 8 bytes                                                   |
// | 04     | double              | 4 bytes: a 32-bit float that is exact                     |
// | 05–07  | double              | exponent u8 (≤ 6), numerator of 1, 2 or 4 bytes: a        |
// |        |                     | `ScaledDecimal`                                           |
// | 08–0F  | integer             | 1 to 8 bytes, two's complement                            |
// | 10     | string              | varint length, UTF-8                                      |
// | 11     | bytes               | varint length, bytes                                      |
// | 12     | date                | signed varint days                                        |
// | 13     | localtime           | signed varint nanoseconds                                 |
// | 14     | time                | signed varint local nanoseconds, offset                   |
// | 15     | localdatetime       | signed varint seconds, nanoseconds                        |
// | 16     | datetime            | signed varint UTC seconds, nanoseconds, offset            |
// | 17     | datetime in a zone  | as 16, then varint length, UTF-8 name                     |
// | 18     | duration            | signed varint months, days, seconds, nanoseconds          |
// | 19     | point               | signed varint system, 2 or 3 doubles of 8 bytes           |
// | 1A     | vector              | varint count, 4 bytes a float                             |
// | 20     | list                | varint count, values with their tags                      |
// | 21     | list of booleans    | varint count, bits from the lowest up                     |
// | 22     | list of integers    | varint count, width u8 (1, 2, 4, 8), numbers              |
// | 23     | list of doubles     | varint count, 8 bytes each                                |
// | 24     | list of doubles     | varint count, 4 bytes each, all exact                     |
// | 25     | list of strings     | varint count, each varint length and UTF-8                |
// | 40–7F  | integer             | – (−16 … 47)                                              |
// | 80–BF  | string              | UTF-8 of 0 … 63 bytes                                     |
// | F0     | –                   | no value: a record's placeholder for a spilled one        |
// | others | –                   | reserved                                                  |

/// Exact storage of every property value.
enum ValueCodec {
    /// The first byte of each form.
    enum Tag {
        static let `false`: UInt8 = 0x01
        static let `true`: UInt8 = 0x02
        static let double: UInt8 = 0x03
        static let single: UInt8 = 0x04
        static let decimal8: UInt8 = 0x05
        static let decimal16: UInt8 = 0x06
        static let decimal32: UInt8 = 0x07
        static let integer: UInt8 = 0x08
        static let string: UInt8 = 0x10
        static let bytes: UInt8 = 0x11
        static let date: UInt8 = 0x12
        static let localTime: UInt8 = 0x13
        static let zonedTime: UInt8 = 0x14
        static let localDateTime: UInt8 = 0x15
        static let offsetDateTime: UInt8 = 0x16
        static let zonedDateTime: UInt8 = 0x17
        static let duration: UInt8 = 0x18
        static let point: UInt8 = 0x19
        static let vector: UInt8 = 0x1A
        static let list: UInt8 = 0x20
        static let booleans: UInt8 = 0x21
        static let integers: UInt8 = 0x22
        static let doubles: UInt8 = 0x23
        static let singles: UInt8 = 0x24
        static let strings: UInt8 = 0x25
        static let smallInteger: UInt8 = 0x40
        static let shortString: UInt8 = 0x80
        static let spilled: UInt8 = 0xF0
    }

    /// The integers that are all tag.
    static let smallIntegers: ClosedRange<Int64> = -16...47
    /// The longest string whose length is in the tag, in bytes.
    static let shortStringLimit = 63
    /// How deep lists may nest before bytes count as damaged; stored lists do not nest at all.
    static let maximumDepth = 16

    /// Appends the storage form of a value.
    static func encode(_ value: PropertyValue, into writer: inout ByteWriter) {
        switch value {
        case .boolean(let value): writer.append(value ? Tag.true : Tag.false)
        case .integer(let value): encodeInteger(value, into: &writer)
        case .double(let value): encodeDouble(value, into: &writer)
        case .string(let value):
            let bytes = value.utf8.span.rawSpan
            if bytes.byteCount <= shortStringLimit {
                writer.append(Tag.shortString + UInt8(bytes.byteCount))
                writer.append(bytes)
            } else {
                writer.append(Tag.string)
                encodeBlob(bytes, into: &writer)
            }
        case .bytes(let value):
            writer.append(Tag.bytes)
            encodeBlob(value.rawSpan, into: &writer)
        case .list(let elements): encodeList(elements, into: &writer)
        case .vector(let elements):
            writer.append(Tag.vector)
            writer.appendVarint(UInt64(elements.count))
            for element in elements { writer.appendLE32(element.bitPattern) }
        case .point(let value):
            writer.append(Tag.point)
            writer.appendVarint(Zigzag.encode(Int64(value.referenceSystem.rawValue)))
            writer.appendLE64(value.x.bitPattern)
            writer.appendLE64(value.y.bitPattern)
            if value.referenceSystem.isThreeDimensional { writer.appendLE64(value.z.bitPattern) }
        case .date, .localTime, .zonedTime, .localDateTime, .zonedDateTime, .duration:
            writer.append(temporalTag(value))
            forEachNumber(of: value) { writer.appendVarint(Zigzag.encode($0)) }
            if let zone = zoneName(value) { encodeBlob(zone.utf8.span.rawSpan, into: &writer) }
        }
    }

    private static func encodeInteger(_ value: Int64, into writer: inout ByteWriter) {
        if smallIntegers.contains(value) {
            return writer.append(Tag.smallInteger + UInt8(value - smallIntegers.lowerBound))
        }
        let size = signedByteCount(value)
        writer.append(Tag.integer + UInt8(size - 1))
        for index in 0..<size {
            writer.append(UInt8(truncatingIfNeeded: value &>> Int64(index &* 8)))
        }
    }

    private static func encodeDouble(_ value: Double, into writer: inout ByteWriter) {
        let form = doubleForm(value)
        writer.append(form.tag)
        switch form.tag {
        case Tag.double: writer.appendLE64(value.bitPattern)
        case Tag.single: writer.appendLE32(Float(value).bitPattern)
        default:
            writer.append(UInt8(form.exponent))
            switch form.tag {
            case Tag.decimal8: writer.append(UInt8(truncatingIfNeeded: form.numerator))
            case Tag.decimal16: writer.appendLE16(UInt16(truncatingIfNeeded: form.numerator))
            default: writer.appendLE32(UInt32(bitPattern: form.numerator))
            }
        }
    }

    /// The shortest form of a double.
    private static func doubleForm(_ value: Double) -> (
        tag: UInt8, exponent: Int, numerator: Int32
    ) {
        let isSingle = ScaledDecimal.isSingle(value)
        guard let exponent = ScaledDecimal.exponent(of: value),
            let numerator = ScaledDecimal.numerator(of: value, exponent: exponent)
        else { return (isSingle ? Tag.single : Tag.double, 0, 0) }
        if Int8(exactly: numerator) != nil { return (Tag.decimal8, exponent, numerator) }
        if Int16(exactly: numerator) != nil { return (Tag.decimal16, exponent, numerator) }
        return (isSingle ? Tag.single : Tag.decimal32, exponent, numerator)
    }

    static func encodeBlob(_ bytes: RawSpan, into writer: inout ByteWriter) {
        writer.appendVarint(UInt64(bytes.byteCount))
        writer.append(bytes)
    }

    /// The bytes that `encode` appends.
    ///
    /// - Complexity: O(1) for scalars, O(length) for lists.
    static func encodedSize(_ value: PropertyValue) -> Int {
        switch value {
        case .boolean: return 1
        case .integer(let value):
            return smallIntegers.contains(value) ? 1 : 1 + signedByteCount(value)
        case .double(let value):
            switch doubleForm(value).tag {
            case Tag.double: return 9
            case Tag.single: return 5
            case Tag.decimal8: return 3
            case Tag.decimal16: return 4
            default: return 6
            }
        case .string(let value):
            let length = value.utf8.count
            return length <= shortStringLimit ? 1 + length : 1 + blobSize(length)
        case .bytes(let value): return 1 + blobSize(value.count)
        case .list(let elements): return listSize(elements)
        case .vector(let elements):
            return 1 + varintSize(UInt64(elements.count)) + 4 * elements.count
        case .point(let value):
            let system = zigzagSize(Int64(value.referenceSystem.rawValue))
            return 1 + system + (value.referenceSystem.isThreeDimensional ? 24 : 16)
        case .date, .localTime, .zonedTime, .localDateTime, .zonedDateTime, .duration:
            var size = 1
            forEachNumber(of: value) { size += zigzagSize($0) }
            return size + (zoneName(value).map { blobSize($0.utf8.count) } ?? 0)
        }
    }

    static func blobSize(_ length: Int) -> Int { varintSize(UInt64(length)) + length }
}
