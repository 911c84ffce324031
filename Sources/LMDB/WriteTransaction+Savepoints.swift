import CLMDB

extension WriteTransaction {
    /// Opens a savepoint: from here on, every change can be undone by itself.
    ///
    /// Savepoints may nest; `rollBackToSavepoint` and `releaseSavepoint` end the innermost one.
    public mutating func beginSavepoint() {
        journal.mark()
    }

    /// The number of open savepoints.
    public var savepointDepth: Int { journal.depth }

    /// Undoes every change since the innermost savepoint and ends it.
    ///
    /// The tables then hold what they held at `beginSavepoint()`; only page layout may differ.
    ///
    /// - Throws: As `put`; the transaction can then only abort.
    /// - Complexity: O(changes × log records).
    public mutating func rollBackToSavepoint() throws(LMDBError) {
        if let failure { throw failure }
        let changes = journal.takeChanges()
        // The outer savepoint, if any, has the same state before and after; nothing to record.
        try changes.undo { (table, key, oldValue) throws(LMDBError) in
            if let oldValue {
                _ = try store(table, key, oldValue, flags: 0, action: "restore")
            } else {
                _ = try remove(table, key)
            }
        }
    }

    /// Ends the innermost savepoint and keeps its changes.
    public mutating func releaseSavepoint() {
        journal.release()
    }

    /// Records the value of a key that is about to change. False if there is none.
    @discardableResult
    mutating func recordOldValue(_ table: Table, _ key: RawSpan) throws(LMDBError) -> Bool {
        if let failure { throw failure }
        // The copy is taken out of `self` while the view borrows it.
        var taken = UndoJournal()
        swap(&taken, &journal)
        defer { swap(&taken, &journal) }
        guard let old = try view.get(table, key) else { return false }
        taken.recordValue(table, key, old)
        return true
    }

    /// Records every pair of a table that is about to be emptied.
    mutating func recordAllValues(_ table: Table) throws(LMDBError) {
        if let failure { throw failure }
        var taken = UndoJournal()
        swap(&taken, &journal)
        defer { swap(&taken, &journal) }
        var cursor = try view.cursor(table)
        while try cursor.next() {
            taken.recordValue(table, cursor.key, cursor.value)
        }
    }
}
