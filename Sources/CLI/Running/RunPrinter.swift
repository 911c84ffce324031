import GraphAlgorithms
import PropertyGraph

/// Prints what an algorithm found.
struct RunPrinter {
    let console: Console
    let loaded: LoadedGraph
    let request: RunRequest
    let threads: Int

    /// Prints one run in the format asked for.
    func print(
        _ algorithm: AlgorithmDescriptor, at place: Int, _ output: AlgorithmOutput,
        runTime: Duration, written: PropertyWriter.Summary?
    ) throws {
        let file = request.output.map { name in Self.fileName(name, algorithm) }
        if let file {
            try write(output, to: file)
            if UTF8Order.equal(file, "-") {
                // Rows alone, so that whoever reads them meets nothing else.
                for line in writtenText(at: place, written) { try console.note(line) }
                if request.showsTimings {
                    try console.note(
                        "load \(DurationText.words(loaded.loadTime)), run \(DurationText.words(runTime))"
                    )
                }
                return
            }
        }
        switch console.format {
        case .json, .jsonl:
            try console.printLine(
                object(algorithm, at: place, output, runTime, file, written))
        case .plain, .csv:
            guard file == nil else { return }
            try RowWriter(output, loaded, .init(console.format)).write(to: console.output)
        case .table:
            try printForPeople(algorithm, at: place, output, runTime)
            try printDeeds(at: place, output, file, written)
        }
        try console.output.flush()
    }

    /// Writes the rows, or the document that the algorithm made.
    private func write(_ output: AlgorithmOutput, to file: String) throws {
        let stream = try OutputStream.openWhole(file)
        if let document = output.document {
            for start in stride(from: 0, to: document.count, by: 1 << 20) {
                if Interruption.isRequested { throw CommandError.interrupted }
                let end = min(start + 1 << 20, document.count)
                try stream.write { $0 += document[start..<end] }
            }
        } else {
            let format: RowWriter.Format =
                UTF8Order.equal(file, "-") ? .init(console.format) : request.rowFormat
            try RowWriter(output, loaded, format).write(to: stream)
        }
        try stream.finish()
    }

    private static func fileName(_ name: String, _ algorithm: AlgorithmDescriptor) -> String {
        guard let range = name.firstRange(of: "{algorithm}") else { return name }
        return name[..<range.lowerBound] + algorithm.name + name[range.upperBound...]
    }

    // MARK: For programs

    private func object(
        _ algorithm: AlgorithmDescriptor, at place: Int, _ output: AlgorithmOutput,
        _ runTime: Duration, _ file: String?, _ written: PropertyWriter.Summary?
    ) -> JSON {
        let given = request.parameters(at: place)
        var members: [(String, JSON)] = [
            ("algorithm", .string(algorithm.name)),
            (
                "graph",
                .object([
                    ("nodes", .count(loaded.graph.nodeCount)),
                    ("edges", .count(loaded.graph.edgeCount)),
                    ("directed", .boolean(loaded.graph.isDirected)),
                    ("weighted", .boolean(loaded.graph.isWeighted)),
                ])
            ),
            (
                "parameters",
                .object(
                    given.keys.sorted(by: UTF8Order.precedes).map {
                        ($0, .optional(given[$0]))
                    })
            ),
            ("threads", .count(threads)),
        ]
        if loaded.skippedLines > 0 {
            members.append(("skipped_lines", .count(loaded.skippedLines)))
        }
        if request.showsTimings {
            members.append(
                (
                    "timings",
                    .object([
                        ("load_ms", .double(DurationText.milliseconds(loaded.loadTime))),
                        ("run_ms", .double(DurationText.milliseconds(runTime))),
                    ])
                ))
        }
        members.append(
            ("result_summary", .object(output.summary.map { ($0.name, json($0.value)) })))
        if let top = request.top {
            members.append(("top", .array(self.top(top, algorithm, output))))
        }
        if let file { members.append(("output", .string(file))) }
        if let written {
            members.append(("written", self.written(written, at: place)))
        }
        return .object(members)
    }

    private func top(
        _ count: Int, _ algorithm: AlgorithmDescriptor, _ output: AlgorithmOutput
    ) -> [JSON] {
        if let ranking = GroupRanking(algorithm, output, count: count) {
            return ranking.groups.map {
                .object([(ranking.name, loaded.name($0.label)), ("nodes", .count($0.size))])
            }
        }
        let order = Ranking.order(algorithm, output, isAsked: true)
        return Ranking(output, count: count, order: order).rows.map { .object(row(output, $0)) }
    }

    private func written(_ summary: PropertyWriter.Summary, at place: Int) -> JSON {
        .object([
            (
                "properties",
                .array(request.targets(at: place).map { .string($0.property.name) })
            ),
            ("nodes", .count(summary.written)), ("cleared", .count(summary.cleared)),
            ("missing", .count(summary.missing)),
        ])
    }

    private func row(_ output: AlgorithmOutput, _ row: Int) -> [(String, JSON)] {
        let leading: [(String, JSON)] =
            output.rows == .nodes
            ? [("node", loaded.name(UInt32(truncatingIfNeeded: row)))] : []
        return leading + output.columns.map { ($0.name, json($0[row])) }
    }

    private func json(_ value: OutputValue?) -> JSON {
        switch value {
        case nil: .null
        case .integer(let value): .integer(value)
        case .double(let value): .double(value)
        case .string(let value): .string(value)
        case .boolean(let value): .boolean(value)
        case .node(let node): loaded.name(node)
        case .nodes(let nodes): .array(nodes.map { loaded.name($0) })
        case .vector(let numbers): .array(numbers.map { .double(Double($0)) })
        }
    }

    // MARK: For people

    private func printForPeople(
        _ algorithm: AlgorithmDescriptor, at place: Int, _ output: AlgorithmOutput,
        _ runTime: Duration
    ) throws {
        let graph = loaded.graph
        let style = console.style
        if place > 0 { try console.output.line() }
        let kind =
            (graph.isDirected ? "directed" : "undirected") + (graph.isWeighted ? ", weighted" : "")
        let size =
            NumberText.counted(graph.nodeCount, "node") + ", "
            + NumberText.counted(graph.edgeCount, "edge")
        try console.output.line(
            "\(style.bold(algorithm.name))  \(style.dim("\(size), \(kind)"))"
        )
        var details = Details()
        for entry in output.summary {
            details.add(
                entry.name, "  " + RankingText.words(entry.name), .string(text(entry.value)))
        }
        if request.showsTimings {
            details.add("load_ms", "  load", .string(DurationText.words(loaded.loadTime)))
            details.add("run_ms", "  run", .string(DurationText.words(runTime)))
        }
        try console.print(details)
        try printTop(algorithm, output)
    }

    /// Tells what was written, and where.
    private func printDeeds(
        at place: Int, _ output: AlgorithmOutput, _ file: String?,
        _ written: PropertyWriter.Summary?
    ) throws {
        if let file {
            let size =
                output.document.map { NumberText.bytes($0.count) }
                ?? NumberText.counted(output.columns.first?.count ?? 0, "row")
            try console.output.line("\nWrote \(size) to \(file).")
        } else if file == nil, output.document != nil {
            try console.output.line("\nNothing was kept; --output FILE writes the index.")
        }
        for line in writtenText(at: place, written) { try console.output.line("\n" + line) }
    }

    /// What was written into the database; nothing when nothing was.
    private func writtenText(at place: Int, _ written: PropertyWriter.Summary?) -> [String] {
        guard let written else { return [] }
        let names = request.targets(at: place).map { "'\($0.property.name)'" }
        var text = "Wrote \(names.joined(separator: ", ")) of "
        text += "\(NumberText.counted(written.written, "node")) to \(loaded.origin)"
        if written.cleared > 0 {
            text += "; removed from \(NumberText.grouped(written.cleared)) without a value"
        }
        if written.missing > 0 {
            text += "; \(NumberText.grouped(written.missing)) were deleted meanwhile"
        }
        return [text + "."]
    }

    private func printTop(_ algorithm: AlgorithmDescriptor, _ output: AlgorithmOutput) throws {
        if let ranking = GroupRanking(algorithm, output, count: request.top ?? 10) {
            return try printGroups(ranking)
        }
        let order = Ranking.order(algorithm, output, isAsked: request.top != nil)
        let count = request.top ?? (order != .none || output.rows != .nodes ? 10 : 0)
        guard count > 0, !isTold(output), let first = output.columns.first else { return }
        let ranking = Ranking(output, count: count, order: order)
        guard !ranking.rows.isEmpty else { return }
        try console.output.line()
        if ranking.order != .none {
            let heading = RankingText.heading(
                first.name, ranking.rows.count, ranking.order, ofNodes: output.rows == .nodes)
            try console.output.line(console.style.dim(heading))
        }
        let leading: [Listing.Column] = output.rows == .nodes ? [.init("node", "Node")] : []
        var listing = Listing(
            leading + output.columns.map { .init($0.name, RankingText.title($0.name)) }, ifEmpty: ""
        )
        listing.rows = ranking.rows.map { place in
            let name: [JSON] =
                output.rows == .nodes ? [loaded.name(UInt32(truncatingIfNeeded: place))] : []
            return name + output.columns.map { cell($0[place]) }
        }
        try console.print(listing)
        let rest = first.count - ranking.rows.count
        if rest > 0, output.rows != .nodes, request.output == nil {
            try console.output.line(
                console.style.dim(
                    "… and \(NumberText.counted(rest, "row")) more; --output FILE has all"))
        }
    }

    /// Whether the one record of a single question is told by the summary already.
    private func isTold(_ output: AlgorithmOutput) -> Bool {
        // Only a path tells its ends; those of an edge stand nowhere else.
        guard output.rows == .records(1), output.column("path") != nil else { return false }
        let ends = ["source", "target"]
        return output.columns.allSatisfy { column in
            output.summary.contains { UTF8Order.equal($0.name, column.name) }
                || ends.contains { UTF8Order.equal($0, column.name) }
        }
    }

    private func printGroups(_ ranking: GroupRanking) throws {
        guard !ranking.groups.isEmpty else { return }
        let count = ranking.groups.count
        let title =
            count == 1
            ? "The largest, named by its lowest node"
            : "The \(count) largest, each named by its lowest node"
        try console.output.line()
        try console.output.line(console.style.dim(title))
        var listing = Listing(
            [.init(ranking.name, RankingText.title(ranking.name)), .init("nodes", "Nodes")],
            ifEmpty: "")
        listing.rows = ranking.groups.map {
            [loaded.name($0.label), .string(NumberText.grouped($0.size))]
        }
        try console.print(listing)
    }

    /// A value in a row of a table.
    private func cell(_ value: OutputValue?) -> JSON {
        switch value {
        case .double(let value): .string(NumberText.significant(value))
        case .nodes(let nodes):
            .string(nodes.map { loaded.name($0).cellText() }.joined(separator: " "))
        case .vector(let numbers): .string(RankingText.vector(numbers))
        default: json(value)
        }
    }

    private func text(_ value: OutputValue?) -> String {
        switch value {
        case nil: "none"
        case .integer(let value): NumberText.grouped(Int(value))
        case .double(let value): NumberText.significant(value)
        case .nodes(let nodes): nodes.map { loaded.name($0).cellText() }.joined(separator: " ")
        default: json(value).cellText()
        }
    }
}
