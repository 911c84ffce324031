import Glibc

/// Keeps processes of different PID namespaces from sharing a store.
///
/// LMDB tells living readers from dead ones by process id, in locks at the offset of that id. Two
/// containers on one volume may have equal ids, and would then clear each other's readers and reuse
/// pages that are still being read. The first opener writes its namespace into `namespace.lock` and
/// shares a lock on the file for as long as it has the store open; a later opener of another
/// namespace is refused.
struct NamespaceGuard: ~Copyable {
    /// The locked file; -1 where nothing can be said.
    private let descriptor: Int32

    static let fileName = "namespace.lock"

    /// - Parameter namespace: Ours; `nil` if the system does not tell.
    /// - Throws: `.foreignProcess`; errors of creating the file.
    init(
        directory: String, options: Environment.Options, shownAs path: String,
        namespace: String? = NamespaceGuard.current()
    ) throws(LMDBError) {
        guard let namespace else {
            descriptor = -1
            return
        }
        let file = directory + "/" + Self.fileName
        var opened = unsafe open(file, O_RDWR | O_CREAT | O_CLOEXEC, options.createMode)
        if opened < 0, options.isReadOnly {
            // On a read-only volume nobody can write, so there is nobody to be told apart from.
            opened = unsafe open(file, O_RDONLY | O_CLOEXEC)
            if opened < 0 {
                descriptor = -1
                return
            }
        }
        guard opened >= 0 else {
            throw LMDBError(errno, cannot: "open '\(Self.fileName)'", path: path)
        }
        let holder = Self.join(opened, as: namespace)
        guard holder.utf8.elementsEqual(namespace.utf8) else {
            close(opened)
            throw LMDBError(
                .foreignProcess,
                "Cannot open '\(path)': a process of another PID namespace (\(holder)), such as "
                    + "another container, has it open, and the two could not see each other's "
                    + "readers. Run them in one PID namespace, or stop the other.", path: path)
        }
        descriptor = opened
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Takes the file alone, so that no other process has the store open or can open it.
    ///
    /// - Returns: False, sharing as before, if another process has it open.
    func tryAlone() -> Bool {
        guard descriptor >= 0, FileLock.tryExclusive(descriptor) != 0 else { return true }
        // A failed attempt may have given up the shared lock.
        shareAgain()
        return false
    }

    /// Lets other processes in again.
    func shareAgain() {
        if descriptor >= 0 { _ = FileLock.share(descriptor) }
    }

    /// Shares the lock and returns the namespace of those who hold it.
    private static func join(_ descriptor: Int32, as namespace: String) -> String {
        if FileLock.tryExclusive(descriptor) == 0, !holds(namespace, descriptor) {
            ftruncate(descriptor, 0)
            let text = Array(namespace.utf8)
            // SAFETY: the buffer is the array's own. A failed write shows in the reading below.
            _ = unsafe text.withUnsafeBytes {
                unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0)
            }
        }
        // Nobody keeps the exclusive lock, so this waits for a moment at most. Turning one lock into
        // the other lets others in between; hence the file is read only now.
        _ = FileLock.share(descriptor)
        let holder = SmallFile.text(of: descriptor, limit: 256) ?? ""
        return holder.isEmpty ? namespace : holder
    }

    /// Whether the file says so already: then it is left alone, for writing it anew takes half the
    /// time of opening a store.
    private static func holds(_ namespace: String, _ descriptor: Int32) -> Bool {
        SmallFile.text(of: descriptor, limit: 256)?.utf8.elementsEqual(namespace.utf8) ?? false
    }

    /// The PID namespace of this process as the kernel names it, such as `pid:[4026531836]`.
    static func current() -> String? {
        var buffer = [UInt8](repeating: 0, count: 64)
        // SAFETY: the buffer is the array's own, and its size is passed along.
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return -1 }
            return unsafe readlink(
                "/proc/self/ns/pid", start.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        guard count > 0 else { return nil }
        return String(decoding: buffer.prefix(count), as: UTF8.self)
    }
}
