import Glibc
import Synchronization

/// The right to be the one writing process of a store; given up when destroyed.
///
/// LMDB itself has no way to try for its writer mutex or to say who holds it, so writers that want
/// a bounded wait take this lock first. It is advisory, and freed by the system when its holder
/// dies.
public struct WriterLock: ~Copyable {
    /// The open lock file; -1 for a store that no other process can reach.
    private let descriptor: Int32
    private let environment: Environment

    init(descriptor: Int32, of environment: Environment) {
        self.descriptor = descriptor
        self.environment = environment
    }

    deinit {
        guard descriptor >= 0 else { return }
        // The process id stays in the file: it is read only while somebody holds the lock.
        if FileLock.release(descriptor) == 0 {
            environment.keepLockFile(descriptor)
        } else {
            close(descriptor)
        }
    }
}

extension Environment {
    /// Takes the writer lock of this store, waiting at most `timeout` for another holder.
    ///
    /// The lock is `flock` on `writer.lock` beside `data.mdb`; the file names the holder's process.
    /// It bounds only the wait for those who take it too.
    ///
    /// - Parameter timeout: How long to wait; zero tries once.
    /// - Throws: `.writerTimeout` naming the process that holds it; `.readOnly`, `.accessDenied`.
    public func acquireWriterLock(timeout: Duration) throws(LMDBError) -> WriterLock {
        if options.isReadOnly { throw LMDBError(EROFS, cannot: "lock for writing", path: path) }
        // No path leads to a temporary store, so nobody else can write to it.
        if isTemporary { return WriterLock(descriptor: -1, of: self) }
        let kept = idleLockFile.exchange(-1, ordering: .acquiringAndReleasing)
        let file =
            kept >= 0
            ? WriterLockFile(kept)
            : try WriterLockFile(in: realPath, mode: options.createMode, shownAs: path)
        let descriptor = try file.lock(timeout: timeout, shownAs: path)
        return WriterLock(descriptor: descriptor, of: self)
    }

    /// Whether another process, or another thread, waits for the writer lock at this moment.
    ///
    /// Waiters try again after pauses of at most 50 ms, so one who writes without end does well to
    /// ask, and to leave the lock alone for longer than that.
    public var isWriterAwaited: Bool {
        if isTemporary || options.isReadOnly { return false }
        guard
            let file = try? WriterLockFile(
                in: realPath, mode: options.createMode, shownAs: path)
        else { return false }
        return file.isAwaited
    }

    /// Keeps the open lock file for the next commit, unless one is kept already.
    func keepLockFile(_ descriptor: Int32) {
        let other = idleLockFile.exchange(descriptor, ordering: .acquiringAndReleasing)
        if other >= 0 { Glibc.close(other) }
    }

    /// Closes the kept lock file.
    func forgetLockFile() {
        let kept = idleLockFile.exchange(-1, ordering: .acquiringAndReleasing)
        if kept >= 0 { Glibc.close(kept) }
    }
}

/// The open file `writer.lock`, not locked yet.
struct WriterLockFile: ~Copyable {
    private var descriptor: Int32

    init(in directory: String, mode: UInt32, shownAs path: String) throws(LMDBError) {
        descriptor = unsafe open(directory + "/writer.lock", O_RDWR | O_CREAT | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            throw LMDBError(errno, cannot: "open 'writer.lock'", path: path)
        }
    }

    /// Takes over an open file.
    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Locks the file, trying again after growing pauses: `flock` has no wait with a limit.
    consuming func lock(timeout: Duration, shownAs path: String) throws(LMDBError) -> Int32 {
        let clock = ContinuousClock()
        let deadline = clock.now + timeout
        var pause = Duration.milliseconds(1)
        var isWaiting = false
        // Where this throws, closing the file says so.
        while true {
            let failure = FileLock.tryExclusive(descriptor)
            if failure == 0 { break }
            if !isWaiting { FileLock.announce(descriptor, isWaiting: true) }
            isWaiting = true
            guard failure == EWOULDBLOCK else {
                throw LMDBError(failure, cannot: "lock for writing", path: path)
            }
            let remaining = deadline - clock.now
            guard remaining > .zero else { throw timedOut(after: timeout, path: path) }
            BlockingPause.pause(for: min(pause, remaining))
            pause = min(pause * 2, .milliseconds(50))
        }
        if isWaiting { FileLock.announce(descriptor, isWaiting: false) }
        note(getpid())
        let locked = descriptor
        descriptor = -1
        return locked
    }

    /// Whether somebody waits for it.
    var isAwaited: Bool { FileLock.isAwaited(descriptor) }

    private func timedOut(after timeout: Duration, path: String) -> LMDBError {
        let who =
            switch holder {
            case .some(getpid()): "this process (\(getpid()))"
            case .some(let process): "process \(process)"
            case nil: "another process"
            }
        return LMDBError(
            .writerTimeout,
            "Cannot write to '\(path)': \(who) holds the writer lock, and did so for all of "
                + "\(timeout). Wait for it to finish or stop it, then try again.", path: path)
    }

    /// Writes the holder's process id into the file; for messages only.
    private func note(_ process: Int32) {
        let text = Array("\(process)\n".utf8)
        // Mostly it stands there from the commit before.
        if holds(text) { return }
        ftruncate(descriptor, 0)
        // SAFETY: the buffer is the array's own. A failed write only costs the name in a message.
        _ = unsafe text.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    /// Whether the file holds these bytes and nothing else.
    private func holds(_ text: [UInt8]) -> Bool {
        var found = InlineArray<32, UInt8>(repeating: 0)
        var mutable = found.mutableSpan
        // SAFETY: at most 32 bytes are written into the span's own memory.
        let count = unsafe mutable.withUnsafeMutableBytes { buffer in
            unsafe pread(descriptor, buffer.baseAddress, buffer.count, 0)
        }
        guard count == text.count else { return false }
        return text.indices.allSatisfy { found[$0] == text[$0] }
    }

    /// The process id in the file, if it names one.
    private var holder: Int32? {
        SmallFile.text(of: descriptor, limit: 64).flatMap { text in
            Int32(text.prefix { $0 != "\n" })
        }
    }
}
