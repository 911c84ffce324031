import CLMDB
import Glibc
import Synchronization

extension Environment {
    /// Runs `body` in a write transaction on the calling thread: commits when it returns, aborts
    /// when it throws.
    ///
    /// When the map is full it is grown and `body` runs again on a fresh transaction, so `body` must
    /// have no effects outside of it. Waits for the writers of this process and of others; take
    /// ``acquireWriterLock(timeout:)`` first to bound the wait.
    ///
    /// - Throws: `.closed`, `.readOnly`, `.badTransaction` (this thread is inside a write already),
    ///   `.environmentFailed`, what ``WriteTransaction/commit()`` throws, and what `body` throws.
    public func write<R>(_ body: (inout WriteTransaction) throws -> R) throws -> R {
        while true {
            switch try attemptWrite(body) {
            case .committed(let result):
                return result
            case .outOfRoom:
                try grow(toAtLeast: mapSizeBytes.multipliedClamping(by: 2), orLess: true)
            }
        }
    }

    private enum Attempt<R> {
        case committed(R)
        case outOfRoom
    }

    private func attemptWrite<R>(
        _ body: (inout WriteTransaction) throws -> R
    ) throws -> Attempt<R> {
        var transaction = try beginWrite()
        do {
            let result = try body(&transaction)
            try transaction.finish()
            return .committed(result)
        } catch {
            // `body` may have wrapped the error; the transaction knows what happened to it.
            if transaction.failure?.code == .mapFull { return .outOfRoom }
            throw error
        }
    }

    /// Begins the write transaction of this process. For experts: prefer `write`.
    ///
    /// It must be used and ended on the calling thread. Waits for other writers.
    ///
    /// - Throws: As ``write(_:)``, before its body runs.
    public func beginWrite() throws(LMDBError) -> WriteTransaction {
        guard !options.isReadOnly else {
            throw LMDBError(EROFS, cannot: "begin a write", path: path)
        }
        while true {
            do {
                try gate.enterWrite()
            } catch {
                throw self.error(error, cannot: "begin a write")
            }
            if failedCommit.load(ordering: .relaxed) != 0 {
                gate.leaveWrite()
                throw LMDBError(MDB_PANIC, cannot: "begin a write", path: path)
            }
            var begun: OpaquePointer?
            // SAFETY: inside the gate the environment is open and its map stays.
            let returnCode = unsafe mdb_txn_begin(pointer, nil, 0, &begun)
            if returnCode == 0, let transaction = unsafe begun {
                return unsafe WriteTransaction(environment: self, pointer: transaction)
            }
            gate.leaveWrite()
            guard returnCode == MDB_MAP_RESIZED else {
                throw LMDBError(returnCode, cannot: "begin a write", path: path)
            }
            try adoptMap()
        }
    }

    /// Remembers a commit that failed in a way after which memory and disk may disagree.
    func noteCommit(_ returnCode: Int32) {
        // LMDB's own refusals happen before anything is written, and so does a failed allocation.
        // After any error of the device the system may have dropped pages it could not write, and
        // the next flush would not tell.
        guard returnCode > 0, returnCode != ENOMEM else { return }
        failedCommit.store(returnCode, ordering: .relaxed)
    }

    /// Refuses keys and values that LMDB cannot store, with the limit and the size at hand.
    func checkSizes(keyBytes: Int, valueBytes: Int, table: Table) throws(LMDBError) {
        if (1...Table.maxKeyBytes).contains(keyBytes), valueBytes <= Table.maxValueBytes { return }
        let place = "table '\(table.name)' in '\(path)'"
        if keyBytes == 0 {
            throw LMDBError(
                .emptyKey,
                "Cannot put into \(place): the key is empty. Give every record a key of at least "
                    + "one byte.", path: path)
        }
        if keyBytes > Table.maxKeyBytes {
            throw LMDBError(
                .keyTooLong,
                "Cannot put into \(place): the key has \(keyBytes) bytes, more than "
                    + "\(Table.maxKeyBytes). Shorten it, or end it with a hash.", path: path)
        }
        throw LMDBError(
            .valueTooLarge,
            "Cannot put into \(place): the value has \(valueBytes) bytes, more than "
                + "\(Table.maxValueBytes). Split it over several keys.", path: path)
    }
}
