internal import LMDB

/// How long closures share a commit before it is made.
///
/// Those that have run are not acknowledged before it, so one long closure would hold up all that
/// ran before it, and a thousand short ones the first of them.
package struct GroupTime: Sendable {
    /// After so many nanoseconds no further closure joins, and one under way makes way.
    package var nanoseconds: UInt64 = 10_000_000
    /// The clock; tests have one of their own.
    package var clock: @Sendable () -> UInt64 = { MonotonicClock.nanoseconds() }

    package init() {}

    init(_ duration: Duration, clock: @escaping @Sendable () -> UInt64) {
        let (seconds, attoseconds) = duration.components
        let whole = UInt64(clamping: seconds).multipliedReportingOverflow(by: 1_000_000_000)
        nanoseconds =
            whole.overflow
            ? .max : whole.partialValue &+ UInt64(clamping: attoseconds / 1_000_000_000)
        self.clock = clock
    }

    /// When a group that begins now must close.
    func end() -> UInt64 {
        let end = clock().addingReportingOverflow(nanoseconds)
        return end.overflow ? .max : end.partialValue
    }

    func isOver(_ end: UInt64) -> Bool { clock() >= end }
}

/// The end of the time that a closure may take while others wait for their commit.
struct TimeLimit: Sendable {
    /// Thrown by changes of a closure whose time is over; it is undone and run again, alone.
    struct Over: Error {}

    private let end: UInt64
    private let time: GroupTime
    private var changes = 0
    /// Whether the time was over when somebody looked: whatever the closure did with the error.
    private(set) var isOver = false

    /// A look at the clock costs as much as a small part of a change.
    private static let changesBetweenLooks = 16

    init(end: UInt64, _ time: GroupTime) {
        self.end = end
        self.time = time
    }

    /// Called at every change.
    mutating func noteChange() throws {
        changes += 1
        if isOver || changes % Self.changesBetweenLooks == 0 { try look() }
    }

    /// Called when the closure has returned.
    func check() throws {
        if isOver { throw Over() }
    }

    private mutating func look() throws {
        isOver = isOver || time.isOver(end)
        try check()
    }
}
