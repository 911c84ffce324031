internal import LMDB
public import PropertyGraph

extension GraphDatabase {
    /// Returns a part of the graph in compressed sparse rows, as of the newest commit.
    ///
    /// If a file of this projection at this commit lies in `derived/`, it is mapped, which takes
    /// milliseconds and no memory of its own. If there is one of an earlier commit, the graph is
    /// made from it and the change log, several times as quick as from the store. Else the graph
    /// is built. As `publish` says, a file is then written for the next call, in this process or
    /// another. A file that is damaged or belongs to another history of the store is ignored. Files
    /// are written only of durable commits, never by a database opened for reading only, and where
    /// writing fails the graph comes all the same. A temporary database has no files.
    ///
    /// A graph stays valid when its file is removed and when the database is closed. Calls may be
    /// made at once from threads and processes.
    ///
    /// - Throws: `.invalidWeight` naming an edge; `.limitExceeded` beyond 32-bit indexes;
    ///   `.corrupted`, `.closed`, `.storage`; `.cancelled` by the hooks.
    /// - Complexity: With a file O(its bytes), at the speed of a checksum; else as
    ///   `GraphReading.projection`.
    public func projection(
        _ projection: Projection, publish: ProjectionPublishing = .automatic,
        hooks: ProjectionHooks = ProjectionHooks()
    ) throws -> CSRGraph {
        try tracedProjection(projection, publish: publish, within: ProjectionBounds(hooks)).graph
    }

    /// Where the graph of a projection came from.
    enum ProjectionOrigin: Hashable, Sendable {
        /// It was mapped from a file.
        case mapped
        /// It was built, and a file was written.
        case published
        /// It was made from that of an earlier position.
        case patched
        /// It was built, and no file was written.
        case built
    }

    /// As `projection`, telling where the graph came from.
    func tracedProjection(
        _ projection: Projection, publish: ProjectionPublishing = .automatic,
        within bounds: ProjectionBounds = .none
    ) throws -> (graph: CSRGraph, origin: ProjectionOrigin) {
        guard let folder = DerivedFolder(environment) else {
            return (try read { try $0.view.project(projection, within: bounds) }, .built)
        }
        let text = projection.canonicalText
        var made: MadeGraph = try read { transaction in
            try self.make(projection, text, folder, bounds, transaction)
        }
        guard made.origin != .mapped, made.isWorthAFile(publish), !options.isReadOnly else {
            return (made.graph, made.origin)
        }
        try bounds.look("saving", 0)
        do {
            try folder.publish(made.graph, made.stamp) { try bounds.look("saving", 0) }
        } catch let error as GraphStoreError where error.code == .cancelled {
            throw error
        } catch {
            // The file only saves time, so a full or read-only volume is no reason to fail.
            return (made.graph, made.origin)
        }
        try? folder.tidy(identity: format.identity) { files in
            try read { transaction in
                let view = transaction.view
                return try files.map { try view.isHistory($0.position, $0.token) }
            }
        }
        // Whoever holds the graph holds pages of the file then, not memory of this process.
        if let mapped = folder.graph(made.stamp) { made.graph = mapped }
        if made.origin == .built { ProcessMemory.giveBack() }
        return (made.graph, made.origin == .built ? .published : made.origin)
    }

    /// The graph of a projection as a snapshot sees it, by the quickest way.
    private func make(
        _ projection: Projection, _ text: [UInt8], _ folder: DerivedFolder,
        _ bounds: ProjectionBounds, _ transaction: borrowing ReadTransaction
    ) throws -> MadeGraph {
        let view = transaction.view
        let counters = try view.counters()
        let stamp = GraphFileStamp(
            identity: format.identity, position: counters.position, token: counters.lastToken,
            projection: text)
        let isDurable = counters.durablePosition == counters.position
        if let graph = folder.graph(stamp) {
            return MadeGraph(graph: graph, origin: .mapped, stamp: stamp, isDurable: isDurable)
        }
        let earlier = try folder.earlierGraph(stamp) { try view.isHistory($0, $1) }
        var spare: SpareRows?
        if let earlier,
            let patched = try view.patched(
                earlier.graph, of: projection, from: earlier.position, recycling: &spare,
                within: bounds)
        {
            return MadeGraph(
                graph: patched.graph, origin: .patched, stamp: stamp, isDurable: isDurable,
                changes: patched.changes)
        }
        let graph = try view.project(projection, within: bounds)
        return MadeGraph(graph: graph, origin: .built, stamp: stamp, isDurable: isDurable)
    }
}

/// A graph of a projection and where it came from.
private struct MadeGraph {
    var graph: CSRGraph
    let origin: GraphDatabase.ProjectionOrigin
    let stamp: GraphFileStamp
    let isDurable: Bool
    /// How many changes were made to that of the earlier position.
    var changes = 0

    /// Nodes and edges from which on mapping a file is faster than building.
    private static var worthAFile: Int { 1 << 15 }

    /// Whether a file should be written.
    func isWorthAFile(_ publish: ProjectionPublishing) -> Bool {
        guard isDurable, publish != .never else { return false }
        if publish == .always { return true }
        let size = graph.nodeCount + graph.edgeCount
        // One that was patched is written when the next patch would have much to do.
        return size >= Self.worthAFile && (origin != .patched || changes >= size / 128)
    }
}
