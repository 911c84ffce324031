import Glibc

extension RawSpan {
    /// Whether the bytes begin with those of `other`.
    public func hasPrefix(_ other: RawSpan) -> Bool {
        guard other.byteCount <= byteCount else { return false }
        return extracting(first: other.byteCount).compare(other) == 0
    }

    /// Orders two byte strings as LMDB orders keys: by the first byte that differs, then length.
    ///
    /// - Returns: Less than 0, 0, or more than 0.
    public func compare(_ other: RawSpan) -> Int {
        let common = min(byteCount, other.byteCount)
        if common > 0 {
            // SAFETY: `common` bytes lie within both spans.
            let order = unsafe withUnsafeBytes { left in
                unsafe other.withUnsafeBytes { right -> Int32 in
                    guard let left = left.baseAddress, let right = right.baseAddress else {
                        return 0
                    }
                    return unsafe memcmp(left, right, common)
                }
            }
            if order != 0 { return Int(order) }
        }
        return byteCount - other.byteCount
    }

    /// Whether both hold the same bytes.
    public func hasSameBytes(as other: RawSpan) -> Bool {
        byteCount == other.byteCount && compare(other) == 0
    }

    /// A copy of all bytes.
    public func bytes() -> [UInt8] {
        // SAFETY: the array copies within the closure.
        unsafe withUnsafeBytes { unsafe Array($0) }
    }

    /// A copy of `count` bytes at `offset`.
    ///
    /// - Precondition: The range lies within the span.
    public func bytes(at offset: Int, count: Int) -> [UInt8] {
        slice(at: offset, count: count).bytes()
    }

    /// The `count` bytes at `offset`, without copying.
    ///
    /// - Precondition: The range lies within the span.
    @_lifetime(copy self)
    @inlinable
    public func slice(at offset: Int, count: Int) -> RawSpan {
        precondition(
            offset >= 0 && count >= 0 && offset <= byteCount && count <= byteCount - offset,
            "The slice lies outside of the span.")
        return extracting(offset..<offset &+ count)
    }

    /// The `count` bytes at `offset`, or `nil` where the range does not lie within the span.
    @_lifetime(copy self)
    @inlinable
    public func sliceIfPresent(at offset: Int, count: Int) -> RawSpan? {
        guard offset >= 0 && count >= 0 && offset <= byteCount && count <= byteCount - offset
        else { return nil }
        return extracting(offset..<offset &+ count)
    }

    /// All bytes as text, or `nil` if they are not UTF-8.
    public func string() -> String? {
        // Validating in place and copying once is three times as fast as `String(validating:)`.
        let bytes = Span<UInt8>(_bytes: self)
        guard let text = try? UTF8Span(validating: bytes) else { return nil }
        return String(copying: text)
    }

    /// The `count` bytes at `offset` as text, or `nil` if they are not UTF-8 or not all there.
    public func string(at offset: Int, count: Int) -> String? {
        sliceIfPresent(at: offset, count: count)?.string()
    }
}

extension Array<UInt8> {
    /// The array's bytes, borrowed.
    @inlinable
    public var rawSpan: RawSpan {
        @_lifetime(borrow self)
        get {
            // SAFETY: bytes have no padding, so all of them are initialised.
            unsafe span.bytes
        }
    }
}

extension Span<UInt8> {
    /// The same bytes without their type.
    @inlinable
    public var rawSpan: RawSpan {
        @_lifetime(copy self)
        get {
            // SAFETY: bytes have no padding, so all of them are initialised.
            unsafe bytes
        }
    }
}

// No such property for `String.UTF8View`: a short string lies in the view itself, so the span of
// a copy that the getter was handed would die with it. `utf8.span.rawSpan` reads it in place.
