extension RawSpan {
    /// The integer in the bytes at `offset`, as they lie in memory.
    ///
    /// - Precondition: The bytes lie within the span.
    @inlinable @inline(__always)
    func loadInteger<T: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as: T.Type) -> T {
        precondition(
            offset >= 0 && offset <= byteCount &- MemoryLayout<T>.size,
            "The integer lies outside of the span.")
        // SAFETY: the bounds were checked; every bit pattern is an integer.
        return unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: T.self)
    }

    /// As `loadInteger`, or `nil` when the bytes do not lie within the span.
    @inlinable @inline(__always)
    func loadIntegerIfPresent<T: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int, as: T.Type
    ) -> T? {
        guard offset >= 0 && offset <= byteCount &- MemoryLayout<T>.size else { return nil }
        // SAFETY: the bounds were checked; every bit pattern is an integer.
        return unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: T.self)
    }

    /// The byte at `offset`, which must lie within the span.
    @inlinable
    public func loadUInt8(at offset: Int) -> UInt8 {
        loadInteger(at: offset, as: UInt8.self)
    }

    /// The byte at `offset`, or `nil` beyond the span.
    @inlinable
    public func loadUInt8IfPresent(at offset: Int) -> UInt8? {
        loadIntegerIfPresent(at: offset, as: UInt8.self)
    }

    /// The 16-bit big-endian integer at `offset`, which must lie within the span.
    @inlinable
    public func loadBE16(at offset: Int) -> UInt16 {
        UInt16(bigEndian: loadInteger(at: offset, as: UInt16.self))
    }

    /// The 16-bit big-endian integer at `offset`, or `nil` where it does not lie within the span.
    @inlinable
    public func loadBE16IfPresent(at offset: Int) -> UInt16? {
        loadIntegerIfPresent(at: offset, as: UInt16.self).map { UInt16(bigEndian: $0) }
    }

    /// The 32-bit big-endian integer at `offset`, which must lie within the span.
    @inlinable
    public func loadBE32(at offset: Int) -> UInt32 {
        UInt32(bigEndian: loadInteger(at: offset, as: UInt32.self))
    }

    /// The 32-bit big-endian integer at `offset`, or `nil` where it does not lie within the span.
    @inlinable
    public func loadBE32IfPresent(at offset: Int) -> UInt32? {
        loadIntegerIfPresent(at: offset, as: UInt32.self).map { UInt32(bigEndian: $0) }
    }

    /// The 64-bit big-endian integer at `offset`, which must lie within the span.
    @inlinable
    public func loadBE64(at offset: Int) -> UInt64 {
        UInt64(bigEndian: loadInteger(at: offset, as: UInt64.self))
    }

    /// The 64-bit big-endian integer at `offset`, or `nil` where it does not lie within the span.
    @inlinable
    public func loadBE64IfPresent(at offset: Int) -> UInt64? {
        loadIntegerIfPresent(at: offset, as: UInt64.self).map { UInt64(bigEndian: $0) }
    }

    /// The 16-bit little-endian integer at `offset`, which must lie within the span.
    @inlinable
    public func loadLE16(at offset: Int) -> UInt16 {
        UInt16(littleEndian: loadInteger(at: offset, as: UInt16.self))
    }

    /// The 16-bit little-endian integer at `offset`, or `nil` where it does not lie within the span.
    @inlinable
    public func loadLE16IfPresent(at offset: Int) -> UInt16? {
        loadIntegerIfPresent(at: offset, as: UInt16.self).map { UInt16(littleEndian: $0) }
    }

    /// The 32-bit little-endian integer at `offset`, which must lie within the span.
    @inlinable
    public func loadLE32(at offset: Int) -> UInt32 {
        UInt32(littleEndian: loadInteger(at: offset, as: UInt32.self))
    }

    /// The 32-bit little-endian integer at `offset`, or `nil` where it does not lie within the span.
    @inlinable
    public func loadLE32IfPresent(at offset: Int) -> UInt32? {
        loadIntegerIfPresent(at: offset, as: UInt32.self).map { UInt32(littleEndian: $0) }
    }

    /// The 64-bit little-endian integer at `offset`, which must lie within the span.
    @inlinable
    public func loadLE64(at offset: Int) -> UInt64 {
        UInt64(littleEndian: loadInteger(at: offset, as: UInt64.self))
    }

    /// The 64-bit little-endian integer at `offset`, or `nil` where it does not lie within the span.
    @inlinable
    public func loadLE64IfPresent(at offset: Int) -> UInt64? {
        loadIntegerIfPresent(at: offset, as: UInt64.self).map { UInt64(littleEndian: $0) }
    }
}
