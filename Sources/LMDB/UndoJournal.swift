/// What to put back to undo the changes since a savepoint, in the order they were made.
///
/// One byte string; a record is written back to front so that undoing reads it from the end:
///
/// ```
///   value bytes | key bytes | table u32 | key length u32 | value length u64, all ones: was absent
/// ```
///
/// LMDB's nested transactions would do the same at a far higher price: each allocates megabytes
/// and copies the parent's list of dirty pages.
struct UndoJournal {
    private var records = ByteWriter()
    /// The tables that occur in `records`, by handle.
    private var tables: [UInt32: Table] = [:]
    /// Length of `records` at each open savepoint, innermost last.
    private var marks: [Int] = []

    private static let absent = UInt64.max
    private static let trailerBytes = 16

    /// Whether changes must be recorded.
    var isRecording: Bool { !marks.isEmpty }

    /// The number of open savepoints.
    var depth: Int { marks.count }

    mutating func mark() {
        marks.append(records.count)
    }

    /// Forgets the innermost savepoint and keeps its changes, which an outer one may still undo.
    mutating func release() {
        guard marks.popLast() != nil else {
            preconditionFailure("No savepoint is open: call beginSavepoint() first.")
        }
        if marks.isEmpty { forgetRecords() }
    }

    /// Records that a key was absent before the change just made.
    mutating func recordAbsence(_ table: Table, _ key: RawSpan) {
        guard isRecording else { return }
        records.append(key)
        finish(table, keyBytes: key.byteCount, valueBytes: Self.absent)
    }

    /// Records what a key had before the change about to be made.
    mutating func recordValue(_ table: Table, _ key: RawSpan, _ value: RawSpan) {
        records.append(value)
        records.append(key)
        finish(table, keyBytes: key.byteCount, valueBytes: UInt64(value.byteCount))
    }

    private mutating func finish(_ table: Table, keyBytes: Int, valueBytes: UInt64) {
        records.appendLE32(table.handle)
        records.appendLE32(UInt32(keyBytes))
        records.appendLE64(valueBytes)
        if tables[table.handle] == nil { tables[table.handle] = table }
    }

    /// Takes the changes since the innermost savepoint out of the journal and ends it.
    ///
    /// The journal stops recording them, so that undoing is not recorded in turn.
    mutating func takeChanges() -> Changes {
        guard let start = marks.popLast() else {
            preconditionFailure("No savepoint is open: call beginSavepoint() first.")
        }
        var changes = Changes(tables: tables)
        changes.records.append(records.span.extracting(start..<records.count))
        records.truncate(to: start)
        if marks.isEmpty { forgetRecords() }
        return changes
    }

    private mutating func forgetRecords() {
        records.removeAll(keepingCapacity: true)
        tables.removeAll(keepingCapacity: true)
    }

    /// The changes since one savepoint.
    struct Changes {
        fileprivate var records = ByteWriter()
        fileprivate let tables: [UInt32: Table]

        fileprivate init(tables: [UInt32: Table]) {
            self.tables = tables
        }

        /// Visits the changes, the latest first, with the key and its old value.
        func undo(
            _ body: (Table, RawSpan, RawSpan?) throws(LMDBError) -> Void
        ) throws(LMDBError) {
            let bytes = records.span
            var end = bytes.byteCount
            while end >= UndoJournal.trailerBytes {
                let handle = bytes.loadLE32(at: end - 16)
                let keyBytes = Int(bytes.loadLE32(at: end - 12))
                let valueBytes = bytes.loadLE64(at: end - 8)
                end -= UndoJournal.trailerBytes
                let key = bytes.extracting(end - keyBytes..<end)
                end -= keyBytes
                guard let table = tables[handle] else { continue }
                if valueBytes == UndoJournal.absent {
                    try body(table, key, nil)
                } else {
                    let value = bytes.extracting(end - Int(valueBytes)..<end)
                    end -= Int(valueBytes)
                    try body(table, key, value)
                }
            }
        }
    }
}
