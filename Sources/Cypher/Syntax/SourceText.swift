/// A half-open range of UTF-8 bytes of a query.
public struct SourceRange: Hashable, Sendable {
    /// The first byte.
    public let start: Int
    /// The byte behind the last.
    public let end: Int

    /// Makes a range.
    public init(start: Int, end: Int) {
        self.start = start
        self.end = end
    }

    /// From the beginning of this range to the end of another.
    func through(_ other: SourceRange) -> SourceRange {
        SourceRange(start: start, end: max(end, other.end))
    }
}

/// The text of a query, for looking up places in it.
struct SourceText {
    /// A place as people count: lines and columns from 1, columns in characters.
    struct Place {
        let line: Int
        let column: Int
        /// How many characters of the line the range covers, at least 1.
        let width: Int
        /// The line, its tabs as spaces.
        let text: String
    }

    let bytes: [UInt8]

    init(_ query: String) { bytes = Array(query.utf8) }

    /// The text of a range, as it was written.
    func text(_ range: SourceRange) -> String {
        let end = min(max(range.end, 0), bytes.count)
        let start = min(max(range.start, 0), end)
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    func place(of range: SourceRange) -> Place {
        let start = min(range.start, bytes.count)
        var line = 1
        var lineStart = 0
        for place in 0..<start where bytes[place] == UInt8(ascii: "\n") {
            line += 1
            lineStart = place + 1
        }
        let lineEnd = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        let column = characters(lineStart, start) + 1
        let width = max(1, characters(start, min(max(range.end, start), lineEnd)))
        let text = String(decoding: bytes[lineStart..<lineEnd], as: UTF8.self)
        return Place(
            line: line, column: column, width: width,
            text: String(text.map { $0 == "\t" || $0 == "\r" ? " " : $0 }))
    }

    /// A message with line, column, the line and a caret under the place.
    func shown(_ message: String, at range: SourceRange) -> String {
        let place = place(of: range)
        let caret =
            String(repeating: " ", count: place.column - 1)
            + String(repeating: "^", count: place.width)
        return "\(place.line):\(place.column): \(message)\n  \(place.text)\n  \(caret)"
    }

    private func characters(_ start: Int, _ end: Int) -> Int {
        String(decoding: bytes[start..<max(start, end)], as: UTF8.self).count
    }
}
