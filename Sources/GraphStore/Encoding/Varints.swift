internal import LMDB

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

extension ByteWriter {
    /// Appends two LEB128 numbers; in one piece when they take eight bytes together.
    @inline(__always)
    mutating func appendVarintPair(_ first: UInt64, _ second: UInt64) {
        let (firstSize, secondSize) = (varintSize(first), varintSize(second))
        guard firstSize &+ secondSize <= 8 else {
            appendVarint(first)
            appendVarint(second)
            return
        }
        let start = count
        let word = Self.unfold(first, firstSize)
        appendLE64(word | Self.unfold(second, secondSize) &<< UInt64(firstSize &* 8))
        truncate(to: start &+ firstSize &+ secondSize)
    }

    /// Seven bits of a number of at most 49 in each byte, with the bits that say it goes on.
    @inline(__always)
    private static func unfold(_ value: UInt64, _ size: Int) -> UInt64 {
        var word = (value & 0x0FFF_FFFF) | ((value &<< 4) & 0x0FFF_FFFF_0000_0000)
        word = (word & 0x0000_3FFF_0000_3FFF) | ((word &<< 2) & 0x3FFF_0000_3FFF_0000)
        word = (word & 0x007F_007F_007F_007F) | ((word &<< 1) & 0x7F00_7F00_7F00_7F00)
        return word | (0x8080_8080_8080_8080 & ((1 as UInt64) &<< UInt64(size &* 8 &- 8) &- 1))
    }
}
