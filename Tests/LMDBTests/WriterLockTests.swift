import Glibc
import Testing

@testable import LMDB

@Suite struct `The writer lock` {
    @Test func `a second taker gives up in time and names this process`() throws {
        let store = try Store()
        let held = try store.environment.acquireWriterLock(timeout: .zero)
        let refused = #expect(throws: LMDBError.self) {
            _ = try store.environment.acquireWriterLock(timeout: .milliseconds(5))
        }
        #expect(refused?.code == .writerTimeout)
        #expect(refused?.message.contains("this process (\(getpid()))") == true)
        _ = consume held
        _ = try store.environment.acquireWriterLock(timeout: .zero)
    }

    @Test func `another process is named by its id`() throws {
        let store = try Store()
        let peer = try Peer("hold-writer-lock", store.environment.path)
        #expect(peer.line() == "ready")
        let refused = #expect(throws: LMDBError.self) {
            _ = try store.environment.acquireWriterLock(timeout: .milliseconds(5))
        }
        #expect(refused?.code == .writerTimeout)
        #expect(refused?.message.contains("process \(peer.processID) holds") == true)
        #expect(peer.release() == 0)
        _ = try store.environment.acquireWriterLock(timeout: .seconds(5))
    }

    @Test func `the death of its holder frees it`() throws {
        let store = try Store()
        let peer = try Peer("hold-writer-lock", store.environment.path)
        #expect(peer.line() == "ready")
        peer.kill()
        _ = try store.environment.acquireWriterLock(timeout: .seconds(5))
    }

    @Test func `waiting ends when the holder lets go`() throws {
        let store = try Store()
        let environment = store.environment
        let held = try environment.acquireWriterLock(timeout: .zero)
        let threads = Threads()
        threads.start { _ = try environment.acquireWriterLock(timeout: .seconds(30)) }
        _ = consume held
        try threads.join()
    }

    @Test func `one who waits is seen until it has the lock`() throws {
        let store = try Store()
        let environment = store.environment
        #expect(!environment.isWriterAwaited)
        let held = try environment.acquireWriterLock(timeout: .zero)
        #expect(!environment.isWriterAwaited)
        let threads = Threads()
        threads.start { _ = try environment.acquireWriterLock(timeout: .seconds(30)) }
        while !environment.isWriterAwaited { sched_yield() }
        _ = consume held
        try threads.join()
        #expect(isLeftAlone(environment))
        // One that gave up waits no longer.
        let again = try environment.acquireWriterLock(timeout: .zero)
        _ = #expect(throws: LMDBError.self) {
            _ = try environment.acquireWriterLock(timeout: .milliseconds(5))
        }
        #expect(isLeftAlone(environment))
        _ = consume again
    }

    /// Whether nobody waits for the lock, soon: a child that another test has just forked holds
    /// copies of our locks until it is replaced by its program.
    private func isLeftAlone(_ environment: Environment) -> Bool {
        for _ in 0..<1_000_000 {
            if !environment.isWriterAwaited { return true }
            sched_yield()
        }
        return false
    }

    @Test func `a read-only environment has no writer lock`() throws {
        let store = try Store()
        let path = store.environment.path
        store.environment.close()
        let environment = try Environment.open(at: path, options: .init(isReadOnly: true))
        let refused = #expect(throws: LMDBError.self) {
            _ = try environment.acquireWriterLock(timeout: .zero)
        }
        #expect(refused?.code == .readOnly)
    }
}
