import Glibc

/// Real threads, because LMDB binds writes to them and the cooperative pool must not be blocked.
final class Threads {
    private var handles: [pthread_t] = []

    /// Starts a thread; an error it throws is kept for `join`.
    func start(_ body: @escaping @Sendable () throws -> Void) {
        let work = Work(body)
        works.append(work)
        var handle = pthread_t()
        // SAFETY: the reference is consumed by the thread, which always runs.
        let context = unsafe Unmanaged.passRetained(work).toOpaque()
        let code = unsafe pthread_create(&handle, nil, runWork, context)
        precondition(code == 0, "The system starts no more threads.")
        handles.append(handle)
    }

    private var works: [Work] = []

    /// Waits for all threads; throws the first error among them.
    func join() throws {
        for handle in handles { pthread_join(handle, nil) }
        handles = []
        let errors = works.compactMap(\.failure)
        works = []
        if let first = errors.first { throw first }
    }

    /// Runs `body` on `count` threads at once and waits for all.
    static func run(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws {
        let threads = Threads()
        for index in 0..<count { threads.start { try body(index) } }
        try threads.join()
    }
}

private final class Work: @unchecked Sendable {
    // Sendable: `failure` is written by its thread and read after that thread was joined.
    let body: @Sendable () throws -> Void
    var failure: (any Error)?

    init(_ body: @escaping @Sendable () throws -> Void) {
        self.body = body
    }
}

private func runWork(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    // SAFETY: `start` retained the object for this thread.
    let work = unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue()
    do {
        try work.body()
    } catch {
        work.failure = error
    }
    return nil
}

/// A flag that one thread raises and others wait for.
@safe
final class Signal: @unchecked Sendable {
    // Sendable: `isRaised` is guarded by `mutex`.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var isRaised = false

    init() {
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(changed, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(mutex)
        unsafe changed.deallocate()
        unsafe mutex.deallocate()
    }

    func raise() {
        unsafe pthread_mutex_lock(mutex)
        isRaised = true
        unsafe pthread_cond_broadcast(changed)
        unsafe pthread_mutex_unlock(mutex)
    }

    func wait() {
        unsafe pthread_mutex_lock(mutex)
        while !isRaised { unsafe pthread_cond_wait(changed, mutex) }
        unsafe pthread_mutex_unlock(mutex)
    }

    var hasBeenRaised: Bool {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return isRaised
    }
}

/// The SplitMix64 generator: the same numbers for the same seed, everywhere.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
