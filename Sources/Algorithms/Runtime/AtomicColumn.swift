// One of the two files of this module with unsafe code: it lets several threads read and write the
// same numbers. Invariants, kept here and nowhere else:
//  1. `withAtomicColumn` has the span to itself (`inout`) while it lends it, and the column cannot
//     be copied, so that it does not outlive the call that it is lent to.
//  2. While a column exists its memory is touched through `Atomic` alone, which is laid out as the
//     number in it; each access is checked to lie inside.
//  3. `isAlone` is said of a column that a single thread uses: only then is a number replaced by
//     reading and writing it, which is not one step.

import Synchronization

/// Numbers that several threads read and write at the same time.
///
/// All orderings are relaxed: a number says nothing about others, and what was written is published
/// to whoever hands out the work by its end.
@safe
struct AtomicColumn: ~Copyable, @unchecked Sendable {
    // Sendable: invariants 1 and 2.
    private let base: UnsafeMutablePointer<Atomic<UInt32>>
    let count: Int
    private let isAlone: Bool

    fileprivate init(base: UnsafeMutablePointer<Atomic<UInt32>>, count: Int, isAlone: Bool) {
        unsafe self.base = base
        self.count = count
        self.isAlone = isAlone
    }

    subscript(index: Int) -> UInt32 {
        @inline(__always)
        get {
            precondition(
                UInt(bitPattern: index) < UInt(bitPattern: count),
                "Index beyond the end of a column.")
            // SAFETY: checked to lie inside; invariant 2.
            return unsafe base[index].load(ordering: .relaxed)
        }
        @inline(__always)
        nonmutating set {
            precondition(
                UInt(bitPattern: index) < UInt(bitPattern: count),
                "Index beyond the end of a column.")
            // SAFETY: checked to lie inside; invariant 2.
            unsafe base[index].store(newValue, ordering: .relaxed)
        }
    }

    /// Replaces a number, unless it is no longer the expected one; whether it was.
    @inline(__always)
    func replace(_ expected: UInt32, at index: Int, with desired: UInt32) -> Bool {
        precondition(
            UInt(bitPattern: index) < UInt(bitPattern: count), "Index beyond the end of a column.")
        if isAlone {
            guard self[index] == expected else { return false }
            self[index] = desired
            return true
        }
        // SAFETY: checked to lie inside; invariant 2.
        return unsafe base[index].compareExchange(
            expected: expected, desired: desired, ordering: .relaxed
        ).exchanged
    }
}

extension MutableSpan<UInt32> {
    /// Lends the numbers to so many threads.
    ///
    /// - Precondition: There are some.
    mutating func withAtomicColumn<Result, Failure: Error>(
        workers: Int, _ body: (borrowing AtomicColumn) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe withUnsafeMutableBufferPointer { buffer throws(Failure) -> Result in
            guard let start = buffer.baseAddress else {
                preconditionFailure("An empty span has no numbers to lend.")
            }
            // SAFETY: invariants 1 and 2; the number and `Atomic` have one size and alignment.
            return try unsafe start.withMemoryRebound(
                to: Atomic<UInt32>.self, capacity: buffer.count
            ) { base throws(Failure) -> Result in
                try body(
                    unsafe AtomicColumn(base: base, count: buffer.count, isAlone: workers <= 1))
            }
        }
    }
}
