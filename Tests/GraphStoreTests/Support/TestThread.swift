import LMDB
import Synchronization

/// A thread whose error is thrown by `join`.
final class TestThread: Sendable {
    private let outcome: ThreadOutcome
    private let thread: DedicatedThread

    init(_ body: @escaping @Sendable () throws -> Void) throws {
        let outcome = ThreadOutcome()
        self.outcome = outcome
        thread = try DedicatedThread {
            do { try body() } catch { outcome.error.withLock { $0 = error } }
        }
    }

    func join() throws {
        thread.join()
        if let error = outcome.error.withLock({ $0 }) { throw error }
    }
}

private final class ThreadOutcome: Sendable {
    let error = Mutex<(any Error)?>(nil)
}
