/// A growable byte string for encoding keys and values.
///
/// Appending costs a bounds check and a store; reuse one writer with `removeAll` to save
/// allocations. A value: copies share storage until one of them changes.
public struct ByteWriter: Sendable {
    /// The storage; bytes from `count` on are spare.
    @usableFromInline var storage: [UInt8]

    /// The number of bytes written.
    @inlinable
    public var count: Int { used }

    @usableFromInline var used = 0

    /// Creates an empty writer with room for `capacity` bytes.
    public init(capacity: Int = 0) {
        storage = [UInt8](repeating: 0, count: max(0, capacity))
    }

    /// Whether nothing has been written.
    @inlinable
    public var isEmpty: Bool { used == 0 }

    /// The bytes written, borrowed.
    @inlinable
    public var span: RawSpan {
        @_lifetime(borrow self)
        get {
            // SAFETY: bytes have no padding, so all of them are initialised.
            unsafe storage.span.bytes.extracting(first: used)
        }
    }

    /// A copy of the bytes written.
    public var bytes: [UInt8] { Array(storage[..<used]) }

    /// Forgets all bytes.
    @inlinable
    public mutating func removeAll(keepingCapacity: Bool = true) {
        if !keepingCapacity { storage = [] }
        used = 0
    }

    /// Forgets all bytes from `count` on.
    ///
    /// - Precondition: `count` is at most the number of bytes written.
    @inlinable
    public mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= used, "Cannot truncate to more bytes than written.")
        used = count
    }

    /// Makes room for `extra` more bytes.
    @inlinable @inline(__always)
    mutating func reserve(_ extra: Int) {
        if storage.count &- used < extra { enlarge(extra) }
    }

    @usableFromInline @inline(never)
    mutating func enlarge(_ extra: Int) {
        let needed = used + extra
        let size = max(needed, storage.count * 2, 64)
        storage.append(contentsOf: repeatElement(0, count: size - storage.count))
    }

    /// Appends the bytes of an integer as they lie in memory.
    @inlinable @inline(__always)
    mutating func appendInteger<T: FixedWidthInteger & BitwiseCopyable>(_ value: T) {
        reserve(MemoryLayout<T>.size)
        let offset = used
        // SAFETY: `reserve` made room for these bytes within the array.
        unsafe storage.withUnsafeMutableBytes { buffer in
            unsafe buffer.storeBytes(of: value, toByteOffset: offset, as: T.self)
        }
        used = offset &+ MemoryLayout<T>.size
    }
}

// MARK: Appending

extension ByteWriter {
    /// Appends one byte.
    @inlinable
    public mutating func append(_ value: UInt8) { appendInteger(value) }

    /// Appends 2 bytes, the most significant first.
    @inlinable
    public mutating func appendBE16(_ value: UInt16) { appendInteger(value.bigEndian) }

    /// Appends 4 bytes, the most significant first.
    @inlinable
    public mutating func appendBE32(_ value: UInt32) { appendInteger(value.bigEndian) }

    /// Appends 8 bytes, the most significant first.
    @inlinable
    public mutating func appendBE64(_ value: UInt64) { appendInteger(value.bigEndian) }

    /// Appends 2 bytes, the least significant first.
    @inlinable
    public mutating func appendLE16(_ value: UInt16) { appendInteger(value.littleEndian) }

    /// Appends 4 bytes, the least significant first.
    @inlinable
    public mutating func appendLE32(_ value: UInt32) { appendInteger(value.littleEndian) }

    /// Appends 8 bytes, the least significant first.
    @inlinable
    public mutating func appendLE64(_ value: UInt64) { appendInteger(value.littleEndian) }

    /// Appends a byte string.
    public mutating func append(_ bytes: RawSpan) {
        let count = bytes.byteCount
        guard count > 0 else { return }
        reserve(count)
        let offset = used
        // SAFETY: `reserve` made room for `count` bytes within the array, whose storage is unique
        // to this mutation and so cannot overlap the borrowed source.
        unsafe storage.withUnsafeMutableBytes { target in
            unsafe bytes.withUnsafeBytes { source in
                unsafe UnsafeMutableRawBufferPointer(rebasing: target[offset..<offset &+ count])
                    .copyMemory(from: source)
            }
        }
        used = offset &+ count
    }

    /// Appends a byte array.
    public mutating func append(_ bytes: [UInt8]) {
        append(bytes.rawSpan)
    }

    /// Appends the UTF-8 bytes of a string, without its length.
    public mutating func append(utf8 text: String) {
        append(text.utf8.span.rawSpan)
    }

    /// Appends an unsigned LEB128 number: 7 bits per byte, low bits first; 1…10 bytes.
    @inlinable
    public mutating func appendVarint(_ value: UInt64) {
        if value < 0x80 {
            appendInteger(UInt8(truncatingIfNeeded: value))
            return
        }
        var rest = value
        while rest >= 0x80 {
            appendInteger(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest &>>= 7
        }
        appendInteger(UInt8(truncatingIfNeeded: rest))
    }

    /// Appends a signed number as a varint of its zigzag form: 0, −1, 1, −2 … as 0, 1, 2, 3 ….
    @inlinable
    public mutating func appendZigzag(_ value: Int64) {
        appendVarint(UInt64(bitPattern: value &<< 1 ^ value &>> 63))
    }

    /// Overwrites 2 bytes at `offset`, the least significant first.
    ///
    /// - Precondition: They have been written.
    @inlinable
    public mutating func overwriteLE16(_ value: UInt16, at offset: Int) {
        overwriteInteger(value.littleEndian, at: offset)
    }

    /// Overwrites 4 bytes at `offset`, the least significant first.
    ///
    /// - Precondition: They have been written.
    @inlinable
    public mutating func overwriteLE32(_ value: UInt32, at offset: Int) {
        overwriteInteger(value.littleEndian, at: offset)
    }

    /// Overwrites one byte at `offset`.
    ///
    /// - Precondition: It has been written.
    @inlinable
    public mutating func overwrite(_ value: UInt8, at offset: Int) {
        overwriteInteger(value, at: offset)
    }

    @inlinable @inline(__always)
    mutating func overwriteInteger<T: FixedWidthInteger & BitwiseCopyable>(
        _ value: T, at offset: Int
    ) {
        precondition(
            offset >= 0 && offset <= used &- MemoryLayout<T>.size,
            "Cannot overwrite bytes that have not been written.")
        // SAFETY: the bounds were checked.
        unsafe storage.withUnsafeMutableBytes { buffer in
            unsafe buffer.storeBytes(of: value, toByteOffset: offset, as: T.self)
        }
    }
}
