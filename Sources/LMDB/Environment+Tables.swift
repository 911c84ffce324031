import CLMDB
import Synchronization

extension Environment {
    /// Opens named tables in one transaction, creating absent ones when asked.
    ///
    /// Repeated calls return equal handles. Open all tables at the start: a transaction that is live
    /// while a table is opened does not know the table.
    ///
    /// - Throws: `.notFound` naming the first absent table; `.tablesFull`; `.incompatible`; errors
    ///   of ``beginWrite()`` when tables are created.
    public func tables(_ names: [String], create: Bool) throws(LMDBError) -> [Table] {
        // Inside its own write a thread could wait here for another that waits for that write.
        let mayOpen = !gate.ownsWrite()
        let result = openTables.withLock { known in
            Result { () throws(LMDBError) -> [Table] in
                if names.contains(where: { known[Array($0.utf8)] == nil }) {
                    guard mayOpen else {
                        throw error(.insideWrite, cannot: "open tables")
                    }
                    for table in try openTogether(names, create: create && !options.isReadOnly) {
                        known[Array(table.name.utf8)] = table
                    }
                }
                return names.compactMap { known[Array($0.utf8)] }
            }
        }
        return try result.get()
    }

    /// Opens in a reading transaction where all tables exist, which works beside any writer.
    private func openTogether(_ names: [String], create: Bool) throws(LMDBError) -> [Table] {
        while true {
            do {
                return try openExisting(names)
            } catch {
                switch error.code {
                case .mapResized: try adoptMap()
                case .notFound where create: return try createAbsent(names)
                default: throw error
                }
            }
        }
    }

    private func openExisting(_ names: [String]) throws(LMDBError) -> [Table] {
        try withOpenMap(cannot: "open tables") { () throws(LMDBError) -> [Table] in
            var begun: OpaquePointer?
            // SAFETY: the transaction lives within this closure; its commit publishes the handles,
            // for those of an aborted one are closed.
            let returnCode = unsafe mdb_txn_begin(pointer, nil, UInt32(MDB_RDONLY), &begun)
            try check(returnCode, cannot: "open tables")
            guard let transaction = unsafe begun else { return [] }
            let tables: [Table]
            do throws(LMDBError) {
                tables = unsafe try openHandles(names, in: transaction, flags: 0)
            } catch {
                unsafe mdb_txn_abort(transaction)
                throw error
            }
            try check(unsafe mdb_txn_commit(transaction), cannot: "open tables")
            return tables
        }
    }

    private func createAbsent(_ names: [String]) throws(LMDBError) -> [Table] {
        do {
            return try write { transaction in try transaction.openTables(names) }
        } catch let error as LMDBError {
            throw error
        } catch {
            throw LMDBError(.other, "Cannot open tables in '\(path)': \(error).", path: path)
        }
    }

    /// Opens handles in a live transaction of this environment.
    func openHandles(
        _ names: [String], in transaction: OpaquePointer, flags: Int32
    ) throws(LMDBError) -> [Table] {
        var tables: [Table] = []
        for name in names {
            var handle = MDB_dbi()
            // SAFETY: the caller's transaction is live; LMDB copies the name.
            let returnCode = unsafe mdb_dbi_open(
                transaction, name, UInt32(bitPattern: flags), &handle)
            try check(returnCode, cannot: "open table '\(name)'")
            tables.append(Table(name: name, handle: handle, environmentNumber: number))
        }
        return tables
    }
}
