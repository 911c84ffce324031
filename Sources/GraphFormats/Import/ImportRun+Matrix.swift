import PropertyGraph

extension ImportRun {
    /// Reads a matrix: the first pass makes a node of each row, the second the edges.
    ///
    /// Nodes get the label of the options, else `Node`, and keep their row as the property of the
    /// options, else as `id`; edges get their type, else `EDGE`, and `weight`, an integer or a
    /// double as the matrix has it. A symmetric matrix has an edge each way.
    mutating func readMatrix(_ source: ImportSource, _ place: Int, pass: RecordPass) throws {
        let bytes = try source.open()
        var reader = BlockReader(bytes, limits: options.limits, boundary: lastLineEnd)
        guard var start = try reader.next() else {
            throw FormatError(.badHeader, "The matrix is empty.", file: source.name)
        }
        let header: MatrixMarketHeader
        do {
            header = try MatrixMarketHeader(takingFrom: &start)
        } catch {
            throw error.located(in: source.name, linesBefore: 0)
        }
        if pass == .nodes { return try makeRows(header, bytes, place) }
        let parser = MatrixRecordParser(
            header: header, registry: registry, type: options.edgeType ?? "EDGE")
        var first: Block? = start
        var entries: UInt64 = 0
        try deliver(bytes, place, linesBefore: 0, reportsParsing: true) {
            try first.take() ?? reader.next()
        } parse: {
            parser.parse($0)
        } seen: {
            entries += UInt64($0.entriesRead)
        }
        if summary.files[place].problems == 0, let error = header.miscounted(entries) {
            throw error.located(in: source.name, linesBefore: 0)
        }
    }

    private mutating func makeRows(
        _ header: MatrixMarketHeader, _ source: ByteSource, _ place: Int
    ) throws {
        let shape = RecordShape(
            .node(options.labels.isEmpty ? ["Node"] : Set(options.labels).sorted()),
            keys: [options.idProperty ?? "id"])
        let registry = registry
        var next: UInt64 = 1
        isMakingNodes = true
        defer { isMakingNodes = false }
        try deliver(source, named: source.name, place, reportsParsing: true) {
            guard next <= header.size else { return nil }
            var batch = RecordBatch()
            var writer = RecordWriter(registry)
            let shapePlace = writer.place(of: shape, in: &batch)
            let end = min(next + 8_192, header.size + 1)
            for row in next..<end {
                let value = Int64(truncatingIfNeeded: row)
                try writer.write(
                    [.integer(value)], place: shapePlace, line: 1,
                    first: ExternalID(space: 0, length: -1, value: value, hash: 0), second: nil,
                    isNode: true, to: &batch)
            }
            next = end
            return batch
        }
    }
}

/// Turns a block of entries into edges. Pure: any thread may run it.
struct MatrixRecordParser<Encoding: RecordEncoding>: Sendable {
    let header: MatrixMarketHeader
    let registry: EncodingRegistry<Encoding>
    let type: EdgeType

    func parse(_ block: Block) -> RecordBatch {
        let isWeighted = header.field != .pattern
        let parser = EdgeListParser(
            shape: header.shape(isWeighted: isWeighted), options: EdgeListOptions(),
            bounds: header.nodes)
        var edges = parser.parse(block)
        var batch = RecordBatch()
        batch.lines = edges.lines
        batch.problems = edges.problems
        batch.entriesRead = edges.count
        header.mirror(&edges)
        var writer = RecordWriter(registry)
        let place = writer.place(
            of: RecordShape(.edge(type), keys: isWeighted ? ["weight"] : []), in: &batch)
        for index in 0..<edges.count {
            do {
                try writer.write(
                    isWeighted ? [try weight(edges.weights[index])] : [], place: place, line: 1,
                    first: id(edges.source(index)), second: id(edges.target(index)),
                    isNode: false, to: &batch)
            } catch let error as FormatError {
                batch.problems.append(error)
            } catch {
                batch.problems.append(FormatError(.store, "\(error)", line: 1))
            }
        }
        return batch
    }

    private func id(_ number: UInt64) -> ExternalID {
        ExternalID(space: 0, length: -1, value: Int64(truncatingIfNeeded: number), hash: 0)
    }

    private func weight(_ value: Double) throws(FormatError) -> PropertyValue {
        guard header.field == .integer else { return .double(value) }
        guard let whole = Int64(exactly: value), whole.magnitude <= 1 << 53 else {
            throw FormatError(
                .badValue, "\(value) is no integer below 2^53; call the field real.", line: 1)
        }
        return .integer(whole)
    }
}
