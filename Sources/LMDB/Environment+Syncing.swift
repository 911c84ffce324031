import CLMDB

extension Environment {
    /// Flushes what is committed to the disk.
    ///
    /// - Parameter force: Whether to flush although the environment's `sync` is not `.full`.
    /// - Throws: `.ioError`, `.noSpace`, after which writes are refused until the store is
    ///   reopened; `.readOnly`; `.closed`.
    public func sync(force: Bool) throws(LMDBError) {
        if options.isReadOnly { return }
        try withOpenMap(cannot: "flush") { () throws(LMDBError) in
            // SAFETY: inside the gate the environment is open.
            let returnCode = unsafe mdb_env_sync(pointer, force ? 1 : 0)
            noteCommit(returnCode)
            try check(returnCode, cannot: "flush")
        }
    }

    /// Changes how hard commits work to reach the disk, from the next commit on.
    ///
    /// Going back to `.full` does not flush what was committed before: call `sync(force: true)`.
    ///
    /// - Throws: `.badTransaction` inside a write of the calling thread; `.closed`.
    public func setSync(_ sync: Sync) throws(LMDBError) {
        do {
            // LMDB changes the flags without a lock, and commits read them.
            try gate.enterWrite()
        } catch {
            throw self.error(error, cannot: "change the sync mode")
        }
        defer { gate.leaveWrite() }
        let modes: [(Int32, Bool)] = [
            (MDB_NOMETASYNC, sync == .noMetaSync), (MDB_NOSYNC, sync == .none),
        ]
        for (flag, isOn) in modes {
            // SAFETY: inside the gate the environment is open, and no write is live.
            let returnCode = unsafe mdb_env_set_flags(
                pointer, UInt32(bitPattern: flag), isOn ? 1 : 0)
            try check(returnCode, cannot: "change the sync mode")
        }
    }
}
