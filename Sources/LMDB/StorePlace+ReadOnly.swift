import CLMDB
import Glibc

/// Reading where nothing can be written, not even LMDB's table of readers.
///
/// A reader that does not stand in the table cannot keep pages from being reused, so it may go on only
/// where nobody writes: on a read-only volume, or where no one has the right to write the directory and
/// the file, and where no process has the store open for writing at that moment. (One volume can be
/// mounted twice, read-only here and writable there.)
extension StorePlace {
    /// Whether a reader has to do without the table, because it could not be written.
    func lacksReaderTable(_ options: Environment.Options) throws(LMDBError) -> Bool {
        guard options.isReadOnly else { return false }
        // SAFETY: the paths are valid C strings for the calls.
        if unsafe access(realPath, W_OK) == 0 { return false }
        let reason = errno
        let lockFile = realPath + "/lock.mdb"
        if reason != EROFS {
            // The table of others will do where it can be written.
            if unsafe access(lockFile, W_OK) == 0 { return false }
            guard Self.isWritableByNobody(realPath),
                Self.isWritableByNobody(realPath + "/data.mdb")
            else {
                throw LMDBError(
                    .accessDenied,
                    "Cannot open '\(path)': a reader has to write 'lock.mdb', so that no page is "
                        + "reused under its eyes, and may not. Grant the right to write 'lock.mdb', "
                        + "take it from everybody for the directory and 'data.mdb', or read a copy.",
                    path: path)
            }
        }
        try requireNobody(lockFile)
        return true
    }

    private static func isWritableByNobody(_ file: String) -> Bool {
        var facts = stat()
        // SAFETY: the path is a valid C string for the call; `facts` is a local.
        return unsafe stat(file, &facts) == 0 && facts.st_mode & 0o222 == 0
    }

    /// Throws when a process holds LMDB's lock, as each does that has the store open with the table.
    private func requireNobody(_ lockFile: String) throws(LMDBError) {
        // Closing it drops this process's own locks on the file, of which there are none: the process
        // has the store open once, and that is this time.
        let descriptor = unsafe open(lockFile, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var probe = flock()
        probe.l_type = Int16(F_WRLCK)
        probe.l_whence = Int16(SEEK_SET)
        probe.l_len = 1
        // SAFETY: the struct is a local that the call fills.
        guard unsafe fcntl(descriptor, F_GETLK, &probe) == 0, probe.l_type != Int16(F_UNLCK) else {
            return
        }
        throw LMDBError(
            .inUse,
            "Cannot open '\(path)': process \(probe.l_pid) has it open, and this one cannot write "
                + "'lock.mdb' to tell it which pages it reads. Make 'lock.mdb' writable, or read a "
                + "copy.", path: path)
    }
}
