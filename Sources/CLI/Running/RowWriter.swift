import GraphAlgorithms
import PropertyGraph

/// Writes the rows of an answer: `node,value…`.
struct RowWriter {
    /// How rows are written.
    enum Format {
        case csv, plain, jsonl

        /// By the format of results: rows of a table are CSV, those of JSON objects.
        init(_ format: OutputFormat) {
            switch format {
            case .table, .csv: self = .csv
            case .plain: self = .plain
            case .json, .jsonl: self = .jsonl
            }
        }

        /// By the ending of a name; CSV where it says nothing, as that of a pipe.
        ///
        /// - Parameter format: what `--format` says, for an ending that promises a form which is
        ///   never written.
        /// - Throws: A sentence that names the endings there are, for such a one without `--format`.
        init(path: String, format: OutputFormat?) throws {
            let name = path.utf8.split(separator: 0x2F).last.map { Substring($0) } ?? ""
            let parts = name.utf8.split(separator: 0x2E).map { String(Substring($0)) }
            let ending = parts.count > 1 ? parts.last?.lowercased() ?? "" : ""
            switch ending {
            case "tsv", "txt": self = .plain
            case "jsonl", "ndjson": self = .jsonl
            case "json", "gz", "zip", "parquet", "xlsx":
                switch format {
                case .csv: self = .csv
                case .plain: self = .plain
                case .json, .jsonl: self = .jsonl
                case .table, nil:
                    throw RunCommand.usage(
                        "Rows are not written as .\(ending) ('\(path)'). Let the name end with .csv, "
                            + ".tsv or .txt (tabs), .jsonl or .ndjson, or pass --format csv, plain or "
                            + "jsonl.")
                }
            default: self = .csv
            }
        }
    }

    private let output: AlgorithmOutput
    private let loaded: LoadedGraph
    private let format: Format

    init(_ output: AlgorithmOutput, _ loaded: LoadedGraph, _ format: Format) {
        self.output = output
        self.loaded = loaded
        self.format = format
    }

    /// Writes all rows; CSV begins with a header.
    func write(to stream: OutputStream) throws {
        let hasNodes = output.rows == .nodes
        let names = (hasNodes ? ["node"] : []) + output.columns.map(\.name)
        if format == .csv { try stream.line(CSVText.line(names)) }
        for row in 0..<(output.columns.first?.count ?? 0) {
            // Often, for a row may be a vector of a thousand numbers.
            if row & 0x3FF == 0, Interruption.isRequested { throw CommandError.interrupted }
            switch format {
            case .jsonl: try writeObject(row, hasNodes, stream)
            case .csv: try writeFields(row, hasNodes, 0x2C, stream)
            case .plain: try writeFields(row, hasNodes, 0x09, stream)
            }
        }
    }

    private func writeFields(
        _ row: Int, _ hasNodes: Bool, _ separator: UInt8, _ stream: OutputStream
    ) throws {
        try stream.write { bytes in
            if hasNodes {
                append(loaded.name(UInt32(truncatingIfNeeded: row)), to: &bytes)
            }
            for (place, column) in output.columns.enumerated() {
                if place > 0 || hasNodes { bytes.append(separator) }
                switch column[row] {
                case nil: break
                case .integer(let value): append(.integer(value), to: &bytes)
                case .double(let value): append(.double(value), to: &bytes)
                case .string(let value): append(.string(value), to: &bytes)
                case .boolean(let value): append(.boolean(value), to: &bytes)
                case .node(let node): append(loaded.name(node), to: &bytes)
                case .nodes(let nodes):
                    let texts = nodes.map { loaded.name($0).cellText() }
                    append(.string(texts.joined(separator: ";")), to: &bytes)
                case .vector(let numbers):
                    let texts = numbers.map { JSON.double(Double($0)).cellText() }
                    append(.string(texts.joined(separator: ";")), to: &bytes)
                }
            }
            bytes.append(0x0A)
        }
    }

    private func append(_ value: JSON, to bytes: inout [UInt8]) {
        let text = value.cellText()
        switch format {
        case .csv: bytes.append(contentsOf: CSVText.field(text).utf8)
        default: bytes.append(contentsOf: TextWidth.printable(text).utf8)
        }
    }

    private func writeObject(_ row: Int, _ hasNodes: Bool, _ stream: OutputStream) throws {
        var members: [(String, JSON)] = []
        if hasNodes { members.append(("node", loaded.name(UInt32(truncatingIfNeeded: row)))) }
        for column in output.columns {
            let value: JSON =
                switch column[row] {
                case nil: .null
                case .integer(let value): .integer(value)
                case .double(let value): .double(value)
                case .string(let value): .string(value)
                case .boolean(let value): .boolean(value)
                case .node(let node): loaded.name(node)
                case .nodes(let nodes): .array(nodes.map { loaded.name($0) })
                case .vector(let numbers): .array(numbers.map { .double(Double($0)) })
                }
            members.append((column.name, value))
        }
        try stream.write { bytes in
            JSON.object(members).write(to: &bytes)
            bytes.append(0x0A)
        }
    }
}
