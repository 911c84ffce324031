import CLMDB
import Glibc

extension StorePlace {
    /// Gives the reader table its place on the volume before LMDB maps it.
    ///
    /// LMDB makes `lock.mdb` by setting its length, and writes to it through a mapping. On a full
    /// volume that write finds no block, and the system answers with a signal that ends the
    /// process; so the blocks are asked for here, where a refusal is an error. A file that cannot
    /// be opened, and a volume that cannot reserve, are left to LMDB.
    ///
    /// The descriptor must be closed before LMDB opens the file: its locks belong to the process,
    /// and any close gives them up.
    ///
    /// - Throws: `.noSpace`.
    func reserveReaderTable(_ options: Environment.Options) throws(LMDBError) {
        // SAFETY: the path is a valid C string for the call.
        let file = unsafe open(
            realPath + "/lock.mdb", O_RDWR | O_CREAT | O_CLOEXEC, options.createMode)
        guard file >= 0 else { return }
        defer { close(file) }
        let slots = Int(UInt32(clamping: max(1, options.maxReaders))) - 1
        let wanted = slots * Self.readerSlotBytes + Self.readerTableHeadBytes
        let bytes = max(wanted, Int(lseek(file, 0, SEEK_END)))
        guard clmdb_reserve(file, bytes) != 0 else { return }
        switch errno {
        case ENOSPC, EDQUOT, EFBIG:
            throw LMDBError(errno, cannot: "reserve 'lock.mdb'", path: path)
        default: return
        }
    }

    /// What a reader takes in the table: a cache line (`MDB_reader` of LMDB 0.9).
    private static let readerSlotBytes = 64
    /// What stands before the second slot: two mutexes and counters (`MDB_txninfo` of LMDB 0.9).
    /// Were it larger, LMDB would lengthen the file by the difference.
    private static let readerTableHeadBytes = 192
}
