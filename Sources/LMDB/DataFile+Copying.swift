import Glibc

extension DataFile {
    /// Bytes that have a checksum of their own.
    private static let pieceBytes = 1 << 20

    /// The size of a file, and a checksum of its bytes: XXH64 of the XXH64s of its pieces of 1 MiB.
    ///
    /// - Throws: `.noSuchFile`, `.accessDenied`, `.ioError`.
    public static func checksum(_ file: String) throws(LMDBError) -> (bytes: Int, checksum: UInt64)
    {
        try forEachPiece(file) { (_: RawSpan) throws(LMDBError) in }
    }

    /// Copies a file to a place where there is none, flushes it, and returns what
    /// ``checksum(_:)`` says of it.
    ///
    /// - Throws: `.alreadyExists`, `.noSpace` and other system errors.
    public static func copy(
        _ file: String, to target: String
    ) throws(LMDBError) -> (bytes: Int, checksum: UInt64) {
        let descriptor = unsafe open(target, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw LMDBError(errno, cannot: "create a file", path: target) }
        defer { close(descriptor) }
        let result = try forEachPiece(file) { (piece: RawSpan) throws(LMDBError) in
            var done = 0
            while done < piece.byteCount {
                let rest = piece.extracting(done..<piece.byteCount)
                // SAFETY: the span lives for the call.
                let count = unsafe rest.withUnsafeBytes {
                    unsafe write(descriptor, $0.baseAddress, $0.count)
                }
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else {
                    throw LMDBError(count < 0 ? errno : EIO, cannot: "write a file", path: target)
                }
                done += count
            }
        }
        guard fdatasync(descriptor) == 0 else {
            throw LMDBError(errno, cannot: "flush a file", path: target)
        }
        return result
    }

    private static func forEachPiece(
        _ file: String, _ body: (RawSpan) throws(LMDBError) -> Void
    ) throws(LMDBError) -> (bytes: Int, checksum: UInt64) {
        let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LMDBError(errno, cannot: "read a file", path: file) }
        defer { close(descriptor) }
        var sums = ByteWriter()
        var offset = 0
        while true {
            let piece = try PageFile.bytes(
                of: descriptor, at: offset, count: pieceBytes, path: file)
            if piece.isEmpty { break }
            sums.appendLE64(piece.rawSpan.hash64())
            offset += piece.count
            try body(piece.rawSpan)
        }
        return (offset, sums.span.hash64())
    }

    /// The size of a file in bytes; nil when there is none.
    public static func size(_ file: String) -> Int? {
        var facts = stat()
        // SAFETY: the path is a valid C string for the call; `facts` is a local.
        return unsafe stat(file, &facts) == 0 ? Int(facts.st_size) : nil
    }

    /// Up to `limit` bytes of a file as text; nil if there is no such file.
    ///
    /// - Throws: Why it cannot be read, which may pass: whoever takes that for absence forgets what
    ///   is there.
    public static func text(_ file: String, limit: Int) throws(LMDBError) -> String? {
        // SAFETY: the path is a valid C string for the call.
        let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw LMDBError(errno, cannot: "open a file", path: file)
        }
        defer { close(descriptor) }
        guard let text = SmallFile.text(of: descriptor, limit: limit) else {
            throw LMDBError(errno, cannot: "read a file", path: file)
        }
        return text
    }
}
