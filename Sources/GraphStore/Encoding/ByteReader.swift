internal import LMDB

/// A position in bytes that may be damaged: every read checks what is left and answers nil.
///
/// A read that answers nil leaves the position where it was or at the end of what it could use;
/// the caller gives up. Reads never trap.
struct ByteReader: ~Escapable {
    let bytes: RawSpan
    private(set) var offset: Int

    /// Starts at an offset, which is clamped into the bytes.
    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, at offset: Int = 0) {
        self.bytes = bytes
        self.offset = min(max(offset, 0), bytes.byteCount)
    }

    /// Bytes not yet read.
    var remaining: Int { bytes.byteCount &- offset }

    /// The next byte.
    @inline(__always)
    mutating func byte() -> UInt8? {
        guard offset < bytes.byteCount else { return nil }
        let value = bytes.loadUInt8(at: offset)
        offset &+= 1
        return value
    }

    /// The next LEB128 number of at most ten bytes.
    @inline(__always)
    mutating func varint() -> UInt64? {
        guard bytes.byteCount &- offset >= 8 else { return varintByBytes() }
        // Eight bytes at once: the first clear top bit ends the number, and three folds close
        // the gaps of one bit. No branch depends on the length, which in a row varies.
        let word = bytes.loadLE64(at: offset)
        let stops = ~word & 0x8080_8080_8080_8080
        guard stops != 0 else { return varintByBytes() }
        offset &+= (stops.trailingZeroBitCount &>> 3) &+ 1
        return Self.fold(word & (stops ^ (stops &- 1)))
    }

    /// The next two LEB128 numbers, of which one may have been read when the answer is nil.
    ///
    /// Both come from one word where they take eight bytes together, so that a row waits for one
    /// load and not for two.
    @inline(__always)
    mutating func varintPair() -> (UInt64, UInt64)? {
        let left = bytes.byteCount &- offset
        var word: UInt64
        if left >= 8 {
            word = bytes.loadLE64(at: offset)
        } else if bytes.byteCount >= 8 {
            // The last eight bytes, without those read before; zeros stand behind the end.
            word = bytes.loadLE64(at: bytes.byteCount &- 8) &>> UInt64((8 &- left) &* 8)
            if left == 0 { return nil }
        } else {
            return varintPairByParts()
        }
        let stops = ~word & 0x8080_8080_8080_8080
        let second = stops & (stops &- 1)
        guard second != 0 else { return varintPairByParts() }
        let size = (second.trailingZeroBitCount &>> 3) &+ 1
        guard size <= left else { return nil }
        offset &+= size
        let firstMask = stops ^ (stops &- 1)
        let first = Self.fold(word & firstMask)
        word &= (second ^ (second &- 1)) & ~firstMask
        return (first, Self.fold(word &>> UInt64((stops.trailingZeroBitCount &+ 1) & 63)))
    }

    private mutating func varintPairByParts() -> (UInt64, UInt64)? {
        guard let first = varintByBytes(), let second = varintByBytes() else { return nil }
        return (first, second)
    }

    /// The number in the low seven bits of each byte.
    @inline(__always)
    private static func fold(_ word: UInt64) -> UInt64 {
        var folded = word & 0x7F7F_7F7F_7F7F_7F7F
        folded = (folded & 0x007F_007F_007F_007F) | ((folded & 0x7F00_7F00_7F00_7F00) &>> 1)
        folded = (folded & 0x0000_3FFF_0000_3FFF) | ((folded & 0x3FFF_0000_3FFF_0000) &>> 2)
        return (folded & 0x0FFF_FFFF) | ((folded & 0x0FFF_FFFF_0000_0000) &>> 4)
    }

    private mutating func varintByBytes() -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let next = byte() {
            if shift == 63, next > 1 { return nil }
            value |= UInt64(next & 0x7F) &<< shift
            if next < 0x80 { return value }
            shift &+= 7
            if shift > 63 { return nil }
        }
        return nil
    }

    /// As `varint`, for numbers that mostly take one byte: sizes and counts.
    @inline(__always)
    private mutating func shortVarint() -> UInt64? {
        if offset < bytes.byteCount {
            let first = bytes.loadUInt8(at: offset)
            if first < 0x80 {
                offset &+= 1
                return UInt64(first)
            }
        }
        return varintByBytes()
    }

    /// The next signed number, zigzag and LEB128.
    @inline(__always)
    mutating func zigzag() -> Int64? {
        guard let value = varint() else { return nil }
        return Zigzag.decode(value)
    }

    /// The next signed number, if it fits.
    mutating func zigzag32() -> Int32? {
        guard let value = zigzag() else { return nil }
        return Int32(exactly: value)
    }

    /// A number of things of at least `bitsEach` bits that are still to come; nil if they cannot.
    @inline(__always)
    mutating func count(bitsEach: Int = 8) -> Int? {
        guard let value = shortVarint(), let count = Int(exactly: value) else { return nil }
        let (bits, overflow) = count.multipliedReportingOverflow(by: bitsEach)
        guard !overflow, bits <= remaining &* 8 else { return nil }
        return count
    }

    /// Steps over that many bytes and answers where they begin.
    mutating func skip(_ count: Int) -> Int? {
        guard count >= 0, count <= remaining else { return nil }
        let start = offset
        offset &+= count
        return start
    }
}
