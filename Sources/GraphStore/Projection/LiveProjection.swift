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
    private struct Known {
        let graph: CSRGraph
        let position: UInt64
        let token: UInt64
    }

    private let database: GraphDatabase
    /// Which part it is.
    public let projection: Projection
    private let known = Monitor<Known?>(nil)
    private let spare = Monitor<SpareRows?>(nil)

    fileprivate init(_ database: GraphDatabase, _ projection: Projection) {
        self.database = database
        self.projection = projection
    }

    /// The graph as of the newest commit.
    ///
    /// - Throws: As `GraphDatabase.projection`.
    /// - Complexity: O(1) when nothing was committed since the last call; O(changes + nodes +
    ///   arcs), at the speed of memory, when little was; else as `GraphDatabase.projection`.
    public func graph() throws -> CSRGraph {
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
                last.graph, of: projection, from: last.position, recycling: &spare)
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
        return remember(try first())
    }

    /// The graph without one to begin with.
    private func first() throws -> Known {
        let (position, token) = try database.read { transaction in
            let counters = try transaction.view.counters()
            return (counters.position, counters.lastToken)
        }
        // A commit in between makes the graph newer than the position: then it is built as of it.
        let graph = try database.projection(projection)
        let isSame = try database.read { transaction in
            let counters = try transaction.view.counters()
            return counters.position == position && counters.lastToken == token
        }
        if isSame { return Known(graph: graph, position: position, token: token) }
        return try database.read { transaction in
            let counters = try transaction.view.counters()
            return Known(
                graph: try transaction.projection(projection), position: counters.position,
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

extension GraphDatabase {
    /// A part of the graph that is kept up with the database; nothing is read before it is asked.
    public func liveProjection(_ projection: Projection) -> LiveProjection {
        LiveProjection(self, projection)
    }
}
