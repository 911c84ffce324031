/// Whole lines (or whole records) of a file, as one unit of work for a thread.
struct Block: Sendable {
    /// The bytes; those from `count` on are not part of the block.
    var bytes: [UInt8]
    /// How many bytes belong to the block.
    var count: Int

    /// The bytes of the block, borrowed.
    var span: Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes.span.extracting(first: count) }
    }

    /// Blanks out the first line that is neither empty nor a comment, so that line numbers stay
    /// true; false when there is none.
    mutating func blankFirstContentLine() -> Bool {
        var index = 0
        while index < count {
            let start = index
            while index < count, bytes[index] != 0x0A { index += 1 }
            let first = bytes[start..<index].first { $0 > 0x20 }
            if let first, first != 0x23, first != 0x25 {
                for position in start..<index { bytes[position] = 0x20 }
                return true
            }
            index += 1
        }
        return false
    }
}

/// The three bytes that some programs write in front of UTF-8: they are no part of the text.
enum ByteOrderMark {
    /// How many of the first `count` bytes are a mark: 3, or 0 when there is none.
    static func length(in bytes: [UInt8], count: Int) -> Int {
        count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
    }
}

/// The limits that keep a hostile file from filling the memory.
public struct InputLimits: Sendable, Hashable {
    /// The longest line or record in bytes.
    public var maximumLineBytes = 16 << 20
    /// The most columns of one CSV file.
    public var maximumColumns = 4_096
    /// The most labels of one node.
    public var maximumLabels = 256
    /// The deepest nesting of one JSON line.
    public var maximumDepth = 64
    /// How many bytes a thread takes at a time.
    package var blockBytes = 1 << 20

    /// The defaults.
    public init() {}
}

/// Cuts a byte stream into blocks that end where a record ends.
struct BlockReader {
    private let source: ByteSource
    private let blockBytes: Int
    private let maximumLineBytes: Int
    private let boundary: (_ bytes: borrowing [UInt8], _ count: Int, _ isEnd: Bool) -> Int?
    private var carry: [UInt8] = []
    private var readAhead: [UInt8]
    private var readAheadTaken = 0
    /// Whether the next bytes are the first of the stream, where a byte order mark may stand.
    private var isAtStart: Bool
    private var isOver = false
    /// Memory of blocks that nobody needs any more.
    private var spare: [[UInt8]] = []

    /// Reads `source` in blocks of about `limits.blockBytes`.
    ///
    /// - Parameter readAhead: bytes read from the source already; without them the stream is read
    ///   from its start, and a byte order mark there is dropped.
    /// - Parameter boundary: returns the end of the last whole record among the first `count`
    ///   bytes; nil when no record ends there. It sees blocks that start where a record starts.
    init(
        _ source: ByteSource, readAhead: [UInt8]? = nil, limits: InputLimits,
        boundary: @escaping (_ bytes: borrowing [UInt8], _ count: Int, _ isEnd: Bool) -> Int?
    ) {
        self.source = source
        self.readAhead = readAhead ?? []
        isAtStart = readAhead == nil
        blockBytes = limits.blockBytes
        maximumLineBytes = limits.maximumLineBytes
        self.boundary = boundary
    }

    /// The next block; nil at the end. A last record without a line end is a block too.
    ///
    /// - Throws: what the source throws; `.limitExceeded` for a record beyond the limit, with
    ///   line 1 meaning the line after all the blocks before.
    mutating func next() throws(FormatError) -> Block? {
        guard !isOver || !carry.isEmpty else { return nil }
        var count = carry.count
        // Made at once in the size that most blocks have, then as large as a long record asks.
        var bytes = spare.popLast() ?? []
        if bytes.count < count + (isOver ? 0 : blockBytes) {
            bytes = [UInt8](repeating: 0, count: count + blockBytes + blockBytes / 16)
        }
        for index in carry.indices { bytes[index] = carry[index] }
        carry = []
        while true {
            let wanted = count + (isOver ? 0 : blockBytes)
            if wanted > bytes.count {
                bytes += [UInt8](repeating: 0, count: wanted - bytes.count)
            }
            while count < wanted {
                let came = try read(into: &bytes, from: count)
                if came == 0 {
                    isOver = true
                    break
                }
                count += came
            }
            if isAtStart {
                isAtStart = false
                let mark = ByteOrderMark.length(in: bytes, count: count)
                if mark > 0 { bytes.removeSubrange(..<mark) }
                count -= mark
            }
            if isOver, count <= maximumLineBytes {
                return count == 0 ? nil : Block(bytes: bytes, count: count)
            }
            if let end = boundary(bytes, count, isOver), end > 0 {
                carry = Array(bytes[end..<count])
                return Block(bytes: bytes, count: end)
            }
            if isOver || count > maximumLineBytes { throw tooLong }
        }
    }

    /// Takes back the memory of a block for one to come.
    mutating func recycle(_ bytes: consuming [UInt8]) {
        // One that held a very long record is not worth keeping.
        if bytes.count <= 2 * blockBytes { spare.append(bytes) }
    }

    /// Reads what was read ahead, then the source.
    private mutating func read(
        into bytes: inout [UInt8], from start: Int
    ) throws(FormatError) -> Int {
        guard readAheadTaken < readAhead.count else {
            return try source.read(into: &bytes, from: start)
        }
        let count = min(bytes.count - start, readAhead.count - readAheadTaken)
        let end = readAheadTaken + count
        bytes.replaceSubrange(start..<start + count, with: readAhead[readAheadTaken..<end])
        readAheadTaken = end
        if end == readAhead.count {
            readAhead = []
            readAheadTaken = 0
        }
        return count
    }

    private var tooLong: FormatError {
        FormatError(
            .limitExceeded,
            """
            The line is longer than the limit of \(maximumLineBytes) bytes; check the line ends \
            and the quotes.
            """, file: source.name, line: 1)
    }
}

/// The line end that closes the last whole line; for formats whose lines hold no line ends.
func lastLineEnd(in bytes: borrowing [UInt8], count: Int, isEnd: Bool) -> Int? {
    let span = bytes.span
    var index = count
    while index > 0 {
        if span[index - 1] == 0x0A { return index }
        index -= 1
    }
    return nil
}
