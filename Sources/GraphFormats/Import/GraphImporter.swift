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
            ImportSource.sources(paths, format: options.format, hooks: hooks),
            into: database, hooks: hooks)
    }

    /// Imports into a database that does not exist yet: built aside and renamed at the end.
    ///
    /// This is the fastest way in. There is nothing to merge with, so a merge key has no effect.
    /// Properties that hold the ids of the files become unique, and the first number of an edge
    /// file is kept beside the neighbours; `notes` of the summary tell.
    ///
    /// - Throws: `FormatError` with file, line and column; `GraphStoreError` when there is a
    ///   database at the directory already.
    @discardableResult
    public func run(
        _ paths: [String], creating directory: String, hooks: FormatHooks = FormatHooks()
    ) throws -> ImportSummary {
        let sources = try ImportSource.sources(paths, format: options.format, hooks: hooks)
        let plan = try DeclarationPlan(sources, options: options)
        let loader = try BulkLoader(creating: directory, options: bulkOptions(hooks))
        return try load(sources, BulkSink(loader, plan: plan), hooks)
    }

    func run(
        _ sources: [ImportSource], into database: GraphDatabase, hooks: FormatHooks
    ) throws -> ImportSummary {
        if options.mergeKey != nil { return try merge(sources, database, hooks) }
        let loader = try BulkLoader(into: database, options: bulkOptions(hooks))
        return try load(sources, BulkSink(loader), hooks)
    }

    private func bulkOptions(_ hooks: FormatHooks) -> BulkLoadOptions {
        var bulk = BulkLoadOptions()
        if let isCancelled = hooks.isCancelled { bulk.isCancelled = isCancelled }
        return bulk
    }

    private func load(
        _ sources: [ImportSource], _ sink: BulkSink, _ hooks: FormatHooks
    ) throws -> ImportSummary {
        var run = ImportRun(
            options: options, sink: sink,
            log: try ProblemLog(options.onError, inputs: sources.map(\.name)), hooks: hooks)
        try run.run(sources)
        try hooks.checkCancellation()
        try sink.finish()
        var summary = run.summary
        summary.notes += sink.notes
        return summary
    }

    private func merge(
        _ sources: [ImportSource], _ database: GraphDatabase, _ hooks: FormatHooks
    ) throws -> ImportSummary {
        let sink = try SpoolSink(lookup: lookup(in: database))
        var run = ImportRun(
            options: options, sink: sink,
            log: try ProblemLog(options.onError, inputs: sources.map(\.name)), hooks: hooks)
        try run.run(sources)
        try hooks.checkCancellation()
        let contents = try sink.finish()
        let key = options.mergeKey
        let isCancelled = hooks.isCancelled
        let counts = try database.writeAlone { txn in
            var replay = SpoolReplay(key: key)
            return try replay.run(contents, &txn, isCancelled: isCancelled)
        }
        var summary = run.summary
        summary.mergedNodes = counts.mergedNodes
        summary.mergedEdges = counts.mergedEdges
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
            ImportSource.sources(paths, format: options.format, hooks: hooks),
            against: database, hooks: hooks)
    }

    func dryRun(
        _ sources: [ImportSource], against database: GraphDatabase?, hooks: FormatHooks
    ) throws -> ImportSummary {
        let sink = DryRunSink(lookup: database.map { lookup(in: $0) } ?? { _ in nil })
        var run = ImportRun(
            options: options, sink: sink,
            log: try ProblemLog(options.onError, inputs: sources.map(\.name)), hooks: hooks)
        try run.run(sources)
        var summary = run.summary
        for place in summary.files.indices {
            summary.files[place].tables = sink.tables(ofFile: place)
        }
        return summary
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
