import PropertyGraph

/// Turns a block of lines into columns of edges. Pure: any thread may run it.
struct EdgeListParser: Sendable {
    let delimiter: UInt8
    let isNamed: Bool
    let isWeighted: Bool
    let row: EdgeListOptions.Row
    /// The only nodes that edges may name; nil when edges make the nodes.
    let known: NodeNumbering?
    /// The numbers of nodes there may be, of a matrix; nil for any.
    let bounds: ClosedRange<UInt64>?
    /// Whether a line names one node and the rest of it is ignored.
    let firstColumnOnly: Bool
    /// The columns behind the node that are read nevertheless.
    let columns: [Int]
    /// Where the columns of blocks come from and may be given back to.
    private let pool = EdgeBlockPool()

    init(
        shape: EdgeListShape, options: EdgeListOptions, known: NodeNumbering? = nil,
        firstColumnOnly: Bool = false, columns: [Int] = [], bounds: ClosedRange<UInt64>? = nil
    ) {
        self.columns = columns
        self.known = known
        self.bounds = bounds
        self.firstColumnOnly = firstColumnOnly
        delimiter = shape.delimiter
        isNamed = shape.isNamed
        isWeighted = shape.isWeighted
        row = options.row
    }

    /// Parses a block.
    func parse(_ block: Block) -> EdgeBlock {
        var result = isGeneral ? parseGeneral(block) : parseIntegers(block)
        result.bytes = block.count
        result.spent = block.bytes
        return result
    }

    /// Takes back a block that nobody needs any more.
    func recycle(_ block: consuming EdgeBlock) { if !isGeneral { pool.give(block) } }

    private var isGeneral: Bool { isNamed || row == .adjacency }

    /// Parses into columns that have room for every line; wide ones where a number asks for it.
    private func parseIntegers(_ block: Block) -> EdgeBlock {
        let bytes = block.span
        let rows = bytes.count(of: 0x0A) + 1
        var result = EdgeBlock()
        var columns = pool.take()
        columns.reserve(rows, isWeighted: isWeighted)
        result.count = fill(
            bytes, &columns.sources, &columns.targets, &columns.weights, &result)
        if result.maximum <= UInt64(UInt32.max) {
            result.sources = .narrow(columns.sources)
            result.targets = .narrow(columns.targets)
        } else {
            result = EdgeBlock()
            var sources = [UInt64](repeating: 0, count: rows)
            var targets = sources
            result.count = fill(bytes, &sources, &targets, &columns.weights, &result)
            result.sources = .wide(sources)
            result.targets = .wide(targets)
        }
        if isWeighted { result.weights = columns.weights }
        return result
    }

    /// Fills the columns; returns how many edges there are.
    @inline(__always)
    private func fill<ID: FixedWidthInteger & UnsignedInteger>(
        _ bytes: Span<UInt8>, _ sourceColumn: inout [ID], _ targetColumn: inout [ID],
        _ weightColumn: inout [Double], _ result: inout EdgeBlock
    ) -> Int {
        var sources = sourceColumn.mutableSpan
        var targets = targetColumn.mutableSpan
        var weights = weightColumn.mutableSpan
        let end = bytes.count
        let isFree = known == nil
        let allowed = bounds ?? 0...UInt64.max
        var index = 0
        var count = 0
        var line = 1
        var maximum: UInt64 = 0
        while index < end {
            let start = index
            if isFree, let edge = commonLine(bytes, &index), allowed.contains(edge.source),
                allowed.contains(edge.target)
            {
                sources[count] = ID(truncatingIfNeeded: edge.source)
                targets[count] = ID(truncatingIfNeeded: edge.target)
                if isWeighted { weights[count] = Double(edge.weight) }
                maximum = max(maximum, max(edge.source, edge.target))
                count += 1
                line += 1
                continue
            }
            index = start
            do throws(FormatError) {
                if let edge = try edge(bytes, &index, line: line) {
                    sources[count] = ID(truncatingIfNeeded: edge.source)
                    targets[count] = ID(truncatingIfNeeded: edge.target)
                    if isWeighted { weights[count] = edge.weight }
                    maximum = max(maximum, max(edge.source, edge.target))
                    count += 1
                }
            } catch {
                result.problems.append(error)
            }
            Self.skipLine(bytes, &index)
            line += 1
        }
        result.maximum = maximum
        result.lines = line - 1
        return count
    }

    /// The common line: two or three short whole numbers with one separator between, and a line end;
    /// without weights what follows the second number is not looked at. Nil for any other.
    @inline(__always)
    private func commonLine(
        _ bytes: Span<UInt8>, _ index: inout Int
    ) -> (source: UInt64, target: UInt64, weight: UInt64)? {
        let end = bytes.count
        let start = index
        let source = Self.digits(bytes, &index)
        let middle = index
        guard middle > start, middle &- start <= 19, middle < end,
            bytes[middle] == delimiter || bytes[middle] == 0x09
        else { return nil }
        index &+= 1
        let target = Self.digits(bytes, &index)
        let length = index &- middle &- 1
        guard length > 0, length <= 19, index < end else { return nil }
        var weight: UInt64 = 0
        let after = bytes[index]
        if isWeighted {
            guard after == delimiter || after == 0x09 else { return nil }
            let first = index &+ 1
            index = first
            weight = Self.digits(bytes, &index)
            // Fifteen digits are exact in a double.
            guard index > first, index &- first <= 15, index < end, bytes[index] == 0x0A else {
                return nil
            }
        } else if after != 0x0A {
            guard after == delimiter || after == 0x09 || after == 0x20 || after == 0x0D else {
                return nil
            }
            Self.skipLine(bytes, &index)
            return (source, target, 0)
        }
        index &+= 1
        return (source, target, weight)
    }

    /// One line of any shape; nil for a blank or a comment.
    private func edge(
        _ bytes: Span<UInt8>, _ index: inout Int, line: Int
    ) throws(FormatError) -> (source: UInt64, target: UInt64, weight: Double)? {
        let start = index
        Self.skipBlanks(bytes, &index)
        if Self.isLineEnd(bytes, index) || Self.isComment(bytes, index) { return nil }
        let source = try number(bytes, &index, start, line)
        try separator(bytes, &index, start, line, missing: "the target")
        let target = try number(bytes, &index, start, line)
        guard isWeighted else { return (source, target, 0) }
        try separator(bytes, &index, start, line, missing: "the weight")
        let weight = try weight(bytes, &index, start, line)
        return (source, target, weight)
    }

    func number(
        _ bytes: Span<UInt8>, _ index: inout Int, _ lineStart: Int, _ line: Int
    ) throws(FormatError) -> UInt64 {
        let first = index
        let token = token(bytes, &index)
        var value: UInt64 = 0
        for position in token {
            let digit = bytes[position] &- 0x30
            let (ten, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = ten.addingReportingOverflow(UInt64(digit))
            guard digit <= 9 else {
                // Beside a file of numbers a name is a node that is missing there.
                if let known {
                    throw .unknownNode(
                        NumberText.text(bytes, token), known: known.count, line: line,
                        column: first - lineStart + 1)
                }
                throw FormatError(
                    .badValue,
                    """
                    '\(NumberText.text(bytes, token.prefix(40)))' is not a node number; write \
                    digits only, or read the ids as names.
                    """, line: line, column: first - lineStart + 1)
            }
            guard !overflow, !carry else {
                throw FormatError(
                    .badValue, "The node number is above 2^64 − 1; read the ids as names.",
                    line: line, column: first - lineStart + 1)
            }
            value = sum
        }
        guard !token.isEmpty else {
            throw FormatError(
                .malformed, "A node number is missing; write 'source target' on each line.",
                line: line, column: first - lineStart + 1)
        }
        if let bounds, !bounds.contains(value) {
            throw FormatError(
                .badValue,
                "\(value) is outside the matrix; rows and columns are 1 to \(bounds.upperBound).",
                line: line, column: first - lineStart + 1)
        }
        if let known, known.index(of: value) == nil {
            throw .unknownNode(
                NumberText.text(bytes, token), known: known.count, line: line,
                column: first - lineStart + 1)
        }
        return value
    }

    func weight(
        _ bytes: Span<UInt8>, _ index: inout Int, _ lineStart: Int, _ line: Int
    ) throws(FormatError) -> Double {
        let first = index
        let token = token(bytes, &index)
        if let value = try? NumberText.double(bytes, token), value.isFinite { return value }
        throw FormatError(
            .badValue,
            """
            '\(NumberText.text(bytes, token.prefix(40)))' is not a finite weight; write a \
            decimal number, or read the edges without weights.
            """, line: line, column: first - lineStart + 1)
    }

    func separator(
        _ bytes: Span<UInt8>, _ index: inout Int, _ lineStart: Int, _ line: Int, missing: String
    ) throws(FormatError) {
        let first = index
        Self.skipBlanks(bytes, &index)
        if index < bytes.count, bytes[index] == delimiter, delimiter != 0x20, delimiter != 0x09 {
            index += 1
            Self.skipBlanks(bytes, &index)
        } else if index == first || Self.isLineEnd(bytes, index) {
            throw FormatError(
                .malformed, "The line ends before \(missing); an edge is 'source target [weight]'.",
                line: line, column: first - lineStart + 1)
        }
    }

    /// The bytes up to the next separator or line end.
    func token(_ bytes: Span<UInt8>, _ index: inout Int) -> Range<Int> {
        let first = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte == delimiter
                || byte <= 0x20 && (byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D)
            {
                break
            }
            index += 1
        }
        return first..<index
    }

    @inline(__always)
    private static func digits(_ bytes: Span<UInt8>, _ index: inout Int) -> UInt64 {
        var value: UInt64 = 0
        while index < bytes.count {
            let digit = bytes[index] &- 0x30
            if digit > 9 { break }
            value = value &* 10 &+ UInt64(digit)
            index += 1
        }
        return value
    }

    static func skipBlanks(_ bytes: Span<UInt8>, _ index: inout Int) {
        while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
    }

    /// Moves to the start of the next line.
    static func skipLine(_ bytes: Span<UInt8>, _ index: inout Int) {
        while index < bytes.count {
            index += 1
            if bytes[index - 1] == 0x0A { return }
        }
    }

    static func isLineEnd(_ bytes: Span<UInt8>, _ index: Int) -> Bool {
        index >= bytes.count || bytes[index] == 0x0A || bytes[index] == 0x0D
    }

    static func isComment(_ bytes: Span<UInt8>, _ index: Int) -> Bool {
        bytes[index] == 0x23 || bytes[index] == 0x25
    }
}
