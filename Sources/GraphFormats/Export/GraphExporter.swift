public import GraphStore
public import PropertyGraph

/// The format of an export.
public enum ExportFormat: String, Sendable, Hashable, CaseIterable {
    /// A folder of CSV files with typed headers.
    case csv
    /// One JSON object a line.
    case jsonl
    /// One edge a line: ids, and a weight if asked for; loses properties and lone nodes.
    case edgeList = "edges"
    /// GraphML.
    case graphML = "graphml"
    /// GEXF 1.3.
    case gexf
    /// A sparse matrix in the Matrix Market format; loses all but edges and one number of each.
    case matrixMarket = "mtx"
    /// A drawing for Graphviz; cannot be imported.
    case dot
    /// RDF as N-Triples.
    case nTriples = "ntriples"
    /// RDF as Turtle.
    case turtle
    /// A script of openCypher statements, to be run and not imported.
    case cypher
}

/// How to export a database.
public struct ExportOptions: Sendable {
    /// The format.
    public var format = ExportFormat.csv
    /// How CSV is separated and quoted.
    public var dialect = CSVDialect()
    /// Whether files are compressed with gzip.
    public var isCompressed = false
    /// How RDF is written.
    public var rdf = RDFOptions()
    /// The number of an edge in an edge list or a matrix; every edge must have it then.
    public var weightProperty: PropertyKey?
    /// Whether something at the destination is replaced.
    public var replacesExisting = false
    /// The earlier moment that is exported; nil for the newest commit.
    public var moment: PastMoment?

    /// The defaults.
    public init() {}
}

/// What an export wrote.
public struct ExportSummary: Sendable, Hashable {
    /// How many nodes were written.
    public internal(set) var nodes = 0
    /// How many edges were written.
    public internal(set) var edges = 0
    /// The files written, in order; `-` is standard output.
    public internal(set) var files: [String] = []
    /// What the format could not carry, in sentences.
    public internal(set) var notes: [String] = []

    /// Nothing written yet.
    public init() {}
}

/// Writes a whole database to files that an import turns into the same graph.
///
/// CSV, JSONL and openCypher carry indexes and constraints as well.
/// CSV, JSONL, GraphML, GEXF and RDF keep every value bit for bit, all labels, parallel edges and
/// their order; ids are given anew by an import. What RDF cannot tell apart is said at
/// `RDFOptions`. One snapshot is read from end to end. Output is written aside and
/// renamed when it is whole.
///
/// The CSV folder holds one file for each set of labels and each edge type, or one for all nodes
/// (edges) when there are more than `maximumTables`. A property whose values are of several types
/// has a column for each: `age:long` and `age:string`.
public struct GraphExporter: Sendable {
    /// The most files of nodes, and of edges, in one CSV folder.
    public static let maximumTables = 200

    /// What is written and how.
    public var options: ExportOptions

    /// Makes an exporter.
    public init(options: ExportOptions = ExportOptions()) { self.options = options }

    /// Exports to a file, a new folder (CSV), or a pipe, a device or `-` for standard output (not
    /// CSV).
    ///
    /// With `replacesExisting` a file makes way, and a folder of CSV files; a folder with anything
    /// else in it does not, since no export wrote that.
    ///
    /// - Throws: `FormatError` when something is at the destination or writing fails;
    ///   `GraphStoreError` when reading fails.
    @discardableResult
    public func run(
        _ database: GraphDatabase, to path: String, hooks: FormatHooks = FormatHooks()
    ) throws -> ExportSummary {
        if FileSystem.isRereadable(path), FileSystem.exists(path) {
            try requireReplaceable(path)
        }
        if let moment = options.moment {
            return try database.read(asOf: moment) { try export($0, path, hooks) }
        }
        return try database.read { try export($0, path, hooks) }
    }

    /// Refuses to take the place of what must not be lost.
    private func requireReplaceable(_ path: String) throws(FormatError) {
        guard options.replacesExisting else {
            throw FormatError(
                .badOption, "There is something at the destination; remove it or replace it.",
                file: path)
        }
        guard
            let stranger = FileSystem.allEntries(of: path)?.first(where: { name in
                ![".csv", ".csv.gz"].contains { name.hasSuffix($0) }
                    && !UTF8Order.equal(name, Self.schemaFile)
                    && !UTF8Order.equal(name, Self.schemaFile + ".gz")
            })
        else { return }
        throw FormatError(
            .badOption,
            "The folder holds '\(stranger)', which no export wrote; name another, or remove it first.",
            file: path)
    }

    private func export(
        _ txn: borrowing ReadTransaction, _ path: String, _ hooks: FormatHooks
    ) throws -> ExportSummary {
        var summary =
            switch options.format {
            case .csv: try exportCSV(txn, path, hooks)
            case .jsonl: try exportJSON(txn, path, hooks)
            case .edgeList: try exportEdges(txn, path, hooks)
            case .graphML: try exportGraphML(txn, path, hooks)
            case .gexf: try exportGEXF(txn, path, hooks)
            case .matrixMarket: try exportMatrix(txn, path, hooks)
            case .dot: try exportDOT(txn, path, hooks)
            case .nTriples, .turtle: try exportRDF(txn, path, hooks)
            case .cypher: try exportCypher(txn, path, hooks)
            }
        if ![.csv, .jsonl, .cypher].contains(options.format) {
            let count = try schema(txn).count
            if count > 0 {
                summary.notes.append(
                    "The format has no place for indexes and constraints; "
                        + (count == 1 ? "one was" : "\(count) were")
                        + " left out. CSV, JSONL and openCypher carry them.")
            }
        }
        return summary
    }

    /// The file of a CSV folder that carries indexes and constraints.
    static let schemaFile = "schema.jsonl"

    /// The indexes and constraints to carry: not those that could not be built.
    func schema(_ txn: borrowing ReadTransaction) throws -> [SchemaObject] {
        try txn.schemaObjects().filter {
            if case .failed = $0.state { false } else { true }
        }
    }

    /// Asks and tells the caller every few thousand records.
    func check(_ summary: ExportSummary, _ path: String, _ hooks: FormatHooks) throws {
        let rows = summary.nodes + summary.edges
        guard rows % 4_096 == 0 else { return }
        try hooks.checkCancellation()
        hooks.progress?(FormatProgress(file: path, bytesDone: 0, bytesTotal: nil, rows: rows))
    }

    /// Writes one file: every node, then every edge.
    ///
    /// - Parameters:
    ///   - start: what is written first.
    ///   - between: what is written between nodes and edges.
    ///   - end: what is written last.
    func exportFile(
        _ txn: borrowing ReadTransaction, _ path: String, _ hooks: FormatHooks,
        start: String = "", between: String = "", end: String = "",
        node: (Node, inout [UInt8]) throws -> Void, edge: (Edge, inout [UInt8]) throws -> Void
    ) throws -> ExportSummary {
        let output = try OutputFile(path: path, isCompressed: options.isCompressed)
        var summary = ExportSummary()
        summary.files = [path]
        var bytes: [UInt8] = []
        func write() throws {
            try output.write { $0.append(contentsOf: bytes) }
            bytes.removeAll(keepingCapacity: true)
        }
        try output.write(start)
        try txn.forEachNode { found in
            try node(found, &bytes)
            try write()
            summary.nodes += 1
            try check(summary, path, hooks)
            return true
        }
        try output.write(between)
        try txn.forEachEdge { found in
            try edge(found, &bytes)
            try write()
            summary.edges += 1
            try check(summary, path, hooks)
            return true
        }
        try output.write(end)
        try output.finish()
        return summary
    }

    /// The number that an edge list or a matrix gives an edge.
    func weight(_ key: PropertyKey, of edge: Edge) throws(FormatError) -> Double {
        guard let weight = edge[key]?.doubleValue else {
            throw FormatError(
                .badValue,
                """
                Edge \(edge.id) has no number as '\(key)'; export without weights, or give \
                every edge one.
                """)
        }
        return weight
    }

    private func exportJSON(
        _ txn: borrowing ReadTransaction, _ path: String, _ hooks: FormatHooks
    ) throws -> ExportSummary {
        let output = try OutputFile(path: path, isCompressed: options.isCompressed)
        var summary = ExportSummary()
        summary.files = [path]
        let schema = try schema(txn)
        if !schema.isEmpty { try output.write { SchemaLine.append(schema, to: &$0) } }
        try txn.forEachNode { node in
            try output.write { bytes in
                bytes.append(
                    contentsOf: "{\"type\":\"node\",\"id\":\"\(node.id)\",\"labels\":[".utf8)
                for (index, label) in node.labels.enumerated() {
                    if index > 0 { bytes.append(0x2C) }
                    JSONWriter.append(label.name, to: &bytes)
                }
                bytes.append(contentsOf: "],\"properties\":".utf8)
                JSONWriter.append(node.properties, to: &bytes)
                bytes.append(contentsOf: "}\n".utf8)
            }
            summary.nodes += 1
            try check(summary, path, hooks)
            return true
        }
        try txn.forEachEdge { edge in
            try output.write { bytes in
                bytes.append(contentsOf: "{\"type\":\"edge\",\"id\":\"\(edge.id)\",\"label\":".utf8)
                JSONWriter.append(edge.type.name, to: &bytes)
                bytes.append(
                    contentsOf: ",\"start\":\"\(edge.source)\",\"end\":\"\(edge.target)\"".utf8)
                bytes.append(contentsOf: ",\"properties\":".utf8)
                JSONWriter.append(edge.properties, to: &bytes)
                bytes.append(contentsOf: "}\n".utf8)
            }
            summary.edges += 1
            try check(summary, path, hooks)
            return true
        }
        try output.finish()
        return summary
    }

    private func exportEdges(
        _ txn: borrowing ReadTransaction, _ path: String, _ hooks: FormatHooks
    ) throws -> ExportSummary {
        let output = try OutputFile(path: path, isCompressed: options.isCompressed)
        var summary = ExportSummary()
        summary.files = [path]
        try txn.forEachEdge { edge in
            var line = "\(edge.source) \(edge.target)"
            if let key = options.weightProperty {
                let weight = try weight(key, of: edge)
                line += " \(ValueText.text(weight))"
            }
            try output.write(line + "\n")
            summary.edges += 1
            try check(summary, path, hooks)
            return true
        }
        try output.finish()
        return summary
    }
}
