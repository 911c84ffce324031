internal import LMDB
public import PropertyGraph

extension GraphDatabase {
    /// Returns a part of the graph in compressed sparse rows, as of the newest commit.
    ///
    /// If a file of this projection at this commit lies in `derived/`, it is mapped, which takes
    /// milliseconds and no memory of its own; else the graph is built and, as `publish` says, such
    /// a file is written for the next call, in this process or another. A file that is damaged or
    /// belongs to another moment of the store is ignored. Files are written only of durable
    /// commits, never by a database opened for reading only, and where writing fails the graph
    /// comes all the same. A temporary database has no files.
    ///
    /// A graph stays valid when its file is removed and when the database is closed. Calls may be
    /// made at once from threads and processes.
    ///
    /// - Throws: `.invalidWeight` naming an edge; `.limitExceeded` beyond 32-bit indexes;
    ///   `.corrupted`, `.closed`, `.storage`.
    /// - Complexity: With a file O(its bytes), at the speed of a checksum; else as
    ///   `GraphReading.projection`.
    public func projection(
        _ projection: Projection, publish: ProjectionPublishing = .automatic
    ) throws -> CSRGraph {
        try tracedProjection(projection, publish: publish).graph
    }

    /// Where the graph of a projection came from.
    enum ProjectionOrigin: Hashable, Sendable {
        /// It was mapped from a file.
        case mapped
        /// It was built, and a file was written.
        case published
        /// It was built, and no file was written.
        case built
    }

    /// As `projection`, telling where the graph came from.
    func tracedProjection(
        _ projection: Projection, publish: ProjectionPublishing = .automatic
    ) throws -> (graph: CSRGraph, origin: ProjectionOrigin) {
        guard let folder = DerivedFolder(environment) else {
            return (try read { try $0.projection(projection) }, .built)
        }
        let text = projection.canonicalText
        let identity = format.identity
        let (graph, stamp, isMapped, isDurable) = try read { transaction in
            let counters = try transaction.view.counters()
            let stamp = GraphFileStamp(
                identity: identity, position: counters.position, token: counters.lastToken,
                projection: text)
            if let graph = folder.graph(stamp) { return (graph, stamp, true, true) }
            let isDurable = counters.durablePosition == counters.position
            return (try transaction.projection(projection), stamp, false, isDurable)
        }
        if isMapped { return (graph, .mapped) }
        let wantsFile =
            publish == .always
            || publish == .automatic && graph.nodeCount + graph.edgeCount >= Self.worthAFile
        guard wantsFile, isDurable, !options.isReadOnly else { return (graph, .built) }
        do {
            try folder.publish(graph, stamp)
        } catch {
            // The file only saves time, so a full or read-only volume is no reason to fail.
            return (graph, .built)
        }
        try? folder.tidy(identity: identity, keeping: stamp.name) {
            let counters = try read { try $0.view.counters() }
            return (counters.position, counters.lastToken)
        }
        return (graph, .published)
    }

    /// Nodes and edges from which on mapping a file is faster than building.
    private static var worthAFile: Int { 1 << 15 }
}
