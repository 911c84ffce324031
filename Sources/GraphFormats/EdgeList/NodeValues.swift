import PropertyGraph

/// Columns of numbers that a file of nodes has beside their names.
struct NodeValues {
    /// Where in a row each column stands.
    let places: [Int]
    private let names: [String]
    private let file: String
    /// The nodes as the file names them, or their indexes when these are names.
    private var nodes: [UInt64] = []
    private var lines: [Int] = []
    /// The numbers of each node, one for each column.
    private var values: [Double?] = []

    /// The columns of those names that a header has; nil when it has none of them.
    init?(_ wanted: [String], header: [[UInt8]], file: String) {
        var (names, places): ([String], [Int]) = ([], [])
        for name in wanted {
            guard let place = header.firstIndex(where: { $0.elementsEqual(name.utf8) }), place > 0
            else { continue }
            names.append(name)
            places.append(place)
        }
        guard !names.isEmpty else { return nil }
        self.names = names
        self.places = places
        self.file = file
    }

    /// Takes the rows of a block.
    mutating func append(_ block: EdgeBlock, linesBefore: Int) {
        nodes += block.nodes
        lines += block.nodeLines.map { $0 + linesBefore }
        values += block.values
    }

    /// The columns of a graph.
    ///
    /// - Parameter index: the index of a node of the file.
    /// - Throws: `.duplicateKey` for a node that stands twice, with its line.
    func columns(
        count: Int, index: (UInt64) -> UInt32?
    ) throws(FormatError) -> [String: CSRColumn] {
        var rows = [Int?](repeating: nil, count: count)
        for (row, node) in nodes.enumerated() {
            guard let index = index(node), index < count else { continue }
            if let earlier = rows[Int(index)] {
                throw FormatError(
                    .duplicateKey,
                    "The node stands on line \(lines[earlier]) already; leave one of them out.",
                    file: file, line: lines[row])
            }
            rows[Int(index)] = row
        }
        var columns: [String: CSRColumn] = [:]
        for (place, name) in names.enumerated() {
            columns[name] = CSRColumn(
                doubles: rows.map { row in row.flatMap { values[$0 * names.count + place] } })
        }
        return columns
    }
}
