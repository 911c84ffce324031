import PropertyGraph

/// One input of an import: it can be read as often as needed.
final class ImportSource {
    /// The file as the caller named it.
    let name: String
    private(set) var format: ImportFormat
    private let opener: () throws -> ByteSource

    init(name: String, format: ImportFormat, open: @escaping () throws -> ByteSource) throws {
        self.name = name
        opener = open
        self.format = format == .automatic ? try Self.detect(name, open) : format
    }

    /// Reads from the first byte.
    func open() throws -> ByteSource { try opener() }

    /// The inputs of paths: folders give their files, `-` is standard input. What is no file, such
    /// as a pipe, gives its bytes once; they are kept in a nameless temporary file, so that they
    /// can be read as often as needed.
    static func sources(
        _ paths: [String], options: ImportOptions, hooks: FormatHooks
    ) throws -> [ImportSource] {
        let found = try sources(paths, format: options.format, hooks: hooks)
        if options.format == .automatic, options.edgeType != nil {
            // The type is that of edges which name none. Where every table looks like a list of
            // them, they are; where one has a header, the others have one as well.
            let tables = found.filter { $0.format == .csv }
            if try tables.allSatisfy({ try $0.mayListEdges() }) {
                for table in tables { table.format = .edgeList }
            }
        }
        return found
    }

    private static func sources(
        _ paths: [String], format: ImportFormat, hooks: FormatHooks
    ) throws -> [ImportSource] {
        let isCancelled = hooks.isCancelled
        var found: [ImportSource] = []
        for path in paths {
            if !FileSystem.isRereadable(path) {
                let name = path == "-" ? "<stdin>" : path
                let spool = try spool(path, isCancelled)
                found.append(
                    try ImportSource(name: name, format: format) {
                        try ByteSource(descriptor: spool.reopenedForReading(), name: name)
                    })
            } else if let names = FileSystem.entries(of: path) {
                let files = names.filter { isImportable($0) }
                guard !files.isEmpty else {
                    throw FormatError(
                        .badOption,
                        "The folder holds no file whose name ends like that of a known format: "
                            + ".csv, .jsonl, .graphml, .ttl and so on, or .gz of one.",
                        file: path)
                }
                for name in files {
                    let file = "\(path)/\(name)"
                    found.append(
                        try ImportSource(name: file, format: format) {
                            try ByteSource(path: file, isCancelled: isCancelled)
                        })
                }
            } else {
                found.append(
                    try ImportSource(name: path, format: format) {
                        try ByteSource(path: path, isCancelled: isCancelled)
                    })
            }
        }
        return found
    }

    private static func spool(
        _ path: String, _ isCancelled: (@Sendable () -> Bool)?
    ) throws -> OutputDescriptor {
        let input = try InputDescriptor(path: path, isCancelled: isCancelled)
        let spool = try OutputDescriptor(nameless: FileSystem.temporaryFolder)
        var block = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = try input.read(into: &block, from: 0)
            if count == 0 { return spool }
            try spool.write(block, count: count)
        }
    }

    private static func isImportable(_ name: String) -> Bool {
        extensionFormat(name) != nil
    }

    private static func extensionFormat(_ name: String) -> ImportFormat? {
        var parts = name.lowercased().split(separator: ".").map(String.init)
        if let last = parts.last, UTF8Order.equal(last, "gz") { parts.removeLast() }
        switch parts.count > 1 ? parts.last ?? "" : "" {
        case "csv", "tsv": return .csv
        case "jsonl", "ndjson", "json": return .jsonl
        case "el", "wel", "edges", "edgelist", "e": return .edgeList
        case "graphml": return .graphML
        case "gexf": return .gexf
        case "mtx": return .matrixMarket
        case "nt", "ntriples": return .nTriples
        case "ttl", "turtle": return .turtle
        default: return nil
        }
    }

    /// The format by the name, else by the first line: `{` starts JSON, `<` XML or N-Triples,
    /// `@prefix` Turtle; `:` in a token or letters with a comma, tab or `|` make a CSV header,
    /// anything else is an edge list. Edge lists are also called `.csv` and `.tsv`, and are known by
    /// a first line of numbers alone, which no header is.
    private static func detect(
        _ name: String, _ open: () throws -> ByteSource
    ) throws -> ImportFormat {
        let known = extensionFormat(name)
        if let known, known != .csv { return known }
        let bytes = try firstBytes(of: open())
        if known == .csv { return startsWithNumbers(bytes[...]) ? .edgeList : .csv }
        if MatrixMarketHeader.starts(bytes, count: bytes.count) { return .matrixMarket }
        let start = String(decoding: bytes, as: UTF8.self)
        let trimmed = start.drop { $0.isWhitespace }
        if trimmed.hasPrefix("<") {
            // Names of elements, since comments may stand before the root.
            if start.contains("<graphml") { return .graphML }
            if start.contains("<gexf") { return .gexf }
            return .nTriples
        }
        if trimmed.hasPrefix("@prefix") || trimmed.hasPrefix("@base") { return .turtle }
        let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
        guard let first = line.first(where: { $0 > 0x20 }) else { return .edgeList }
        if first == 0x7B { return .jsonl }
        if first == 0x23 || first == 0x25 { return .edgeList }
        let hasLetters = line.contains { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }
        let hasDelimiter = line.contains { $0 == 0x2C || $0 == 0x09 || $0 == 0x7C || $0 == 0x3B }
        return line.contains(0x3A) || (hasLetters && hasDelimiter) ? .csv : .edgeList
    }

    /// The bytes that tell what a source is, without a byte order mark.
    private static func firstBytes(of source: ByteSource) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = try source.read(into: &bytes, from: 0)
        return Array(bytes[ByteOrderMark.length(in: bytes, count: count)..<count])
    }

    /// Whether the first line that is no comment has two or three fields, and none that a header
    /// of nodes or edges has.
    private func mayListEdges() throws -> Bool {
        let lines = try Self.firstBytes(of: open()).split { $0 == 0x0A || $0 == 0x0D }
        guard let line = lines.first(where: { $0.first != 0x23 && $0.first != 0x25 }),
            !line.contains(0x3A)
        else { return false }
        let fields = line.split { [0x09, 0x2C, 0x3B, 0x7C].contains($0) }
            .map { String(decoding: $0, as: UTF8.self).lowercased() }
        return (2...3).contains(fields.count) && !CSVHeader.isConventional(fields)
    }

    /// Whether the first line that is no comment holds two or three numbers and nothing else.
    private static func startsWithNumbers(_ bytes: ArraySlice<UInt8>) -> Bool {
        let lines = bytes.split { $0 == 0x0A || $0 == 0x0D }
        guard let line = lines.first(where: { $0.first != 0x23 && $0.first != 0x25 }) else {
            return false
        }
        let fields = line.split { [0x09, 0x20, 0x2C, 0x3B, 0x7C].contains($0) }
        return (2...3).contains(fields.count)
            && fields.allSatisfy { Double(String(decoding: $0, as: UTF8.self)) != nil }
    }
}
