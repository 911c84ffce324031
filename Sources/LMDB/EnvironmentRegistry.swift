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

    /// A claim on a directory, given up by the first `release`.
    final class Registration: Sendable {
        private let identity: FileIdentity
        private let isReleased = Atomic<Bool>(false)

        fileprivate init(_ identity: FileIdentity) {
            self.identity = identity
        }

        func release() {
            // Relaxed: the lock of the set orders everything else.
            guard !isReleased.exchange(true, ordering: .relaxed) else { return }
            _ = EnvironmentRegistry.claimed.withLock { $0.remove(identity) }
        }
    }

    private static let claimed = Mutex<Set<FileIdentity>>([])
    private static let counter = Atomic<UInt32>(0)

    /// Claims a directory for one environment object; `nil` if it is claimed already.
    static func claim(_ identity: FileIdentity) -> Registration? {
        claimed.withLock { $0.insert(identity).inserted } ? Registration(identity) : nil
    }

    /// A number that no other environment object of this process has.
    static func nextNumber() -> UInt32 {
        // Relaxed: only uniqueness matters.
        counter.add(1, ordering: .relaxed).newValue
    }
}
