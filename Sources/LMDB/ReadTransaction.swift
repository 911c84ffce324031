import CLMDB

/// A snapshot of the store; ends when the value is destroyed.
///
/// Lent by ``Environment/read(_:)``. One thread at a time may use it; a handle from
/// ``Environment/beginRead()`` may move between threads. A long one keeps LMDB from reusing pages.
@safe
public struct ReadTransaction: ~Copyable {
    /// The environment, kept open by this transaction.
    private let environment: Environment
    /// A live read-only MDB_txn; owned until `deinit`.
    private let pointer: OpaquePointer
    private let slot: Int

    init(environment: Environment, pointer: OpaquePointer, slot: Int) {
        self.environment = environment
        unsafe self.pointer = pointer
        self.slot = slot
    }

    deinit {
        // SAFETY: `pointer` is live, and nothing that borrows from it can outlive `self`.
        unsafe environment.endRead(pointer, slot: slot)
    }

    /// The tables as of this snapshot; all bytes read through it borrow the transaction.
    public var view: TransactionView {
        @_lifetime(borrow self)
        get { unsafe TransactionView(pointer: pointer, environment: environment, owner: self) }
    }

    /// LMDB's number of the last commit this snapshot contains.
    ///
    /// Not a position to show to users: a compacted copy starts again at 1.
    public var id: UInt64 {
        // SAFETY: `pointer` is live.
        unsafe UInt64(mdb_txn_id(pointer))
    }
}

extension Environment {
    /// Runs `body` on a snapshot, on the calling thread, and returns what it returns.
    ///
    /// The snapshot ends when `body` returns or throws; spans read from it cannot leave the closure.
    /// Never blocks on writers; waits only while the map is being replaced. Keep it short: pages
    /// that the snapshot can see are not reused while it lives. Reads of one thread may nest.
    ///
    /// - Throws: `.closed`, `.readersFull`, `.environmentFailed`, `.mapResized` (another process
    ///   grew the store and this thread holds another transaction), and whatever `body` throws.
    /// - Complexity: About 0.3 µs plus `body`.
    @inlinable
    public func read<R>(_ body: (borrowing ReadTransaction) throws -> R) throws -> R {
        let transaction = try startRead(isScoped: true)
        return try body(transaction)
    }

    /// Begins a snapshot that lives as long as the returned value. For experts: prefer `read`.
    ///
    /// Growing the map waits for it, so a thread that keeps the handle must not grow, write with
    /// growth, or close before the handle is gone.
    ///
    /// - Throws: As ``read(_:)``.
    public func beginRead() throws(LMDBError) -> ReadTransaction {
        try startRead(isScoped: false)
    }

    /// Begins a snapshot; a scoped one ends on this thread before the caller returns, and may
    /// therefore nest while another thread waits to grow the map.
    @usableFromInline
    package func startRead(isScoped: Bool) throws(LMDBError) -> ReadTransaction {
        var mayReap = true
        while true {
            let (slot, pooled) = unsafe try passGate(isScoped: isScoped)
            var transaction = unsafe pooled
            // SAFETY: inside the gate the environment is open; a pooled transaction is reset and
            // belongs to our slot, so nobody else touches it.
            let returnCode =
                if let pooled = unsafe pooled {
                    unsafe mdb_txn_renew(pooled)
                } else {
                    unsafe mdb_txn_begin(pointer, nil, UInt32(MDB_RDONLY), &transaction)
                }
            if returnCode == 0, let transaction = unsafe transaction {
                unsafe gate.markStarted(slot, transaction: transaction)
                return unsafe ReadTransaction(
                    environment: self, pointer: transaction, slot: slot)
            }
            unsafe gate.leaveRead(slot, kept: pooled)
            switch returnCode {
            case MDB_MAP_RESIZED:
                try adoptMap()
            case MDB_READERS_FULL where mayReap:
                // Slots of killed processes count until somebody clears them.
                mayReap = false
                _ = try reapStaleReaders()
            default:
                throw LMDBError(returnCode, cannot: "begin a read", path: path)
            }
        }
    }

    private func passGate(
        isScoped: Bool
    ) throws(LMDBError) -> (slot: Int, transaction: OpaquePointer?) {
        do {
            return unsafe try gate.enterRead(isScoped: isScoped)
        } catch {
            throw self.error(error, cannot: "begin a read")
        }
    }

    func endRead(_ transaction: OpaquePointer, slot: Int) {
        // SAFETY: called once, by the owner of the slot and its live transaction.
        if gate.keepsTransaction(slot) {
            unsafe mdb_txn_reset(transaction)
            unsafe gate.leaveRead(slot, kept: transaction)
        } else {
            unsafe mdb_txn_abort(transaction)
            unsafe gate.leaveRead(slot, kept: nil)
        }
    }

    /// Runs `body` inside the gate without a transaction, so that the map stays where it is.
    func withOpenMap<R>(
        cannot action: @autoclosure () -> String, _ body: () throws(LMDBError) -> R
    ) throws(LMDBError) -> R {
        let slot: Int
        let pooled: OpaquePointer?
        do {
            unsafe (slot, pooled) = try gate.enterRead(isScoped: true)
        } catch {
            throw self.error(error, cannot: action())
        }
        defer { unsafe gate.leaveRead(slot, kept: pooled) }
        return try body()
    }
}
