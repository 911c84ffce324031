import CLMDB
import Glibc

/// Advisory locks on whole files, by flock(2): they belong to the open file, are freed with it, and
/// have nothing to do with the record locks that LMDB takes on `lock.mdb`.
enum FileLock {
    private static let shared: Int32 = 1
    private static let exclusive: Int32 = 2
    private static let withoutWaiting: Int32 = 4

    private static let unlock: Int32 = 8

    /// Gives the file up.
    ///
    /// - Returns: 0, or the `errno`.
    static func release(_ descriptor: Int32) -> Int32 {
        lock(descriptor, unlock)
    }

    /// Takes the file for this descriptor alone.
    ///
    /// - Returns: 0, or the `errno`: `EWOULDBLOCK` when another holds it.
    static func tryExclusive(_ descriptor: Int32) -> Int32 {
        lock(descriptor, exclusive | withoutWaiting)
    }

    /// Shares the file with others that share it, waiting for one that has it alone.
    ///
    /// - Returns: 0, or the `errno`.
    static func share(_ descriptor: Int32) -> Int32 {
        lock(descriptor, shared)
    }

    /// Says, or no longer says, beside the lock that somebody waits for the file.
    ///
    /// It helps those who ask `isAwaited`, so a volume that cannot do it is none the worse.
    static func announce(_ descriptor: Int32, isWaiting: Bool) {
        _ = clmdb_announce(descriptor, isWaiting ? 1 : 0)
    }

    /// Whether somebody said through another descriptor that it waits.
    static func isAwaited(_ descriptor: Int32) -> Bool { clmdb_is_announced(descriptor) == 1 }

    private static func lock(_ descriptor: Int32, _ operation: Int32) -> Int32 {
        while clmdb_lock(descriptor, operation) != 0 {
            if errno != EINTR { return errno }
        }
        return 0
    }
}
