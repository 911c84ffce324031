import CLMDB
import Glibc

/// The one transaction that may change the store; aborted when destroyed without `commit()`.
///
/// Must be used and ended on the thread that began it: LMDB's writer mutex belongs to that thread.
@safe
public struct WriteTransaction: ~Copyable {
    let environment: Environment
    /// A live read-write MDB_txn; owned until `isFinished`.
    let pointer: OpaquePointer
    private let thread = pthread_self()
    private var isFinished = false
    var journal = UndoJournal()

    /// The first failure that made this transaction unusable, if any.
    ///
    /// Every later change and `commit()` throw it; only aborting is left.
    public private(set) var failure: LMDBError?

    init(environment: Environment, pointer: OpaquePointer) {
        self.environment = environment
        unsafe self.pointer = pointer
    }

    deinit {
        guard !isFinished else { return }
        checkThread()
        // SAFETY: the transaction is live and ends here; this thread owns the writer mutex.
        unsafe mdb_txn_abort(pointer)
        environment.gate.leaveWrite()
    }

    /// The tables with the changes made so far; dies, with its spans, at the next change.
    public var view: TransactionView {
        @_lifetime(borrow self)
        get { unsafe TransactionView(pointer: pointer, environment: environment, owner: self) }
    }

    /// LMDB's number of this transaction; snapshots that contain it have this id or a larger one.
    public var id: UInt64 {
        // SAFETY: the transaction is live.
        unsafe UInt64(mdb_txn_id(pointer))
    }

    /// Makes the changes durable, as the environment's `sync` says, and visible to new reads.
    ///
    /// - Throws: The first failure of this transaction, if there was one; `.mapFull`,
    ///   `.noSpace`, `.ioError`. Nothing is committed then. After a failure of the device or volume
    ///   the environment refuses further writes (`.environmentFailed`) until it is reopened,
    ///   because the system may have dropped what it could not write.
    public consuming func commit() throws(LMDBError) {
        try finish()
    }

    /// Commits in place; the value is then good for nothing but being destroyed.
    mutating func finish() throws(LMDBError) {
        checkThread()
        if let failure { throw failure }
        isFinished = true
        // SAFETY: LMDB ends the transaction whether or not it succeeds.
        let returnCode = unsafe mdb_txn_commit(pointer)
        environment.noteCommit(returnCode)
        environment.gate.leaveWrite()
        guard returnCode != 0 else { return }
        let error = LMDBError(returnCode, cannot: "commit", path: environment.path)
        failure = error
        throw error
    }

    /// Undoes all changes; the same as destroying the value, said aloud.
    public consuming func abort() {}

    private func checkThread() {
        precondition(
            thread == pthread_self(),
            "A write transaction was used on another thread than the one that began it.")
    }
}

// MARK: Raw changes, without the journal

extension WriteTransaction {
    /// Stores a pair under LMDB's `flags`.
    ///
    /// - Returns: False if the key exists and `flags` forbid to overwrite or reorder it.
    mutating func store(
        _ table: Table, _ key: RawSpan, _ value: RawSpan, flags: Int32, action: StaticString
    ) throws(LMDBError) -> Bool {
        try admit(table)
        try environment.checkSizes(
            keyBytes: key.byteCount, valueBytes: value.byteCount, table: table)
        // SAFETY: both spans live for the call and LMDB copies them. They cannot borrow from this
        // transaction, which is held exclusively here, so no page move can pull them away.
        let returnCode = unsafe key.withUnsafeBytes { keyBytes in
            unsafe value.withUnsafeBytes { valueBytes in
                var key = unsafe MDB_val(keyBytes)
                var value = unsafe MDB_val(valueBytes)
                return unsafe mdb_put(
                    pointer, table.handle, &key, &value, UInt32(bitPattern: flags))
            }
        }
        if returnCode == MDB_KEYEXIST { return false }
        try note(returnCode, action, table)
        return true
    }

    /// Removes a key. False if it was absent.
    mutating func remove(_ table: Table, _ key: RawSpan) throws(LMDBError) -> Bool {
        try admit(table)
        if key.isEmpty { return false }
        // SAFETY: as in `store`.
        let returnCode = unsafe key.withUnsafeBytes { bytes in
            var key = unsafe MDB_val(bytes)
            return unsafe mdb_del(pointer, table.handle, &key, nil)
        }
        if returnCode == MDB_NOTFOUND { return false }
        try note(returnCode, "delete from", table)
        return true
    }

    /// Removes every record of a table and keeps the table.
    mutating func clear(_ table: Table) throws(LMDBError) {
        try admit(table)
        // SAFETY: the transaction is live; 0 asks to keep the table itself.
        try note(unsafe mdb_drop(pointer, table.handle, 0), "empty", table)
    }

    /// Opens tables, creating absent ones; a failure makes the transaction unusable.
    mutating func openTables(_ names: [String]) throws(LMDBError) -> [Table] {
        checkThread()
        if let failure { throw failure }
        do {
            return unsafe try environment.openHandles(names, in: pointer, flags: MDB_CREATE)
        } catch {
            failure = error
            throw error
        }
    }

    /// Refuses a failed transaction, a foreign table and a foreign thread.
    func admit(_ table: Table) throws(LMDBError) {
        precondition(
            table.environmentNumber == environment.number,
            "A table handle was used with another environment than the one it came from.")
        checkThread()
        if let failure { throw failure }
    }

    mutating func note(
        _ returnCode: Int32, _ action: StaticString, _ table: Table
    ) throws(LMDBError) {
        guard returnCode != 0 else { return }
        let error = LMDBError(
            returnCode, cannot: "\(action) table '\(table.name)'", path: environment.path)
        failure = error
        throw error
    }
}
