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
                    } else {
                        result.nodes.append(source)
                        if firstColumnOnly {
                            Self.skipLine(bytes, &index)
                            continue
                        }
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
        let token = nameToken(bytes, &index)
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
        names.append(bytes, token, line: line)
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

    private func unquoted(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        guard range.count >= 2, bytes[range.lowerBound] == 0x22,
            bytes[range.upperBound - 1] == 0x22
        else { return range }
        return range.lowerBound + 1..<range.upperBound - 1
    }
}
