import PropertyGraph

extension ImportRun {
    /// Reads GraphML or GEXF; returns whether records of the other pass were met.
    mutating func readXML(
        _ source: ImportSource, _ place: Int, pass: RecordPass
    ) throws -> Bool {
        let collector = RecordCollector(registry, pass: pass, options: options)
        if source.format == .gexf {
            let handler = GEXFHandler(collector)
            let sawOthers = try readXML(source, place, pass, handler) { handler.collector.take() }
            if pass == .nodes { note(handler.notes, of: source) }
            return sawOthers
        }
        let handler = GraphMLHandler(collector)
        let sawOthers = try readXML(source, place, pass, handler) { handler.collector.take() }
        if pass == .nodes { note(handler.notes, of: source) }
        return sawOthers
    }

    private mutating func readXML(
        _ source: ImportSource, _ place: Int, _ pass: RecordPass, _ handler: any XMLHandler,
        take: () -> RecordBatch
    ) throws -> Bool {
        let bytes = try source.open()
        let stream = try XMLStream(bytes, handler, limits: options.limits)
        var sawOthers = false
        var failure: FormatError?
        // Both passes meet each problem, the first reports it.
        try deliver(bytes, named: source.name, place, reportsParsing: pass == .nodes) {
            if let failure { throw failure }
            do throws(FormatError) {
                guard try stream.next() else { return nil }
            } catch {
                // What came before it in the file is told first.
                failure = error
            }
            let batch = take()
            sawOthers = sawOthers || batch.hasUnwanted
            return batch
        }
        return sawOthers
    }

    /// Tells what was left out of a file.
    mutating func note(_ sentences: [String], of source: ImportSource) {
        summary.notes += sentences.map { "\(source.name): \($0)" }
    }
}
