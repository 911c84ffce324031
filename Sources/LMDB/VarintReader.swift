/// Decodes a byte string from front to back; malformed input is `nil`, never a trap.
///
/// After a `nil` the reader stands where it stood before.
public struct VarintReader: ~Escapable {
    /// The bytes being decoded.
    @usableFromInline let bytes: RawSpan
    /// The offset of the next byte.
    @inlinable
    public var position: Int { offset }

    @usableFromInline var offset = 0

    /// Creates a reader at the start of `bytes`.
    @_lifetime(copy bytes)
    @inlinable
    public init(_ bytes: RawSpan) {
        self.bytes = bytes
    }

    /// Whether every byte has been read.
    @inlinable
    public var isAtEnd: Bool { offset >= bytes.byteCount }

    /// The number of bytes not read yet.
    @inlinable
    public var remaining: Int { bytes.byteCount &- offset }

    /// Reads an unsigned LEB128 number.
    ///
    /// - Returns: `nil` if the input ends within the number, if it does not fit 64 bits, or if it
    ///   has superfluous zero groups: every number has exactly one accepted form.
    @_lifetime(self: copy self)
    @inlinable
    public mutating func next() -> UInt64? {
        guard offset < bytes.byteCount else { return nil }
        // SAFETY: `offset` is below the count and never negative.
        let first = unsafe bytes.unsafeLoadUnaligned(
            fromUncheckedByteOffset: offset, as: UInt8.self)
        if first < 0x80 {
            offset &+= 1
            return UInt64(first)
        }
        return nextLong(first)
    }

    /// Reads a number of two bytes or more, whose first byte is known.
    @_lifetime(self: copy self)
    @inlinable
    mutating func nextLong(_ first: UInt8) -> UInt64? {
        var value = UInt64(first & 0x7F)
        var shift: UInt64 = 7
        var at = offset &+ 1
        while at < bytes.byteCount {
            // SAFETY: `at` is below the count.
            let byte = unsafe bytes.unsafeLoadUnaligned(
                fromUncheckedByteOffset: at, as: UInt8.self)
            at &+= 1
            value |= UInt64(byte & 0x7F) &<< shift
            if byte < 0x80 {
                // The tenth byte holds the 64th bit alone; a last group of zero is superfluous.
                if byte == 0 || shift == 63 && byte > 1 { return nil }
                offset = at
                return value
            }
            if shift == 63 { return nil }
            shift &+= 7
        }
        return nil
    }

    /// Reads a signed number in zigzag form; `nil` as for ``next()``.
    @_lifetime(self: copy self)
    @inlinable
    public mutating func nextZigzag() -> Int64? {
        guard let value = next() else { return nil }
        return Int64(bitPattern: value &>> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// Reads a varint that must be a size or index: `nil` also if it exceeds `limit`.
    @_lifetime(self: copy self)
    @inlinable
    public mutating func nextInt(atMost limit: Int = .max) -> Int? {
        let start = offset
        guard let value = next() else { return nil }
        guard limit >= 0, value <= UInt64(limit) else {
            offset = start
            return nil
        }
        return Int(value)
    }

    /// Reads one byte.
    @_lifetime(self: copy self)
    @inlinable
    public mutating func nextByte() -> UInt8? {
        guard let value = bytes.loadUInt8IfPresent(at: offset) else { return nil }
        offset &+= 1
        return value
    }

    /// Reads 4 bytes, the least significant first.
    @_lifetime(self: copy self)
    @inlinable
    public mutating func nextLE32() -> UInt32? {
        guard let value = bytes.loadLE32IfPresent(at: offset) else { return nil }
        offset &+= 4
        return value
    }

    /// Reads 8 bytes, the least significant first.
    @_lifetime(self: copy self)
    @inlinable
    public mutating func nextLE64() -> UInt64? {
        guard let value = bytes.loadLE64IfPresent(at: offset) else { return nil }
        offset &+= 8
        return value
    }

    /// Reads 4 bytes, the most significant first.
    @_lifetime(self: copy self)
    @inlinable
    public mutating func nextBE32() -> UInt32? {
        guard let value = bytes.loadBE32IfPresent(at: offset) else { return nil }
        offset &+= 4
        return value
    }

    /// Reads 8 bytes, the most significant first.
    @_lifetime(self: copy self)
    @inlinable
    public mutating func nextBE64() -> UInt64? {
        guard let value = bytes.loadBE64IfPresent(at: offset) else { return nil }
        offset &+= 8
        return value
    }

    /// Reads `count` bytes without copying them.
    @_lifetime(copy self)
    @_lifetime(self: copy self)
    @inlinable
    public mutating func nextBytes(_ count: Int) -> RawSpan? {
        guard let slice = bytes.sliceIfPresent(at: offset, count: count) else { return nil }
        offset &+= count
        return slice
    }

    /// Skips `count` bytes. False, with nothing skipped, if fewer remain.
    @_lifetime(self: copy self)
    @inlinable
    public mutating func skip(_ count: Int) -> Bool {
        guard count >= 0, count <= remaining else { return false }
        offset &+= count
        return true
    }
}
