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
