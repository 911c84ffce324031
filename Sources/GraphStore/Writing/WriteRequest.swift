internal import LMDB
internal import Synchronization

/// A closure that waits for the writer.
struct WriteRequest: Sendable {
    /// Runs the closure; may be called more than once.
    let body: @Sendable (inout WriteTransaction) throws -> Void
    /// Runs alone, without an undo journal: imports and large updates.
    let isHeavy: Bool
    /// Called once, after the commit or the failure.
    let finish: @Sendable ((any Error)?) -> Void
}

/// Where the result of a closure waits until its commit is acknowledged, or its reader takes it.
final class ResultSlot<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let outcome = Monitor<(any Error)??>(nil)

    func store(_ new: Value) { value.withLock { $0 = new } }

    func finish(_ error: (any Error)?) { outcome.update { $0 = .some(error) } }

    /// Waits for `finish`.
    func wait() throws -> Value {
        if let error = outcome.wait({ $0 }) { throw error }
        return try take()
    }

    func take() throws -> Value {
        guard let value = value.withLock({ $0 }) else {
            throw GraphStoreError(.misuse, "A closure was acknowledged before it ran.")
        }
        return value
    }
}
