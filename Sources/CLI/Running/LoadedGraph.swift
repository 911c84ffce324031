import GraphAlgorithms
import GraphFormats
import GraphStore
import PropertyGraph

/// A graph in memory, and how its nodes are named.
struct LoadedGraph {
    private(set) var graph: CSRGraph
    /// The column that names nodes; nil when their ids do.
    let names: CSRColumn?
    /// The property that the names are of; nil for a file.
    let nameKey: PropertyKey?
    /// Where it came from, as people call it.
    let origin: String
    /// File to graph in memory.
    let loadTime: Duration
    /// The database it came from; nil for a file.
    let database: GraphDatabase?
    /// How many lines of the file were left out.
    let skippedLines: Int
    /// What reading the file found out and people should know.
    let notes: [String]
    private let index: [PropertyKey: UInt32]

    /// - Parameter hasIndex: Whether parameters will name nodes.
    init(
        _ graph: CSRGraph, names: CSRColumn?, nameKey: PropertyKey? = nil, origin: String,
        loadTime: Duration, database: GraphDatabase? = nil, skippedLines: Int = 0,
        notes: [String] = [], hasIndex: Bool
    ) {
        self.notes = notes
        self.graph = graph
        self.names = names
        self.nameKey = nameKey
        self.database = database
        self.origin = origin
        self.loadTime = loadTime
        self.skippedLines = skippedLines
        var index: [PropertyKey: UInt32] = [:]
        if hasIndex, let names {
            // `PropertyKey` is a text that compares by bytes, which names of nodes must.
            for node in 0..<graph.nodeCount {
                guard let name = Self.text(names, node) else { continue }
                let key = PropertyKey(name)
                // Two of one name: neither can be meant.
                index[key] = index[key] == nil ? UInt32(truncatingIfNeeded: node) : .max
            }
        }
        self.index = index
    }

    /// Refuses names that several nodes bear, or none.
    func check(names texts: [String]) throws {
        for text in texts {
            guard resolve(text) == nil else { continue }
            throw CommandError.failure(unresolved(text))
        }
    }

    /// What to say of a text that names no node.
    func unresolved(_ text: String) -> String {
        if index[PropertyKey(text)] == .max {
            return "More than one node is named '\(text)'. Name nodes by another property with "
                + "--key, or by their ids."
        }
        let hint = NearMiss.hint(for: text, among: index.keys.map(\.name).sorted())
        let what = nameKey.map { " by '\($0.name)' or id" } ?? ""
        return "The graph of '\(origin)' has no node '\(text)'\(what)."
            + (hint.isEmpty ? " Give the id or key of a node that it has\(example)." : hint)
    }

    /// Puts the groups of files beside the nodes, as columns named by their paths.
    mutating func add(_ files: [GroupFile]) throws {
        var columns = graph.nodeColumns
        for file in files { columns[file.path] = try file.column(of: self) }
        graph = graph.with(nodeColumns: columns)
    }

    /// Refuses groups that are a property which not every node has.
    func check(groups name: String) throws {
        guard let column = graph.nodeColumns[name] else { return }
        var (count, first) = (0, 0)
        for row in (0..<graph.nodeCount).reversed() where !column.isPresent(row) {
            count += 1
            first = row
        }
        guard count > 0 else { return }
        throw ungrouped(
            count, first, "as a property '\(name)'",
            "Give every node one ('cairn run louvain --write \(name)' does), or choose the nodes that "
                + "have it with --labels.")
    }

    /// The error of nodes without a group.
    func ungrouped(_ count: Int, _ first: Int, _ place: String, _ advice: String) -> CommandError {
        let name = name(UInt32(truncatingIfNeeded: first)).cellText()
        let subject =
            count == 1
            ? "Node '\(name)' has" : "\(NumberText.grouped(count)) nodes, such as '\(name)', have"
        return .failure("\(subject) no group \(place). \(advice)")
    }

    /// A name as nodes have it.
    private var example: String {
        graph.nodeCount > 0 ? ", such as '\(name(0).cellText())'" : ""
    }

    /// The error of a kernel that refuses a weight below zero, with the nodes named as people do.
    func renamed(_ error: AlgorithmError, _ algorithm: AlgorithmDescriptor) -> any Error {
        guard error.code == .negativeWeight, names != nil else { return error }
        for node in 0..<UInt32(truncatingIfNeeded: graph.nodeCount) {
            for arc in graph.outgoing.range(of: node) {
                guard let weight = graph.outgoing.weights?[arc], weight < 0 else { continue }
                let ends = [node, graph.outgoing.targets[arc]].map { "'\(name($0).cellText())'" }
                return CommandError.failure(
                    "Cannot run \(algorithm.name): the edge from \(ends[0]) to \(ends[1]) has weight "
                        + "\(NumberText.trimmed(JSON.text(weight))), but weights must be "
                        + "\(algorithm.needs.weightRange == .positive ? "above 0" : "0 or more"). "
                        + "Mend the weight, or leave weights out.")
            }
        }
        return error
    }

    /// The dense index of a node by its name or id; nil when there is none, or several bear the
    /// name: then it is not taken for an id either.
    func resolve(_ text: String) -> UInt32? {
        if let found = index[PropertyKey(text)] { return found == .max ? nil : found }
        return UInt64(text).flatMap { graph.index(ofID: $0) }
    }

    /// The name of a node as a JSON value: a number when it is its id.
    func name(_ node: UInt32) -> JSON {
        if let names {
            switch names.values {
            case .integers: if let value = names.integer(at: Int(node)) { return .integer(value) }
            default: if let name = Self.text(names, Int(node)) { return .string(name) }
            }
        }
        return .unsigned(graph.id(of: node))
    }

    private static func text(_ column: CSRColumn, _ row: Int) -> String? {
        switch column.values {
        case .integers: column.integer(at: row).map { String($0) }
        default: column.string(at: row)
        }
    }
}
