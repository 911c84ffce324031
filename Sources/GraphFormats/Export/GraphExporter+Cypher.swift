import GraphStore
import PropertyGraph

/// Values and names as openCypher writes them.
enum CypherText {
    /// A name in backticks.
    static func name(_ name: String) -> String {
        var bytes: [UInt8] = [0x60]
        for byte in name.utf8 { bytes += byte == 0x60 ? [0x60, 0x60] : [byte] }
        return String(decoding: bytes + [0x60], as: UTF8.self)
    }

    /// A value. Bytes, which have no literal, are their base64; vectors are lists of floats.
    static func value(_ value: PropertyValue) -> String {
        switch value {
        case .boolean(let value): return value ? "true" : "false"
        case .integer(let value):
            // The digits alone would be out of range before the minus is seen.
            return value == .min ? "(-9223372036854775807 - 1)" : String(value)
        case .double(let value): return number(value)
        case .string(let value): return string(value)
        case .bytes: return string(ValueText.text(value))
        case .list(let elements):
            return "[\(elements.map { Self.value($0) }.joined(separator: ", "))]"
        case .vector(let elements):
            return "[\(elements.map { number(Double($0)) }.joined(separator: ", "))]"
        case .date: return "date(\(string(ValueText.text(value))))"
        case .localTime: return "localtime(\(string(ValueText.text(value))))"
        case .zonedTime: return "time(\(string(ValueText.text(value))))"
        case .localDateTime: return "localdatetime(\(string(ValueText.text(value))))"
        case .zonedDateTime: return "datetime(\(string(ValueText.text(value))))"
        case .duration: return "duration(\(string(ValueText.text(value))))"
        case .point(let point):
            let height = point.referenceSystem.isThreeDimensional ? ", z: \(number(point.z))" : ""
            return "point({srid: \(point.referenceSystem.rawValue), x: \(number(point.x)), "
                + "y: \(number(point.y))\(height)})"
        }
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "(0.0 / 0.0)" }
        if value.isInfinite { return value < 0 ? "(-1.0 / 0.0)" : "(1.0 / 0.0)" }
        return value.description
    }

    private static func string(_ text: String) -> String {
        var bytes: [UInt8] = [0x27]
        for byte in text.utf8 {
            switch byte {
            case 0x27, 0x5C: bytes += [0x5C, byte]
            case 0x0A: bytes += [0x5C, 0x6E]
            case 0x0D: bytes += [0x5C, 0x72]
            case 0x09: bytes += [0x5C, 0x74]
            case 0..<0x20:
                bytes +=
                    "\\u00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16, uppercase: true))"
                    .utf8
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes + [0x27], as: UTF8.self)
    }

    /// A map of properties.
    static func map(_ properties: Properties) -> String {
        let entries = properties.sorted { $0.key < $1.key }.map {
            "\(name($0.key.name)): \(value($0.value))"
        }
        return "{\(entries.joined(separator: ", "))}"
    }
}

extension GraphExporter {
    /// The most rows of one statement.
    private static let rowsPerStatement = 500
    private static let label = "`CairnImport`"
    private static let key = "`cairnImportId`"

    /// Writes statements that make the graph: constraints and indexes, nodes, edges.
    ///
    /// Until the last statement every node has a label and a number of the script's own, by which
    /// edges find their ends.
    func exportCypher(
        _ txn: borrowing ReadTransaction, _ path: String, _ hooks: FormatHooks
    ) throws -> ExportSummary {
        var nodes = CypherBatch(limit: Self.rowsPerStatement)
        var edges = CypherBatch(limit: Self.rowsPerStatement)
        let output = try OutputFile(path: path, isCompressed: options.isCompressed)
        try output.write(try schemaStatements(txn))
        var summary = ExportSummary()
        summary.files = [path]
        try txn.forEachNode { node in
            let labels = node.labels.map { ":\(CypherText.name($0.name))" }.joined()
            let row = "{id: \(node.id), p: \(CypherText.map(node.properties))}"
            if let statement = nodes.add(row, to: labels) {
                try output.write(Self.nodes(labels, statement))
            }
            summary.nodes += 1
            try check(summary, path, hooks)
            return true
        }
        for (labels, rows) in nodes.rest { try output.write(Self.nodes(labels, rows)) }
        try txn.forEachEdge { edge in
            let type = CypherText.name(edge.type.name)
            let row =
                "{s: \(edge.source), t: \(edge.target), p: \(CypherText.map(edge.properties))}"
            if let statement = edges.add(row, to: type) {
                try output.write(Self.edges(type, statement))
            }
            summary.edges += 1
            try check(summary, path, hooks)
            return true
        }
        for (type, rows) in edges.rest { try output.write(Self.edges(type, rows)) }
        try output.write(
            """
            MATCH (n:\(Self.label)) REMOVE n:\(Self.label) REMOVE n.\(Self.key);
            DROP CONSTRAINT cairn_import IF EXISTS;

            """)
        try output.finish()
        return summary
    }

    private static func nodes(_ labels: String, _ rows: [String]) -> String {
        """
        UNWIND [
        \(rows.joined(separator: ",\n"))
        ] AS row
        CREATE (n:\(label)\(labels) {\(key): row.id}) SET n += row.p;

        """
    }

    private static func edges(_ type: String, _ rows: [String]) -> String {
        """
        UNWIND [
        \(rows.joined(separator: ",\n"))
        ] AS row
        MATCH (a:\(label) {\(key): row.s})
        MATCH (b:\(label) {\(key): row.t})
        CREATE (a)-[r:\(type)]->(b) SET r += row.p;

        """
    }

    private func schemaStatements(_ txn: borrowing ReadTransaction) throws -> String {
        var text =
            "CREATE CONSTRAINT cairn_import IF NOT EXISTS FOR (n:\(Self.label)) "
            + "REQUIRE n.\(Self.key) IS UNIQUE;\n"
        for object in try schema(txn) { text += CypherText.statement(object) + "\n" }
        return text
    }
}

extension CypherText {
    /// The statement that creates an index or a constraint, as Neo4j 5 writes it; a comment for an
    /// inline property, of which the language knows nothing.
    static func statement(_ object: SchemaObject) -> String {
        let owner = name(object.labelOrType)
        let isNode = object.entity == .node
        let pattern = isNode ? "(x:\(owner))" : "()-[x:\(owner)]-()"
        let list = object.properties.map { "x.\(name($0.name))" }.joined(separator: ", ")
        let head = "\(name(object.name)) IF NOT EXISTS FOR \(pattern)"
        switch object.kind {
        case .index: return "CREATE INDEX \(head) ON (\(list));"
        case .unique: return "CREATE CONSTRAINT \(head) REQUIRE (\(list)) IS UNIQUE;"
        case .key:
            return "CREATE CONSTRAINT \(head) REQUIRE (\(list)) IS "
                + (isNode ? "NODE KEY;" : "RELATIONSHIP KEY;")
        case .existence: return "CREATE CONSTRAINT \(head) REQUIRE \(list) IS NOT NULL;"
        case .type:
            return "CREATE CONSTRAINT \(head) REQUIRE \(list) IS :: "
                + "\(object.type.map { typeName($0) } ?? "");"
        case .inlineProperty:
            let key = object.properties.first?.name ?? ""
            return "// Beside the neighbours of \(line(owner)) is kept: \(line(name(key)))"
        }
    }

    /// The types that values have in a script, in which bytes are texts and vectors lists; lists
    /// hold no nulls.
    private static func typeName(_ type: PropertyType) -> String {
        var names: [String] = []
        for part in type.description.split(separator: "|") {
            // One blank on either side of a bar.
            let name = String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            let isList = name.hasPrefix("LIST<")
            var element = isList ? String(name.dropFirst(5).dropLast()) : name
            if UTF8Order.equal(element, "BYTES") { element = "STRING" }
            let isVector = UTF8Order.equal(element, "VECTOR")
            let written =
                isVector
                ? "LIST<FLOAT NOT NULL>" : isList ? "LIST<\(element) NOT NULL>" : element
            if !names.contains(where: { UTF8Order.equal($0, written) }) { names.append(written) }
        }
        return names.joined(separator: " | ")
    }

    /// A name in a comment, which ends with its line.
    private static func line(_ name: String) -> String {
        String(decoding: name.utf8.map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
    }
}

/// Rows that wait for their statement, by what it creates.
private struct CypherBatch {
    let limit: Int
    private var waiting: [[UInt8]: [String]] = [:]

    init(limit: Int) { self.limit = limit }

    /// Adds a row; returns the rows of a full statement.
    mutating func add(_ row: String, to kind: String) -> [String]? {
        let key = Array(kind.utf8)
        waiting[key, default: []].append(row)
        guard let rows = waiting[key], rows.count >= limit else { return nil }
        waiting[key] = nil
        return rows
    }

    /// What is left, in byte order of kinds.
    var rest: [(kind: String, rows: [String])] {
        waiting.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            .map { (String(decoding: $0.key, as: UTF8.self), $0.value) }
    }
}
