internal import LMDB
public import PropertyGraph

/// A part of the graph in compressed sparse rows that is kept up with the database.
///
/// ```swift
/// let live = db.liveProjection(Projection(types: ["PREREQUISITE"]))
/// let graph = try live.graph()
/// ```
///
/// It holds the graph it gave last and makes the next one from it and the change log, which takes a
/// fraction of the time of building it. A graph that was given out never changes. It may be
/// shared among threads and tasks.
///
/// Once a graph was patched, the memory of the one before it is kept for the next patch, if nobody
/// else holds it: so a graph that changes costs its size twice.
public final class LiveProjection: Sendable {
    private let database: GraphDatabase
    private let keeper: ProjectionKeeper
    /// Which part it is.
    public var projection: Projection { keeper.projection }

    fileprivate init(_ database: GraphDatabase, _ projection: Projection) {
        self.database = database
        keeper = ProjectionKeeper(projection)
    }

    /// The graph as of the newest commit.
    ///
    /// - Parameter hooks: Told how far the making is, and asked whether to go on; when it is ended,
    ///   the graph held before stays.
    /// - Throws: As `GraphDatabase.projection`.
    /// - Complexity: O(1) when nothing was committed since the last call; O(changes + nodes +
    ///   arcs), at the speed of memory, when little was; else as `GraphDatabase.projection`.
    public func graph(hooks: ProjectionHooks = ProjectionHooks()) throws -> CSRGraph {
        try keeper.graph(of: database, within: ProjectionBounds(hooks))
    }
}

extension GraphDatabase {
    /// A part of the graph that is kept up with the database; nothing is read before it is asked.
    public func liveProjection(_ projection: Projection) -> LiveProjection {
        LiveProjection(self, projection)
    }
}

/// What a live projection holds: the last graph, and memory for the next. It does not hold the
/// database, so that it can be kept beside one (`GraphDatabase.companion`).
package final class ProjectionKeeper: Sendable {
    /// By reference: a graph is many buffers, and is looked at by every query.
    private final class Known: Sendable {
        let graph: CSRGraph
        let position: UInt64
        let token: UInt64

        init(graph: CSRGraph, position: UInt64, token: UInt64) {
            self.graph = graph
            self.position = position
            self.token = token
        }
    }

    /// Which part of the graph it is.
    package let projection: Projection
    private let known = Monitor<Known?>(nil)
    private let spare = Monitor<SpareRows?>(nil)

    /// Keeps nothing as yet.
    package init(_ projection: Projection) { self.projection = projection }

    /// The graph that a transaction sees, if it is the one that is held; never for a transaction
    /// that writes, or reads an earlier position.
    ///
    /// - Complexity: O(1).
    package func held<T: GraphReading & ~Copyable>(
        seenBy transaction: borrowing T
    ) throws -> CSRGraph? {
        let view = transaction.view
        guard let last = known.withLock({ $0 }), view.past == nil, view.pendingCounters == nil
        else { return nil }
        let counters = try view.counters()
        return last.position == counters.position && last.token == counters.lastToken
            ? last.graph : nil
    }

    /// Whether a file of the graph that a transaction sees lies in `derived/`, so that having it
    /// costs milliseconds.
    package func isOnFile<T: GraphReading & ~Copyable>(
        of database: GraphDatabase, seenBy transaction: borrowing T
    ) throws -> Bool {
        guard let folder = DerivedFolder(database.environment) else { return false }
        let counters = try transaction.view.counters()
        let stamp = GraphFileStamp(
            identity: database.format.identity, position: counters.position,
            token: counters.lastToken, projection: projection.canonicalText)
        return folder.hasFile(stamp)
    }

    /// The bytes that it holds: the graph, and memory for the next.
    package var heldBytes: Int {
        (known.withLock { $0 }?.graph.bufferBytes ?? 0)
            + (spare.withLock { $0 }?.bufferBytes ?? 0)
    }

    /// Lets go of the memory for the next graph.
    package func dropSpare() { spare.withLock { $0 = nil } }

    /// The graph as of the newest commit of the database that it is kept beside.
    ///
    /// - Throws: As `GraphDatabase.projection`; `.limitExceeded` and `.cancelled` by the bounds.
    package func graph(
        of database: GraphDatabase, within bounds: ProjectionBounds
    ) throws -> CSRGraph {
        let last = known.withLock { $0 }
        var isPatched = false
        let next: Known? = try database.read { transaction in
            let view = transaction.view
            let counters = try view.counters()
            if let last, last.position == counters.position, last.token == counters.lastToken {
                return last
            }
            guard let last, try view.isHistory(last.position, last.token) else { return nil }
            // Out of its place, so that nobody else holds it.
            var spare = spare.withLock { spare in
                defer { spare = nil }
                return spare
            }
            let patched = try view.patched(
                last.graph, of: projection, from: last.position, recycling: &spare,
                within: bounds)
            guard let patched else { return nil }
            isPatched = true
            return Known(
                graph: patched.graph, position: counters.position, token: counters.lastToken)
        }
        if let next {
            let graph = remember(next)
            if isPatched, let last { spare.withLock { $0 = SpareRows(of: last.graph) } }
            return graph
        }
        return remember(try first(database, bounds))
    }

    /// The graph without one to begin with.
    private func first(_ database: GraphDatabase, _ bounds: ProjectionBounds) throws -> Known {
        let (position, token) = try database.read { transaction in
            let counters = try transaction.view.counters()
            return (counters.position, counters.lastToken)
        }
        // A commit in between makes the graph newer than the position: then it is built as of it.
        let graph = try database.tracedProjection(projection, within: bounds).graph
        let isSame = try database.read { transaction in
            let counters = try transaction.view.counters()
            return counters.position == position && counters.lastToken == token
        }
        if isSame { return Known(graph: graph, position: position, token: token) }
        return try database.read { transaction in
            let counters = try transaction.view.counters()
            return Known(
                graph: try transaction.view.project(projection, within: bounds),
                position: counters.position,
                token: counters.lastToken)
        }
    }

    /// Keeps the newer graph; another thread may have been quicker.
    private func remember(_ next: Known) -> CSRGraph {
        known.withLock { known in
            if let old = known, old.position > next.position { return }
            known = next
        }
        return next.graph
    }
}
