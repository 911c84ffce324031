public import GraphStore
import PropertyGraph

/// Imports files into a database: all of it in one atomic step, or nothing.
///
/// Node files come before edge files whatever their order in the list. Readers see the database
/// as it was until the one commit at the end; an import that fails, is cancelled or dies leaves
/// nothing. Memory holds the ids of the files' nodes (some 32 bytes each) and a few blocks;
/// records wait in a temporary file.
public struct GraphImporter: Sendable {
    /// How files are read and what to do with them.
    public var options: ImportOptions

    /// Makes an importer.
    public init(options: ImportOptions = ImportOptions()) { self.options = options }

    /// Imports files, folders of files, or `-` for standard input.
    ///
    /// - Throws: `FormatError` with file, line and column; `GraphStoreError`, for example when a
    ///   unique constraint of the database is broken.
    @discardableResult
    public func run(
        _ paths: [String], into database: GraphDatabase, hooks: FormatHooks = FormatHooks()
    ) throws -> ImportSummary {
        try run(
            ImportSource.sources(paths, options: options, hooks: hooks),
            into: database, hooks: hooks)
    }

    /// Imports into a database that does not exist yet: built aside and renamed at the end.
    ///
    /// This is the fastest way in. There is nothing to merge with, so a merge key has no effect.
    /// Properties that hold the ids of the files become unique, and the first number of an edge
    /// file is kept beside the neighbours; `notes` of the summary tell. Where files or options bring
    /// a schema, that is declared, and nothing beside it.
    ///
    /// - Throws: `FormatError` with file, line and column; `GraphStoreError` when there is a
    ///   database at the directory already.
    @discardableResult
    public func run(
        _ paths: [String], creating directory: String, hooks: FormatHooks = FormatHooks()
    ) throws -> ImportSummary {
        let sources = try ImportSource.sources(paths, options: options, hooks: hooks)
        let schema = try declarations(sources)
        let plan = schema.isEmpty ? try DeclarationPlan(sources, options: options) : nil
        var loader = try BulkLoader(creating: directory, options: bulkOptions(hooks))
        for object in schema { try loader.declare(object) }
        return try load(sources, BulkSink(loader, plan: plan), schema, hooks)
    }

    func run(
        _ sources: [ImportSource], into database: GraphDatabase, hooks: FormatHooks
    ) throws -> ImportSummary {
        if options.mergeKey != nil { return try merge(sources, database, hooks) }
        let schema = try declarations(sources)
        var loader = try BulkLoader(into: database, options: bulkOptions(hooks))
        for object in schema { try loader.declare(object) }
        return try load(sources, BulkSink(loader), schema, hooks)
    }

    /// What the options and the files declare, each once.
    private func declarations(_ sources: [ImportSource]) throws -> [SchemaObject] {
        var objects = options.schema
        guard options.readsSchema else { return objects }
        for source in sources {
            for object in try source.schema(limits: options.limits) ?? []
            where !objects.contains(where: { $0.demandsSame(as: object) }) {
                objects.append(object)
            }
        }
        return objects
    }

    /// A sentence about what was declared.
    private func notes(_ schema: [SchemaObject]) -> [String] {
        guard !schema.isEmpty else { return [] }
        let names = schema.prefix(8).map { "'\($0.name)'" }.joined(separator: ", ")
        let more = schema.count > 8 ? " and \(schema.count - 8) more" : ""
        return ["Indexes and constraints hold: \(names)\(more)."]
    }

    private func bulkOptions(_ hooks: FormatHooks) -> BulkLoadOptions {
        var bulk = BulkLoadOptions()
        if let isCancelled = hooks.isCancelled { bulk.isCancelled = isCancelled }
        return bulk
    }

    private func load(
        _ sources: [ImportSource], _ sink: BulkSink, _ schema: [SchemaObject], _ hooks: FormatHooks
    ) throws -> ImportSummary {
        var run = ImportRun(
            options: options, sink: sink,
            log: try ProblemLog(options.onError, inputs: sources.map(\.name)), hooks: hooks)
        try run.run(sources)
        try hooks.checkCancellation()
        do {
            try sink.finish()
        } catch let error as GraphStoreError {
            throw run.located(error)
        }
        var summary = run.summary
        summary.notes += sink.notes + notes(schema)
        return summary
    }

    private func merge(
        _ sources: [ImportSource], _ database: GraphDatabase, _ hooks: FormatHooks
    ) throws -> ImportSummary {
        let sink = try SpoolSink(limits: database.options.limits, lookup: lookup(in: database))
        var run = ImportRun(
            options: options, sink: sink,
            log: try ProblemLog(options.onError, inputs: sources.map(\.name)), hooks: hooks)
        try run.run(sources)
        try hooks.checkCancellation()
        let contents = try sink.finish()
        let key = options.mergeKey
        let isCancelled = hooks.isCancelled
        let schema = try declarations(sources)
        let counts = try database.writeAlone { txn in
            try txn.declare(schema)
            var replay = SpoolReplay(key: key)
            return try replay.run(contents, &txn, isCancelled: isCancelled)
        }
        var summary = run.summary
        summary.mergedNodes = counts.mergedNodes
        summary.mergedEdges = counts.mergedEdges
        summary.notes += notes(schema)
        return summary
    }

    /// Reads everything and stores nothing: the summary tells what each file holds.
    ///
    /// - Parameter database: where edges may end that name nodes by the merge key.
    public func dryRun(
        _ paths: [String], against database: GraphDatabase? = nil,
        hooks: FormatHooks = FormatHooks()
    ) throws -> ImportSummary {
        try dryRun(
            ImportSource.sources(paths, options: options, hooks: hooks),
            against: database, hooks: hooks)
    }

    func dryRun(
        _ sources: [ImportSource], against database: GraphDatabase?, hooks: FormatHooks
    ) throws -> ImportSummary {
        let schema = try declarations(sources)
        let sink = DryRunSink(lookup: database.map { lookup(in: $0) } ?? { _ in nil })
        var run = ImportRun(
            options: options, sink: sink,
            log: try ProblemLog(options.onError, inputs: sources.map(\.name)), hooks: hooks)
        try run.run(sources)
        var summary = run.summary
        summary.notes += notes(schema)
        for place in summary.files.indices {
            summary.files[place].tables = sink.tables(ofFile: place)
            if sources[place].format == .csv { try spell(&summary.files[place], sources[place]) }
        }
        return summary
    }

    /// Names the types of properties as the header of the file does: `int`, where `long` would do.
    private func spell(_ file: inout ImportSummary.FileSummary, _ source: ImportSource) throws {
        let header = try CSVFile(source.open(), options: options).header
        for column in header.columns {
            guard let key = column.key, let type = column.type, let text = column.typeText else {
                continue
            }
            for table in file.tables.indices {
                for place in file.tables[table].properties.indices
                where file.tables[table].properties[place].key == key {
                    file.tables[table].properties[place].types =
                        file.tables[table].properties[place].types.map {
                            ValueType(name: $0)?.name == type.name ? text : $0
                        }
                }
            }
        }
    }

    /// Finds nodes of the database by the value of the merge key: as an integer, then as a text.
    ///
    /// The first question reads all nodes once; it comes only when an edge names a node that the
    /// files do not hold.
    private func lookup(in database: GraphDatabase) -> (String) throws -> NodeID? {
        guard let key = options.mergeKey else { return { _ in nil } }
        var known: [PropertyValue: NodeID]?
        return { id in
            let nodes = try known ?? Self.nodes(of: database, by: key)
            known = nodes
            return Int64(id).flatMap { nodes[.integer($0)] } ?? nodes[.string(id)]
        }
    }

    private static func nodes(
        of database: GraphDatabase, by key: PropertyKey
    ) throws -> [PropertyValue: NodeID] {
        try database.read { txn in
            var found: [PropertyValue: NodeID] = [:]
            try txn.forEachNode { node in
                if let value = node[key], found[value] == nil { found[value] = node.id }
                return true
            }
            return found
        }
    }
}
