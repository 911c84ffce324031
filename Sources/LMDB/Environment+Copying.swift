import CLMDB
import Glibc

extension Environment {
    /// Copies the store, as of one snapshot, to a directory that is absent or empty.
    ///
    /// Written aside, flushed and then renamed, so the target is either whole or untouched; nothing
    /// is left behind on failure. Works while others read and write; a long copy is a long reader.
    ///
    /// - Parameters:
    ///   - directory: The target; its parent must exist, on the same volume as the target.
    ///   - compacting: Whether to leave out free pages and lay tables out in order: slower, smaller.
    /// - Throws: `.alreadyExists`, `.noSpace`, `.accessDenied`, `.noSuchFile` (no parent),
    ///   `.badTransaction` inside a write of the same thread, `.closed`.
    public func copy(to directory: String, compacting: Bool) throws(LMDBError) {
        if gate.ownsWrite() { throw error(.insideWrite, cannot: "copy the store") }
        try PublishedDirectory.requireFree(directory)
        let aside = try PublishedDirectory.makeBuildingPlace(for: directory)
        do {
            try copyData(to: aside, compacting: compacting)
            try PublishedDirectory.publish(aside, as: directory)
        } catch {
            PublishedDirectory.remove(aside)
            throw error
        }
    }

    private func copyData(to aside: String, compacting: Bool) throws(LMDBError) {
        while true {
            let returnCode = try withOpenMap(cannot: "copy the store") {
                () throws(LMDBError) -> Int32 in
                // SAFETY: inside the gate the environment is open and its map stays.
                unsafe mdb_env_copy2(pointer, aside, compacting ? UInt32(MDB_CP_COMPACT) : 0)
            }
            if returnCode == MDB_MAP_RESIZED {
                unsafe unlink(aside + "/data.mdb")
                try adoptMap()
                continue
            }
            guard returnCode == 0 else {
                throw LMDBError(returnCode, cannot: "copy the store to '\(aside)'", path: path)
            }
            return
        }
    }
}
