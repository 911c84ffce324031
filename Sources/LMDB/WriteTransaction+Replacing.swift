import CLMDB

/// What becomes of a record that was looked at.
public enum Replacement {
    /// The new value is stored under its key.
    case store
    /// It is removed, if it is there.
    case remove
    /// It stays as it is.
    case keep
}

extension WriteTransaction {
    /// Looks a key up and stores what `body` makes of its value, in one descent of the tree where
    /// `get` and `put` take two, and three with a savepoint.
    ///
    /// - Parameters:
    ///   - value: Where `body` writes the new value; emptied before.
    ///   - body: Gets the value stored now, nil if there is none.
    /// - Throws: As `put`, and what `body` throws, which leaves everything as it was.
    public mutating func replace(
        _ table: Table, _ key: RawSpan, _ value: inout ByteWriter,
        _ body: (RawSpan?, inout ByteWriter) throws -> Replacement
    ) throws {
        try admit(table)
        try environment.checkSizes(keyBytes: key.byteCount, valueBytes: 0, table: table)
        let cursor = unsafe try openCursor(table)
        // SAFETY: the cursor was opened above and is closed here, inside its transaction.
        defer { unsafe mdb_cursor_close(cursor) }
        var item = unsafe MDB_val()
        // SAFETY: the key lives for the call.
        let found = unsafe key.withUnsafeBytes { bytes in
            var key = unsafe MDB_val(bytes)
            return unsafe mdb_cursor_get(cursor, &key, &item, MDB_SET)
        }
        if found != MDB_NOTFOUND { try note(found, "read", table) }
        value.removeAll()
        if found == MDB_NOTFOUND {
            guard try body(nil, &value) == .store else { return }
            return unsafe try store(through: cursor, table, key, value.span, over: nil)
        }
        // SAFETY: the old value stays where it is until the next change, which comes after its
        // last use.
        let old = unsafe RawSpan(_unsafeStart: item.start, byteCount: item.mv_size)
        switch try body(old, &value) {
        case .keep: return
        case .store: unsafe try store(through: cursor, table, key, value.span, over: old)
        case .remove: unsafe try remove(through: cursor, table, key, old)
        }
    }

    /// As `replace`, of the last record whose key is at most `wanted` and begins with `prefix`;
    /// where there is none, a new record gets the prefix itself as its key.
    ///
    /// - Parameter body: Gets the key and value of the record, nil if there is none.
    public mutating func replaceLast(
        _ table: Table, atOrBefore wanted: RawSpan, under prefix: RawSpan,
        _ value: inout ByteWriter,
        _ body: (RawSpan?, RawSpan?, inout ByteWriter) throws -> Replacement
    ) throws {
        try admit(table)
        try environment.checkSizes(keyBytes: prefix.byteCount, valueBytes: 0, table: table)
        let cursor = unsafe try openCursor(table)
        // SAFETY: as in `replace`.
        defer { unsafe mdb_cursor_close(cursor) }
        value.removeAll()
        guard let place = unsafe try seek(cursor, atOrBefore: wanted, table) else {
            return try makeFirst()
        }
        // SAFETY: as in `replace`, of the key and the value.
        let key = unsafe RawSpan(_unsafeStart: place.key.start, byteCount: place.key.mv_size)
        guard key.hasPrefix(prefix) else { return try makeFirst() }
        let old = unsafe RawSpan(_unsafeStart: place.value.start, byteCount: place.value.mv_size)
        let outcome = try body(key, old, &value)
        // The key lies in a page that the change may move.
        var ownKey = ByteWriter(capacity: key.byteCount)
        ownKey.append(key)
        switch outcome {
        case .keep: return
        case .store:
            unsafe try store(through: cursor, table, ownKey.span, value.span, over: old)
        case .remove: unsafe try remove(through: cursor, table, ownKey.span, old)
        }

        func makeFirst() throws {
            guard try body(nil, nil, &value) == .store else { return }
            unsafe try store(through: cursor, table, prefix, value.span, over: nil)
        }
    }

    /// Stores a pair and records what was there, in one descent of the tree.
    mutating func storeRecording(
        _ table: Table, _ key: RawSpan, _ value: RawSpan
    ) throws(LMDBError) {
        try admit(table)
        try environment.checkSizes(
            keyBytes: key.byteCount, valueBytes: value.byteCount, table: table)
        let cursor = unsafe try openCursor(table)
        // SAFETY: as in `replace`.
        defer { unsafe mdb_cursor_close(cursor) }
        var item = unsafe MDB_val()
        // SAFETY: as in `store(_:_:_:flags:action:)`.
        let returnCode = unsafe key.withUnsafeBytes { keyBytes in
            unsafe value.withUnsafeBytes { valueBytes in
                var key = unsafe MDB_val(keyBytes)
                unsafe item = MDB_val(valueBytes)
                return unsafe mdb_cursor_put(cursor, &key, &item, UInt32(MDB_NOOVERWRITE))
            }
        }
        guard returnCode == MDB_KEYEXIST else {
            try note(returnCode, "insert into", table)
            return journal.recordAbsence(table, key)
        }
        // LMDB hands out the old value as it refuses to overwrite it, and leaves the cursor there.
        // SAFETY: as in `replace`.
        let old = unsafe RawSpan(_unsafeStart: item.start, byteCount: item.mv_size)
        unsafe try store(through: cursor, table, key, value, over: old)
    }

    private func openCursor(_ table: Table) throws(LMDBError) -> OpaquePointer {
        var opened: OpaquePointer?
        // SAFETY: the transaction is live.
        let returnCode = unsafe mdb_cursor_open(pointer, table.handle, &opened)
        guard returnCode == 0, let cursor = unsafe opened else {
            throw LMDBError(
                returnCode, cannot: "open a cursor in table '\(table.name)'",
                path: environment.path)
        }
        return unsafe cursor
    }

    private mutating func seek(
        _ cursor: OpaquePointer, atOrBefore wanted: RawSpan, _ table: Table
    ) throws(LMDBError) -> (key: MDB_val, value: MDB_val)? {
        var (key, value) = unsafe (MDB_val(), MDB_val())
        // SAFETY: the cursor is live; LMDB reads the wanted key during the call and then points
        // `key` to the record's own.
        var returnCode = unsafe wanted.withUnsafeBytes { bytes in
            unsafe key = MDB_val(bytes)
            return unsafe mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE)
        }
        if returnCode == 0 {
            let found = unsafe RawSpan(_unsafeStart: key.start, byteCount: key.mv_size)
            if found.byteCount == wanted.byteCount, found.hasPrefix(wanted) {
                return unsafe (key, value)
            }
            returnCode = unsafe mdb_cursor_get(cursor, &key, &value, MDB_PREV)
        } else if returnCode == MDB_NOTFOUND {
            returnCode = unsafe mdb_cursor_get(cursor, &key, &value, MDB_LAST)
        }
        if returnCode == MDB_NOTFOUND { return nil }
        try note(returnCode, "read", table)
        return unsafe (key, value)
    }

    /// Stores a value at the record the cursor is on, or under a key that is new.
    private mutating func store(
        through cursor: OpaquePointer, _ table: Table, _ key: RawSpan, _ value: RawSpan,
        over old: RawSpan?
    ) throws(LMDBError) {
        try environment.checkSizes(
            keyBytes: key.byteCount, valueBytes: value.byteCount, table: table)
        if let old, journal.isRecording { journal.recordValue(table, key, old) }
        // SAFETY: as in `store(_:_:_:flags:action:)`; with MDB_CURRENT the key is the record's.
        let returnCode = unsafe key.withUnsafeBytes { keyBytes in
            unsafe value.withUnsafeBytes { valueBytes in
                var key = unsafe MDB_val(keyBytes)
                var value = unsafe MDB_val(valueBytes)
                return unsafe mdb_cursor_put(
                    cursor, &key, &value, old == nil ? 0 : UInt32(MDB_CURRENT))
            }
        }
        try note(returnCode, "put into", table)
        if old == nil { journal.recordAbsence(table, key) }
    }

    private mutating func remove(
        through cursor: OpaquePointer, _ table: Table, _ key: RawSpan, _ old: RawSpan
    ) throws(LMDBError) {
        if journal.isRecording { journal.recordValue(table, key, old) }
        // SAFETY: the cursor is on the record.
        try note(unsafe mdb_cursor_del(cursor, 0), "delete from", table)
    }
}
