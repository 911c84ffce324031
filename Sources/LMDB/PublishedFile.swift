import CLMDB
import Glibc

/// A file that is written aside and appears in one step, whole and durable, under its name.
///
/// It is never changed afterwards, so that other processes may map it. If it is dropped before
/// `publish`, nothing is left of it.
public struct PublishedFile: ~Copyable {
    private var descriptor: Int32
    private let directory: String
    private let aside: String
    /// The bytes written so far.
    public private(set) var size: Int

    private static let prefix = ".writing-"

    /// Begins a file in a directory, which is made if it is missing.
    ///
    /// What processes that died while writing left there is removed.
    ///
    /// - Parameter mode: The permissions of the file.
    /// - Throws: `.readOnly`, `.accessDenied`, `.noSpace` and other system errors.
    public init(in directory: String, mode: UInt32) throws(LMDBError) {
        try Self.makeDirectory(directory, mode: mode)
        Self.removeLeftovers(in: directory)
        let name = "\(Self.prefix)\(getpid())-\(UInt64.random(in: .min ... .max))"
        let file = "\(directory)/\(name)"
        // SAFETY: the path is a valid C string for the call.
        let opened = unsafe open(file, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode)
        guard opened >= 0 else {
            throw LMDBError(errno, cannot: "create a file", path: directory)
        }
        size = 0
        descriptor = opened
        aside = file
        self.directory = directory
    }

    private static func makeDirectory(_ directory: String, mode: UInt32) throws(LMDBError) {
        // Whoever may read or write the file must be able to search the directory.
        let folderMode = mode | ((mode & 0o444) >> 2) | 0o100
        // SAFETY: the path is a valid C string for the call.
        if unsafe mkdir(directory, folderMode) != 0, errno != EEXIST {
            throw LMDBError(errno, cannot: "create the directory", path: directory)
        }
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        // SAFETY: the path is a valid C string for the call.
        unsafe unlink(aside)
    }

    /// Appends bytes.
    ///
    /// - Throws: `.noSpace` and other system errors.
    public mutating func append(_ bytes: RawSpan) throws(LMDBError) {
        var done = 0
        while done < bytes.byteCount {
            let rest = bytes.extracting(done..<bytes.byteCount)
            // SAFETY: the span lives for the call.
            let count = unsafe rest.withUnsafeBytes {
                unsafe write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                throw LMDBError(count < 0 ? errno : EIO, cannot: "write a file", path: directory)
            }
            done += count
            size += count
        }
    }

    /// Appends zeros until the size is a multiple of `alignment`.
    public mutating func pad(toMultipleOf alignment: Int) throws(LMDBError) {
        let rest = size % alignment
        guard rest > 0 else { return }
        try append([UInt8](repeating: 0, count: alignment - rest).rawSpan)
    }

    /// Flushes the bytes, gives the file its name, and flushes the directory.
    ///
    /// A file that has the name is replaced; whoever mapped it keeps what it mapped.
    public consuming func publish(as name: String) throws(LMDBError) {
        guard fdatasync(descriptor) == 0 else {
            throw LMDBError(errno, cannot: "flush a file", path: directory)
        }
        // SAFETY: the paths are valid C strings for the call.
        guard unsafe rename(aside, "\(directory)/\(name)") == 0 else {
            throw LMDBError(errno, cannot: "rename a file to '\(name)'", path: directory)
        }
        close(descriptor)
        descriptor = -1
        try DirectoryFlush.flush(directory, shownAs: directory)
    }

    /// Removes a published file, if it is there; maps of it stay valid.
    public static func remove(_ path: String) {
        // SAFETY: the path is a valid C string for the call.
        unsafe unlink(path)
    }

    private static func removeLeftovers(in directory: String) {
        for name in PublishedDirectory.entries(directory) where name.hasPrefix(prefix) {
            let owner = name.dropFirst(prefix.count).prefix { $0.isNumber }
            guard let pid = pid_t(owner), kill(pid, 0) != 0, errno == ESRCH else { continue }
            remove("\(directory)/\(name)")
        }
    }
}

/// The right to tidy up a directory of published files; given up when destroyed.
public struct TidyingLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock if nobody has it; nil otherwise, and where the file cannot be opened.
    ///
    /// Another thread of this process counts as somebody else.
    public init?(in directory: String, mode: UInt32) {
        // SAFETY: the path is a valid C string for the call.
        let opened = unsafe open(directory + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, mode)
        guard opened >= 0 else { return nil }
        guard FileLock.tryExclusive(opened) == 0 else {
            close(opened)
            return nil
        }
        descriptor = opened
    }

    deinit { close(descriptor) }
}

extension Environment {
    /// The directory for files that can be rebuilt from the store; it need not exist yet.
    ///
    /// Nil for a temporary store, to which no path leads.
    public var derivedDirectory: String? { isTemporary ? nil : realPath + "/derived" }
}
