internal import LMDB

// A number's encoding is exact for every 64-bit integer and every double, and equal for equal
// numbers of both types.
//
// | part     | size       | meaning                                                             |
// |----------|------------|---------------------------------------------------------------------|
// | sign     | 1          | 50 below zero, 51 zero (and nothing more), 52 above zero, 58 NaN    |
// | exponent | 11 bits    | biased binary exponent of the magnitude, as in a double             |
// | fraction | ≤ 63 bits  | bits behind the leading one (a subnormal's as they are)             |
//
// Exponent and fraction run on as one string of bits, cut into groups of seven; trailing zero
// groups are dropped. A group is one byte: seven bits, then one that says whether another group
// follows. Magnitudes thus compare as bytes: at the first difference either the bits differ, or
// one number ends where the other has a group that is not all zero. Below zero every byte is
// complemented. 1 and 1.0 take 3 bytes, integers to 2^17 at most 5, any double at most 10.

extension OrderedKey {
    /// Appends an integer as a number.
    static func appendNumber(_ value: Int64, to writer: inout ByteWriter) {
        guard value != 0 else { return writer.append(Tag.zero) }
        let magnitude = value.magnitude
        let lead = UInt64(magnitude.leadingZeroBitCount)
        let fraction = (magnitude &<< lead) & (UInt64.max &>> 1)
        appendMagnitude(
            exponent: 1023 + 63 - lead, fraction: fraction, isNegative: value < 0, to: &writer)
    }

    /// Appends a double as a number: -0 as 0, and every NaN alike.
    static func appendNumber(_ value: Double, to writer: inout ByteWriter) {
        guard !value.isNaN else { return writer.append(Tag.notANumber) }
        guard value != 0 else { return writer.append(Tag.zero) }
        appendMagnitude(
            exponent: UInt64(value.exponentBitPattern),
            fraction: value.significandBitPattern &<< 11, isNegative: value < 0, to: &writer)
    }

    private static func appendMagnitude(
        exponent: UInt64, fraction: UInt64, isNegative: Bool, to writer: inout ByteWriter
    ) {
        writer.append(isNegative ? Tag.negative : Tag.positive)
        // 11 + 63 bits, left-aligned in two words: 64 in `high`, the last 10 on top of `low`.
        var high = (exponent &<< 53) | (fraction &>> 10)
        var low = fraction &<< 54
        // Groups gather on top of a word, which is written at once.
        var (word, size): (UInt64, Int) = (0, 0)
        while true {
            var group = (high &>> 57) &<< 1
            high = (high &<< 7) | (low &>> 57)
            low &<<= 7
            if high | low != 0 { group |= 1 }
            word |= group &<< UInt64(56 &- size &* 8)
            size &+= 1
            guard high | low != 0 else { break }
            if size == 8 {
                writer.appendBE64(isNegative ? ~word : word)
                (word, size) = (0, 0)
            }
        }
        let start = writer.count
        writer.appendBE64(isNegative ? ~word : word)
        writer.truncate(to: start &+ size)
    }

    /// Appends a signed whole number in order, short when it is near zero.
    static func appendOrdered(_ value: Int64, to writer: inout ByteWriter) {
        let magnitude = UInt64(bitPattern: value ^ (value &>> 63))
        let size = (64 &- magnitude.leadingZeroBitCount &+ 7) &>> 3
        writer.append(value < 0 ? 0x7F - UInt8(size) : 0x80 + UInt8(size))
        for index in (0..<size).reversed() {
            writer.append(UInt8(truncatingIfNeeded: value &>> Int64(index &* 8)))
        }
    }

    /// Appends a signed whole number of up to 128 bits, in one order with the shorter ones.
    static func appendOrdered(_ value: Int128, to writer: inout ByteWriter) {
        if let short = Int64(exactly: value) { return appendOrdered(short, to: &writer) }
        let magnitude = UInt128(truncatingIfNeeded: value ^ (value >> 127))
        let size = (128 &- magnitude.leadingZeroBitCount &+ 7) / 8
        writer.append(value < 0 ? 0x7F - UInt8(size) : 0x80 + UInt8(size))
        for index in (0..<size).reversed() {
            writer.append(UInt8(truncatingIfNeeded: value >> Int128(index &* 8)))
        }
    }
}
