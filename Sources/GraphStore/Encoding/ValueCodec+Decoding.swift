internal import LMDB
internal import PropertyGraph

extension ValueCodec {
    /// The value whose storage form these bytes are, all of them; nil when they are damaged.
    static func decode(_ bytes: RawSpan) -> PropertyValue? {
        var reader = ByteReader(bytes)
        guard let value = decode(&reader, depth: 0), reader.remaining == 0 else { return nil }
        return value
    }

    /// The next value, and the reader behind it; nil when the bytes are damaged.
    static func decode(_ reader: inout ByteReader, depth: Int) -> PropertyValue? {
        guard let tag = reader.byte() else { return nil }
        switch tag {
        case Tag.smallInteger..<Tag.shortString:
            return .integer(Int64(tag - Tag.smallInteger) + smallIntegers.lowerBound)
        case Tag.shortString..<(Tag.shortString + 64):
            return text(&reader, length: Int(tag - Tag.shortString)).map { .string($0) }
        case Tag.integer..<(Tag.integer + 8):
            return integer(&reader, size: Int(tag - Tag.integer) + 1).map { .integer($0) }
        case Tag.double, Tag.single, Tag.decimal8, Tag.decimal16, Tag.decimal32:
            return decodeDouble(tag, &reader).map { .double($0) }
        case Tag.false: return .boolean(false)
        case Tag.true: return .boolean(true)
        case Tag.string: return blobText(&reader).map { .string($0) }
        case Tag.bytes:
            guard let length = reader.count(), let start = reader.skip(length) else { return nil }
            return .bytes(reader.bytes.bytes(at: start, count: length))
        case Tag.date...Tag.duration: return decodeTemporal(tag, &reader)
        case Tag.point: return decodePoint(&reader)
        case Tag.vector:
            guard let count = reader.count(bitsEach: 32) else { return nil }
            var elements: [Float] = []
            elements.reserveCapacity(count)
            for _ in 0..<count {
                guard let element = single(&reader) else { return nil }
                elements.append(element)
            }
            return .vector(elements)
        case Tag.list...Tag.strings: return decodeList(tag, &reader, depth: depth)
        default: return nil
        }
    }

    /// The integer that a tag alone stands for; nil for other tags.
    @inline(__always)
    static func smallInteger(_ tag: UInt8) -> Int64? {
        guard tag >= Tag.smallInteger, tag < Tag.shortString else { return nil }
        return Int64(tag &- Tag.smallInteger) &+ smallIntegers.lowerBound
    }

    /// The integer whose storage form is a part of some bytes; nil for other values.
    @inline(__always)
    static func integer(in bytes: RawSpan, _ range: Range<Int>) -> Int64? {
        let tag = bytes.loadUInt8(at: range.lowerBound)
        if range.count == 1 { return smallInteger(tag) }
        let size = Int(tag) &- Int(Tag.integer) &+ 1
        guard size > 0, size <= 8, range.count == size &+ 1 else { return nil }
        let word = bytes.littleEndian(at: range.lowerBound &+ 1, size: size)
        let unused = UInt64(64 &- size &* 8)
        return Int64(bitPattern: word &<< unused) &>> Int64(unused)
    }

    /// The double behind its tag.
    static func decodeDouble(_ tag: UInt8, _ reader: inout ByteReader) -> Double? {
        switch tag {
        case Tag.double: return double(&reader)
        case Tag.single: return single(&reader).map { Double($0) }
        case Tag.decimal8, Tag.decimal16, Tag.decimal32:
            let size = 1 &<< Int(tag - Tag.decimal8)
            guard let exponent = reader.byte(), exponent <= UInt8(ScaledDecimal.maximumExponent),
                let numerator = integer(&reader, size: size)
            else { return nil }
            return ScaledDecimal.value(Int32(truncatingIfNeeded: numerator), Int(exponent))
        default: return nil
        }
    }

    private static func decodePoint(_ reader: inout ByteReader) -> PropertyValue? {
        guard let number = reader.zigzag32(),
            let system = Point.ReferenceSystem(rawValue: number),
            let x = double(&reader), let y = double(&reader)
        else { return nil }
        guard system.isThreeDimensional else { return .point(Point(system, x: x, y: y)) }
        guard let z = double(&reader) else { return nil }
        return .point(Point(system, x: x, y: y, z: z))
    }

    /// A signed number of 1 to 8 bytes.
    static func integer(_ reader: inout ByteReader, size: Int) -> Int64? {
        guard let start = reader.skip(size) else { return nil }
        let word = reader.bytes.littleEndian(at: start, size: size)
        let unused = UInt64(64 &- size &* 8)
        return Int64(bitPattern: word &<< unused) &>> Int64(unused)
    }

    static func double(_ reader: inout ByteReader) -> Double? {
        guard let start = reader.skip(8) else { return nil }
        return Double(bitPattern: reader.bytes.loadLE64(at: start))
    }

    static func single(_ reader: inout ByteReader) -> Float? {
        guard let start = reader.skip(4) else { return nil }
        return Float(bitPattern: reader.bytes.loadLE32(at: start))
    }

    static func blobText(_ reader: inout ByteReader) -> String? {
        guard let length = reader.count() else { return nil }
        return text(&reader, length: length)
    }

    /// The UTF-8 of the text whose storage form these bytes are, as it lies; nil for other values.
    @_lifetime(copy bytes)
    static func text(in bytes: RawSpan) -> RawSpan? {
        var reader = ByteReader(bytes)
        guard let tag = reader.byte() else { return nil }
        var length = Int(tag) - Int(Tag.shortString)
        if tag == Tag.string {
            guard let count = reader.count() else { return nil }
            length = count
        } else if length < 0 || length > shortStringLimit {
            return nil
        }
        guard length == reader.remaining else { return nil }
        return bytes.extracting(reader.offset..<bytes.byteCount)
    }

    private static func text(_ reader: inout ByteReader, length: Int) -> String? {
        guard let start = reader.skip(length) else { return nil }
        return reader.bytes.string(at: start, count: length)
    }
}

extension RawSpan {
    /// An unsigned little-endian number of 0 to 8 bytes, which the caller has checked are there.
    @inline(__always)
    func littleEndian(at offset: Int, size: Int) -> UInt64 {
        if size <= 0 { return 0 }
        if offset &+ 8 <= byteCount {
            return loadLE64(at: offset) & (UInt64.max &>> UInt64(64 &- size &* 8))
        }
        var value: UInt64 = 0
        for index in (0..<size).reversed() {
            value = (value &<< 8) | UInt64(loadUInt8(at: offset &+ index))
        }
        return value
    }
}
