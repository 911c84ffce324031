import PropertyGraph

extension ImportRun {
    /// Reads the triples of a file; nodes are made when all RDF files were read.
    mutating func readTriples(_ source: ImportSource, _ place: Int) throws {
        let store = try triples ?? TripleStore(options.rdf)
        triples = store
        let bytes = try source.open()
        let stream = try TripleStream(
            bytes, isTurtle: source.format == .turtle, number: place, limits: options.limits)
        store.begin(file: place)
        try deliver(bytes, named: source.name, place, reportsParsing: true) {
            try store.take(upTo: 4_096, from: stream)
        }
        store.end(file: place)
    }

    /// Makes the nodes, or the edges, that RDF files told of.
    mutating func storeTriples(_ place: Int, pass: RecordPass) throws {
        guard let store = triples else { return }
        let name = summary.files[place].path
        // A space of its own: numbers of resources are no ids of other files.
        let space = spaces.number(of: "\u{0}rdf")
        let records = ResourceRecords(registry: registry, options: options, space: space)
        if pass == .nodes {
            guard place == store.firstFile else { return }
            var group = 0
            try deliver(nil, named: name, place, reportsParsing: true) {
                guard group < store.groupCount else { return nil }
                defer { group += 1 }
                return records.batch(of: try store.nodes(ofGroup: group))
            }
            if store.statementsLeftOut > 0 {
                summary.notes.append(
                    "\(store.statementsLeftOut) statements about statements are nodes without "
                        + "their subject, predicate and object.")
            }
            if store.mixedLists > 0 {
                summary.notes.append(
                    "\(store.mixedLists) properties have values of several kinds and are lists of "
                        + "texts.")
            }
            return
        }
        var edges = try store.edges(ofFile: place)
        try deliver(nil, named: name, place, reportsParsing: true) {
            var found: [TripleStore.Edge] = []
            while found.count < 8_192, let edge = try edges.next() { found.append(edge) }
            return found.isEmpty ? nil : records.batch(of: found)
        }
    }
}

/// Turns what RDF files told into records.
private struct ResourceRecords<Encoding: RecordEncoding> {
    let registry: EncodingRegistry<Encoding>
    let options: ImportOptions
    /// The space of the numbers of resources.
    let space: Int32

    func batch(of nodes: [TripleStore.Node]) -> RecordBatch {
        var batch = RecordBatch()
        var writer = RecordWriter(registry)
        for node in nodes {
            let labels = node.labels.union(options.labels)
            guard labels.count <= options.limits.maximumLabels else {
                batch.problems.append(
                    FormatError(
                        .limitExceeded,
                        "A node has more labels than the limit of \(options.limits.maximumLabels).",
                        line: node.line))
                continue
            }
            let properties = node.properties.sorted { $0.key < $1.key }
            write(
                RecordShape(.node(labels.sorted()), keys: properties.map(\.key)),
                properties.map(\.value), node.line, id(node.number), nil, &writer, &batch)
        }
        return batch
    }

    func batch(of edges: [TripleStore.Edge]) -> RecordBatch {
        var batch = RecordBatch()
        var writer = RecordWriter(registry)
        for edge in edges {
            write(
                RecordShape(.edge(edge.type), keys: edge.properties.map(\.key)),
                edge.properties.map(\.value), edge.line, id(edge.source),
                id(edge.target), &writer, &batch)
        }
        return batch
    }

    private func write(
        _ shape: RecordShape, _ values: [PropertyValue?], _ line: Int, _ first: ExternalID,
        _ second: ExternalID?, _ writer: inout RecordWriter<Encoding>,
        _ batch: inout RecordBatch
    ) {
        do {
            let place = writer.place(of: shape, in: &batch)
            try writer.write(
                values, place: place, line: line, first: first, second: second,
                isNode: second == nil, to: &batch)
        } catch {
            batch.problems.append(FormatError(.store, "\(error)", line: line))
        }
    }

    private func id(_ number: UInt32) -> ExternalID {
        ExternalID(space: space, length: -1, value: Int64(number), hash: 0)
    }
}
