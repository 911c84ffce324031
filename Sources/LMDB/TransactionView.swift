import CLMDB

/// What a transaction sees: the one door for reading, for read and write transactions alike.
///
/// A copyable value that cannot outlive its transaction. Over a write transaction it shows the
/// changes made so far and dies, with every span read through it, at the next change.
@safe
public struct TransactionView: ~Escapable {
    /// A live MDB_txn; the lifetime dependence keeps it so.
    let pointer: OpaquePointer
    /// Unmanaged so that copies of the view cost nothing; the transaction keeps it alive.
    private let environment: Unmanaged<Environment>
    /// The number of its environment, which no other of this process has.
    package let environmentNumber: UInt32

    /// - Parameter owner: The transaction whose borrow bounds the view.
    @_lifetime(borrow owner)
    init<Owner: ~Copyable>(
        pointer: OpaquePointer, environment: Environment, owner: borrowing Owner
    ) {
        unsafe self.pointer = pointer
        unsafe self.environment = .passUnretained(environment)
        environmentNumber = environment.number
    }

    /// LMDB's number of the snapshot, or of the write in progress.
    public var id: UInt64 {
        // SAFETY: `pointer` is live as long as `self`.
        unsafe UInt64(mdb_txn_id(pointer))
    }

    /// Returns the value stored under a key, without copying it, or `nil` if there is none.
    ///
    /// The bytes have no alignment; read them with `loadBE64(at:)` and its kin. An empty key and
    /// one longer than 511 bytes are never found.
    ///
    /// - Throws: `.corrupted` or `.pageNotFound` on a damaged file; `.badTransaction` if the write
    ///   transaction failed earlier.
    /// - Complexity: O(log records) page visits, about 1 µs for millions of records.
    @_lifetime(copy self)
    public func get(_ table: Table, _ key: RawSpan) throws(LMDBError) -> RawSpan? {
        checkOwnership(of: table)
        if key.isEmpty { return nil }
        // SAFETY: the transaction that bounds this view keeps the environment alive.
        unsafe environment._withUnsafeGuaranteedRef { $0.countRead() }
        var value = unsafe MDB_val()
        // SAFETY: the key's bytes live for the call, and LMDB only reads them; the value points
        // into the map or a dirty page, which stay until the transaction ends or changes.
        let returnCode = unsafe key.withUnsafeBytes { bytes in
            var key = unsafe MDB_val(bytes)
            return unsafe mdb_get(pointer, table.handle, &key, &value)
        }
        if returnCode == MDB_NOTFOUND { return nil }
        guard returnCode == 0 else { throw error(returnCode, cannot: "read", table) }
        let span = unsafe RawSpan(_unsafeStart: value.start, byteCount: value.mv_size)
        return unsafe _overrideLifetime(span, copying: self)
    }

    /// Opens a cursor over a table, at no position yet.
    ///
    /// - Throws: `.badTransaction` if the write transaction failed earlier; `.outOfMemory`.
    @_lifetime(copy self)
    public func cursor(_ table: Table) throws(LMDBError) -> Cursor {
        checkOwnership(of: table)
        var opened: OpaquePointer?
        // SAFETY: the cursor cannot outlive the view, hence not the transaction.
        let returnCode = unsafe mdb_cursor_open(pointer, table.handle, &opened)
        guard returnCode == 0, let cursor = unsafe opened else {
            throw error(returnCode, cannot: "open a cursor", table)
        }
        return unsafe Cursor(
            pointer: cursor, table: table, environment: environment, of: self)
    }

    /// Returns the shape of a table.
    ///
    /// - Throws: `.corrupted` on a damaged file; `.badTransaction` after an earlier failure.
    /// - Complexity: O(1).
    public func statistics(_ table: Table) throws(LMDBError) -> TableFacts {
        checkOwnership(of: table)
        var statistics = MDB_stat()
        // SAFETY: `pointer` is live; `statistics` is a local.
        let returnCode = unsafe mdb_stat(pointer, table.handle, &statistics)
        guard returnCode == 0 else { throw error(returnCode, cannot: "measure", table) }
        return TableFacts(name: table.name, statistics)
    }

    private func checkOwnership(of table: Table) {
        precondition(
            table.environmentNumber == environmentNumber,
            "A table handle was used with another environment than the one it came from.")
    }

    private func error(_ returnCode: Int32, cannot action: String, _ table: Table) -> LMDBError {
        // SAFETY: the transaction that bounds this view keeps the environment alive.
        let path = unsafe environment._withUnsafeGuaranteedRef { $0.path }
        return LMDBError(returnCode, cannot: "\(action) table '\(table.name)'", path: path)
    }
}

extension MDB_val {
    /// A view of bytes for LMDB to read; valid as long as they are.
    init(_ bytes: UnsafeRawBufferPointer) {
        unsafe self.init(
            mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
    }

    /// The address of the bytes; some valid address when there are none.
    var start: UnsafeRawPointer {
        // SAFETY: LMDB sets `mv_data` on success, to the map even for empty values. The stand-in
        // is only reached with a size of 0 and never read.
        unsafe UnsafeRawPointer(mv_data ?? UnsafeMutableRawPointer(mutating: emptyBytes))
    }
}

/// An address for spans of no bytes.
nonisolated(unsafe) private let emptyBytes = UnsafeRawPointer(
    UnsafeMutableRawPointer.allocate(byteCount: 8, alignment: 8))
// nonisolated(unsafe): a constant address that nobody reads or writes through.
