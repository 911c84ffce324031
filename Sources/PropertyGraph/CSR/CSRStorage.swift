// The only file of this module with unsafe code: it owns allocated or mapped memory and lends it
// as spans. Invariants, kept here and nowhere else:
//  1. A `CSRStorage` frees its memory once, in `deinit`, and never writes it while a buffer exists
//     (a builder writes through the exclusive `MutableSpan` it is lent before the buffer exists,
//     or after the last one is gone, when memory is recycled). That of a `GrowingColumn` has no
//     buffer and no other owner.
//  2. A `CSRBuffer` keeps its storage alive, lies inside it, and is aligned for its element.
//  3. Elements are `BitwiseCopyable` types of which every bit pattern is a value.
//  4. A mapped file is never truncated or rewritten after it was published (STORAGE: derived files).

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A number that fills a column: every bit pattern is a value, and its layout is the file's.
public protocol CSRElement: BitwiseCopyable, Sendable {}
extension UInt8: CSRElement {}
extension UInt16: CSRElement {}
extension UInt32: CSRElement {}
extension UInt64: CSRElement {}
extension Int32: CSRElement {}
extension Int64: CSRElement {}
extension Float: CSRElement {}
extension Double: CSRElement {}

/// Memory that one or more buffers lie in: allocated, or a file mapped read-only.
@safe
public final class CSRStorage: @unchecked Sendable {
    // Sendable: both fields are immutable, and the memory is written only before publication
    // (invariant 1), so concurrent readers never meet a writer.
    @usableFromInline let base: UnsafeMutableRawPointer
    /// The size of the memory in bytes.
    public let byteCount: Int
    private let isMapped: Bool
    /// How many bytes could be written anew once no buffer is left; 0 for a mapped file.
    @usableFromInline let capacity: Int

    /// From this size on memory is mapped, in huge pages where the system has them: gathers and
    /// scatters over large columns then miss the address cache far less, and fresh pages are zero.
    private static let hugeByteCount = 1 << 21

    /// Allocates zeroed memory, aligned to 64 bytes.
    @usableFromInline
    init(byteCount: Int) {
        let size = max(byteCount, 1)
        // A little more than asked for, so that recycled memory has room for a little more.
        let room = (size / 64 * 65 + 0xFFFF) & ~0xFFFF
        if size >= Self.hugeByteCount, let mapped = unsafe Self.mapAnonymous(room) {
            unsafe base = mapped
            self.byteCount = byteCount
            isMapped = true
            capacity = room
            return
        }
        unsafe base = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        self.byteCount = byteCount
        isMapped = false
        capacity = byteCount
    }

    private static func mapAnonymous(_ size: Int) -> UnsafeMutableRawPointer? {
        let address = unsafe mmap(
            nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else { return nil }
        // Advice only: without huge pages the memory is as good, but slower.
        _ = unsafe madvise(address, size, Int32(MADV_HUGEPAGE))
        return unsafe address
    }

    private init(mapping base: UnsafeMutableRawPointer, byteCount: Int) {
        unsafe self.base = base
        self.byteCount = byteCount
        isMapped = true
        capacity = 0
    }

    deinit {
        // SAFETY: the last reference is gone, so no buffer and no span of it is left.
        if isMapped {
            unsafe munmap(base, max(capacity, byteCount))
        } else {
            unsafe base.deallocate()
        }
    }

    /// Maps a whole file read-only; nil when it cannot be opened, is empty, or cannot be mapped.
    ///
    /// The pages are shared with other processes and count as cache, not as memory of this one.
    public static func map(path: String) -> CSRStorage? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard size > 0 else { return nil }
        guard let address = unsafe mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0),
            unsafe address != MAP_FAILED
        else { return nil }
        return unsafe CSRStorage(mapping: address, byteCount: size)
    }

    /// All bytes of the memory.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // SAFETY: the memory lives as long as `self`, which the span borrows.
            let span = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(base), byteCount: byteCount)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// A column of `count` elements at a byte offset; nil when it does not fit or is not aligned.
    public func buffer<Element: CSRElement>(
        of type: Element.Type = Element.self, at byteOffset: Int, count: Int
    ) -> CSRBuffer<Element>? {
        let (size, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        guard !overflow, count >= 0, byteOffset >= 0, byteOffset <= byteCount,
            size <= byteCount - byteOffset,
            (unsafe Int(bitPattern: base) + byteOffset) % MemoryLayout<Element>.alignment == 0
        else { return nil }
        return unsafe CSRBuffer(storage: self, base: base + byteOffset, count: count)
    }
}

/// A column that grows at its end, until it is read as it lies.
///
/// Room for elements that never come costs next to nothing in a large column: its pages are not there
/// before they are written.
package struct GrowingColumn<Element: CSRElement>: ~Copyable {
    private var storage = CSRStorage(byteCount: 0)
    /// How many elements it holds.
    package private(set) var count = 0

    /// An empty column.
    package init() {}

    private var capacity: Int { storage.byteCount / MemoryLayout<Element>.stride }

    /// Takes elements.
    ///
    /// - Parameter expected: About how many there will be in the end; 0 when nobody knows.
    /// - Complexity: O(elements), amortised.
    package mutating func append(_ elements: Span<Element>, expecting expected: Int) {
        let needed = count + elements.count
        if needed > capacity {
            let room = max(needed, expected, capacity + capacity / 2)
            let larger = CSRStorage(byteCount: room * MemoryLayout<Element>.stride)
            Self.copy(span, to: larger, at: 0)
            storage = larger
        }
        Self.copy(elements, to: storage, at: count)
        count = needed
    }

    private static func copy(_ elements: Span<Element>, to storage: CSRStorage, at start: Int) {
        // SAFETY: the storage is this column's alone, and no span of it is left while it is written;
        // there is room, as the caller saw to.
        let base = unsafe storage.base.assumingMemoryBound(to: Element.self)
        let capacity = storage.byteCount / MemoryLayout<Element>.stride
        var span = unsafe MutableSpan(_unsafeStart: base, count: capacity)
        span.copy(elements, at: start)
    }

    /// The elements, borrowed.
    package var span: Span<Element> {
        @_lifetime(borrow self)
        get {
            // SAFETY: the storage lives as long as `self`, which is not written while it is borrowed.
            let base = unsafe UnsafePointer(storage.base.assumingMemoryBound(to: Element.self))
            let span = unsafe Span(_unsafeStart: base, count: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The elements, to be changed.
    package var mutableSpan: MutableSpan<Element> {
        @_lifetime(&self)
        mutating get {
            // SAFETY: the storage is this column's alone, and the span borrows it exclusively.
            let base = unsafe storage.base.assumingMemoryBound(to: Element.self)
            let span = unsafe MutableSpan(_unsafeStart: base, count: count)
            return unsafe _overrideLifetime(span, mutating: &self)
        }
    }
}

/// An immutable column of numbers, in allocated or mapped memory; copying it copies a reference.
@frozen
@safe
public struct CSRBuffer<Element: CSRElement>: @unchecked Sendable {
    // Sendable: the memory is immutable once a buffer exists (invariant 1).
    @usableFromInline let storage: CSRStorage
    @usableFromInline let base: UnsafePointer<Element>
    /// How many elements it holds.
    public let count: Int

    @usableFromInline
    init(storage: CSRStorage, base: UnsafeMutableRawPointer, count: Int) {
        self.storage = storage
        unsafe self.base = UnsafePointer(base.assumingMemoryBound(to: Element.self))
        self.count = count
    }

    /// Allocates `count` elements, lends them zeroed to `fill`, and freezes them.
    @inlinable
    public init<Failure: Error>(
        count: Int, fill: (inout MutableSpan<Element>) throws(Failure) -> Void
    ) throws(Failure) {
        let storage = CSRStorage(byteCount: count * MemoryLayout<Element>.stride)
        // SAFETY: fresh zeroed memory of that size; nothing else can see it yet.
        let start = unsafe storage.base.assumingMemoryBound(to: Element.self)
        var span = unsafe MutableSpan(_unsafeStart: start, count: count)
        try fill(&span)
        unsafe self.init(storage: storage, base: storage.base, count: count)
    }

    /// As `init(count:fill:)`, in the memory of a buffer that nobody else holds, where it has room:
    /// pages that are there already cost nothing.
    ///
    /// - Parameters:
    ///   - old: Taken away, whether it could be used or not.
    ///   - fill: Must write every element: recycled memory holds what it held before.
    @inlinable
    package init(
        count: Int, recycling old: inout CSRBuffer<Element>?,
        fill: (inout MutableSpan<Element>) -> Void
    ) {
        let candidate = old?.storage
        old = nil
        guard var storage = candidate,
            count <= storage.capacity / MemoryLayout<Element>.stride,
            // Twice the memory that is needed is better given back.
            storage.capacity / 2 <= count &* MemoryLayout<Element>.stride &+ 0xFFFF
        else {
            self.init(count: count, fill: fill)
            return
        }
        _ = consume candidate
        guard isKnownUniquelyReferenced(&storage) else {
            self.init(count: count, fill: fill)
            return
        }
        // SAFETY: the memory is writable (its capacity says so) and large enough, and no buffer and
        // no span of it is left, for this is the last reference.
        let start = unsafe storage.base.assumingMemoryBound(to: Element.self)
        var span = unsafe MutableSpan(_unsafeStart: start, count: count)
        fill(&span)
        unsafe self.init(storage: storage, base: storage.base, count: count)
    }

    /// Copies an array.
    @inlinable
    public init(_ elements: [Element]) {
        self.init(count: elements.count) { span in
            for index in elements.indices { span[index] = elements[index] }
        }
    }

    /// The elements, borrowed: kernels take this once and loop on it.
    @inlinable
    public var span: Span<Element> {
        @_lifetime(borrow self)
        get {
            // SAFETY: invariant 2; the span borrows `self`, which keeps the storage alive.
            let span = unsafe Span(_unsafeStart: base, count: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The element at an index below `count`.
    @inlinable
    public subscript(index: Int) -> Element {
        precondition(index >= 0 && index < count, "Index beyond the end of a column.")
        return unsafe base[index]
    }

    /// The raw bytes, for writing to a file.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let span = unsafe RawSpan(
                _unsafeStart: UnsafeRawPointer(base),
                byteCount: count * MemoryLayout<Element>.stride)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }
}

extension MutableSpan where Element: CSRElement {
    /// Copies elements to a place, at the speed of memory.
    ///
    /// - Precondition: They fit.
    @inlinable
    @_lifetime(self: copy self)
    package mutating func copy(_ elements: Span<Element>, at start: Int) {
        precondition(start >= 0 && elements.count <= count - start, "They fit.")
        guard !elements.isEmpty else { return }
        unsafe withUnsafeMutableBufferPointer { target in
            unsafe elements.withUnsafeBufferPointer { source in
                // SAFETY: both lie in live memory of that size, and a mutable span overlaps none.
                guard let to = target.baseAddress, let from = source.baseAddress
                else { return }
                unsafe (to + start).update(from: from, count: source.count)
            }
        }
    }
}

extension Span<UInt8> {
    /// How many of the bytes are `byte`; eight are looked at together.
    package func count(of byte: UInt8) -> Int {
        // SAFETY: a byte has no padding.
        let bytes = unsafe self.bytes
        let ones: UInt64 = 0x0101_0101_0101_0101
        let pattern = UInt64(byte) &* ones
        let lows = ones &* 0x7F
        var total = 0
        var place = 0
        while place &+ 8 <= count {
            // A lane of eight bits counts for each place of a word; it holds up to 255.
            let end = min(count, place &+ 8 &* 255)
            var lanes: UInt64 = 0
            while place &+ 8 <= end {
                // SAFETY: `place + 8 <= count`, as the loop says.
                let word =
                    unsafe bytes.unsafeLoadUnaligned(
                        fromUncheckedByteOffset: place, as: UInt64.self)
                    ^ pattern
                // The high bit of a byte stays clear only where the byte is zero.
                lanes &+= (~(((word & lows) &+ lows) | word) &>> 7) & ones
                place &+= 8
            }
            let pairs = (lanes & 0x00FF_00FF_00FF_00FF) &+ (lanes &>> 8 & 0x00FF_00FF_00FF_00FF)
            total &+= Int((pairs &* 0x0001_0001_0001_0001) &>> 48)
        }
        while place < count {
            total &+= self[place] == byte ? 1 : 0
            place &+= 1
        }
        return total
    }
}

extension RawSpan {
    /// The next `count` bytes, at most eight, as a number; the first byte is the lowest.
    ///
    /// - Precondition: They lie inside.
    @inline(__always)
    func word(at offset: Int, count: Int) -> UInt64 {
        precondition(offset >= 0 && count <= 8 && offset <= byteCount - count, "They lie inside.")
        // SAFETY: the bytes read lie inside the span, as was just checked.
        if count == 8 {
            return unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
                .littleEndian
        }
        var word: UInt64 = 0
        for index in 0..<count {
            let byte = unsafe unsafeLoad(fromUncheckedByteOffset: offset &+ index, as: UInt8.self)
            word |= UInt64(byte) &<< UInt64(8 &* index)
        }
        return word
    }

    /// Where a text first stands at or after a place; nil when it stands nowhere.
    ///
    /// Eight places at a time are compared by the first and the last byte of the text.
    ///
    /// - Complexity: O(bytes) where few places agree in both; O(bytes × text) at worst.
    func firstPlace(of text: RawSpan, from start: Int) -> Int? {
        let last = text.byteCount &- 1
        guard last >= 0, start >= 0, byteCount > last else { return nil }
        let ones: UInt64 = 0x0101_0101_0101_0101
        let (first, final) = (text.word(at: 0, count: 1), text.word(at: last, count: 1))
        let (firsts, finals) = (first &* ones, final &* ones)
        let end = byteCount &- last
        var place = start
        while place &+ 8 <= end {
            // SAFETY: `place + 8 + last <= byteCount`, as the loop says.
            let heads = unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: place, as: UInt64.self)
            let tails = unsafe unsafeLoadUnaligned(
                fromUncheckedByteOffset: place &+ last, as: UInt64.self)
            let difference = (heads.littleEndian ^ firsts) | (tails.littleEndian ^ finals)
            // The lowest zero byte is marked for sure; bytes above it may be by mistake.
            var zeros = (difference &- ones) & ~difference & (ones &<< 7)
            while zeros != 0 {
                let found = place &+ zeros.trailingZeroBitCount &>> 3
                if hasBytes(text, at: found) { return found }
                zeros &= zeros &- 1
            }
            place &+= 8
        }
        while place < end {
            if hasBytes(text, at: place) { return place }
            place &+= 1
        }
        return nil
    }

    /// Whether a text stands at a place where it fits.
    private func hasBytes(_ text: RawSpan, at start: Int) -> Bool {
        var place = 0
        while place < text.byteCount {
            let count = min(8, text.byteCount &- place)
            guard word(at: start &+ place, count: count) == text.word(at: place, count: count)
            else { return false }
            place &+= 8
        }
        return true
    }
}
