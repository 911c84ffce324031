import CLMDB
import Glibc

extension Environment {
    /// Grows the memory map to at least `bytes`; does nothing if it is that large already.
    ///
    /// Waits for this process's transactions to end and holds new ones back meanwhile.
    ///
    /// - Throws: `.badTransaction` if the calling thread is inside a transaction, which the wait
    ///   would never see end; `.outOfMemory` if the system refuses the size; `.closed`.
    public func grow(toAtLeast bytes: Int) throws(LMDBError) {
        try grow(toAtLeast: bytes, orLess: false)
    }

    /// - Parameter orLess: Whether a smaller growth will do where the system refuses `bytes`.
    func grow(toAtLeast bytes: Int, orLess: Bool) throws(LMDBError) {
        let action = "grow the map"
        var failure: LMDBError?
        try drained(cannot: action) {
            let current = mapSizeBytes
            guard bytes > current else { return .open }
            var size = MapSize.rounded(bytes)
            while !Self.isMappable(size) {
                let smaller = MapSize.rounded(current + (size - current) / 2)
                guard orLess, smaller < size, smaller > current else {
                    failure = LMDBError(ENOMEM, cannot: action, path: path)
                    return .open
                }
                size = smaller
            }
            return remap(to: size, cannot: action, failure: &failure)
        }
        if let failure { throw failure }
    }

    /// Shrinks the memory map to `bytes`, rounded up to a MiB, or to what the store uses where that
    /// is more; does nothing if it is that small already. The file never grows beyond the map.
    ///
    /// - Throws: As `grow(toAtLeast:)`.
    public func shrink(toAtMost bytes: Int) throws(LMDBError) {
        let action = "shrink the map"
        var failure: LMDBError?
        let size = MapSize.rounded(bytes)
        guard size < mapSizeBytes else { return }
        try drained(cannot: action) {
            guard size < mapSizeBytes else { return .open }
            // LMDB itself goes no lower than the last page in use.
            return remap(to: size, cannot: action, failure: &failure)
        }
        if let failure { throw failure }
    }

    /// Takes over the map size that another process has given the store.
    func adoptMap() throws(LMDBError) {
        let action = "adopt the map size of another process"
        var failure: LMDBError?
        try drained(cannot: action) {
            remap(to: 0, cannot: action, failure: &failure)
        }
        if let failure { throw failure }
    }

    private func drained(
        cannot action: String, _ body: () -> TransactionGate.Outcome
    ) throws(LMDBError) {
        do {
            try gate.drain(body)
        } catch {
            throw self.error(error, cannot: action)
        }
    }

    /// Replaces the map; inside a drain. 0 adopts the size in the file.
    private func remap(
        to size: Int, cannot action: String, failure: inout LMDBError?
    ) -> TransactionGate.Outcome {
        // SAFETY: no transaction of this process is live, as LMDB demands.
        let returnCode = unsafe mdb_env_set_mapsize(pointer, size)
        guard returnCode == 0 else {
            // LMDB has unmapped the old map before it failed: not even a read is possible now.
            failure = LMDBError(returnCode, cannot: action, path: path)
            return .failed
        }
        var info = unsafe MDB_envinfo()
        unsafe mdb_env_info(pointer, &info)
        unsafe noteMapSize(info.me_mapsize)
        // A new map is without it again.
        if hasReadEnough { readAhead() }
        return .open
    }

    /// Whether the system would map this many bytes beside all that is mapped now.
    ///
    /// Asked beforehand because LMDB gives up the old map before it tries the new one.
    private static func isMappable(_ bytes: Int) -> Bool {
        // SAFETY: the region is fresh, never touched, and given back at once.
        let region = unsafe mmap(
            nil, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard unsafe region != MAP_FAILED else { return false }
        unsafe munmap(region, bytes)
        return true
    }
}
