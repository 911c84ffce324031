/// A file being written in big blocks, under another name until it is whole.
///
/// `finish` renames it into place; without it, the file is removed.
final class OutputFile {
    private let descriptor: OutputDescriptor
    private let path: String
    private let temporaryPath: String?
    private let encoder: GzipEncoder?
    private var buffer: [UInt8] = []
    private var isFinished = false
    /// How many bytes were written, before compression.
    private(set) var bytesWritten = 0

    private static let blockBytes = 1 << 18

    /// Opens a file; `-` is standard output. That, a pipe and a device are written at once: a file
    /// renamed to their path would take their place.
    ///
    /// - Parameters:
    ///   - isCompressed: whether the bytes are compressed with gzip.
    ///   - isAside: whether to write beside the path first; not needed within a folder that is
    ///     aside itself.
    init(path: String, isCompressed: Bool, isAside: Bool = true) throws(FormatError) {
        self.path = path
        encoder = isCompressed ? try GzipEncoder() : nil
        let writesAside = isAside && FileSystem.isRereadable(path)
        temporaryPath = writesAside ? "\(path).writing-\(FileSystem.processID)" : nil
        descriptor = try OutputDescriptor(path: temporaryPath ?? path)
        buffer.reserveCapacity(Self.blockBytes + 4_096)
    }

    deinit {
        if !isFinished, let temporaryPath { FileSystem.remove(temporaryPath) }
    }

    /// Lets `body` append bytes.
    func write(_ body: (inout [UInt8]) -> Void) throws(FormatError) {
        body(&buffer)
        if buffer.count >= Self.blockBytes { try flush(isLast: false) }
    }

    /// Appends text.
    func write(_ text: String) throws(FormatError) {
        try write { $0.append(contentsOf: text.utf8) }
    }

    private func flush(isLast: Bool) throws(FormatError) {
        try descriptor.write(encoder?.encode(buffer, isLast: isLast) ?? buffer)
        bytesWritten += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }

    /// Writes what is left and puts the file in its place.
    func finish() throws(FormatError) {
        try flush(isLast: true)
        if let temporaryPath {
            descriptor.synchronize()
            try FileSystem.rename(temporaryPath, to: path)
        }
        isFinished = true
    }
}
