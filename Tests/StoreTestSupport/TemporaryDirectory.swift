import Glibc
import Synchronization

/// A directory of its own for one test, removed with everything in it afterwards.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init() {
        while true {
            let number = Self.counter.add(1, ordering: .relaxed).newValue
            let candidate = "/tmp/cairn-tests-\(getpid())-\(number)"
            if unsafe mkdir(candidate, 0o755) == 0 {
                path = candidate
                return
            }
            precondition(errno == EEXIST, "The tests cannot make a directory in /tmp.")
        }
    }

    private static let counter = Atomic<Int>(0)

    deinit { Self.remove(path) }

    /// The path of something inside.
    package func file(_ name: String) -> String { path + "/" + name }

    /// Removes a file, or a directory with everything in it.
    package static func remove(_ path: String) {
        for name in names(in: path) { remove(path + "/" + name) }
        if unsafe rmdir(path) != 0 { unsafe unlink(path) }
    }

    /// The names inside a directory, sorted.
    package static func names(in directory: String) -> [String] {
        guard let stream = unsafe opendir(directory) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// All bytes of a file; empty when there is none.
    package static func bytes(of path: String) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: buffer[..<count])
        }
    }

    /// Creates a file, or replaces its content.
    package static func write(_ bytes: [UInt8], to path: String) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        precondition(descriptor >= 0, "The tests cannot write '\(path)'.")
        defer { close(descriptor) }
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes[start...].withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            precondition(count > 0, "The tests cannot write '\(path)'.")
            start += count
        }
    }
}
