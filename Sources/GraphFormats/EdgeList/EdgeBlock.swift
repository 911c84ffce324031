import PropertyGraph
import Synchronization

/// The edges of one block of lines, in columns; what stands in a column beyond their number means
/// nothing.
struct EdgeBlock: Sendable {
    /// A column of ids, narrow when they fit.
    enum IDs: Sendable {
        case narrow([UInt32])
        case wide([UInt64])

        /// The ids as they are wide.
        var wide: [UInt64] {
            switch self {
            case .narrow(let ids): ids.map { UInt64($0) }
            case .wide(let ids): ids
            }
        }
    }

    /// The ends of the edges; for named nodes, positions in `names`.
    var sources = IDs.narrow([])
    var targets = IDs.narrow([])
    var weights: [Double] = []
    /// Nodes that stand alone on an adjacency line or in a file of nodes.
    var nodes: [UInt64] = []
    /// The lines of nodes whose values are read, within the block.
    var nodeLines: [Int] = []
    /// The values of those nodes, all of one node together.
    var values: [Double?] = []
    /// The largest id; meaningless when there is none.
    var maximum: UInt64 = 0
    /// How many edges there are.
    var count = 0
    /// How many lines the block holds.
    var lines = 0
    /// How many bytes they are.
    var bytes = 0
    /// The memory they were read into.
    var spent: [UInt8] = []
    /// What was wrong, lines counted within the block.
    var problems: [FormatError] = []
    /// The names met, when ids are names.
    var names: NameList?

    /// Replaces positions of names by the indexes of nodes; edges that lack one are dropped.
    mutating func replaceNames(by indexes: [UInt32?]) {
        guard case .narrow(let sources) = sources, case .narrow(let targets) = targets else {
            return
        }
        let kept = sources.indices.filter {
            indexes[Int(sources[$0])] != nil && indexes[Int(targets[$0])] != nil
        }
        self.sources = .narrow(kept.map { indexes[Int(sources[$0])] ?? 0 })
        self.targets = .narrow(kept.map { indexes[Int(targets[$0])] ?? 0 })
        if !weights.isEmpty { weights = kept.map { weights[$0] } }
        nodes = nodes.compactMap { indexes[Int($0)].map(UInt64.init) }
        count = kept.count
    }

    /// Drops edges from larger to smaller numbers, for files that list each undirected edge in the
    /// rows of both ends.
    mutating func keepOneDirection() {
        let (from, to) = (sources.wide, targets.wide)
        let kept = from.indices.filter { from[$0] <= to[$0] }
        setIDs(sources: kept.map { from[$0] }, targets: kept.map { to[$0] })
    }

    mutating func setIDs(sources: [UInt64], targets: [UInt64]) {
        count = sources.count
        if maximum <= UInt64(UInt32.max) {
            self.sources = .narrow(sources.map { UInt32(truncatingIfNeeded: $0) })
            self.targets = .narrow(targets.map { UInt32(truncatingIfNeeded: $0) })
        } else {
            self.sources = .wide(sources)
            self.targets = .wide(targets)
        }
    }
}

/// Columns of blocks that were taken, for the blocks to come: writing into memory that is there costs
/// less than having the system clear new pages.
final class EdgeBlockPool: Sendable {
    /// Columns of any length, filled with anything.
    struct Columns: Sendable {
        var sources: [UInt32] = []
        var targets: [UInt32] = []
        var weights: [Double] = []

        /// Makes room for so many rows.
        mutating func reserve(_ rows: Int, isWeighted: Bool) {
            if sources.count < rows {
                sources = [UInt32](repeating: 0, count: rows + rows / 8)
                targets = sources
            }
            if isWeighted, weights.count < rows {
                weights = [Double](repeating: 0, count: rows + rows / 8)
            }
        }
    }

    private let spare = Mutex<[Columns]>([])

    /// Columns that nobody uses.
    func take() -> Columns { spare.withLock { $0.popLast() } ?? Columns() }

    /// Takes back the columns of a block.
    func give(_ block: consuming EdgeBlock) {
        guard case .narrow(let sources) = block.sources, case .narrow(let targets) = block.targets
        else { return }
        let columns = Columns(sources: sources, targets: targets, weights: block.weights)
        spare.withLock { $0.append(columns) }
    }
}

/// Byte strings laid end to end, with their hashes.
struct NameList: Sendable {
    var bytes: [UInt8] = []
    var ends: [Int] = []
    var hashes: [UInt64] = []
    /// The line of each, within its block.
    var lines: [Int] = []

    mutating func append(_ source: Span<UInt8>, _ range: Range<Int>, line: Int) {
        lines.append(line)
        for index in range { bytes.append(source[index]) }
        hashes.append(ByteHash.hash(source, range))
        ends.append(bytes.count)
    }

    func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }
}

extension FormatError {
    /// An edge names a node that the file of nodes, which holds `known` of them, does not hold.
    static func unknownNode(
        _ name: String, known: Int, line: Int, column: Int? = nil
    ) -> FormatError {
        let text = name.prefix(60)
        let message =
            known > 0
            ? """
            The edge names node '\(text)', which the file of nodes does not hold; add the node or \
            drop the edge.
            """
            : """
            The edge names node '\(text)', but the file of nodes is empty; write every node into \
            it, one a line, or leave the file out.
            """
        return FormatError(.danglingEdge, message, line: line, column: column)
    }
}
