/// A stream of plain bytes: a file, standard input (`-`), either of them gzip-compressed, or
/// bytes made by a closure.
///
/// Compression is known by its two magic bytes, whatever the name. One thread at a time.
public final class ByteSource {
    private enum Origin {
        case plain(InputDescriptor)
        case compressed(InputDescriptor, GzipDecoder)
        case generated((Int) -> [UInt8])
    }

    /// The name to put before line numbers: the path, or `<stdin>`.
    public let name: String
    /// The size on disk in bytes; nil when it is not known.
    public let sizeBytes: Int?
    /// How many bytes of the file (compressed ones, if it is) were read so far.
    public private(set) var bytesRead = 0

    /// How many plain bytes it holds; nil when it is not known before they are read.
    var plainBytes: Int? { if case .plain = origin { sizeBytes } else { nil } }

    private let origin: Origin
    private var input: [UInt8]
    private var inputTaken = 0
    private var inputEnd = 0
    private var isInputOver = false

    private static let inputBytes = 1 << 18

    /// Opens a file; `-` is standard input.
    ///
    /// - Parameter isCancelled: Asked while nothing comes from a pipe or a terminal; true ends the
    ///   wait with `.cancelled`. Without it a read waits as long as it takes.
    /// - Throws: `.inputOutput` when it cannot be opened or read; `.cancelled`.
    public convenience init(
        path: String, isCancelled: (@Sendable () -> Bool)? = nil
    ) throws(FormatError) {
        try self.init(
            descriptor: InputDescriptor(path: path, isCancelled: isCancelled),
            name: path == "-" ? "<stdin>" : path)
    }

    /// Reads an open descriptor from where it stands.
    init(descriptor: InputDescriptor, name: String) throws(FormatError) {
        self.name = name
        sizeBytes = descriptor.sizeBytes
        input = [UInt8](repeating: 0, count: Self.inputBytes)
        while inputEnd < 2 {
            let count = try descriptor.read(into: &input, from: inputEnd)
            if count == 0 { break }
            inputEnd += count
        }
        bytesRead = inputEnd
        if inputEnd >= 2, input[0] == 0x1F, input[1] == 0x8B {
            origin = .compressed(descriptor, try GzipDecoder())
        } else {
            origin = .plain(descriptor)
        }
    }

    /// Makes a source of the blocks a closure returns, until it returns an empty one. The closure
    /// is told how many bytes are wanted; a longer block is cut.
    public init(name: String, generate: @escaping (Int) -> [UInt8]) {
        self.name = name
        sizeBytes = nil
        origin = .generated(generate)
        input = []
    }

    /// Makes a source of bytes in memory.
    public convenience init(name: String, bytes: [UInt8]) {
        var rest = bytes[...]
        self.init(name: name) { wanted in
            defer { rest = rest.dropFirst(wanted) }
            return Array(rest.prefix(wanted))
        }
    }

    /// Fills `buffer` from `start` on; returns how many bytes came, 0 only at the end.
    ///
    /// - Throws: `.inputOutput`; `.damagedCompression` when gzip data is broken or ends early;
    ///   `.cancelled`.
    func read(into buffer: inout [UInt8], from start: Int) throws(FormatError) -> Int {
        guard start < buffer.count else { return 0 }
        switch origin {
        case .plain(let descriptor):
            if inputTaken < inputEnd {
                let count = min(inputEnd - inputTaken, buffer.count - start)
                for index in 0..<count { buffer[start + index] = input[inputTaken + index] }
                inputTaken += count
                return count
            }
            let count = try descriptor.read(into: &buffer, from: start)
            bytesRead += count
            return count
        case .generated(let generate):
            let bytes = generate(buffer.count - start)
            let count = min(bytes.count, buffer.count - start)
            for index in 0..<count { buffer[start + index] = bytes[index] }
            bytesRead += count
            return count
        case .compressed(let descriptor, let decoder):
            return try inflate(descriptor, decoder, into: &buffer, from: start)
        }
    }

    private func inflate(
        _ descriptor: InputDescriptor, _ decoder: GzipDecoder, into buffer: inout [UInt8],
        from start: Int
    ) throws(FormatError) -> Int {
        while true {
            if inputTaken == inputEnd, !isInputOver {
                inputEnd = try descriptor.read(into: &input, from: 0)
                inputTaken = 0
                bytesRead += inputEnd
                isInputOver = inputEnd == 0
            }
            if isInputOver {
                if decoder.isComplete { return 0 }
                throw FormatError(
                    .damagedCompression,
                    "The gzip data ends in the middle; fetch or compress the file again.",
                    file: name)
            }
            if decoder.isComplete, input[inputTaken] == 0 {
                // Tape padding after the last member, which gzip ignores too.
                inputTaken += 1
                continue
            }
            do {
                let count = try decoder.decode(
                    input, taken: &inputTaken, end: inputEnd, into: &buffer, from: start)
                if count > 0 { return count }
            } catch {
                throw error.located(in: name, linesBefore: 0)
            }
        }
    }
}
