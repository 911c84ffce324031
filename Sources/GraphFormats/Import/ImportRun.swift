import GraphStore
import PropertyGraph

/// One import: reads every source in two passes, nodes before edges, into a sink.
///
/// The calling thread reads blocks, delivers batches in order and is the only one to touch the
/// sink; workers parse and encode between.
struct ImportRun<Sink: GraphSink> {
    let options: ImportOptions
    let sink: Sink
    let log: ProblemLog
    let hooks: FormatHooks
    let registry = EncodingRegistry<Sink.Encoding>()
    var directory = NodeDirectory()
    var spaces = IDSpaces()
    var summary = ImportSummary()
    /// What the RDF files say: all of them, since each may add to what is known of a node.
    var triples: TripleStore?
    /// Whether all nodes were read, so that the directory changes no more.
    private var isReadingEdges = false
    /// Whether nodes are made of mentions, so that an id met again is no error.
    var isMakingNodes = false
    /// Where the files name each node.
    private var lines = NodeLines()

    init(options: ImportOptions, sink: Sink, log: ProblemLog, hooks: FormatHooks) {
        self.options = options
        self.sink = sink
        self.log = log
        self.hooks = hooks
        _ = spaces.number(of: "")
    }

    /// Reads everything; the sink is left uncommitted.
    mutating func run(_ sources: [ImportSource]) throws {
        summary.files = sources.map {
            ImportSummary.FileSummary(path: $0.name, format: $0.format)
        }
        var hasEdges = [Bool](repeating: false, count: sources.count)
        for (place, source) in sources.enumerated() {
            hasEdges[place] = try readNodes(source, place)
        }
        for place in sources.indices { try storeTriples(place, pass: .nodes) }
        isReadingEdges = true
        for (place, source) in sources.enumerated() where hasEdges[place] {
            try readEdges(source, place)
        }
        try log.flush()
        summary.problems = log.summary
    }

    /// The first pass over a source; returns whether it needs the second.
    private mutating func readNodes(_ source: ImportSource, _ place: Int) throws -> Bool {
        switch source.format {
        case .csv, .automatic:
            let file = try CSVFile(source.open(), options: options)
            if file.header.kind == .edges { return true }
            try readCSV(file, source, place)
            return false
        case .jsonl:
            var sawEdges = false
            try readJSON(source, place, pass: .nodes) { sawEdges = sawEdges || $0 }
            return sawEdges
        case .edgeList:
            try readEdgeList(source, place, pass: .nodes)
            return true
        case .matrixMarket:
            try readMatrix(source, place, pass: .nodes)
            return true
        case .graphML, .gexf: return try readXML(source, place, pass: .nodes)
        case .nTriples, .turtle:
            try readTriples(source, place)
            return true
        }
    }

    private mutating func readEdges(_ source: ImportSource, _ place: Int) throws {
        switch source.format {
        case .csv, .automatic:
            try readCSV(CSVFile(source.open(), options: options), source, place)
        case .jsonl: try readJSON(source, place, pass: .edges) { _ in }
        case .edgeList: try readEdgeList(source, place, pass: .edges)
        case .matrixMarket: try readMatrix(source, place, pass: .edges)
        case .graphML, .gexf: _ = try readXML(source, place, pass: .edges)
        case .nTriples, .turtle: try storeTriples(place, pass: .edges)
        }
    }

    private mutating func readCSV(
        _ file: CSVFile, _ source: ImportSource, _ place: Int
    ) throws {
        var file = file
        if file.header.columns.contains(where: { $0.type == nil && $0.key != nil }) {
            let again = try CSVFile(source.open(), options: options)
            try locating(source.name, lines: { file.headerLines }) {
                let types = try CSVInference.run(again, options: options, hooks: hooks)
                for (column, type) in types.enumerated()
                where file.header.columns[column].type == nil {
                    file.header.columns[column].type = ValueType(type ?? .string)
                }
            }
        }
        let parser = csvParser(file, source)
        var reader = file.blocks(limits: options.limits)
        try deliver(file.source, place, linesBefore: file.headerLines, reportsParsing: true) {
            try reader.next()
        } parse: {
            parser.parse($0)
        }
    }

    private mutating func csvParser(
        _ file: CSVFile, _ source: ImportSource
    ) -> CSVRecordParser<Sink.Encoding> {
        var header = file.header
        let stem = FileStem(path: source.name)
        var numbers: [Int32] = []
        for (index, column) in header.columns.enumerated() {
            switch column.role {
            case .id(let space), .start(let space), .end(let space):
                numbers.append(spaces.number(of: space))
            default: numbers.append(0)
            }
            if case .id = column.role, column.key == nil, let key = options.idProperty {
                header.columns[index].key = key
                header.columns[index].type = column.type ?? ValueType(.string)
            }
        }
        let hasKind = header.columns.contains { $0.role == .labels || $0.role == .type }
        let labels = options.labels.isEmpty ? [Label(stem.label)] : options.labels
        return CSVRecordParser(
            header: header, scanner: file.scanner, registry: registry, limits: options.limits,
            defaultLabels: Set(labels).sorted(), extraLabels: Set(options.labels).sorted(),
            defaultType: options.edgeType ?? EdgeType(stem.edgeType), hasKindColumn: hasKind,
            spaces: numbers)
    }

    private mutating func readJSON(
        _ source: ImportSource, _ place: Int, pass: RecordPass, sawEdges: (Bool) -> Void
    ) throws {
        let parser = JSONRecordParser(
            registry: registry, limits: options.limits, wanted: pass, extraLabels: options.labels,
            typeOverride: options.edgeType, idKey: options.idProperty)
        let bytes = try source.open()
        var reader = BlockReader(bytes, limits: options.limits, boundary: lastLineEnd)
        var skipsSchema = try source.schema(limits: options.limits) != nil
        try deliver(bytes, place, linesBefore: 0, reportsParsing: pass == .nodes) {
            guard var block = try reader.next() else { return nil }
            if skipsSchema { skipsSchema = !block.blankFirstContentLine() }
            return block
        } parse: {
            parser.parse($0)
        } seen: {
            sawEdges($0.hasUnwanted)
        }
    }

    /// Runs blocks through a parser and hands the records to the sink.
    ///
    /// - Parameter reportsParsing: whether this pass reports what the parser found wrong; the
    ///   other pass over the same bytes then leaves it out.
    mutating func deliver(
        _ source: ByteSource, _ place: Int, linesBefore: Int, reportsParsing: Bool,
        next: () throws -> Block?, parse: @escaping @Sendable (Block) -> RecordBatch,
        seen: (RecordBatch) -> Void = { _ in }
    ) throws {
        var lines = linesBefore
        sink.begin(file: place)
        let problemsBefore = log.summary.count
        try locating(source.name, lines: { lines }) {
            // All nodes are there when the edges come, so that workers find their ends.
            let known = isReadingEdges ? directory : nil
            try OrderedPipeline.run(threads: options.threads, next: next) { block in
                var batch = parse(block)
                if let known { batch.findEnds(in: known) }
                return batch
            } deliver: { batch in
                seen(batch)
                try take(batch, source.name, place, &lines, reportsParsing: reportsParsing)
                try hooks.check(source, rows: summary.nodes + summary.edges)
            }
        }
        summary.files[place].problems += log.summary.count - problemsBefore
    }

    /// Hands the batches of a reader that works from end to end to the sink.
    ///
    /// - Parameter source: what is read; nil when everything was read before.
    mutating func deliver(
        _ source: ByteSource?, named name: String, _ place: Int, reportsParsing: Bool,
        next: () throws -> RecordBatch?
    ) throws {
        var lines = 0
        sink.begin(file: place)
        let problemsBefore = log.summary.count
        while let batch = try next() {
            try take(batch, name, place, &lines, reportsParsing: reportsParsing)
            if let source {
                try hooks.check(source, rows: summary.nodes + summary.edges)
            } else if hooks.isCancelled?() == true {
                throw FormatError(.cancelled, "Stopped as asked; nothing was kept.")
            }
        }
        summary.files[place].problems += log.summary.count - problemsBefore
    }

    private mutating func take(
        _ batch: RecordBatch, _ file: String, _ place: Int, _ lines: inout Int,
        reportsParsing: Bool
    ) throws {
        var problems = reportsParsing ? batch.problems : []
        do {
            try store(batch, place, lines, &problems)
        } catch let error as FormatError {
            throw error.located(in: file, linesBefore: lines)
        }
        // Problems of two origins: the first line of them is the one to stop at.
        problems.sort { ($0.line ?? 0) < ($1.line ?? 0) }
        try log.add(problems, in: file, linesBefore: lines)
        lines += batch.lines
    }

    /// Puts file and line to errors that reading throws without them.
    private func locating(
        _ file: String, lines: () -> Int, _ body: () throws -> Void
    ) throws {
        do {
            try body()
        } catch let error as FormatError where error.code == .limitExceeded && error.line == 1 {
            throw error.located(in: file, linesBefore: lines())
        }
    }

    private mutating func store(
        _ batch: RecordBatch, _ place: Int, _ linesBefore: Int, _ problems: inout [FormatError]
    ) throws {
        var places: [Int] = []
        for (number, shape) in batch.newShapes.enumerated() {
            let sink = sink
            do {
                places.append(try registry.place(of: shape) { try sink.encoding(for: shape) })
            } catch let error as GraphStoreError where error.code == .invalidName {
                let first = batch.entries.first { $0.shape == -1 - number }
                throw FormatError(.limitExceeded, error.message, line: first?.line)
            }
        }
        let known = registry.snapshot
        // Taken out once for records of one kind, which stand together.
        var last = -1
        var encoding: Sink.Encoding?
        for entry in batch.entries {
            let shape = entry.shape >= 0 ? entry.shape : places[-1 - entry.shape]
            if shape != last {
                encoding = known.encodings[shape]
                last = shape
            }
            do {
                if entry.isNode {
                    guard
                        try storeNode(
                            entry, known.shapes[shape], encoding, batch, place, linesBefore)
                    else {
                        continue
                    }
                    summary.nodes += 1
                    summary.files[place].nodes += 1
                } else {
                    try storeEdge(entry, known.shapes[shape], encoding, batch)
                    summary.edges += 1
                    summary.files[place].edges += 1
                }
            } catch let error as FormatError {
                var error = error
                error.line = entry.line
                problems.append(error)
            } catch let error as GraphStoreError
                where error.code == .existenceViolation || error.code == .typeViolation
            {
                // A load ends with a row that breaks a constraint, so it cannot be skipped.
                throw FormatError(.store, error.message, line: entry.line)
            }
        }
    }

    /// Stores a node; false when it is there already and may be.
    private mutating func storeNode(
        _ entry: RecordBatch.Entry, _ shape: @autoclosure () -> RecordShape,
        _ encoding: Sink.Encoding?, _ batch: RecordBatch, _ place: Int, _ linesBefore: Int
    ) throws -> Bool {
        if let id = entry.first, let earlier = directory.node(id, in: batch) {
            if isMakingNodes { return false }
            let first = lines.place(of: earlier).map {
                ", at \(summary.files[$0.file].path):\($0.line)"
            }
            throw FormatError(
                .duplicateKey,
                """
                A node with id '\(batch.text(of: id).prefix(60))' is there already\(first ?? ""); \
                drop one, or use id spaces.
                """)
        }
        let node: NodeID
        if entry.shape >= 0, let encoding {
            node = try sink.addNode(encoding, batch.bytes.span.extracting(entry.payload))
        } else {
            let values = batch.values[entry.payload.lowerBound]
            if let encoding {
                var bytes: [UInt8] = []
                try encode(values, encoding, into: &bytes)
                node = try sink.addNode(encoding, bytes.span)
            } else {
                node = try sink.putNode(shape(), values)
            }
        }
        if let id = entry.first {
            try directory.insert(id, node: node, in: batch)
            if !isMakingNodes { lines.add(node, file: place, line: linesBefore + entry.line) }
        }
        return true
    }

    private mutating func storeEdge(
        _ entry: RecordBatch.Entry, _ shape: @autoclosure () -> RecordShape,
        _ encoding: Sink.Encoding?, _ batch: RecordBatch
    ) throws {
        guard let first = entry.first, let second = entry.second else { return }
        let source = try entry.source ?? end(first, batch)
        let target = try entry.target ?? end(second, batch)
        if entry.shape >= 0, let encoding {
            try sink.addEdge(
                encoding, source: source, target: target,
                batch.bytes.span.extracting(entry.payload))
            return
        }
        let values = batch.values[entry.payload.lowerBound]
        if let encoding {
            var bytes: [UInt8] = []
            try encode(values, encoding, into: &bytes)
            try sink.addEdge(encoding, source: source, target: target, bytes.span)
        } else {
            try sink.putEdge(shape(), source: source, target: target, values)
        }
    }

    private func encode(
        _ values: [PropertyValue?], _ encoding: Sink.Encoding, into bytes: inout [UInt8]
    ) throws {
        do {
            try encoding.encode(values, into: &bytes)
        } catch {
            throw FormatError(.store, "\(error)")
        }
    }

    /// The node at the end of an edge.
    private func end(_ id: ExternalID, _ batch: RecordBatch) throws -> NodeID {
        if let node = directory.node(id, in: batch) { return node }
        let text = batch.text(of: id)
        if let node = try sink.existingNode(text) { return node }
        throw FormatError(
            .danglingEdge,
            """
            The edge names node '\(text.prefix(60))', which no file holds; add the node, check the \
            id space, or drop the edge.
            """)
    }

    /// The same failure, and where the files hold the nodes it is about: the ids it names were given
    /// by the load that failed.
    func located(_ error: GraphStoreError) -> GraphStoreError {
        let places = error.nodes.prefix(8).compactMap { node in
            lines.place(of: node).map {
                "node \(node) at \(summary.files[$0.file].path):\($0.line)"
            }
        }
        guard let last = places.last else { return error }
        let others = places.dropLast().joined(separator: ", ")
        return GraphStoreError(
            error.code,
            "\(error.message) The files have \(others.isEmpty ? last : "\(others) and \(last)").",
            cause: error.cause, nodes: error.nodes)
    }
}
