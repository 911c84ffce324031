import GraphAlgorithms
import GraphFormats
import GraphStore
import PropertyGraph

/// Loads the graph that a `run` command line names.
struct GraphLoading {
    private let options: GraphOptions
    private let request: RunRequest
    private let source: GraphSource
    private let threads: Int
    private let isDirected: Bool

    /// - Throws: A sentence about options and algorithms that do not go together.
    init(
        _ options: GraphOptions, _ request: RunRequest, _ source: GraphSource, _ threads: Int
    ) throws {
        self.options = options
        self.request = request
        self.source = source
        self.threads = threads
        isDirected = try request.isDirected(options)
        try request.checkWeights(options, source)
        guard request.writes else { return }
        guard case .database = source else {
            throw RunCommand.usage(
                "--write puts properties into the nodes of a database; a file has none. Use "
                    + "--output, or import the file first.")
        }
        if options.moment.text != nil {
            throw RunCommand.usage(
                "What was cannot be written to: --at and --write exclude each other.")
        }
    }

    /// Loads it, and tells how long that took.
    func load(_ memory: MemoryGuard, _ progress: ProgressLine) throws -> LoadedGraph {
        switch source {
        case .file(let path):
            try memory.check(loading: path, weighted: options.weighted)
            return try loadFile(path, progress)
        case .database(let path): return try loadDatabase(path, memory, progress)
        }
    }

    private func loadFile(_ path: String, _ progress: ProgressLine) throws -> LoadedGraph {
        if !UTF8Order.equal(path, "-"), SystemCalls.kind(path) == .directory {
            throw CommandError.failure(
                "'\(path)' is a folder. Name an edge list, or import the folder into a database "
                    + "and run on that.")
        }
        if let nodes = options.nodes, SystemCalls.kind(nodes) == .directory {
            throw CommandError.failure(
                "'\(nodes)' is a folder. --nodes takes a file that names a node on each line.")
        }
        var format = EdgeListOptions()
        format.threads = threads
        format.weights = options.weighted ? .required : .ignored
        format.gaps = options.fillsIDs ? .kept : .dropped
        format.row = options.adjacency ? .adjacency : .edge
        format.hasHeader = options.header
        let groups = try request.groupNames.map { try GroupFile(path: $0) }
        var reader = EdgeListReader(
            isDirected: isDirected, isSimple: options.simple, options: format)
        reader.nodeColumns = request.columnNames
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
        var loaded = LoadedGraph(
            outcome.graph, names: outcome.graph.nodeColumns[EdgeListReader.nameColumn],
            origin: path, loadTime: time, skippedLines: outcome.problems.count,
            notes: outcome.notes, hasIndex: request.namesNodes || !groups.isEmpty)
        try loaded.add(groups)
        return loaded
    }

    // MARK: Databases

    private func loadDatabase(
        _ path: String, _ memory: MemoryGuard, _ progress: ProgressLine
    ) throws -> LoadedGraph {
        let start = ContinuousClock.now
        let database = try open(path)
        let (projection, nameKey, groupFiles) = try database.read { transaction in
            let key = try self.nameKey(transaction)
            let projection = try self.projection(transaction, key)
            // A projection that lies in a file is mapped, and takes no memory of its own.
            if try !ProjectionKeeper(projection).isOnFile(of: database, seenBy: transaction) {
                try memory.check(
                    projecting: path, nodes: try self.nodeCount(projection, transaction),
                    edges: try self.edgeCount(projection, transaction),
                    columns: projection.nodeProperties.count, weighted: projection.weight != nil)
            }
            return (projection, key, try self.groupFiles(transaction))
        }
        // Read before the graph is, so that a wrong one is told at once.
        let groups = try groupFiles.map { try GroupFile(path: $0) }
        let hooks = ProjectionHooks(
            progress: { step in
                let total = step.total.map { " of \(NumberText.grouped($0))" } ?? ""
                progress.show(
                    "Projecting \(path): \(step.phase) \(NumberText.grouped(step.completed))\(total)"
                )
            },
            isCancelled: { Interruption.isRequested })
        let graph =
            if let moment = try options.moment.moment() {
                try database.read(asOf: moment) { try $0.projection(projection, hooks: hooks) }
            } else {
                try database.projection(projection, hooks: hooks)
            }
        let time = ContinuousClock.now - start
        progress.clear()
        var loaded = LoadedGraph(
            graph, names: nameKey.flatMap { graph.nodeColumns[$0.name] },
            nameKey: nameKey, origin: path, loadTime: time, database: database,
            hasIndex: request.namesNodes || !groups.isEmpty)
        try loaded.add(groups)
        for name in request.groupNames where !groupFiles.contains(name) {
            try loaded.check(groups: name)
        }
        return loaded
    }

    /// How many nodes a projection has at most.
    private func nodeCount(
        _ projection: Projection, _ transaction: borrowing ReadTransaction
    ) throws -> Int {
        guard let labels = projection.labels else { return try transaction.nodeCount(label: nil) }
        return try labels.reduce(0) { $0 + (try transaction.nodeCount(label: $1)) }
    }

    /// How many edges a projection has at most.
    private func edgeCount(
        _ projection: Projection, _ transaction: borrowing ReadTransaction
    ) throws -> Int {
        guard let types = projection.types else { return try transaction.edgeCount(type: nil) }
        return try types.reduce(0) { $0 + (try transaction.edgeCount(type: $1)) }
    }

    /// The groups that are in files, for the database has no property of the name.
    private func groupFiles(_ transaction: borrowing ReadTransaction) throws -> [String] {
        let keys = Set(transaction.propertyKeys())
        return try request.groupNames.filter { name in
            if keys.contains(PropertyKey(name)) { return false }
            guard SystemCalls.kind(name) == .nothing else { return true }
            throw CommandError.failure(
                "'\(name)' is neither a property of the database nor a file."
                    + NearMiss.hint(for: name, among: keys.map(\.name).sorted()))
        }
    }

    /// Opens the database so that the projection can be kept for the next run; where the volume
    /// does not allow writing, and nothing is to be written, for reading only.
    private func open(_ path: String) throws -> GraphDatabase {
        var settings = try GraphDatabaseOptions.ofEnvironment()
        settings.createsIfMissing = false
        do {
            return try GraphDatabase(path: path, options: settings)
        } catch let error as GraphStoreError where error.code != .formatTooNew && !request.writes {
            return try GraphDatabase.reading(path)
        }
    }

    private func projection(
        _ transaction: borrowing ReadTransaction, _ nameKey: PropertyKey?
    ) throws -> Projection {
        var labels: [Label] = []
        for name in OptionText.list(options.labels) {
            labels.append(try transaction.requireLabel(name))
        }
        var types: [EdgeType] = []
        for name in OptionText.list(options.types) {
            types.append(try transaction.requireEdgeType(name))
        }
        let known = Set(transaction.propertyKeys())
        var columns = nameKey.map { [$0] } ?? []
        for key in request.columnNames.map({ PropertyKey($0) })
        where known.contains(key) && !columns.contains(key) { columns.append(key) }
        let weight = try options.weight.map { try transaction.requirePropertyKey($0) }
        return Projection(
            labels: labels.isEmpty ? nil : labels, types: types.isEmpty ? nil : types,
            direction: isDirected ? .natural : .undirected, weight: weight,
            isSimple: options.simple, nodeProperties: columns)
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
