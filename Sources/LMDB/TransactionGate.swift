import CLMDB
import Glibc
import Synchronization

/// Lets transactions in, and keeps them out while the map is replaced.
///
/// A map may only be replaced while no transaction of this process is live. Instead of one
/// counter that every core would fight over, each live read owns a slot, and the slots are the
/// count:
///
/// ```
///   reader                                  drainer (grow, adopt, close)
///   slot: vacant/idle ──CAS──▶ busy         state: open ──▶ draining
///   state == open?  yes: go on              scan slots: any busy? ── wait
///                   no:  slot back, wait    none: run, state ──▶ open, wake all
/// ```
///
/// Both sides write their word and then read the other's, all sequentially consistent, so at
/// least one sees the other (Dekker's argument). A thread starts looking at a slot of its own, so
/// the fast path is one uncontended exchange and one load of a word that is hardly ever written.
///
/// Reads of the same thread may nest, and may run inside its write: such a thread passes a
/// draining gate, for the drainer waits for its outer transaction anyway.
@safe
final class TransactionGate: @unchecked Sendable {
    // Sendable: `slots` points to atomics; `writerThread` and the change of `state` are guarded by
    // `mutex`; all else is constant.

    /// Why the gate lets nobody in.
    enum Refusal: Error {
        /// The environment has been closed.
        case closed
        /// The map was lost, or a commit failed half-way.
        case failed
        /// Every slot is busy.
        case slotsBusy
        /// The calling thread holds a read that the drainer would wait for.
        case insideRead
        /// The calling thread holds the write that the drainer or writer would wait for.
        case insideWrite
    }

    /// One live or pooled read transaction; a cache line, so that neighbours do not disturb.
    struct Slot: ~Copyable {
        /// `vacant`, `idle` (a reset transaction waits here) or `busy`.
        let occupancy = Atomic<Int>(Slot.vacant)
        /// The thread of a scoped read; 0 for a handle, which may move between threads.
        let thread = Atomic<UInt>(0)
        /// When the live read began, in nanoseconds of the monotonic clock; 0 when none.
        let startedAt = Atomic<UInt64>(0)
        /// The address of its `MDB_txn`, 0 when vacant; touched only by whoever made it busy.
        let transaction = Atomic<UInt>(0)
        private let padding: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

        static let vacant = 0
        static let idle = 1
        static let busy = 2
    }

    private static let open = 0
    private static let draining = 1
    private static let closed = 2
    private static let failed = 3

    private let state = Atomic<Int>(TransactionGate.open)
    /// The thread of the live write transaction; 0 when there is none.
    private var writerThread: UInt = 0
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    private let slots: UnsafeMutablePointer<Slot>

    /// The number of slots: the most reads of this process at once.
    let slotCount: Int
    /// Transactions of the first slots are kept for the next read; later ones are given back, so
    /// that an idle process holds at most this many entries of the shared reader table.
    let pooledCount: Int

    init(slotCount: Int) {
        self.slotCount = max(1, slotCount)
        pooledCount = min(64, max(1, slotCount))
        // SAFETY: allocated and initialised here, freed in `deinit`, constant in between.
        unsafe mutex = .allocate(capacity: 1)
        unsafe changed = .allocate(capacity: 1)
        unsafe slots = .allocate(capacity: max(1, slotCount))
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe changed.initialize(to: pthread_cond_t())
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(changed, nil)
        for index in 0..<self.slotCount {
            unsafe (slots + index).initialize(to: Slot())
        }
    }

    deinit {
        // SAFETY: the last reference is gone, so no thread is inside any method.
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(mutex)
        unsafe slots.deinitialize(count: slotCount)
        unsafe slots.deallocate()
        unsafe changed.deallocate()
        unsafe mutex.deallocate()
    }
}

// MARK: Reads

extension TransactionGate {
    /// Takes a slot for a read; waits only while the map is being replaced.
    ///
    /// - Parameter isScoped: Whether the read ends on this thread before the caller returns.
    /// - Returns: The slot and the transaction that waits in it, if any.
    /// - Complexity: One exchange and one load when a slot near the thread's own is free.
    func enterRead(isScoped: Bool) throws(Refusal) -> (slot: Int, transaction: OpaquePointer?) {
        let me = pthread_self()
        // Thread handles are addresses with equal low bits; the product spreads them.
        let home = Int(truncatingIfNeeded: (me &* 0x9E37_79B9_7F4A_7C15) >> 48) % pooledCount
        while true {
            guard let index = claim(from: home) else { throw .slotsBusy }
            // SAFETY: `claim` returns an index below `slotCount`; the slot is ours alone now.
            let current = state.load(ordering: .sequentiallyConsistent)
            if current != Self.open {
                guard try passOrWait(index, thread: me, state: current) else { continue }
            }
            unsafe slots[index].thread.store(isScoped ? me : 0, ordering: .relaxed)
            let address = unsafe slots[index].transaction.load(ordering: .relaxed)
            return unsafe (index, OpaquePointer(bitPattern: address))
        }
    }

    /// Marks a slot busy, looking from `home` over the pooled slots and then over the rest.
    private func claim(from home: Int) -> Int? {
        for step in 0..<slotCount {
            var index = step
            if step < pooledCount {
                index = home + step
                if index >= pooledCount { index -= pooledCount }
            }
            // SAFETY: `index` is below `slotCount`. Acquire on success pairs with the release of
            // the slot, so the waiting transaction is seen whole; the order against `state` needs
            // sequential consistency.
            let seen = unsafe slots[index].occupancy.load(ordering: .relaxed)
            guard seen != Slot.busy else { continue }
            let claimed = unsafe slots[index].occupancy.compareExchange(
                expected: seen, desired: Slot.busy, ordering: .sequentiallyConsistent
            ).exchanged
            if claimed { return index }
        }
        return nil
    }

    /// Decides for a claimed slot while the gate is not open; `false` means "waited, try again".
    private func passOrWait(
        _ index: Int, thread me: UInt, state seen: Int
    ) throws(Refusal) -> Bool {
        lock()
        defer { unlock() }
        let now = state.load(ordering: .relaxed)
        if now == Self.open { return true }
        if now == Self.draining, holdsScopedRead(me, except: index) || writerThread == me {
            return true
        }
        giveBack(index)
        wakeAll()
        switch now {
        case Self.closed: throw .closed
        case Self.failed: throw .failed
        default: break
        }
        while state.load(ordering: .relaxed) == Self.draining { wait() }
        return false
    }

    /// Remembers that the read in a slot is live from now on.
    func markStarted(_ index: Int, transaction: OpaquePointer) {
        // SAFETY: the caller owns the slot.
        unsafe slots[index].transaction.store(
            UInt(bitPattern: transaction), ordering: .relaxed)
        unsafe slots[index].startedAt.store(Self.now(), ordering: .relaxed)
    }

    /// Ends the use of a slot and wakes a drainer.
    ///
    /// - Parameter kept: The reset transaction that waits for the next read, or `nil`.
    func leaveRead(_ index: Int, kept: OpaquePointer?) {
        // SAFETY: the caller owns the slot until `giveBack`.
        unsafe slots[index].transaction.store(
            UInt(bitPattern: kept), ordering: .relaxed)
        unsafe slots[index].startedAt.store(0, ordering: .relaxed)
        unsafe slots[index].thread.store(0, ordering: .relaxed)
        giveBack(index)
        if state.load(ordering: .sequentiallyConsistent) != Self.open {
            lock()
            wakeAll()
            unlock()
        }
    }

    /// Whether a finished transaction of this slot should wait there for the next read.
    func keepsTransaction(_ index: Int) -> Bool {
        index < pooledCount
    }

    private func giveBack(_ index: Int) {
        // SAFETY: the caller owns the slot; this publishes its words and gives it up.
        let isVacant = unsafe slots[index].transaction.load(ordering: .relaxed) == 0
        unsafe slots[index].occupancy.store(
            isVacant ? Slot.vacant : Slot.idle, ordering: .sequentiallyConsistent)
    }

    /// Whether this thread is inside a scoped read other than in slot `except`.
    private func holdsScopedRead(_ me: UInt, except: Int? = nil) -> Bool {
        for index in 0..<slotCount where index != except {
            // SAFETY: in bounds. Only this thread writes its own id, so a relaxed load is exact.
            if unsafe slots[index].thread.load(ordering: .relaxed) == me { return true }
        }
        return false
    }

    /// The age of the oldest live read of this process, in nanoseconds.
    func oldestReadAge() -> UInt64? {
        var oldest = UInt64.max
        for index in 0..<slotCount {
            // SAFETY: in bounds; the value may be out of date by the time it is used, as any age.
            let start = unsafe slots[index].startedAt.load(ordering: .relaxed)
            if start != 0 { oldest = min(oldest, start) }
        }
        guard oldest != .max else { return nil }
        let now = Self.now()
        return now > oldest ? now - oldest : 0
    }

    /// Nanoseconds of the monotonic clock; never 0.
    private static func now() -> UInt64 {
        var time = timespec()
        // SAFETY: the pointer is to a local that outlives the call.
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec) | 1
    }
}

// MARK: Writes and draining

extension TransactionGate {
    /// Waits until this process has no other write, and takes its place.
    func enterWrite() throws(Refusal) {
        let me = pthread_self()
        lock()
        defer { unlock() }
        if writerThread == me { throw .insideWrite }
        while true {
            switch state.load(ordering: .relaxed) {
            case Self.closed: throw .closed
            case Self.failed: throw .failed
            case Self.draining where !holdsScopedRead(me): break
            default:
                if writerThread == 0 {
                    writerThread = me
                    return
                }
            }
            wait()
        }
    }

    /// Whether the live write belongs to the calling thread.
    func ownsWrite() -> Bool {
        lock()
        defer { unlock() }
        return writerThread == pthread_self()
    }

    /// Ends the write.
    func leaveWrite() {
        lock()
        writerThread = 0
        wakeAll()
        unlock()
    }

    /// Runs `body` while no transaction of this process is live; new ones wait meanwhile.
    ///
    /// - Parameters:
    ///   - evenFailed: Whether to run although the environment has failed; for closing it.
    ///   - body: The work; it tells what the gate becomes afterwards.
    /// - Throws: `.insideRead` or `.insideWrite` instead of waiting for the caller's own.
    func drain(evenFailed: Bool = false, _ body: () -> Outcome) throws(Refusal) {
        let me = pthread_self()
        lock()
        defer { unlock() }
        if writerThread == me { throw .insideWrite }
        if holdsScopedRead(me) { throw .insideRead }
        while state.load(ordering: .relaxed) == Self.draining { wait() }
        switch state.load(ordering: .relaxed) {
        case Self.closed: throw .closed
        case Self.failed where !evenFailed: throw .failed
        default: break
        }
        state.store(Self.draining, ordering: .sequentiallyConsistent)
        while writerThread != 0 || hasBusySlot() { wait() }
        let outcome = body()
        state.store(outcome.state, ordering: .sequentiallyConsistent)
        wakeAll()
    }

    /// Whether somebody waits for the live transactions to end.
    var isDraining: Bool { state.load(ordering: .sequentiallyConsistent) == Self.draining }

    /// What the gate becomes after draining.
    enum Outcome {
        /// Transactions may begin again.
        case open
        /// The environment is gone for good.
        case closed
        /// The map was lost; only `close` is left.
        case failed

        var state: Int {
            switch self {
            case .open: TransactionGate.open
            case .closed: TransactionGate.closed
            case .failed: TransactionGate.failed
            }
        }
    }

    /// Whether some read is live; exact only under `mutex` while draining.
    private func hasBusySlot() -> Bool {
        for index in 0..<slotCount {
            // SAFETY: in bounds.
            let occupancy = unsafe slots[index].occupancy.load(ordering: .sequentiallyConsistent)
            if occupancy == Slot.busy { return true }
        }
        return false
    }

    /// Hands every pooled transaction to `end` and empties its slot. Only inside `drain`.
    func emptyPool(_ end: (OpaquePointer) -> Void) {
        for index in 0..<slotCount {
            // SAFETY: while draining no slot is busy and none can stay so, hence all are ours.
            let address = unsafe slots[index].transaction.load(ordering: .relaxed)
            guard let transaction = unsafe OpaquePointer(bitPattern: address) else { continue }
            unsafe slots[index].transaction.store(0, ordering: .relaxed)
            unsafe end(transaction)
        }
    }

    // SAFETY of the four below: both objects live as long as `self`.
    private func lock() { unsafe pthread_mutex_lock(mutex) }
    private func unlock() { unsafe pthread_mutex_unlock(mutex) }
    private func wait() { unsafe pthread_cond_wait(changed, mutex) }
    private func wakeAll() { unsafe pthread_cond_broadcast(changed) }
}
