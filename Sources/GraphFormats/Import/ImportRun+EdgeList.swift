import PropertyGraph

extension ImportRun {
    /// Reads an edge list: the first pass makes a node of each id it meets, the second the edges.
    ///
    /// Nodes get the label of the options, else `Node`; edges their type, else `EDGE`, and
    /// `weight` when there is a third column of numbers. The id of a node is kept as the property
    /// of the options, else as `id`: an integer when it is one, else a string.
    mutating func readEdgeList(_ source: ImportSource, _ place: Int, pass: RecordPass) throws {
        let bytes = try source.open()
        var reader = BlockReader(bytes, limits: options.limits, boundary: lastLineEnd)
        var first = try reader.next()
        guard let start = first else { return }
        let shape: EdgeListShape
        do {
            shape = try EdgeListShape(
                sniffing: start.bytes, count: start.count, options: options.edgeList)
        } catch {
            throw error.located(in: source.name, linesBefore: 0)
        }
        if pass == .nodes, let note = shape.note(on: source.name) { summary.notes.append(note) }
        let parser = EdgeListRecordParser(
            parser: EdgeListParser(shape: shape, options: options.edgeList), registry: registry,
            pass: pass,
            nodeShape: RecordShape(
                .node(options.labels.isEmpty ? ["Node"] : Set(options.labels).sorted()),
                keys: [options.idProperty ?? "id"]),
            edgeShape: RecordShape(
                .edge(options.edgeType ?? "EDGE"), keys: shape.isWeighted ? ["weight"] : []))
        var skipsHeader = shape.hasHeader
        isMakingNodes = pass == .nodes
        defer { isMakingNodes = false }
        try deliver(bytes, place, linesBefore: 0, reportsParsing: pass == .nodes) {
            guard var block = try first.take() ?? reader.next() else { return nil }
            if skipsHeader { skipsHeader = !block.blankFirstContentLine() }
            return block
        } parse: {
            parser.parse($0)
        }
    }
}

/// Turns a block of an edge list into nodes or edges. Pure: any thread may run it.
struct EdgeListRecordParser<Encoding: RecordEncoding>: Sendable {
    let parser: EdgeListParser
    let registry: EncodingRegistry<Encoding>
    let pass: RecordPass
    let nodeShape: RecordShape
    let edgeShape: RecordShape

    func parse(_ block: Block) -> RecordBatch {
        let edges = parser.parse(block)
        var batch = RecordBatch()
        batch.lines = edges.lines
        batch.problems = edges.problems
        var writer = RecordWriter(registry)
        let place = writer.place(of: pass == .nodes ? nodeShape : edgeShape, in: &batch)
        do {
            if pass == .nodes {
                var seen: Set<UInt64> = []
                for node in edges.nodes where seen.insert(node).inserted {
                    try writeNode(node, edges, place, writer, &batch)
                }
                for index in 0..<edges.count {
                    for end in [edges.source(index), edges.target(index)]
                    where seen.insert(end).inserted {
                        try writeNode(end, edges, place, writer, &batch)
                    }
                }
            } else {
                for index in 0..<edges.count {
                    try writer.write(
                        edges.weights.isEmpty ? [] : [.double(edges.weights[index])],
                        place: place, line: 1, first: id(edges.source(index), edges, &batch),
                        second: id(edges.target(index), edges, &batch), isNode: false, to: &batch)
                }
            }
        } catch {
            batch.problems.append(FormatError(.store, "\(error)", line: 1))
        }
        return batch
    }

    private func writeNode(
        _ node: UInt64, _ edges: EdgeBlock, _ place: Int, _ writer: RecordWriter<Encoding>,
        _ batch: inout RecordBatch
    ) throws {
        let id = id(node, edges, &batch)
        let value: PropertyValue =
            id.isInteger ? .integer(id.value) : .string(batch.text(of: id))
        try writer.write(
            [value], place: place, line: 1, first: id, second: nil, isNode: true, to: &batch)
    }

    private func id(_ id: UInt64, _ edges: EdgeBlock, _ batch: inout RecordBatch) -> ExternalID {
        if let names = edges.names {
            let range = names.range(Int(id))
            return batch.id(names.bytes.span, range, space: 0)
        }
        return batch.id(String(id), space: 0)
    }
}

extension EdgeBlock {
    /// The source of an edge: a number, or the position of a name.
    func source(_ index: Int) -> UInt64 {
        switch sources {
        case .narrow(let ids): UInt64(ids[index])
        case .wide(let ids): ids[index]
        }
    }

    /// The target of an edge: a number, or the position of a name.
    func target(_ index: Int) -> UInt64 {
        switch targets {
        case .narrow(let ids): UInt64(ids[index])
        case .wide(let ids): ids[index]
        }
    }
}
