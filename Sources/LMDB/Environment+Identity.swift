import CLMDB
import Glibc

/// Which file on which volume; a path may lead to another one later.
public struct FileIdentity: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64
}

extension Environment {
    /// The data file that the path of the store leads to now; nil when there is none.
    ///
    /// It changes when another process puts a compacted or restored file in the place of the one
    /// this environment has mapped: writing on would then be lost.
    public func dataFileIdentity() -> FileIdentity? {
        var facts = stat()
        // SAFETY: the path is a valid C string for the call; `facts` is a local.
        guard unsafe stat(realPath + "/data.mdb", &facts) == 0 else { return nil }
        return FileIdentity(device: UInt64(facts.st_dev), inode: UInt64(facts.st_ino))
    }

    /// Puts the data file of a copy in the place of this store's own, in one step.
    ///
    /// The caller holds the writer lock, has closed this environment's transactions, and closes it
    /// right afterwards.
    public func replaceDataFile(byThatOf copy: String) throws(LMDBError) {
        // SAFETY: both paths are valid C strings for the call.
        guard unsafe rename(copy + "/data.mdb", realPath + "/data.mdb") == 0 else {
            throw LMDBError(errno, cannot: "replace the data file", path: path)
        }
        let descriptor = unsafe Glibc.open(realPath, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        Glibc.close(descriptor)
    }
}

extension Environment {
    /// The number of this process.
    public static var processID: Int32 { getpid() }
}

extension Environment {
    /// Puts the store in a directory in the place of another one, in one step.
    ///
    /// - Throws: `.inUse` if another process has the old one open; system errors. The old one stays
    ///   then.
    public static func replaceStore(
        at path: String, byThatOf building: String
    ) throws {
        guard let old = try openIfSound(path) else {
            try DirectoryFlush.flush(building + "/data.mdb", shownAs: path)
            return try replaceFile(at: path, byThatOf: building)
        }
        defer { old.close() }
        try old.withSoleAccess {
            try DirectoryFlush.flush(building + "/data.mdb", shownAs: path)
            try replaceFile(at: path, byThatOf: building)
            // LMDB's facts about the old file end with the last who has it open.
            old.close()
        }
    }

    /// Nil for a file too damaged to be opened, by this process or another.
    private static func openIfSound(_ path: String) throws(LMDBError) -> Environment? {
        do {
            return try Environment.open(at: path, options: Options(create: false))
        } catch {
            if error.code == .corrupted || error.code == .notLMDB { return nil }
            throw error
        }
    }

    private static func replaceFile(
        at path: String, byThatOf building: String
    ) throws(LMDBError) {
        // SAFETY: both paths are valid C strings for the call.
        guard unsafe rename(building + "/data.mdb", path + "/data.mdb") == 0 else {
            throw LMDBError(errno, cannot: "replace the data file", path: path)
        }
        try DirectoryFlush.flush(path, shownAs: path)
    }
}
