import PropertyGraph

/// The first lines of a Matrix Market file (https://math.nist.gov/MatrixMarket/formats.html):
/// what its entries are, and how many.
///
/// ```
/// %%MatrixMarket matrix coordinate real general
/// % comments
/// 3 3 2
/// 1 2 0.5
/// 3 1 2.0
/// ```
struct MatrixMarketHeader: Sendable, Hashable {
    /// What the third column holds.
    enum Field: String, Sendable { case pattern, integer, real, double }
    /// What an entry says about the one across the diagonal.
    enum Symmetry: String, Sendable {
        case general, symmetric
        case skew = "skew-symmetric"
    }

    /// Nodes are 1 to `size`.
    let size: UInt64
    /// How many entries the file has.
    let entries: UInt64
    let field: Field
    let symmetry: Symmetry

    /// Whether the bytes begin like such a file.
    static func starts(_ bytes: [UInt8], count: Int) -> Bool {
        bytes.prefix(min(count, 14)).elementsEqual("%%MatrixMarket".utf8)
    }

    /// Reads the header and blanks out its line of sizes, so that entries alone are left.
    init(takingFrom block: inout Block) throws(FormatError) {
        var index = 0
        let words = Self.words(in: block, &index).map { $0.text.lowercased() }
        guard words.count == 5, UTF8Order.equal(words[1], "matrix") else {
            throw FormatError(
                .badHeader,
                "The first line is '%%MatrixMarket matrix coordinate FIELD SYMMETRY'.", line: 1)
        }
        guard UTF8Order.equal(words[2], "coordinate") else {
            throw FormatError(
                .badHeader, "A '\(words[2].prefix(20))' matrix is dense; write it as coordinate.",
                line: 1)
        }
        guard let field = Field(rawValue: words[3]) else {
            throw FormatError(
                .badHeader,
                "The field '\(words[3].prefix(20))' cannot be a weight; use pattern, "
                    + "integer or real.", line: 1)
        }
        guard let symmetry = Symmetry(rawValue: words[4]) else {
            throw FormatError(
                .badHeader,
                "'\(words[4].prefix(20))' is no symmetry of real numbers; use general, "
                    + "symmetric or skew-symmetric.", line: 1)
        }
        var line = 1
        while index < block.count {
            line += 1
            let start = index
            let found = Self.words(in: block, &index)
            guard let first = found.first, !first.text.hasPrefix("%") else { continue }
            let numbers = found.compactMap { UInt64($0.text) }
            guard found.count == 3, numbers.count == 3 else {
                throw FormatError(
                    .badHeader, "This line is 'rows columns entries'.", line: line, column: 1)
            }
            guard numbers[0] == numbers[1] else {
                throw FormatError(
                    .badHeader,
                    "The matrix is \(numbers[0]) × \(numbers[1]); a graph needs a square one.",
                    line: line, column: 1)
            }
            guard numbers[0] < UInt64(UInt32.max) else {
                throw FormatError(
                    .limitExceeded, "A matrix has at most 2^32 − 2 rows here.", line: line,
                    column: 1)
            }
            // Blanks instead of a cut, so that line numbers stay true.
            for place in start..<index where block.bytes[place] != 0x0A {
                block.bytes[place] = 0x20
            }
            (self.field, self.symmetry) = (field, symmetry)
            (size, entries) = (numbers[0], numbers[2])
            return
        }
        throw FormatError(
            .badHeader, "The line 'rows columns entries' is missing near the start.", line: line)
    }

    /// The words of the line at `index`, which moves behind it.
    private static func words(
        in block: Block, _ index: inout Int
    ) -> [(text: String, start: Int)] {
        var words: [(text: String, start: Int)] = []
        while index < block.count, block.bytes[index] != 0x0A {
            let start = index
            while index < block.count, block.bytes[index] > 0x20 { index += 1 }
            if index > start {
                words.append((String(decoding: block.bytes[start..<index], as: UTF8.self), start))
            } else {
                index += 1
            }
        }
        if index < block.count { index += 1 }
        return words
    }

    /// How an edge list parser reads the entries.
    func shape(isWeighted: Bool) -> EdgeListShape {
        EdgeListShape(matrixEntries: isWeighted)
    }

    /// Adds the entries across the diagonal that the file leaves out.
    func mirror(_ block: inout EdgeBlock) {
        guard symmetry != .general else { return }
        var (sources, targets): ([UInt64], [UInt64]) = ([], [])
        var weights: [Double] = []
        for index in 0..<block.count {
            let (source, target) = (block.source(index), block.target(index))
            sources.append(source)
            targets.append(target)
            if !block.weights.isEmpty { weights.append(block.weights[index]) }
            guard source != target else { continue }
            sources.append(target)
            targets.append(source)
            if !block.weights.isEmpty {
                weights.append(symmetry == .skew ? -block.weights[index] : block.weights[index])
            }
        }
        block.weights = weights
        block.setIDs(sources: sources, targets: targets)
    }

    /// The nodes there are, for entries to name.
    var nodes: ClosedRange<UInt64> { 1...max(size, 1) }

    /// What to say when the file ends with another number of entries than it promised.
    func miscounted(_ found: UInt64) -> FormatError? {
        guard found != entries else { return nil }
        return FormatError(
            .malformed,
            "The header promises \(entries) entries and \(found) were read; the file is cut, or "
                + "its line of sizes is wrong.")
    }
}
