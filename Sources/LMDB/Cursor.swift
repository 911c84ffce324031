import CLMDB

/// A position in one table that moves in key order.
///
/// Lives within its ``TransactionView``. A new cursor has no position: `next()` then goes to the
/// first record and `previous()` to the last. Every move returns whether the cursor is on a record
/// afterwards. After `next()` has run off the end, `previous()` returns to the last record, and the
/// other way round. Moves throw only where the file is damaged or cannot be read (`.corrupted`,
/// `.pageNotFound`, `.ioError`), and `.invalidSize` for a key that LMDB could not hold.
@safe
public struct Cursor: ~Copyable, ~Escapable {
    @usableFromInline
    enum Position {
        case none, onRecord, beforeFirst, afterLast
    }

    /// A live MDB_cursor, owned.
    private let pointer: OpaquePointer
    private let table: Table
    private let environment: Unmanaged<Environment>
    @usableFromInline var position = Position.none
    /// The pair of the current record, as LMDB set it; meaningful while `onRecord`.
    @usableFromInline var keyStart: UnsafeRawPointer
    @usableFromInline var keyCount = 0
    @usableFromInline var valueStart: UnsafeRawPointer
    @usableFromInline var valueCount = 0

    @_lifetime(copy view)
    init(
        pointer: OpaquePointer, table: Table, environment: Unmanaged<Environment>,
        of view: TransactionView
    ) {
        unsafe self.pointer = pointer
        self.table = table
        unsafe self.environment = unsafe environment
        let none = unsafe MDB_val().start
        unsafe keyStart = none
        unsafe valueStart = none
    }

    deinit {
        // SAFETY: the pointer is ours and the transaction still lives.
        unsafe mdb_cursor_close(pointer)
    }

    /// The key of the current record.
    ///
    /// - Precondition: The last move returned `true`.
    @inlinable
    public var key: RawSpan {
        @_lifetime(copy self)
        get {
            precondition(position == .onRecord, "The cursor is on no record: its last move failed.")
            // SAFETY: LMDB set the pair at the last move; it lives as long as the view.
            let span = unsafe RawSpan(_unsafeStart: keyStart, byteCount: keyCount)
            return unsafe _overrideLifetime(span, copying: self)
        }
    }

    /// The value of the current record.
    ///
    /// - Precondition: The last move returned `true`.
    @inlinable
    public var value: RawSpan {
        @_lifetime(copy self)
        get {
            precondition(position == .onRecord, "The cursor is on no record: its last move failed.")
            // SAFETY: as for `key`.
            let span = unsafe RawSpan(_unsafeStart: valueStart, byteCount: valueCount)
            return unsafe _overrideLifetime(span, copying: self)
        }
    }

    /// Whether the cursor is on a record, so that `key` and `value` may be read.
    public var isOnRecord: Bool { position == .onRecord }

    /// Moves to the first record. False if the table is empty.
    @_lifetime(self: copy self)
    public mutating func first() throws(LMDBError) -> Bool {
        try move(MDB_FIRST, orElse: .afterLast)
    }

    /// Moves to the last record. False if the table is empty.
    @_lifetime(self: copy self)
    public mutating func last() throws(LMDBError) -> Bool {
        try move(MDB_LAST, orElse: .beforeFirst)
    }

    /// Moves to the next record in key order. False at the end.
    @_lifetime(self: copy self)
    public mutating func next() throws(LMDBError) -> Bool {
        switch position {
        case .onRecord: try move(MDB_NEXT, orElse: .afterLast)
        case .none, .beforeFirst: try first()
        case .afterLast: false
        }
    }

    /// Moves to the previous record in key order. False at the start.
    @_lifetime(self: copy self)
    public mutating func previous() throws(LMDBError) -> Bool {
        switch position {
        case .onRecord: try move(MDB_PREV, orElse: .beforeFirst)
        case .none, .afterLast: try last()
        case .beforeFirst: false
        }
    }

    /// Moves to the first record whose key is `key` or follows it. False if there is none.
    @_lifetime(self: copy self)
    public mutating func seek(atOrAfter key: RawSpan) throws(LMDBError) -> Bool {
        if key.isEmpty { return try first() }
        return try seek(key, MDB_SET_RANGE, orElse: .afterLast)
    }

    /// Moves to the record of exactly this key. False, and at no position, if there is none.
    @_lifetime(self: copy self)
    public mutating func seek(to key: RawSpan) throws(LMDBError) -> Bool {
        if key.isEmpty {
            position = .none
            return false
        }
        return try seek(key, MDB_SET_KEY, orElse: .none)
    }

    /// Moves to the last record whose key is `key` or precedes it. False if there is none.
    @_lifetime(self: copy self)
    public mutating func seek(atOrBefore key: RawSpan) throws(LMDBError) -> Bool {
        guard try seek(atOrAfter: key) else { return try last() }
        if self.key.compare(key) == 0 { return true }
        return try previous()
    }

    /// Moves to the last record whose key precedes `key`. False if there is none.
    @_lifetime(self: copy self)
    public mutating func seek(before key: RawSpan) throws(LMDBError) -> Bool {
        guard try seek(atOrAfter: key) else { return try last() }
        return try previous()
    }

    @_lifetime(self: copy self)
    private mutating func seek(
        _ key: RawSpan, _ operation: MDB_cursor_op, orElse missed: Position
    ) throws(LMDBError) -> Bool {
        // SAFETY: the key lives for the call. On success LMDB replaces it with the stored key, so
        // nothing of the caller's is kept; on failure `position` makes the pair unreachable.
        let (returnCode, found, value) = unsafe key.withUnsafeBytes { bytes in
            var key = unsafe MDB_val(bytes)
            var value = unsafe MDB_val()
            let returnCode = unsafe mdb_cursor_get(pointer, &key, &value, operation)
            return unsafe (returnCode, key, value)
        }
        return try unsafe settle(returnCode, found, value, orElse: missed)
    }

    @_lifetime(self: copy self)
    private mutating func move(
        _ operation: MDB_cursor_op, orElse missed: Position
    ) throws(LMDBError) -> Bool {
        // SAFETY: the cursor and its transaction are live.
        // Locals, because no pointer into a value with a lifetime may reach a C function.
        var key = unsafe MDB_val()
        var value = unsafe MDB_val()
        let returnCode = unsafe mdb_cursor_get(pointer, &key, &value, operation)
        return try unsafe settle(returnCode, key, value, orElse: missed)
    }

    @_lifetime(self: copy self)
    private mutating func settle(
        _ returnCode: Int32, _ key: MDB_val, _ value: MDB_val, orElse missed: Position
    ) throws(LMDBError) -> Bool {
        // SAFETY: the transaction that bounds this cursor keeps the environment alive.
        unsafe environment._withUnsafeGuaranteedRef { $0.countRead() }
        if returnCode == 0 {
            unsafe keyStart = key.start
            unsafe (keyCount, valueCount) = (key.mv_size, value.mv_size)
            unsafe valueStart = value.start
            position = .onRecord
            return true
        }
        if returnCode == MDB_NOTFOUND {
            position = missed
            return false
        }
        position = .none
        // SAFETY: the transaction that bounds this cursor keeps the environment alive.
        let path = unsafe environment._withUnsafeGuaranteedRef { $0.path }
        throw LMDBError(
            returnCode, cannot: "move a cursor in table '\(table.name)'", path: path)
    }
}
