internal import LMDB
internal import Synchronization

/// Which transactions are told of because they take long, and to whom.
///
/// ```swift
/// options.slowTransactions = SlowTransactions(threshold: .milliseconds(200)) { print($0) }
/// ```
public struct SlowTransactions: Sendable {
    /// Transactions that take at least so long are told of.
    public var threshold: Duration
    /// Called at the end of such a transaction, on the thread that ends it and before the caller goes
    /// on; it must not block or write.
    public var handler: @Sendable (SlowTransaction) -> Void

    /// Tells `handler` of every transaction that takes `threshold` or longer.
    public init(threshold: Duration, handler: @escaping @Sendable (SlowTransaction) -> Void) {
        self.threshold = threshold
        self.handler = handler
    }
}

/// A transaction that took long: where the time went.
public struct SlowTransaction: Sendable, CustomStringConvertible {
    /// What it was.
    public enum Kind: String, Sendable {
        /// A snapshot: while it lives, pages that it can see are not reused, and the file may grow.
        case read
        /// A write that was committed.
        case write
        /// A write that failed, and left nothing.
        case failedWrite = "failed write"
    }

    /// What it was.
    public let kind: Kind
    /// How long a write waited for those before it.
    public let inQueue: Duration
    /// How long the closure ran; the last time, if it ran more than once.
    public let inClosure: Duration
    /// From the end of the closure to the acknowledgement: the rest of its group and the flush.
    public let inCommit: Duration
    /// Changes that the write made.
    public let changes: Int

    /// All of it.
    public var total: Duration { inQueue + inClosure + inCommit }

    /// One line: constant words, and milliseconds.
    public var description: String {
        func text(_ time: Duration) -> String {
            let (seconds, attoseconds) = time.components
            return "\(seconds * 1_000 + attoseconds / 1_000_000_000_000_000) ms"
        }
        guard kind != .read else { return "slow read: \(text(inClosure))" }
        return "slow \(kind.rawValue): \(text(total)) (queue \(text(inQueue)), closure "
            + "\(text(inClosure)), commit \(text(inCommit)), \(changes) change\(changes == 1 ? "" : "s"))"
    }
}

extension SlowTransactions {
    /// Runs a read, and tells of it if it took long.
    func timing<R>(_ body: () throws -> R) rethrows -> R {
        let began = ContinuousClock.now
        defer {
            let time = ContinuousClock.now - began
            if time >= threshold {
                handler(
                    SlowTransaction(
                        kind: .read, inQueue: .zero, inClosure: time, inCommit: .zero, changes: 0))
            }
        }
        return try body()
    }
}

extension WriteRequest {
    private struct Times {
        var began: ContinuousClock.Instant?
        var ended: ContinuousClock.Instant?
        var changes = 0
    }

    /// The same request, which tells how long it took if that was long.
    func timed(by slow: SlowTransactions?) -> WriteRequest {
        guard let slow else { return self }
        let submitted = ContinuousClock.now
        let times = Mutex(Times())
        let shared = Shared(times)
        return WriteRequest(
            body: { txn in
                shared.value.withLock { $0.began = .now }
                defer {
                    let changes = txn.state.changeCount
                    shared.value.withLock { ($0.ended, $0.changes) = (.now, changes) }
                }
                try body(&txn)
            }, isHeavy: isHeavy,
            finish: { error in
                let now = ContinuousClock.now
                let (began, ended, changes) = shared.value.withLock {
                    ($0.began ?? now, $0.ended ?? now, $0.changes)
                }
                defer { finish(error) }
                guard now - submitted >= slow.threshold else { return }
                slow.handler(
                    SlowTransaction(
                        kind: error == nil ? .write : .failedWrite, inQueue: began - submitted,
                        inClosure: ended - began, inCommit: now - ended, changes: changes))
            })
    }

    /// A box for what the closures of one request share.
    private final class Shared: Sendable {
        let value: Mutex<Times>
        init(_ value: consuming Mutex<Times>) { self.value = value }
    }
}
