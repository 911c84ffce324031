import PropertyGraph

/// What the first lines of an edge list, or of a file of nodes, say about it.
struct EdgeListShape: Sendable, Hashable {
    var delimiter: UInt8
    var isNamed: Bool
    var isWeighted: Bool
    var hasHeader: Bool
    /// The names of the fields; empty without a header.
    var header: [[UInt8]] = []
    /// The first line where it was taken for a header without being told.
    var foundHeader: String?

    /// Numbers separated by blanks, as matrices have them.
    init(matrixEntries isWeighted: Bool) {
        delimiter = 0x20
        isNamed = false
        self.isWeighted = isWeighted
        hasHeader = false
    }

    /// Looks at the whole lines among the first `count` bytes.
    ///
    /// - Parameter listsNodes: whether only the first field of a line names a node.
    /// - Throws: `.malformed` for a format that only looks like an edge list.
    init(
        sniffing bytes: [UInt8], count: Int, options: EdgeListOptions, listsNodes: Bool = false
    ) throws(FormatError) {
        if String(decoding: bytes.prefix(min(count, 14)), as: UTF8.self) == "%%MatrixMarket" {
            throw FormatError(
                .malformed,
                """
                This is a Matrix Market file, not an edge list; name the format mtx.
                """, line: 1, column: 1)
        }
        let lines = Self.firstLines(of: bytes[..<count])
        let found =
            options.delimiter ?? Self.delimiter(of: lines.first ?? [], listsNodes: listsNodes)
        delimiter = found
        let rows = lines.map { FieldText.fields(of: $0, delimiter: found) }
        let guess =
            listsNodes
            ? Self.headsNodes(rows) : options.row == .edge && Self.headsEdges(rows)
        hasHeader = options.hasHeader ?? guess
        if hasHeader, let first = rows.first {
            header = first.map(\.bytes)
            if options.hasHeader == nil { foundHeader = Self.text(lines.first ?? []) }
        }
        let body = rows.dropFirst(hasHeader ? 1 : 0)
        switch options.identity {
        case .integers: isNamed = false
        case .names: isNamed = true
        case .automatic:
            isNamed = !body.allSatisfy { row in
                row.prefix(listsNodes ? 1 : 2).allSatisfy { $0.isWhole && !$0.isQuoted }
            }
        }
        switch options.weights {
        case .ignored: isWeighted = false
        case .required: isWeighted = true
        case .ifPresent:
            isWeighted =
                options.row == .edge
                && body.first.map { $0.count >= 3 && $0[2].isNumber && !$0[2].isQuoted } ?? false
        }
    }

    /// What to tell of a header that was found.
    ///
    /// - Parameter listsNodes: whether the file names nodes, for which nothing can be told.
    func note(on file: String, listsNodes: Bool = false) -> String? {
        foundHeader.map { line in
            "\(file): The first line, '\(line)', was taken for a header"
                + (listsNodes ? "." : "; with --no-header it is an edge.")
        }
    }

    // MARK: Headers

    private static let usualPairs: [(String, String)] = [
        ("source", "target"), ("src", "dst"), ("from", "to"), ("fromnodeid", "tonodeid"),
        ("start", "end"), ("u", "v"), ("node1", "node2"), ("head", "tail"),
    ]
    private static let usualIDs = ["id", "node", "nodeid", "node_id", "name", "key"]

    /// Whether the first row of edges is a header. A name before numbers alone is not enough: it may
    /// be a node among them, whose edge must not be lost.
    private static func headsEdges(_ rows: [[FieldText]]) -> Bool {
        guard let first = rows.first, !first.contains(where: \.isNumber) else { return false }
        let names = first.map(\.lowercased)
        if names.count >= 2,
            usualPairs.contains(where: {
                UTF8Order.equal($0.0, names[0]) && UTF8Order.equal($0.1, names[1])
            })
        {
            return true
        }
        return rows.count > 1 && rows.dropFirst().allSatisfy { $0.prefix(2).allSatisfy(\.isWhole) }
    }

    /// Whether the first row of a file of nodes is a header: a lone column of names has none.
    private static func headsNodes(_ rows: [[FieldText]]) -> Bool {
        guard let first = rows.first, rows.count > 1, !first.contains(where: \.isNumber) else {
            return false
        }
        let isNumeric = rows.dropFirst().allSatisfy { $0.prefix(1).allSatisfy(\.isWhole) }
        let isUsual = usualIDs.contains { UTF8Order.equal($0, first[0].lowercased) }
        return first.count >= 2 ? isNumeric || isUsual : isNumeric && isUsual
    }

    // MARK: Lines

    /// The first lines that are neither blank nor comments: a block may hold many more.
    private static func firstLines(of bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var rest = bytes
        while lines.count < 1_000, !rest.isEmpty {
            let line = rest.prefix { $0 != 0x0A && $0 != 0x0D }
            rest = rest[line.endIndex...].dropFirst()
            let first = line.first { $0 != 0x20 && $0 != 0x09 }
            if let first, first != 0x23, first != 0x25 { lines.append(line) }
        }
        return lines
    }

    /// The first separator that the line has outside of quotes; blanks when there is none.
    private static func delimiter(of line: ArraySlice<UInt8>, listsNodes: Bool) -> UInt8 {
        for candidate in [0x09, 0x2C, 0x3B, 0x7C] as [UInt8]
        where FieldText.fields(of: line, delimiter: candidate).count > 1 {
            return candidate
        }
        // A node in quotes alone on its line may hold blanks.
        return listsNodes && line.first == 0x22 ? 0x2C : 0x20
    }

    private static func text(_ line: ArraySlice<UInt8>) -> String {
        String(String(decoding: line.prefix(240), as: UTF8.self).prefix(60))
    }
}

/// A field of one of the first lines, without blanks and quotes around it.
struct FieldText: Sendable, Hashable {
    let bytes: [UInt8]
    let isQuoted: Bool

    private init(_ field: ArraySlice<UInt8>) {
        let start = field.drop { $0 == 0x20 }
        // A field of blanks alone has no last byte that counts.
        let trimmed = start.lastIndex { $0 != 0x20 }.map { start[...$0] } ?? []
        isQuoted = trimmed.count >= 2 && trimmed.first == 0x22 && trimmed.last == 0x22
        bytes = Array(isQuoted ? trimmed.dropFirst().dropLast() : trimmed)
    }

    /// Whether it is made of digits.
    var isWhole: Bool { !bytes.isEmpty && bytes.allSatisfy { $0 &- 0x30 <= 9 } }

    /// Whether it is a number of any form.
    var isNumber: Bool { (try? NumberText.double(bytes.span, bytes.indices)) != nil }

    var lowercased: String { String(decoding: bytes, as: UTF8.self).lowercased() }

    /// The fields of a line.
    static func fields(of line: ArraySlice<UInt8>, delimiter: UInt8) -> [FieldText] {
        let isBlank = delimiter == 0x20
        guard EdgeListParser.quotesHold(delimiter) else {
            return line.split(
                omittingEmptySubsequences: isBlank,
                whereSeparator: { $0 == delimiter || (isBlank && $0 == 0x09) }
            ).map { FieldText($0) }
        }
        var fields: [FieldText] = []
        var rest = line
        while true {
            let start = rest.drop { $0 == 0x20 || $0 == 0x09 }
            let end = start.first == 0x22 ? closing(start) : rest.startIndex
            let next = rest[end...].firstIndex(of: delimiter) ?? rest.endIndex
            fields.append(FieldText(rest[..<next]))
            guard next < rest.endIndex else { return fields }
            rest = rest[(next + 1)...]
        }
    }

    /// The place behind the quote that closes the one at the start; the start where none does, for
    /// the line then is an error of its separator's list.
    private static func closing(_ field: ArraySlice<UInt8>) -> Int {
        var index = field.startIndex + 1
        while index < field.endIndex {
            if field[index] == 0x22 {
                guard index + 1 < field.endIndex, field[index + 1] == 0x22 else { return index + 1 }
                index += 1
            }
            index += 1
        }
        return field.startIndex
    }
}
