internal import Glibc

/// A temporary file for data that is larger than memory should hold: bytes appended once, then
/// read back at any offset. It has no name, so nothing is left of it, whatever happens.
public final class SpillFile: Sendable {
    private let descriptor: Int32
    private let directory: String
    private let size = Monitor(0)

    /// Makes an empty file in a directory, which decides the volume.
    ///
    /// - Throws: A system error, such as `.noSpace` or `.accessDenied`.
    public init(in directory: String) throws(LMDBError) {
        descriptor = try Self.openUnlinked(in: directory)
        self.directory = directory
    }

    deinit { close(descriptor) }

    private static func openUnlinked(in directory: String) throws(LMDBError) -> Int32 {
        // SAFETY: the path is a valid C string for the calls.
        let path = "\(directory)/.spill-\(getpid())-\(UInt64.random(in: .min ... .max))"
        let opened = unsafe open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard opened >= 0 else {
            throw LMDBError(errno, cannot: "create a temporary file", path: directory)
        }
        unsafe unlink(path)
        return opened
    }

    /// Appends bytes and returns the offset they begin at.
    ///
    /// - Throws: `.noSpace` and other system errors.
    @discardableResult
    public func append(_ bytes: RawSpan) throws(LMDBError) -> Int {
        try size.withLock { (size: inout Int) throws(LMDBError) -> Int in
            let start = size
            var done = 0
            while done < bytes.byteCount {
                let rest = bytes.extracting(done..<bytes.byteCount)
                // SAFETY: the span lives for the call.
                let count = unsafe rest.withUnsafeBytes {
                    unsafe pwrite(descriptor, $0.baseAddress, $0.count, off_t(start + done))
                }
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else {
                    throw LMDBError(errno, cannot: "write a temporary file", path: directory)
                }
                done += count
            }
            size = start + done
            return start
        }
    }

    /// Reads bytes back; fewer than asked for only at the end.
    ///
    /// - Throws: System errors.
    public func read(at offset: Int, count: Int) throws(LMDBError) -> [UInt8] {
        var failure: Int32 = 0
        // SAFETY: at most `count` bytes are written into fresh memory of that capacity, and
        // exactly the ones read are declared initialised.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count {
                let got = unsafe pread(
                    descriptor, buffer.baseAddress?.advanced(by: initialized), count - initialized,
                    off_t(offset + initialized))
                if got < 0 && errno == EINTR { continue }
                if got < 0 { failure = errno }
                if got <= 0 { return }
                initialized += got
            }
        }
        guard failure == 0 else {
            throw LMDBError(failure, cannot: "read a temporary file", path: directory)
        }
        return bytes
    }
}
