/// Facts about numbered subjects in a nameless temporary file, given back subject by subject.
///
/// Subjects are taken in groups of 16,384; a group's facts wait in a small buffer and in pieces of
/// the file, so memory holds one group at a time, and 32 KB for each group while facts come in.
final class FactSpool {
    private struct Group {
        var buffer: [UInt8] = []
        var pieces: [(offset: Int, count: Int)] = []
    }

    private static let bits = 14
    private static let bufferBytes = 32 << 10

    private let file: OutputDescriptor
    private var groups: [Group] = []
    private var size = 0

    init() throws(FormatError) {
        file = try OutputDescriptor(nameless: FileSystem.temporaryFolder)
    }

    /// Keeps a fact.
    func add(_ subject: UInt32, _ fact: [UInt8]) throws(FormatError) {
        let place = Int(subject) >> Self.bits
        while groups.count <= place { groups.append(Group()) }
        FactBytes.append(UInt64(subject), to: &groups[place].buffer)
        FactBytes.append(UInt64(fact.count), to: &groups[place].buffer)
        groups[place].buffer += fact
        if groups[place].buffer.count >= Self.bufferBytes { try flush(place) }
    }

    private func flush(_ place: Int) throws(FormatError) {
        let bytes = groups[place].buffer
        try file.write(bytes)
        groups[place].pieces.append((size, bytes.count))
        size += bytes.count
        groups[place].buffer.removeAll(keepingCapacity: true)
    }

    /// How many groups there are for so many subjects.
    static func groupCount(_ subjects: Int) -> Int { (subjects + 1 << bits - 1) >> bits }

    /// The facts of a group: its first subject, then a list for each, in the order they came.
    func facts(
        ofGroup place: Int, subjects: Int
    ) throws(FormatError) -> (first: Int, facts: [[[UInt8]]]) {
        let first = place << Self.bits
        var found = [[[UInt8]]](
            repeating: [], count: max(0, min(1 << Self.bits, subjects - first)))
        guard place < groups.count else { return (first, found) }
        let input = try file.reopenedForReading()
        for piece in groups[place].pieces {
            try Self.read(
                input.bytes(at: piece.offset, count: piece.count), first, into: &found)
        }
        try Self.read(groups[place].buffer, first, into: &found)
        return (first, found)
    }

    private static func read(
        _ bytes: [UInt8], _ first: Int, into found: inout [[[UInt8]]]
    ) throws(FormatError) {
        var index = 0
        while index < bytes.count {
            let subject = Int(try FactBytes.take(bytes, &index)) - first
            let count = Int(try FactBytes.take(bytes, &index))
            guard found.indices.contains(subject), count <= bytes.count - index else {
                throw FactBytes.damaged
            }
            found[subject].append(Array(bytes[index..<index + count]))
            index += count
        }
    }
}

/// Numbers and texts in spooled facts.
enum FactBytes {
    static var damaged: FormatError {
        FormatError(.inputOutput, "A temporary file came back changed; check the disk.")
    }

    /// Appends a number, seven bits a byte.
    static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Reads a number.
    static func take(_ bytes: [UInt8], _ index: inout Int) throws(FormatError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while index < bytes.count, shift < 64 {
            let byte = bytes[index]
            index += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw damaged
    }
}

/// Rows of numbers and bytes in a nameless temporary file, given back in order.
final class RowSpool {
    private let file: OutputDescriptor
    private var buffer: [UInt8] = []
    private var size = 0

    init() throws(FormatError) {
        file = try OutputDescriptor(nameless: FileSystem.temporaryFolder)
    }

    /// Where the next row will begin.
    var end: Int { size + buffer.count }

    /// Keeps a row.
    func add(_ numbers: [UInt64], _ payload: [UInt8] = []) throws(FormatError) {
        for number in numbers { FactBytes.append(number, to: &buffer) }
        FactBytes.append(UInt64(payload.count), to: &buffer)
        buffer += payload
        if buffer.count >= 1 << 18 { try flush() }
    }

    private func flush() throws(FormatError) {
        try file.write(buffer)
        size += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }

    /// Reads rows of `width` numbers from one end of a row to another.
    func reader(from start: Int, to end: Int, width: Int) throws(FormatError) -> Reader {
        try flush()
        return Reader(
            input: try file.reopenedForReading(), offset: start, end: end, width: width)
    }

    /// Gives rows back.
    struct Reader {
        fileprivate let input: InputDescriptor
        fileprivate var offset: Int
        fileprivate let end: Int
        fileprivate let width: Int
        private var piece: [UInt8] = []
        private var index = 0

        fileprivate init(input: InputDescriptor, offset: Int, end: Int, width: Int) {
            self.input = input
            self.offset = offset
            self.end = end
            self.width = width
        }

        private mutating func need(_ count: Int) throws(FormatError) {
            guard piece.count - index < count, offset < end else { return }
            let more = try input.bytes(at: offset, count: min(max(count, 1 << 18), end - offset))
            guard !more.isEmpty else { throw FactBytes.damaged }
            offset += more.count
            piece = Array(piece[index...]) + more
            index = 0
        }

        mutating func next() throws(FormatError) -> (numbers: [UInt64], payload: [UInt8])? {
            try need((width + 1) * 10)
            guard index < piece.count else { return nil }
            var numbers: [UInt64] = []
            for _ in 0..<width { numbers.append(try FactBytes.take(piece, &index)) }
            let count = Int(truncatingIfNeeded: try FactBytes.take(piece, &index))
            try need(count)
            guard count >= 0, count <= piece.count - index else { throw FactBytes.damaged }
            defer { index += count }
            return (numbers, Array(piece[index..<index + count]))
        }
    }
}
