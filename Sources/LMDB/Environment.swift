import CLMDB
import Glibc
import Synchronization

/// One open LMDB store: a directory with `data.mdb`, `lock.mdb` and our `writer.lock`.
///
/// Any number of threads read at once, each from its own snapshot; one thread writes. A process
/// opens a store once (a second open is refused) and never uses it after `fork`. No other code may
/// open or close `lock.mdb`: closing any descriptor on it drops the locks of this process.
///
/// ```swift
/// let environment = try Environment.open(at: "things")
/// let tables = try environment.tables(["thing"], create: true)
/// try environment.write { txn in try txn.put(tables[0], key, value) }
/// let size = try environment.read { txn in try txn.view.get(tables[0], key)?.byteCount }
/// ```
@safe
public final class Environment: @unchecked Sendable {
    // Sendable: `pointer` is a thread-safe MDB_env, used only inside the gate (a slot, the write or
    // a drain) and freed only in a drain; the other fields are constant, atomic or a `Mutex`.

    /// The directory, as it was given to `open`.
    public let path: String
    /// The options it was opened with.
    public let options: Options

    /// LMDB's environment; dangling once the gate says closed.
    let pointer: OpaquePointer
    let gate: TransactionGate
    let registration: EnvironmentRegistry.Registration
    /// Held while the files are open.
    let namespace: Mutex<NamespaceGuard?>
    /// Distinguishes this object from all others of the process.
    let number: UInt32
    /// The directory with symbolic links resolved, for work that happens after the process may
    /// have changed its working directory.
    let realPath: String
    /// Whether the files were unlinked at once, so that no path leads to them.
    public let isTemporary: Bool

    private let mapSize: Atomic<Int>
    /// Non-zero once a commit failed half-way: the code of that failure.
    let failedCommit = Atomic<Int32>(0)
    /// The open `writer.lock`, not locked, for the next commit; -1 when there is none.
    let idleLockFile = Atomic<Int32>(-1)
    /// The tables opened so far, by the bytes of their names. The lock also serialises opening,
    /// which LMDB wants to be done by one transaction at a time.
    let openTables = Mutex<[[UInt8]: Table]>([:])
    /// The reads left until pages are read ahead of; below 1 once they are, or when they never shall.
    let readsUntilReadAhead: Atomic<Int>
    /// Whether pages may be read ahead of at all: the file was small beside the memory when opened.
    let mayReadAhead: Bool

    init(
        pointer: OpaquePointer, path: String, realPath: String, options: Options, mapSize: Int,
        isTemporary: Bool, mayReadAhead: Bool, registration: EnvironmentRegistry.Registration,
        namespace: consuming NamespaceGuard
    ) {
        // SAFETY: the caller hands over a freshly opened MDB_env and forgets it.
        unsafe self.pointer = pointer
        self.path = path
        self.realPath = realPath
        self.options = options
        self.isTemporary = isTemporary
        self.registration = registration
        self.namespace = Mutex(namespace)
        self.mapSize = Atomic(mapSize)
        self.mayReadAhead = mayReadAhead
        readsUntilReadAhead = Atomic(mayReadAhead ? Self.readsWithoutReadAhead : 0)
        number = EnvironmentRegistry.nextNumber()
        gate = TransactionGate(slotCount: options.maxReaders)
    }

    deinit {
        // Every transaction keeps its environment alive, so none is live here.
        closeNow()
        forgetLockFile()
    }

    /// The size of the memory map, in bytes.
    public var mapSizeBytes: Int { mapSize.load(ordering: .relaxed) }

    /// Remembers the size LMDB mapped.
    func noteMapSize(_ bytes: Int) {
        mapSize.store(bytes, ordering: .relaxed)
    }

    /// The bytes of the file that are in use, up to its highest page; 0 after `close()`.
    ///
    /// Counts free pages below the highest one; see ``facts()`` for those.
    public var usedBytes: Int {
        guard let usage = try? pageUsage(cannot: "read the size") else { return 0 }
        return usage.usedPages * usage.pageSize
    }

    /// Waits for all transactions of this process to end, then closes the files.
    ///
    /// Further use throws `.closed`; a second call does nothing. Calling it inside a read or write
    /// of the same thread is a programmer error and traps.
    public func close() {
        do {
            try gate.drain(evenFailed: true) {
                releaseFiles()
                return .closed
            }
        } catch .closed {
            return
        } catch {
            preconditionFailure(
                "Cannot close the environment inside a transaction of the same thread: "
                    + "let the transaction end first.")
        }
    }

    private func closeNow() {
        try? gate.drain(evenFailed: true) {
            releaseFiles()
            return .closed
        }
    }

    /// Ends pooled transactions, closes the files and lets the process open the store again.
    private func releaseFiles() {
        // SAFETY: called once, inside a drain: no transaction is live and none can begin.
        unsafe gate.emptyPool { transaction in unsafe mdb_txn_abort(transaction) }
        unsafe mdb_env_close(pointer)
        forgetLockFile()
        namespace.withLock { $0 = nil }
        registration.release()
    }

    /// Says in an error why the gate refused.
    func error(_ refusal: TransactionGate.Refusal, cannot action: String) -> LMDBError {
        switch refusal {
        case .closed:
            return .closed(cannot: action, path: path)
        case .failed:
            return LMDBError(MDB_PANIC, cannot: action, path: path)
        case .slotsBusy:
            return LMDBError(MDB_READERS_FULL, cannot: action, path: path)
        case .insideRead:
            return LMDBError(
                .badTransaction,
                "Cannot \(action) in '\(path)': this thread is inside a read that the operation "
                    + "would wait for. Let the read end first.", path: path)
        case .insideWrite:
            return LMDBError(
                .badTransaction,
                "Cannot \(action) in '\(path)': this thread is inside a write, and writes do not "
                    + "nest. Let the write end first.", path: path)
        }
    }

    /// Throws unless `returnCode` is 0.
    func check(_ returnCode: Int32, cannot action: @autoclosure () -> String) throws(LMDBError) {
        guard returnCode == 0 else {
            throw LMDBError(returnCode, cannot: action(), path: path)
        }
    }
}
