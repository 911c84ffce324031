import CLMDB

extension WriteTransaction {
    /// Stores a value under a key, replacing what was there.
    ///
    /// - Throws: `.emptyKey`, `.keyTooLong`, `.valueTooLarge`, after which the transaction goes on;
    ///   `.mapFull`, `.transactionFull`, `.corrupted` and others, after which it can only abort.
    /// - Complexity: O(log records) page visits; with a savepoint, also a copy of the old value.
    public mutating func put(
        _ table: Table, _ key: RawSpan, _ value: RawSpan
    ) throws(LMDBError) {
        if journal.isRecording { return try storeRecording(table, key, value) }
        _ = try store(table, key, value, flags: 0, action: "put into")
    }

    /// Stores a pair whose key follows every key of the table: the fast way to load sorted data.
    ///
    /// - Throws: `.outOfOrder` if the key does not follow the last one; else as `put`.
    /// - Complexity: O(1) amortised; pages are filled to the brim.
    public mutating func append(
        _ table: Table, _ key: RawSpan, _ value: RawSpan
    ) throws(LMDBError) {
        guard try store(table, key, value, flags: MDB_APPEND, action: "append to") else {
            throw LMDBError(
                .outOfOrder,
                "Cannot append to table '\(table.name)' in '\(environment.path)': the key does "
                    + "not follow the last key of the table. Sort the keys by their bytes, without "
                    + "duplicates, or use `put`.",
                returnCode: MDB_KEYEXIST, path: environment.path)
        }
        journal.recordAbsence(table, key)
    }

    /// Stores a value under a key that must be new.
    ///
    /// - Returns: False, with nothing changed, if the key is present.
    /// - Throws: As `put`.
    public mutating func insert(
        _ table: Table, _ key: RawSpan, _ value: RawSpan
    ) throws(LMDBError) -> Bool {
        guard try store(table, key, value, flags: MDB_NOOVERWRITE, action: "insert into") else {
            return false
        }
        journal.recordAbsence(table, key)
        return true
    }

    /// Removes a key and its value.
    ///
    /// - Returns: False if the key was absent.
    /// - Throws: As `put`.
    public mutating func delete(_ table: Table, _ key: RawSpan) throws(LMDBError) -> Bool {
        if journal.isRecording {
            guard try recordOldValue(table, key) else { return false }
        }
        return try remove(table, key)
    }

    /// Removes every record of a table; the table stays.
    ///
    /// - Complexity: O(pages); with a savepoint, a copy of the whole table.
    public mutating func removeAll(_ table: Table) throws(LMDBError) {
        if journal.isRecording { try recordAllValues(table) }
        try clear(table)
    }
}
