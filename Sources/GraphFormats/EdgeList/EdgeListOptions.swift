import PropertyGraph

/// How to read an edge list: one edge a line, `source target [weight]`.
///
/// Everything left at its default is found out from the first lines: the separator (tab, comma,
/// semicolon, `|` or blanks), a header line, whether ids are numbers or names, and whether there
/// is a column of weights. Lines that start with `#` or `%` are comments.
public struct EdgeListOptions: Sendable, Hashable {
    /// What the ids of nodes are.
    public enum Identity: Sendable, Hashable {
        /// Numbers if the first lines hold numbers only.
        case automatic
        /// Unsigned 64-bit integers.
        case integers
        /// Texts, told apart by their bytes.
        case names
    }

    /// What the third column is.
    public enum Weights: Sendable, Hashable {
        /// Weights when the first edge has a third column that is a number.
        case ifPresent
        /// Weights; a line without one is an error.
        case required
        /// Ignored, like all columns after it.
        case ignored
    }

    /// What a line holds.
    public enum Row: Sendable, Hashable {
        /// One edge.
        case edge
        /// A node and all its neighbours; a node alone is a node without neighbours.
        case adjacency
    }

    /// Whether to use nodes that no line names.
    public enum Gaps: Sendable, Hashable {
        /// A node exists when a line (or the file of nodes) names it.
        case dropped
        /// All integers from 0 to the largest are nodes, as in the GAP benchmark suite.
        case kept
    }

    /// The separator; nil finds it out.
    public var delimiter: UInt8?
    /// What the ids are.
    public var identity = Identity.automatic
    /// What the third column is.
    public var weights = Weights.ifPresent
    /// What a line holds.
    public var row = Row.edge
    /// Whether integers that no line names are nodes.
    public var gaps = Gaps.dropped
    /// Whether the first line is a header; nil finds it out.
    public var hasHeader: Bool?
    /// How many threads parse.
    public var threads = 2
    /// The limits of the input.
    public var limits = InputLimits()

    /// The defaults.
    public init() {}
}

/// What the first lines of an edge list say about it.
struct EdgeListShape: Sendable, Hashable {
    var delimiter: UInt8
    var isNamed: Bool
    var isWeighted: Bool
    var hasHeader: Bool

    /// Numbers separated by blanks, as matrices have them.
    init(matrixEntries isWeighted: Bool) {
        delimiter = 0x20
        isNamed = false
        self.isWeighted = isWeighted
        hasHeader = false
    }

    /// Looks at the whole lines among the first `count` bytes.
    ///
    /// - Throws: `.malformed` for a format that only looks like an edge list.
    init(sniffing bytes: [UInt8], count: Int, options: EdgeListOptions) throws(FormatError) {
        if String(decoding: bytes.prefix(min(count, 14)), as: UTF8.self) == "%%MatrixMarket" {
            throw FormatError(
                .malformed,
                """
                This is a Matrix Market file, not an edge list; name the format mtx.
                """, line: 1, column: 1)
        }
        let lines = Self.firstLines(of: bytes[..<count])
        let found = options.delimiter ?? Self.delimiter(of: lines.first ?? [])
        delimiter = found
        let rows = lines.map { Self.fields(of: $0, delimiter: found) }
        let numeric = rows.map { row in
            row.prefix(2).allSatisfy { !$0.isEmpty && $0.allSatisfy { $0 &- 0x30 <= 9 } }
        }
        let headed =
            rows.count > 1 && numeric.first == false && numeric.dropFirst().allSatisfy { $0 }
        let named = rows.first.map { Self.isHeader($0) } ?? false
        hasHeader = options.hasHeader ?? (options.row == .edge && (headed || named))
        let body = hasHeader ? Array(rows.dropFirst()) : rows
        switch options.identity {
        case .integers: isNamed = false
        case .names: isNamed = true
        case .automatic:
            isNamed = !numeric.dropFirst(hasHeader ? 1 : 0).allSatisfy { $0 } && !body.isEmpty
        }
        switch options.weights {
        case .ignored: isWeighted = false
        case .required: isWeighted = true
        case .ifPresent:
            isWeighted =
                options.row == .edge
                && body.first.map { $0.count >= 3 && Self.isNumber($0[2]) } ?? false
        }
    }

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

    private static func isNumber(_ field: [UInt8]) -> Bool {
        (try? NumberText.double(field.span, field.indices)) != nil
    }

    private static func delimiter(of line: ArraySlice<UInt8>) -> UInt8 {
        for candidate in [0x09, 0x2C, 0x3B, 0x7C] as [UInt8] where line.contains(candidate) {
            return candidate
        }
        return 0x20
    }

    private static func fields(of line: ArraySlice<UInt8>, delimiter: UInt8) -> [[UInt8]] {
        let isBlank = delimiter == 0x20
        return line.split(
            omittingEmptySubsequences: isBlank,
            whereSeparator: { $0 == delimiter || (isBlank && $0 == 0x09) }
        ).map { field in
            let trimmed = field.drop { $0 == 0x20 }
            // A field of blanks alone has no last byte that counts.
            return trimmed.lastIndex { $0 != 0x20 }.map { Array(trimmed[...$0]) } ?? []
        }
    }

    private static func isHeader(_ row: [[UInt8]]) -> Bool {
        guard row.count >= 2 else { return false }
        let pair = row.prefix(2).map { String(decoding: $0, as: UTF8.self).lowercased() }
        let known: [(String, String)] = [
            ("source", "target"), ("src", "dst"), ("from", "to"), ("fromnodeid", "tonodeid"),
            ("start", "end"), ("u", "v"), ("node1", "node2"), ("head", "tail"),
        ]
        return known.contains { UTF8Order.equal($0.0, pair[0]) && UTF8Order.equal($0.1, pair[1]) }
    }
}
