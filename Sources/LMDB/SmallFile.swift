import Glibc

/// Reading of small text files that the system or we keep.
enum SmallFile {
    /// Up to `limit` bytes of a file as text, or `nil` if it cannot be read.
    static func text(at path: String, limit: Int) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return text(of: descriptor, limit: limit)
    }

    /// Up to `limit` bytes from the start of an open file as text.
    static func text(of descriptor: Int32, limit: Int) -> String? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while bytes.count < limit {
            // SAFETY: the buffer is the array's own, and the count is its size.
            let count = unsafe chunk.withUnsafeMutableBytes { buffer in
                unsafe pread(descriptor, buffer.baseAddress, buffer.count, off_t(bytes.count))
            }
            if count < 0 { return nil }
            if count == 0 { break }
            bytes.append(contentsOf: chunk.prefix(count))
        }
        return String(decoding: bytes.prefix(limit), as: UTF8.self)
    }
}
