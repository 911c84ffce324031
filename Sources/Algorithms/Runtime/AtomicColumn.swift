// One of the two files of this module with unsafe code: it lets several threads read and write the
// same numbers. Invariants, kept here and nowhere else:
//  1. `withAtomicColumn` has the span to itself (`inout`) while it lends it, and the column cannot
//     be copied, so that it does not outlive the call that it is lent to.
//  2. While a column exists its memory is touched through `Atomic` alone, which is laid out as the
//     number in it; each access is checked to lie inside.
//  3. `isAlone` is said of a column that a single thread uses: only then is a number replaced by
//     reading and writing it, which is not one step.

import Synchronization

/// A number that several threads may read and write, each time in one step.
protocol AtomicElement: AtomicRepresentable, BitwiseCopyable, Equatable, Sendable {
    static func load(_ cell: borrowing Atomic<Self>) -> Self
    static func store(_ value: Self, _ cell: borrowing Atomic<Self>)
    static func replace(
        _ expected: Self, with desired: Self, _ cell: borrowing Atomic<Self>
    ) -> Bool
}

extension AtomicElement where AtomicRepresentation == UInt32.AtomicRepresentation {
    @inline(__always)
    static func load(_ cell: borrowing Atomic<Self>) -> Self { cell.load(ordering: .relaxed) }
    @inline(__always)
    static func store(_ value: Self, _ cell: borrowing Atomic<Self>) {
        cell.store(value, ordering: .relaxed)
    }
    @inline(__always)
    static func replace(
        _ expected: Self, with desired: Self, _ cell: borrowing Atomic<Self>
    ) -> Bool {
        cell.compareExchange(expected: expected, desired: desired, ordering: .relaxed).exchanged
    }
}

extension AtomicElement where AtomicRepresentation == Double.AtomicRepresentation {
    @inline(__always)
    static func load(_ cell: borrowing Atomic<Self>) -> Self { cell.load(ordering: .relaxed) }
    @inline(__always)
    static func store(_ value: Self, _ cell: borrowing Atomic<Self>) {
        cell.store(value, ordering: .relaxed)
    }
    @inline(__always)
    static func replace(
        _ expected: Self, with desired: Self, _ cell: borrowing Atomic<Self>
    ) -> Bool {
        cell.compareExchange(expected: expected, desired: desired, ordering: .relaxed).exchanged
    }
}

extension UInt32: AtomicElement {}
extension Double: AtomicElement {}

/// Numbers that several threads read and write at the same time.
///
/// All orderings are relaxed: a number says nothing about others, and what was written is published
/// to whoever hands out the work by its end.
@safe
struct AtomicColumn<Element: AtomicElement>: ~Copyable, @unchecked Sendable {
    // Sendable: invariants 1 and 2.
    private let base: UnsafeMutablePointer<Atomic<Element>>
    let count: Int
    private let isAlone: Bool

    fileprivate init(base: UnsafeMutablePointer<Atomic<Element>>, count: Int, isAlone: Bool) {
        unsafe self.base = base
        self.count = count
        self.isAlone = isAlone
    }

    subscript(index: Int) -> Element {
        @inline(__always)
        get {
            precondition(
                UInt(bitPattern: index) < UInt(bitPattern: count),
                "Index beyond the end of a column.")
            // SAFETY: checked to lie inside; invariant 2.
            return unsafe Element.load(base[index])
        }
        @inline(__always)
        nonmutating set {
            precondition(
                UInt(bitPattern: index) < UInt(bitPattern: count),
                "Index beyond the end of a column.")
            // SAFETY: checked to lie inside; invariant 2.
            unsafe Element.store(newValue, base[index])
        }
    }

    /// Replaces a number, unless it is no longer the expected one; whether it was.
    @inline(__always)
    func replace(_ expected: Element, at index: Int, with desired: Element) -> Bool {
        precondition(
            UInt(bitPattern: index) < UInt(bitPattern: count), "Index beyond the end of a column.")
        if isAlone {
            guard self[index] == expected else { return false }
            self[index] = desired
            return true
        }
        // SAFETY: checked to lie inside; invariant 2.
        return unsafe Element.replace(expected, with: desired, base[index])
    }
}

extension MutableSpan where Element: AtomicElement {
    /// Lends the numbers to so many threads.
    ///
    /// - Precondition: There are some.
    mutating func withAtomicColumn<Result, Failure: Error>(
        workers: Int, _ body: (borrowing AtomicColumn<Element>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe withUnsafeMutableBufferPointer { buffer throws(Failure) -> Result in
            guard let start = buffer.baseAddress else {
                preconditionFailure("An empty span has no numbers to lend.")
            }
            // SAFETY: invariants 1 and 2; the number and `Atomic` have one size and alignment.
            return try unsafe start.withMemoryRebound(
                to: Atomic<Element>.self, capacity: buffer.count
            ) { base throws(Failure) -> Result in
                try body(
                    unsafe AtomicColumn(base: base, count: buffer.count, isAlone: workers <= 1))
            }
        }
    }
}
