/// How a CSV file separates and quotes fields.
public struct CSVDialect: Sendable, Hashable {
    /// The byte between fields; nil finds it out from the header: tab, comma, `;` or `|`.
    public var delimiter: UInt8?
    /// The byte around fields that hold delimiters, quotes or line ends; doubled inside.
    public var quote: UInt8 = 0x22
    /// The byte between the elements of a list.
    public var listDelimiter: UInt8 = 0x3B

    /// The defaults.
    public init() {}

    /// The delimiter a header line uses outside of quotes and parentheses.
    func sniffedDelimiter(header: Span<UInt8>) -> UInt8 {
        if let delimiter { return delimiter }
        var isQuoted = false
        var counts = [0, 0, 0, 0]
        let candidates: [UInt8] = [0x09, 0x7C, 0x2C, 0x3B]
        for index in header.indices {
            let byte = header[index]
            if byte == quote { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == 0x0A || byte == 0x0D { break }
            if let found = candidates.firstIndex(of: byte) { counts[found] += 1 }
        }
        let most = counts.max() ?? 0
        guard most > 0, let found = counts.firstIndex(of: most) else { return 0x2C }
        return candidates[found]
    }
}

/// Cuts CSV into records and fields (RFC 4180, and what real files add to it).
///
/// A quote opens a quoted field only as its first byte; elsewhere it is an ordinary byte. Records
/// end with LF, CRLF or a lone CR. Blank lines are no records.
///
/// ```
///            quote                      quote
/// start ───────────────► quoted ──────────────────► closed ──► delimiter: next field
///   │ other                ▲  │ other                 │ quote: one quote, back to quoted
///   ▼                      └──┘                       ▼ other: a problem; plain from here
/// plain ──► delimiter, line end
/// ```
struct CSVScanner: Sendable, Hashable {
    let delimiter: UInt8
    let quote: UInt8

    /// One field of a record.
    struct Field {
        /// The bytes, without the quotes around them.
        var range: Range<Int>
        /// Whether the field was quoted: an empty one is then an empty text, not absent.
        var isQuoted: Bool
        /// Whether doubled quotes are left in the bytes.
        var hasDoubledQuotes: Bool
    }

    /// What is wrong with the shape of a record, and the byte where.
    struct Failure {
        var position: Int
        var message: String
    }

    /// Reads the record at `index` and moves behind its line end.
    ///
    /// - Returns: the first problem; the fields are then those the rest can be read as.
    func next(
        _ bytes: Span<UInt8>, _ index: inout Int, _ fields: inout [Field]
    ) -> Failure? {
        fields.removeAll(keepingCapacity: true)
        var failure: Failure?
        let end = bytes.count
        while true {
            let start = index
            if index < end, bytes[index] == quote {
                index += 1
                var hasDoubled = false
                var isClosed = false
                while index < end {
                    if bytes[index] == quote {
                        guard index + 1 < end, bytes[index + 1] == quote else {
                            isClosed = true
                            break
                        }
                        hasDoubled = true
                        index += 1
                    }
                    index += 1
                }
                let close = min(index, end)
                fields.append(
                    Field(range: start + 1..<close, isQuoted: true, hasDoubledQuotes: hasDoubled))
                if isClosed { index += 1 }
                if !isClosed {
                    failure =
                        failure
                        ?? Failure(
                            position: start,
                            message: "The quote opened here is never closed; close or remove it.")
                }
                let after = index
                skipPlain(bytes, &index)
                if index > after, failure == nil {
                    failure = Failure(
                        position: after,
                        message: """
                            There is text after the closing quote; double the quotes inside a \
                            quoted field.
                            """)
                }
            } else {
                skipPlain(bytes, &index)
                fields.append(Field(range: start..<index, isQuoted: false, hasDoubledQuotes: false))
            }
            if index < end, bytes[index] == delimiter {
                index += 1
                continue
            }
            if index < end {
                index += bytes[index] == 0x0D && index + 1 < end && bytes[index + 1] == 0x0A ? 2 : 1
            }
            return failure
        }
    }

    @inline(__always)
    private func skipPlain(_ bytes: Span<UInt8>, _ index: inout Int) {
        while index < bytes.count {
            let byte = bytes[index]
            if byte == delimiter || byte == 0x0A || byte == 0x0D { return }
            index += 1
        }
    }

    /// The end of the last whole record among the first `count` bytes; nil when there is none.
    func lastBoundary(in bytes: borrowing [UInt8], count: Int, isEnd: Bool) -> Int? {
        let span = bytes.span.extracting(first: count)
        var quotes = 0
        var feeds = 0
        for index in span.indices {
            quotes &+= span[index] == quote ? 1 : 0
            feeds &+= span[index] == 0x0A ? 1 : 0
        }
        if quotes == 0, feeds > 0 { return lastLineEnd(in: bytes, count: count, isEnd: isEnd) }
        return quotes == 0 && feeds == 0 ? lastReturn(span) : lastQuotedBoundary(span)
    }

    /// The last lone CR that something follows, so that it cannot be half of a CRLF.
    private func lastReturn(_ bytes: Span<UInt8>) -> Int? {
        var index = bytes.count - 1
        while index > 0 {
            if bytes[index - 1] == 0x0D { return index }
            index -= 1
        }
        return nil
    }

    private func lastQuotedBoundary(_ bytes: Span<UInt8>) -> Int? {
        var boundary: Int?
        var index = 0
        var isFieldStart = true
        let end = bytes.count
        while index < end {
            let byte = bytes[index]
            if isFieldStart, byte == quote {
                index += 1
                while index < end {
                    if bytes[index] == quote {
                        guard index + 1 < end, bytes[index + 1] == quote else {
                            break
                        }
                        index += 1
                    }
                    index += 1
                }
                // A quote as the very last byte may be half of a doubled one.
                if index >= end - 1 { return boundary }
                index += 1
                isFieldStart = false
                continue
            }
            index += 1
            if byte == 0x0A {
                boundary = index
                isFieldStart = true
            } else if byte == 0x0D {
                if index < end, bytes[index] != 0x0A { boundary = index }
                isFieldStart = true
            } else {
                isFieldStart = byte == delimiter
            }
        }
        return boundary
    }

    /// How many line ends there are in a range: LF, CRLF and lone CR count one each.
    static func lineEnds(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        var count = 0
        for index in range {
            if bytes[index] == 0x0A {
                count += 1
            } else if bytes[index] == 0x0D, index + 1 == bytes.count || bytes[index + 1] != 0x0A {
                count += 1
            }
        }
        return count
    }

    /// The bytes of a field with doubled quotes made single.
    func unquoted(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            result.append(bytes[index])
            index += bytes[index] == quote ? 2 : 1
        }
        return result
    }
}
