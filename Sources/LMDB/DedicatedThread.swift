internal import CLMDB
internal import Glibc

/// A thread of its own for work that must stay on one thread or may block: a serial dispatch
/// queue is no thread, and the cooperative pool must not block.
///
/// LMDB binds a write transaction to the thread that began it.
@safe
public final class DedicatedThread: @unchecked Sendable {
    // Sendable: `handle` is written once in `init`, before the object is shared; joining is
    // guarded by `joined`.
    private let handle: pthread_t
    private let joined = Monitor(false)

    /// Starts a thread that runs `body` once.
    ///
    /// - Throws: `.outOfMemory` when the system gives no thread.
    public init(_ body: @escaping @Sendable () -> Void) throws(LMDBError) {
        let box = unsafe Unmanaged.passRetained(ThreadBody(body))
        var thread = pthread_t()
        // SAFETY: the retained box is taken over, exactly once, by the new thread.
        let code = unsafe pthread_create(&thread, nil, runThreadBody, box.toOpaque())
        guard code == 0 else {
            unsafe box.release()
            throw LMDBError(
                .outOfMemory, "Cannot start a thread (code \(code)). Raise the limit on threads.",
                returnCode: code, path: "")
        }
        handle = thread
    }

    /// Waits until the thread has ended; further calls return at once, and so does one on the thread
    /// itself, which happens when it drops the last reference to its owner.
    public func join() {
        let isFirst = joined.withLock { done in
            defer { done = true }
            return !done
        }
        guard isFirst else { return }
        // SAFETY: the handle is valid until it is joined or detached, which happens once, here.
        if pthread_equal(handle, pthread_self()) != 0 {
            pthread_detach(handle)
        } else {
            pthread_join(handle, nil)
        }
    }
}

private final class ThreadBody {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private func runThreadBody(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument = unsafe argument else { return nil }
    // SAFETY: `argument` is the box retained in `DedicatedThread.init`; it is released here.
    let box = unsafe Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue()
    box.body()
    return nil
}

/// State behind a lock, with a way to wait for it to change: a mutex and a condition variable.
@safe
public final class Monitor<State>: @unchecked Sendable {
    // Sendable: `state` is touched only between lock and unlock of `mutex`.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var state: State

    /// Makes a monitor of a first state.
    public init(_ state: sending State) {
        self.state = state
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        // SAFETY: fresh memory; default attributes cannot fail on Linux.
        unsafe pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        // SAFETY: no thread can hold or wait for what nobody references.
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    /// Runs `body` with the state to itself.
    public func withLock<R, E: Error>(_ body: (inout State) throws(E) -> R) throws(E) -> R {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try body(&state)
    }

    /// Changes the state and wakes all that wait for it.
    public func update<R, E: Error>(_ body: (inout State) throws(E) -> R) throws(E) -> R {
        // After the unlocking, so that those who wake find the mutex free.
        defer { notify() }
        return try withLock(body)
    }

    /// Wakes all that wait, after a change by `withLock` that they must see.
    public func notify() {
        unsafe pthread_cond_broadcast(condition)
    }

    /// Waits until `body` returns a value, looking again after every `update`.
    public func wait<R>(_ body: (inout State) -> R?) -> R {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while true {
            if let result = body(&state) { return result }
            unsafe pthread_cond_wait(condition, mutex)
        }
    }

    /// As `wait`, at most for a time; nil when the time is over.
    public func wait<R>(atMost limit: Duration, _ body: (inout State) -> R?) -> R? {
        var deadline = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &deadline)
        let parts = limit.components
        deadline.tv_sec += Int(clamping: parts.seconds)
        deadline.tv_nsec += Int(parts.attoseconds / 1_000_000_000)
        if deadline.tv_nsec >= 1_000_000_000 {
            deadline.tv_sec += 1
            deadline.tv_nsec -= 1_000_000_000
        }
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while true {
            if let result = body(&state) { return result }
            if unsafe pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT {
                return body(&state)
            }
        }
    }
}

/// Threads, as numbers to compare.
public enum ThreadIdentity {
    /// The calling thread; never 0.
    public static var current: UInt { pthread_self() }
}

/// A clock that never goes back.
public enum MonotonicClock {
    /// Nanoseconds since some moment before the process began.
    public static func nanoseconds() -> UInt64 {
        var now = timespec()
        // SAFETY: `now` is a valid timespec; the monotonic clock always exists.
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(now.tv_sec) &* 1_000_000_000 &+ UInt64(now.tv_nsec)
    }
}

/// The clock on the wall.
public enum WallClock {
    /// Microseconds since 1970-01-01T00:00Z.
    public static func microsecondsSinceEpoch() -> Int64 {
        var now = timespec()
        // SAFETY: `now` is a valid timespec; the realtime clock always exists.
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec / 1_000)
    }
}

/// Waiting on the calling thread, which must not be one of the cooperative pool.
public enum BlockingPause {
    /// Sleeps for a time, or less when a signal comes.
    public static func pause(for duration: Duration) {
        let (seconds, attoseconds) = duration.components
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        // SAFETY: the pointer is to a local.
        unsafe nanosleep(&time, nil)
    }
}
