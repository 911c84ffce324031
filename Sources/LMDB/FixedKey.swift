/// A key of at most 32 bytes on the stack, for lookups without allocation.
///
/// ```swift
/// var key = FixedKey()
/// key.appendBE64(node)
/// let record = try view.get(nodes, key.span)
/// ```
public struct FixedKey: Sendable {
    @usableFromInline var storage = InlineArray<32, UInt8>(repeating: 0)
    @usableFromInline var used = 0

    /// The most bytes a key can hold.
    public static let capacity = 32

    /// Creates an empty key.
    @inlinable
    public init() {}

    /// Creates the key of one 64-bit number, the most significant byte first.
    @inlinable
    public init(be64 value: UInt64) {
        appendBE64(value)
    }

    /// The number of bytes appended.
    @inlinable
    public var count: Int { used }

    /// The bytes appended, borrowed.
    @inlinable
    public var span: RawSpan {
        @_lifetime(borrow self)
        get {
            // SAFETY: bytes have no padding, so all of them are initialised.
            unsafe storage.span.bytes.extracting(first: used)
        }
    }

    /// Forgets all bytes.
    @inlinable
    public mutating func removeAll() { used = 0 }

    /// Forgets all bytes from `count` on, which must be at most the number of bytes appended.
    @inlinable
    public mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= used, "Cannot truncate to more bytes than appended.")
        used = count
    }

    /// Appends one byte. The key must have room for it.
    @inlinable
    public mutating func append(_ value: UInt8) { appendInteger(value) }

    /// Appends one byte. The key must have room for it.
    @inlinable
    public mutating func appendBE8(_ value: UInt8) { appendInteger(value) }

    /// Appends 2 bytes, the most significant first. The key must have room for them.
    @inlinable
    public mutating func appendBE16(_ value: UInt16) { appendInteger(value.bigEndian) }

    /// Appends 4 bytes, the most significant first. The key must have room for them.
    @inlinable
    public mutating func appendBE32(_ value: UInt32) { appendInteger(value.bigEndian) }

    /// Appends 8 bytes, the most significant first. The key must have room for them.
    @inlinable
    public mutating func appendBE64(_ value: UInt64) { appendInteger(value.bigEndian) }

    /// Appends a byte string. The key must have room for it.
    @inlinable
    public mutating func append(_ bytes: RawSpan) {
        let offset = used
        let count = bytes.byteCount
        precondition(count <= 32 &- offset, "A fixed key holds at most 32 bytes.")
        // SAFETY: the bounds were checked; the source is borrowed and cannot be this key.
        unsafe withUnsafeMutableBytes(of: &storage) { target in
            unsafe bytes.withUnsafeBytes { source in
                unsafe UnsafeMutableRawBufferPointer(rebasing: target[offset..<offset &+ count])
                    .copyMemory(from: source)
            }
        }
        used = offset &+ count
    }

    @inlinable @inline(__always)
    mutating func appendInteger<T: FixedWidthInteger & BitwiseCopyable>(_ value: T) {
        let offset = used
        precondition(offset <= 32 &- MemoryLayout<T>.size, "A fixed key holds at most 32 bytes.")
        // SAFETY: the bounds were checked, and the array's storage is its bytes.
        unsafe withUnsafeMutableBytes(of: &storage) { buffer in
            unsafe buffer.storeBytes(of: value, toByteOffset: offset, as: T.self)
        }
        used = offset &+ MemoryLayout<T>.size
    }
}
