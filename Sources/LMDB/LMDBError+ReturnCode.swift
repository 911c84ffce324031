import CLMDB
import Glibc

extension LMDBError {
    /// Turns a return code of LMDB or an `errno` into our error.
    ///
    /// - Parameters:
    ///   - returnCode: What LMDB returned; not 0.
    ///   - action: What was tried, as the rest of "Cannot …", for example `put into table 'node'`.
    ///   - path: The directory of the environment.
    init(_ returnCode: Int32, cannot action: String, path: String) {
        let meaning = Self.meaning(of: returnCode)
        self.init(
            meaning.code, "Cannot \(action) in '\(path)': \(meaning.fault). \(meaning.mend)",
            returnCode: returnCode, path: path)
    }

    /// One return code in our words: its code, what is wrong, and how to mend it.
    struct Meaning {
        let code: Code
        let fault: String
        let mend: String

        init(_ code: Code, _ fault: String, _ mend: String) {
            self.code = code
            self.fault = fault
            self.mend = mend
        }
    }

    /// Every code that LMDB 0.9.24 can return and every `errno` it passes on, case by case.
    static func meaning(of returnCode: Int32) -> Meaning {
        returnCode < 0 ? storeMeaning(of: returnCode) : systemMeaning(of: returnCode)
    }

    /// The codes below zero: LMDB's own.
    private static func storeMeaning(of returnCode: Int32) -> Meaning {
        switch returnCode {
        case MDB_KEYEXIST:
            Meaning(.keyExists, "the key exists already", "Overwrite it, or delete it first.")
        case MDB_NOTFOUND:
            Meaning(.notFound, "the record or table does not exist", "Create it first.")
        case MDB_PAGE_NOTFOUND:
            Meaning(
                .pageNotFound, "a page that the tree refers to is absent: the file is damaged",
                "Restore a backup, or copy what can still be read.")
        case MDB_CORRUPTED:
            Meaning(
                .corrupted, "a page is of the wrong kind: the file is damaged",
                "Restore a backup, or copy what can still be read.")
        case MDB_PANIC:
            Meaning(
                .environmentFailed, "an earlier write failed half-way",
                "Close the environment and open it again.")
        case MDB_VERSION_MISMATCH:
            Meaning(
                .versionMismatch, "the file was written by another version of LMDB",
                "Open it with the program that wrote it, and export it there.")
        case MDB_INVALID:
            Meaning(.notLMDB, "the file is not an LMDB store", "Check the path.")
        case MDB_MAP_FULL:
            Meaning(
                .mapFull, "the memory map is full",
                "Grow the map with `grow(toAtLeast:)` and run the transaction again.")
        case MDB_DBS_FULL:
            Meaning(
                .tablesFull, "more tables were named than `maxTables` allows",
                "Open the environment with a larger `maxTables`.")
        case MDB_READERS_FULL:
            Meaning(
                .readersFull, "every reader slot is in use",
                "End some reads, call `reapStaleReaders()`, or raise `maxReaders` "
                    + "when no process has the store open.")
        case MDB_TLS_FULL:
            Meaning(
                .threadsFull, "the system has no more thread keys",
                "Close other environments of this process.")
        case MDB_TXN_FULL:
            Meaning(
                .transactionFull, "the transaction touches too many pages",
                "Split it into smaller transactions.")
        case MDB_CURSOR_FULL:
            Meaning(
                .cursorFull, "the tree is deeper than a cursor can follow: the file is damaged",
                "Restore a backup.")
        case MDB_PAGE_FULL:
            Meaning(
                .pageFull, "a page has no room although it should: the file is damaged",
                "Restore a backup.")
        case MDB_MAP_RESIZED:
            Meaning(
                .mapResized, "another process has grown the store beyond our map",
                "End this thread's open transactions and try again.")
        case MDB_INCOMPATIBLE:
            Meaning(
                .incompatible, "the table was created with other flags, or pages have leaked",
                "Open it with the program that wrote it; for a copy, copy without compacting.")
        case MDB_BAD_RSLOT:
            Meaning(
                .badReaderSlot, "a reader slot was used by two transactions at once",
                "Use one read transaction per thread at a time.")
        case MDB_BAD_TXN:
            Meaning(
                .badTransaction, "the transaction failed earlier or has ended",
                "Abort it and run it again in a new one.")
        case MDB_BAD_VALSIZE:
            Meaning(
                .invalidSize, "the key or value has a size that LMDB does not store",
                "Keep keys within 1…511 bytes and values below 4 GiB.")
        case MDB_BAD_DBI:
            Meaning(
                .badTable, "the table handle is not one of this environment",
                "Ask this environment for the table with `tables(_:create:)`.")
        default:
            Meaning(
                .other, "LMDB returned the unknown code \(returnCode)",
                "Report it together with the version of liblmdb.")
        }
    }

    /// The codes above zero: `errno` of the system call that failed.
    private static func systemMeaning(of returnCode: Int32) -> Meaning {
        switch returnCode {
        case ENOENT:
            Meaning(
                .noSuchFile, "the directory or the store in it does not exist",
                "Check the path, or open it with `create`.")
        case EACCES, EPERM:
            Meaning(
                .accessDenied, "the operating system denies access",
                "Give this user read and write permission on the directory and its files.")
        case EROFS:
            Meaning(
                .readOnly, "the volume or the environment is read-only",
                "Open it for reading only (`isReadOnly`), or make the volume writable.")
        case ENOSPC, EDQUOT, EFBIG:
            Meaning(
                .noSpace, "the volume or the quota is full",
                "Free space, then open it again.")
        case EIO:
            Meaning(
                // LMDB reports a write that a full volume cut short by this code, too.
                .ioError, "the device failed to read or write, or its volume is full",
                "Check the free space, the disk and the system log, then reopen the store and "
                    + "check it.")
        case ENOTDIR:
            Meaning(
                .notADirectory, "the path is not a directory",
                "Name the directory that holds `data.mdb`.")
        case EEXIST, ENOTEMPTY:
            Meaning(
                .alreadyExists, "the target exists and is not an empty directory",
                "Choose a path that does not exist yet.")
        case ENOMEM:
            Meaning(
                .outOfMemory, "memory or address space is exhausted",
                "Lower `mapSizeBytes`, or raise the limit on address space (`ulimit -v`).")
        case EMFILE, ENFILE:
            Meaning(
                .tooManyFiles, "too many files are open",
                "Close some, or raise the limit (`ulimit -n`).")
        case EINVAL:
            Meaning(
                .invalidArgument, "the system refused an argument",
                "Check the options: sizes must be positive and the volume must support `mmap`.")
        default:
            Meaning(
                .other, "the system says “\(systemText(returnCode))” (errno \(returnCode))",
                "See errno(3) for its causes.")
        }
    }

    /// The system's own words for an `errno`.
    private static func systemText(_ code: Int32) -> String {
        // SAFETY: `mdb_strerror` returns a string that is static or per-thread; it is copied at once.
        guard let text = unsafe mdb_strerror(code) else { return "unknown" }
        return unsafe String(cString: text)
    }

    /// The error for using an environment after `close()`.
    static func closed(cannot action: String, path: String) -> LMDBError {
        LMDBError(
            .closed,
            "Cannot \(action) in '\(path)': the environment has been closed. Open it again.",
            path: path)
    }
}
