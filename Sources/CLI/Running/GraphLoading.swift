import GraphAlgorithms
import GraphFormats
import GraphStore
import PropertyGraph

/// Loads the graph that a `run` command line names.
struct GraphLoading {
    private let options: GraphOptions
    private let request: RunRequest
    private let threads: Int

    init(_ options: GraphOptions, _ request: RunRequest, _ threads: Int) {
        self.options = options
        self.request = request
        self.threads = threads
    }

    /// Loads it, and tells how long that took.
    func load(_ progress: ProgressLine) throws -> LoadedGraph {
        if let input = options.input { return try loadFile(input, progress) }
        guard options.database.path != nil || SystemCalls.environment("CAIRN_DB") != nil else {
            throw RunCommand.usage("No graph was named. Pass --input FILE or --db PATH.")
        }
        return try loadDatabase(progress)
    }

    private var isDirected: Bool {
        if options.directed { return true }
        if options.undirected { return false }
        return request.neededDirection ?? true
    }

    private func loadFile(_ path: String, _ progress: ProgressLine) throws -> LoadedGraph {
        if !UTF8Order.equal(path, "-"), SystemCalls.kind(path) == .directory {
            throw CommandError.failure(
                "'\(path)' is a folder. Name an edge list, or import the folder into a database "
                    + "and run on that.")
        }
        var format = EdgeListOptions()
        format.threads = threads
        format.weights = options.weighted ? .required : .ignored
        let reader = EdgeListReader(
            isDirected: isDirected, isSimple: options.simple, options: format)
        let hooks = FormatHooks(
            progress: { step in
                let share = step.bytesTotal.map { total in
                    total > 0 ? " \(Int(100 * Double(step.bytesDone) / Double(total))) %" : ""
                }
                progress.show(
                    "Loading \(step.file)\(share ?? ""), \(NumberText.grouped(step.rows)) edges")
            },
            isCancelled: { Interruption.isRequested })
        let start = ContinuousClock.now
        let outcome = try reader.load(path: path, nodes: options.nodes, hooks: hooks)
        let time = ContinuousClock.now - start
        progress.clear()
        return LoadedGraph(
            outcome.graph, names: outcome.graph.nodeColumns[EdgeListReader.nameColumn],
            origin: path, loadTime: time, skippedLines: outcome.problems.count,
            hasIndex: request.namesNodes)
    }

    // MARK: Databases

    private func loadDatabase(_ progress: ProgressLine) throws -> LoadedGraph {
        if options.weighted, options.weight == nil {
            throw RunCommand.usage("Name the property of edges that is their weight: --weight KEY.")
        }
        let path = try options.database.requireExisting()
        let start = ContinuousClock.now
        let database = try open(path)
        let projection = try database.read { try self.projection($0) }
        let graph =
            if let moment = try options.moment.moment() {
                try database.read(asOf: moment) { try $0.projection(projection) }
            } else {
                try database.projection(projection)
            }
        let time = ContinuousClock.now - start
        return LoadedGraph(
            graph, names: projection.nodeProperties.first.flatMap { graph.nodeColumns[$0.name] },
            origin: path, loadTime: time, hasIndex: request.namesNodes)
    }

    /// Opens the database so that the projection can be kept for the next run; where the volume
    /// does not allow writing, for reading only.
    private func open(_ path: String) throws -> GraphDatabase {
        var settings = GraphDatabaseOptions()
        settings.createsIfMissing = false
        do {
            return try GraphDatabase(path: path, options: settings)
        } catch let error as GraphStoreError where error.code != .formatTooNew {
            return try GraphDatabase.reading(path)
        }
    }

    private func projection(_ transaction: borrowing ReadTransaction) throws -> Projection {
        var labels: [Label] = []
        for name in OptionText.list(options.labels) {
            labels.append(try transaction.requireLabel(name))
        }
        var types: [EdgeType] = []
        for name in OptionText.list(options.types) {
            types.append(try transaction.requireEdgeType(name))
        }
        let weight = try options.weight.map { try transaction.requirePropertyKey($0) }
        return Projection(
            labels: labels.isEmpty ? nil : labels, types: types.isEmpty ? nil : types,
            direction: isDirected ? .natural : .undirected, weight: weight,
            isSimple: options.simple, nodeProperties: try nameKey(transaction).map { [$0] } ?? [])
    }

    /// The property that names nodes: as told, else that of the one unique constraint, else the
    /// first usual one that anything has.
    private func nameKey(_ transaction: borrowing ReadTransaction) throws -> PropertyKey? {
        if let key = options.key { return try transaction.requirePropertyKey(key) }
        let unique = Set(
            try transaction.schemaObjects().filter {
                $0.kind.isUnique && $0.properties.count == 1
            }
            .flatMap(\.properties))
        if unique.count == 1 { return unique.first }
        let keys = Set(transaction.propertyKeys())
        return ["id", "key", "name", "title"].first { keys.contains($0) }
    }
}
