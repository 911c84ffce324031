import Glibc
import Synchronization

/// The environments this process has open, by the identity of their directory.
///
/// A process must not open a store twice: LMDB holds POSIX record locks on `lock.mdb`, and the
/// first close of any descriptor on that file drops them all.
enum EnvironmentRegistry {
    /// A directory, whatever path leads to it.
    struct FileIdentity: Hashable, Sendable {
        let device: UInt64
        let inode: UInt64
    }

    /// A claim on a directory, given up by `release` or with the last reference.
    ///
    /// It holds the directory open. Otherwise the system could give the inode of a removed directory,
    /// such as that of a temporary store, to a new one, which would then seem to be open already.
    final class Registration: Sendable {
        private let identity: FileIdentity
        private let descriptor: Int32
        private let isReleased = Atomic<Bool>(false)

        fileprivate init(_ identity: FileIdentity, descriptor: Int32) {
            self.identity = identity
            self.descriptor = descriptor
        }

        deinit { release() }

        func release() {
            // Relaxed: the lock of the set orders everything else.
            guard !isReleased.exchange(true, ordering: .relaxed) else { return }
            _ = EnvironmentRegistry.claimed.withLock { $0.remove(identity) }
            close(descriptor)
        }
    }

    private static let claimed = Mutex<Set<FileIdentity>>([])
    private static let counter = Atomic<UInt32>(0)

    /// Claims a directory for one environment object.
    ///
    /// - Parameter path: The path to show in messages.
    /// - Throws: `.alreadyOpen` if it is claimed; `.notADirectory`, `.noSuchFile`, `.accessDenied`.
    static func claim(_ directory: String, shownAs path: String) throws(LMDBError) -> Registration {
        // O_PATH, hidden by the headers: opens without asking for permission on the directory.
        let onlyToHold: Int32 = 0o10_000_000
        // SAFETY: the string lives for the call, and `facts` is a local.
        let descriptor = unsafe open(directory, onlyToHold | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LMDBError(errno, cannot: "open the store", path: path) }
        var facts = stat()
        guard unsafe fstat(descriptor, &facts) == 0 else {
            let failure = errno
            close(descriptor)
            throw LMDBError(failure, cannot: "open the store", path: path)
        }
        let identity = FileIdentity(device: UInt64(facts.st_dev), inode: UInt64(facts.st_ino))
        guard claimed.withLock({ $0.insert(identity).inserted }) else {
            close(descriptor)
            throw LMDBError(
                .alreadyOpen,
                "Cannot open '\(path)': this process has the store open already, and a second "
                    + "open would drop its locks. Share the environment object, or close it first.",
                path: path)
        }
        return Registration(identity, descriptor: descriptor)
    }

    /// A number that no other environment object of this process has.
    static func nextNumber() -> UInt32 {
        // Relaxed: only uniqueness matters.
        counter.add(1, ordering: .relaxed).newValue
    }
}
