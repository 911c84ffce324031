import PropertyGraph

extension EdgeListParser {
    /// Parses lines whose ids are names, and lines of the adjacency form.
    func parseGeneral(_ block: Block) -> EdgeBlock {
        let bytes = block.span
        var result = EdgeBlock()
        var names = NameList()
        var sources: [UInt64] = []
        var targets: [UInt64] = []
        var index = 0
        var line = 0
        while index < bytes.count {
            line += 1
            let start = index
            Self.skipBlanks(bytes, &index)
            if !Self.isLineEnd(bytes, index), !Self.isComment(bytes, index) {
                let counts = (sources.count, targets.count, result.weights.count)
                do throws(FormatError) {
                    let source = try id(bytes, &index, start, line, &names, &result)
                    if row == .edge {
                        try separator(bytes, &index, start, line, missing: "the target")
                        sources.append(source)
                        targets.append(try id(bytes, &index, start, line, &names, &result))
                        if isWeighted {
                            try separator(bytes, &index, start, line, missing: "the weight")
                            result.weights.append(try weight(bytes, &index, start, line))
                        }
                    } else if firstColumnOnly {
                        if !columns.isEmpty {
                            result.values += try values(bytes, &index, start, line)
                            result.nodeLines.append(line)
                        }
                        result.nodes.append(source)
                    } else {
                        result.nodes.append(source)
                        try neighbors(
                            of: source, bytes, &index, start, line, &names, &result, &sources,
                            &targets)
                    }
                } catch {
                    sources.removeLast(sources.count - counts.0)
                    targets.removeLast(targets.count - counts.1)
                    result.weights.removeLast(result.weights.count - counts.2)
                    result.problems.append(error)
                }
            }
            Self.skipLine(bytes, &index)
        }
        result.lines = line
        if isNamed { result.names = names }
        result.setIDs(sources: sources, targets: targets)
        return result
    }

    private func neighbors(
        of source: UInt64, _ bytes: Span<UInt8>, _ index: inout Int, _ start: Int, _ line: Int,
        _ names: inout NameList, _ result: inout EdgeBlock, _ sources: inout [UInt64],
        _ targets: inout [UInt64]
    ) throws(FormatError) {
        while true {
            Self.skipBlanks(bytes, &index)
            if index < bytes.count, bytes[index] == delimiter { index += 1 }
            Self.skipBlanks(bytes, &index)
            if Self.isLineEnd(bytes, index) { return }
            sources.append(source)
            targets.append(try id(bytes, &index, start, line, &names, &result))
        }
    }

    /// The numbers in the columns to read, behind the node.
    private func values(
        _ bytes: Span<UInt8>, _ index: inout Int, _ lineStart: Int, _ line: Int
    ) throws(FormatError) -> [Double?] {
        var found = [Double?](repeating: nil, count: columns.count)
        var place = 0
        while true {
            skipPadding(bytes, &index)
            if Self.isLineEnd(bytes, index) { return found }
            if bytes[index] == delimiter {
                index += 1
                skipPadding(bytes, &index)
            }
            place += 1
            let range: Range<Int>
            if Self.quotesHold(delimiter), index < bytes.count, bytes[index] == 0x22 {
                range = try quotedName(bytes, &index, lineStart, line).0
            } else {
                range = nameToken(bytes, &index)
            }
            guard !range.isEmpty, let column = columns.firstIndex(of: place) else { continue }
            guard let value = try? NumberText.double(bytes, range), value.isFinite else {
                throw FormatError(
                    .badValue,
                    """
                    '\(NumberText.text(bytes, range.prefix(40)))' is not a finite number; write a \
                    decimal number, or leave the field empty.
                    """, line: line, column: range.lowerBound - lineStart + 1)
            }
            found[column] = value
        }
    }

    /// Moves over the blanks that separate nothing.
    private func skipPadding(_ bytes: Span<UInt8>, _ index: inout Int) {
        guard delimiter == 0x09 else { return Self.skipBlanks(bytes, &index) }
        while index < bytes.count, bytes[index] == 0x20 { index += 1 }
    }

    /// An id: a number, or the position of a name in `names`.
    private func id(
        _ bytes: Span<UInt8>, _ index: inout Int, _ lineStart: Int, _ line: Int,
        _ names: inout NameList, _ result: inout EdgeBlock
    ) throws(FormatError) -> UInt64 {
        guard isNamed else {
            let value = try number(bytes, &index, lineStart, line)
            result.maximum = max(result.maximum, value)
            return value
        }
        let isQuoted = Self.quotesHold(delimiter) && index < bytes.count && bytes[index] == 0x22
        let (token, hasDoubledQuotes) =
            isQuoted
            ? try quotedName(bytes, &index, lineStart, line) : (nameToken(bytes, &index), false)
        guard !token.isEmpty else {
            throw FormatError(
                .malformed, "A node name is missing; write 'source target' on each line.",
                line: line, column: index - lineStart + 1)
        }
        guard UTF8Check.isValid(bytes, token) else {
            throw FormatError(
                .invalidText, "The node name is no UTF-8 text; convert the file to UTF-8.",
                line: line, column: token.lowerBound - lineStart + 1)
        }
        if hasDoubledQuotes {
            let plain = CSVScanner(delimiter: delimiter, quote: 0x22).unquoted(bytes, token)
            names.append(plain.span, plain.indices, line: line)
        } else {
            names.append(bytes, token, line: line)
        }
        return UInt64(names.ends.count - 1)
    }

    /// The bytes of a name: up to the separator, so that names may hold blanks in a file whose
    /// separator is not a blank; surrounding blanks and one pair of quotes are dropped.
    private func nameToken(_ bytes: Span<UInt8>, _ index: inout Int) -> Range<Int> {
        guard delimiter != 0x20 else { return unquoted(bytes, token(bytes, &index)) }
        let first = index
        while index < bytes.count, bytes[index] != delimiter, !Self.isLineEnd(bytes, index) {
            index += 1
        }
        var end = index
        while end > first, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
        return unquoted(bytes, first..<end)
    }

    /// Whether a name in quotes may hold the separator: tabs and blanks come without quotes that mean
    /// anything, but for a pair around a whole name.
    static func quotesHold(_ delimiter: UInt8) -> Bool {
        delimiter == 0x2C || delimiter == 0x3B || delimiter == 0x7C
    }

    /// The bytes between the quote at `index` and the one that closes it, and whether there are
    /// doubled quotes among them.
    private func quotedName(
        _ bytes: Span<UInt8>, _ index: inout Int, _ lineStart: Int, _ line: Int
    ) throws(FormatError) -> (Range<Int>, hasDoubledQuotes: Bool) {
        let first = index + 1
        index = first
        var hasDoubledQuotes = false
        while !Self.isLineEnd(bytes, index) {
            if bytes[index] == 0x22 {
                guard index + 1 < bytes.count, bytes[index + 1] == 0x22 else { break }
                hasDoubledQuotes = true
                index += 1
            }
            index += 1
        }
        guard !Self.isLineEnd(bytes, index) else {
            throw FormatError(
                .malformed,
                "The quote opened here is not closed on its line; close or remove it.",
                line: line, column: first - lineStart)
        }
        let end = index
        index += 1
        var after = index
        Self.skipBlanks(bytes, &after)
        guard Self.isLineEnd(bytes, after) || bytes[after] == delimiter else {
            throw FormatError(
                .malformed,
                "There is text after the closing quote; double the quotes inside a quoted name.",
                line: line, column: after - lineStart + 1)
        }
        return (first..<end, hasDoubledQuotes)
    }

    private func unquoted(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        guard range.count >= 2, bytes[range.lowerBound] == 0x22,
            bytes[range.upperBound - 1] == 0x22
        else { return range }
        return range.lowerBound + 1..<range.upperBound - 1
    }
}
