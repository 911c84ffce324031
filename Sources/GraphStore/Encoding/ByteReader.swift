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
        var folded = word & (stops ^ (stops &- 1)) & 0x7F7F_7F7F_7F7F_7F7F
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
    mutating func count(bitsEach: Int = 8) -> Int? {
        guard let value = varint(), let count = Int(exactly: value) else { return nil }
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

/// Signed numbers as unsigned ones whose size follows the magnitude: 0, -1, 1, -2 … → 0, 1, 2, 3 …
enum Zigzag {
    @inline(__always)
    static func encode(_ value: Int64) -> UInt64 {
        UInt64(bitPattern: (value &<< 1) ^ (value &>> 63))
    }

    @inline(__always)
    static func decode(_ value: UInt64) -> Int64 {
        Int64(bitPattern: value &>> 1) ^ -Int64(bitPattern: value & 1)
    }
}

/// The bytes a LEB128 number takes.
@inline(__always)
func varintSize(_ value: UInt64) -> Int {
    (70 &- (value | 1).leadingZeroBitCount) / 7
}

/// The bytes a zigzag LEB128 number takes.
@inline(__always)
func zigzagSize(_ value: Int64) -> Int { varintSize(Zigzag.encode(value)) }
