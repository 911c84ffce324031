import Glibc
import PropertyGraph

/// Nobody reads what the program writes any more; a reason to end, and no error.
struct ClosedPipe: Error {}

/// Where results go: standard output or a file, gathered into large writes.
final class OutputStream {
    private let descriptor: Int32
    private let name: String
    private let isFile: Bool
    /// The path a file gets when it is whole, and the one it has until then; nil for others.
    private var renaming: (from: String, to: String)?
    private var pending: [UInt8] = []

    private static let capacity = 1 << 16

    private init(_ descriptor: Int32, name: String, isFile: Bool) {
        self.descriptor = descriptor
        self.name = name
        self.isFile = isFile
    }

    /// Standard output.
    static func standardOutput() -> OutputStream {
        OutputStream(STDOUT_FILENO, name: "standard output", isFile: false)
    }

    /// A new file, or standard output for `-`.
    static func open(_ path: String) throws -> OutputStream {
        if UTF8Order.equal(path, "-") { return standardOutput() }
        switch SystemCalls.createFile(path) {
        case .success(let descriptor):
            return OutputStream(descriptor, name: "'\(path)'", isFile: true)
        case .failure(let error):
            throw CommandError.failure("Cannot write '\(path)': \(error.text).")
        }
    }

    /// A file that takes its name, and the place of an earlier one, when it is finished: whoever
    /// reads it finds the old rows or all of the new. A pipe or device is opened as it is.
    static func openWhole(_ path: String) throws -> OutputStream {
        let isOrdinary = SystemCalls.kind(path) == .nothing || SystemCalls.isPlainFile(path)
        let part = "\(path).\(SystemCalls.processNumber()).part"
        // Where the folder takes no new file, the one there may still be written.
        guard !UTF8Order.equal(path, "-"), isOrdinary,
            case .success(let descriptor) = SystemCalls.createFile(part)
        else { return try open(path) }
        let stream = OutputStream(descriptor, name: "'\(path)'", isFile: true)
        stream.renaming = (part, path)
        return stream
    }

    deinit {
        // Not finished: what there is of it helps nobody.
        if let renaming { SystemCalls.removeFile(renaming.from) }
    }

    /// Appends text.
    func write(_ text: String) throws {
        pending.append(contentsOf: text.utf8)
        if pending.count >= Self.capacity { try flush() }
    }

    /// Appends bytes made in place.
    func write(_ body: (inout [UInt8]) -> Void) throws {
        body(&pending)
        if pending.count >= Self.capacity { try flush() }
    }

    /// Appends text and a new line.
    func line(_ text: String = "") throws {
        pending.append(contentsOf: text.utf8)
        pending.append(0x0A)
        if pending.count >= Self.capacity { try flush() }
    }

    /// Hands everything to the operating system.
    func flush() throws {
        var offset = 0
        defer { pending.removeAll(keepingCapacity: true) }
        while offset < pending.count {
            switch SystemCalls.write(pending, from: offset, to: descriptor) {
            case .written(let count): offset += count
            case .closedPipe: throw ClosedPipe()
            case .failed(let reason):
                throw CommandError.failure("Cannot write to \(name): \(reason).")
            }
        }
    }

    /// Flushes, and closes a file.
    func finish() throws {
        try flush()
        guard isFile else { return }
        if let reason = SystemCalls.closeFile(descriptor) {
            throw CommandError.failure("Cannot write to \(name): \(reason).")
        }
        if let (part, path) = renaming {
            if let reason = SystemCalls.renameFile(part, to: path) {
                throw CommandError.failure("Cannot write '\(path)': \(reason).")
            }
            renaming = nil
        }
    }
}
