// Unsafe code: passes buffers to `read` and `write`. Invariants, kept here alone:
//  1. A pointer handed to the system comes from a buffer that outlives the call, with the length
//     of that buffer.
//  2. Each object owns its descriptor (standard streams aside) and closes it once, in `deinit`.
//  3. No object of this file is used by two threads at once.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A file, pipe or standard input opened for reading.
final class InputDescriptor {
    private let descriptor: Int32
    private let isOwned: Bool
    private let name: String
    /// Asked while nothing comes from a pipe or a device; true ends the wait with `.cancelled`.
    private let isCancelled: (@Sendable () -> Bool)?
    /// Whether a read may have to wait for somebody: not so for a file.
    private let mayWait: Bool

    /// Opens a file; `-` is standard input.
    init(path: String, isCancelled: (@Sendable () -> Bool)? = nil) throws(FormatError) {
        name = path == "-" ? "standard input" : path
        isOwned = path != "-"
        // Not blocking, or opening a named pipe would wait for its writer, deaf to Ctrl-C.
        let mode = O_RDONLY | O_CLOEXEC | O_NONBLOCK
        descriptor = isOwned ? unsafe open(path, mode) : STDIN_FILENO
        guard descriptor >= 0 else {
            throw .system("Cannot open '\(name)'", mend: "Check the path and its permissions.")
        }
        self.isCancelled = isCancelled
        mayWait = !Self.isRegular(descriptor)
    }

    /// Takes over an open descriptor of a file.
    init(owning descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
        isOwned = true
        isCancelled = nil
        mayWait = false
    }

    deinit { if isOwned { close(descriptor) } }

    /// Fills `buffer` from `start` on; returns how many bytes came, 0 at the end.
    func read(into buffer: inout [UInt8], from start: Int) throws(FormatError) -> Int {
        while true {
            if mayWait { try waitForBytes() }
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                // SAFETY: invariant 1; the slice is checked by `rebasing`.
                let room = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[start...])
                return unsafe Glibc.read(descriptor, room.baseAddress, room.count)
            }
            if count >= 0 { return count }
            // Somebody else may have taken the bytes we were told of.
            if errno != EINTR, errno != EAGAIN || !mayWait {
                throw .system("Cannot read '\(name)'", mend: "Check the device or the pipe.")
            }
        }
    }

    /// Returns when bytes have come, or the end, or a failure that the next read will tell.
    private func waitForBytes() throws(FormatError) {
        // A signal may be delivered to another thread, so the question is asked by the clock.
        let pause: Int32 = isCancelled == nil ? -1 : 50
        while true {
            if isCancelled?() == true { throw .cancelled }
            var watch = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            // SAFETY: one `pollfd`, and a count of one.
            let count = unsafe poll(&watch, 1, pause)
            if count > 0 || (count < 0 && errno != EINTR) { return }
        }
    }

    private static func isRegular(_ descriptor: Int32) -> Bool {
        var status = stat()
        // SAFETY: `status` outlives the call.
        return unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Reads up to `count` bytes from a place in a file; fewer only at its end.
    func bytes(at offset: Int, count: Int) throws(FormatError) -> [UInt8] {
        var found = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let came = unsafe found.withUnsafeMutableBytes { bytes in
                // SAFETY: invariant 1; the slice is checked by `rebasing`.
                let room = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
                return unsafe pread(descriptor, room.baseAddress, room.count, off_t(offset + done))
            }
            if came == 0 { break }
            if came > 0 {
                done += came
            } else if errno != EINTR {
                throw .system("Cannot read '\(name)'", mend: "Check the device.")
            }
        }
        found.removeLast(count - done)
        return found
    }

    /// The size in bytes of a regular file; nil for a pipe or a device.
    var sizeBytes: Int? {
        var status = stat()
        // SAFETY: `status` outlives the call.
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        return Int(status.st_size)
    }
}

/// A file, pipe or standard output opened for writing.
///
/// Immutable after `init`, so it may be shared; writes of two threads at once would interleave,
/// and only its owner writes.
final class OutputDescriptor: Sendable {
    let descriptor: Int32
    private let isOwned: Bool
    private let name: String

    /// Creates or empties a file; `-` is standard output.
    init(path: String) throws(FormatError) {
        name = path == "-" ? "standard output" : path
        isOwned = path != "-"
        descriptor =
            isOwned
            ? unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) : STDOUT_FILENO
        guard descriptor >= 0 else {
            throw .system("Cannot write '\(name)'", mend: "Check the folder and its permissions.")
        }
    }

    /// Makes a file without a name in a folder: it vanishes with its descriptor.
    init(nameless folder: String) throws(FormatError) {
        name = "\(folder)/cairn-spool"
        isOwned = true
        var template = Array("\(folder)/cairn-XXXXXX".utf8CString)
        descriptor = unsafe template.withUnsafeMutableBufferPointer { text in
            // SAFETY: a zero-terminated copy of our own, written in place.
            guard let start = text.baseAddress else { return -1 }
            let opened = unsafe mkstemp(start)
            if opened >= 0 {
                _ = fcntl(opened, F_SETFD, FD_CLOEXEC)
                unsafe unlink(start)
            }
            return opened
        }
        guard descriptor >= 0 else {
            throw .system("Cannot make a file in '\(folder)'", mend: "Set TMPDIR to a folder.")
        }
    }

    deinit { if isOwned { close(descriptor) } }

    /// Writes all the bytes.
    func write(_ bytes: [UInt8]) throws(FormatError) {
        try write(bytes, count: bytes.count)
    }

    /// Writes the first `count` bytes.
    func write(_ bytes: [UInt8], count: Int) throws(FormatError) {
        var done = 0
        while done < count {
            let written = unsafe bytes.withUnsafeBytes { buffer in
                // SAFETY: invariant 1; the slice is checked by `rebasing`.
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done..<count])
                return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if written > 0 {
                done += written
            } else if errno != EINTR {
                throw .system("Cannot write '\(name)'", mend: "Check the free space.")
            }
        }
    }

    /// Waits until the bytes are on the disk; a pipe has nothing to wait for.
    func synchronize() { fsync(descriptor) }

    /// A new descriptor of the same file, read from its first byte, with a position of its own.
    func reopenedForReading() throws(FormatError) -> InputDescriptor {
        let copy = unsafe open("/proc/self/fd/\(descriptor)", O_RDONLY | O_CLOEXEC)
        guard copy >= 0 else {
            throw .system("Cannot read back '\(name)'", mend: "Check the limit of open files.")
        }
        return InputDescriptor(owning: copy, name: name)
    }
}

/// The same bytes without a type, as the store takes them.
@_lifetime(copy bytes)
func rawBytes(_ bytes: Span<UInt8>) -> RawSpan {
    // SAFETY: bytes have no padding, and the span's lifetime is passed on.
    unsafe bytes.bytes
}

/// Questions to the file system.
enum FileSystem {
    /// The names in a folder, sorted by bytes, hidden ones left out; nil when the path is no folder.
    static func entries(of path: String) -> [String]? {
        allEntries(of: path)?.filter { $0.utf8.first != 0x2E }
    }

    /// The names in a folder, sorted by bytes; nil when the path is no folder.
    static func allEntries(of path: String) -> [String]? {
        guard let folder = unsafe opendir(path) else { return nil }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            // SAFETY: `readdir` gives a zero-terminated name, valid until the next call.
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Whether something is at the path.
    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Whether a path can be read again from its first byte: not so for standard input (`-`), a
    /// pipe, a socket or a device. A path that leads nowhere is left to whoever opens it.
    static func isRereadable(_ path: String) -> Bool {
        guard path != "-" else { return false }
        var status = stat()
        // SAFETY: `status` outlives the call.
        guard unsafe stat(path, &status) == 0 else { return true }
        return [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    }

    /// Whether two paths lead to one file.
    static func isSameFile(_ path: String, _ other: String) -> Bool {
        var first = stat()
        var second = stat()
        // SAFETY: both outlive the calls.
        guard unsafe stat(path, &first) == 0, unsafe stat(other, &second) == 0 else {
            return false
        }
        return first.st_mode & S_IFMT == S_IFREG && first.st_dev == second.st_dev
            && first.st_ino == second.st_ino
    }

    /// Makes a folder.
    static func makeFolder(_ path: String) throws(FormatError) {
        guard unsafe mkdir(path, 0o755) == 0 else {
            throw .system("Cannot make the folder '\(path)'", mend: "Check the folder around it.")
        }
    }

    /// Renames a file or folder, replacing a file of that name.
    static func rename(_ old: String, to new: String) throws(FormatError) {
        guard unsafe Glibc.rename(old, new) == 0 else {
            throw .system("Cannot rename to '\(new)'", mend: "Remove what is there.")
        }
    }

    /// Removes a file, or a folder with the files in it; says nothing when it cannot.
    static func remove(_ path: String) {
        if let names = entries(of: path) {
            for name in names { remove("\(path)/\(name)") }
            _ = unsafe rmdir(path)
        } else {
            _ = unsafe unlink(path)
        }
    }

    /// The folder for temporary files: `TMPDIR`, or `/tmp`.
    static var temporaryFolder: String {
        guard let value = unsafe getenv("TMPDIR") else { return "/tmp" }
        let path = unsafe String(cString: value)
        return path.isEmpty ? "/tmp" : path
    }

    /// The number of this process, for names that no other process makes.
    static var processID: Int32 { getpid() }

    /// Whether standard error is a terminal, so that progress may be shown there.
    static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

extension FormatError {
    /// What a caller who asked for it gets.
    static let cancelled = FormatError(.cancelled, "Stopped as asked; nothing was kept.")

    /// An error from `errno`.
    static func system(_ what: String, mend: String) -> FormatError {
        let reason = unsafe String(cString: strerror(errno))
        return FormatError(.inputOutput, "\(what): \(reason). \(mend)")
    }
}
