import GraphStore
import PropertyGraph

extension GraphExporter {
    /// One file being written.
    private struct Part {
        var table: CSVTable
        var output: OutputFile?
        var name: String
    }

    /// Exports a folder, made aside and renamed.
    func exportCSV(
        _ txn: borrowing ReadTransaction, _ path: String, _ hooks: FormatHooks
    ) throws -> ExportSummary {
        guard FileSystem.isRereadable(path) else {
            throw FormatError(
                .badOption,
                "CSV is a folder of files; name one, or export JSONL to standard output.")
        }
        let aside = "\(path).writing-\(FileSystem.processID)"
        FileSystem.remove(aside)
        try FileSystem.makeFolder(aside)
        do {
            var summary = ExportSummary()
            try exportNodes(txn, aside, &summary, hooks)
            try exportEdges(txn, aside, &summary, hooks)
            try exportSchema(txn, aside, &summary)
            if options.replacesExisting { FileSystem.remove(path) }
            try FileSystem.rename(aside, to: path)
            summary.files = summary.files.map { "\(path)/\($0)" }
            return summary
        } catch {
            FileSystem.remove(aside)
            throw error
        }
    }

    private func exportSchema(
        _ txn: borrowing ReadTransaction, _ folder: String, _ summary: inout ExportSummary
    ) throws {
        let objects = try schema(txn)
        guard !objects.isEmpty else { return }
        let name = Self.schemaFile + (options.isCompressed ? ".gz" : "")
        let output = try OutputFile(
            path: "\(folder)/\(name)", isCompressed: options.isCompressed, isAside: false)
        try output.write { SchemaLine.append(objects, to: &$0) }
        try output.finish()
        summary.files.append(name)
    }

    private func exportNodes(
        _ txn: borrowing ReadTransaction, _ folder: String, _ summary: inout ExportSummary,
        _ hooks: FormatHooks
    ) throws {
        var parts: [[Label]: Part] = [:]
        var isSplit = true
        try txn.forEachNode { node in
            if isSplit, parts[node.labels] == nil, parts.count == Self.maximumTables {
                isSplit = false
            }
            let labels = isSplit ? node.labels : []
            if parts[labels] == nil {
                parts[labels] = newPart("nodes", node.labels.map(\.name), isSplit, parts.count)
            }
            parts[labels]?.table.note(node.properties)
            parts[labels]?.table.note(node.labels)
            return true
        }
        if !isSplit { parts = try merged(txn) }
        // An empty graph is a file with a header, so that the folder can be imported.
        if parts.isEmpty { parts[[]] = newPart("nodes", [], false, 0) }
        try open(&parts, folder, [":ID", ":LABEL"], &summary)
        try txn.forEachNode { node in
            guard let part = parts[isSplit ? node.labels : []] else { return true }
            try part.output?.write { bytes in
                part.table.append(
                    [Array(node.id.description.utf8), part.table.field(node.labels)],
                    node.properties, to: &bytes)
            }
            summary.nodes += 1
            try check(summary, folder, hooks)
            return true
        }
        for part in parts.values { try part.output?.finish() }
    }

    /// One table for all nodes, when there are too many sets of labels.
    private func merged(_ txn: borrowing ReadTransaction) throws -> [[Label]: Part] {
        var part = newPart("nodes", [], false, 0)
        try txn.forEachNode { node in
            part.table.note(node.properties)
            part.table.note(node.labels)
            return true
        }
        return [[]: part]
    }

    private func exportEdges(
        _ txn: borrowing ReadTransaction, _ folder: String, _ summary: inout ExportSummary,
        _ hooks: FormatHooks
    ) throws {
        var parts: [[EdgeType]: Part] = [:]
        let isSplit = try txn.edgeTypes().count <= Self.maximumTables
        try txn.forEachEdge { edge in
            let key = isSplit ? [edge.type] : []
            if parts[key] == nil {
                parts[key] = newPart("edges", key.map(\.name), isSplit, parts.count)
            }
            parts[key]?.table.note(edge.properties)
            return true
        }
        try open(&parts, folder, [":START_ID", ":END_ID", ":TYPE"], &summary)
        try txn.forEachEdge { edge in
            guard let part = parts[isSplit ? [edge.type] : []] else { return true }
            try part.output?.write { bytes in
                part.table.append(
                    [
                        Array(edge.source.description.utf8), Array(edge.target.description.utf8),
                        Array(edge.type.name.utf8),
                    ], edge.properties, to: &bytes)
            }
            summary.edges += 1
            try check(summary, folder, hooks)
            return true
        }
        for part in parts.values { try part.output?.finish() }
    }

    private func newPart(_ kind: String, _ names: [String], _ isSplit: Bool, _ place: Int) -> Part {
        let number = String(place + 1)
        let padded = String(repeating: "0", count: max(0, 3 - number.utf8.count)) + number
        var name = isSplit ? "\(kind)_\(padded)" : kind
        if !names.isEmpty, isSplit { name += "_" + Self.safe(names.joined(separator: "+")) }
        return Part(
            table: CSVTable(dialect: options.dialect), output: nil,
            name: "\(name).csv\(options.isCompressed ? ".gz" : "")")
    }

    /// Letters, digits, `+`, `-` and `_`; other bytes become `_`, long names are cut.
    private static func safe(_ name: String) -> String {
        String(
            decoding: name.utf8.prefix(80).map { byte -> UInt8 in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D: byte
                default: 0x5F
                }
            }, as: UTF8.self)
    }

    private func open<Key: Hashable>(
        _ parts: inout [Key: Part], _ folder: String, _ fixed: [String],
        _ summary: inout ExportSummary
    ) throws {
        for (key, var part) in parts {
            part.table.close()
            let output = try OutputFile(
                path: "\(folder)/\(part.name)", isCompressed: options.isCompressed,
                isAside: false)
            let header = part.table.header(fixed)
            try output.write { $0.append(contentsOf: header) }
            part.output = output
            parts[key] = part
        }
        summary.files += parts.values.map(\.name).sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
    }
}
