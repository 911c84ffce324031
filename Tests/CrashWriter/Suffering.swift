import GraphStore
import PropertyGraph
import StoreTestSupport
import TestSupport

/// A life under a system that fails: what was refused is tried again, with the same database object
/// as long as that says it may be used.
struct Sufferer {
    let path: String
    let commits: UInt64
    var history: ModelHistory
    private var failures = 0

    init(path: String, seed: UInt64, commits: UInt64) {
        self.path = path
        self.commits = commits
        history = ModelHistory(seed: seed)
    }

    /// Lives until the last commit, or until the system has failed it for good.
    mutating func live() {
        while history.graph.position < commits, failures < 12 {
            do {
                let db = try GraphDatabase(path: path, options: options)
                defer { db.close() }
                try goOn(db)
            } catch {
                fail(error)
            }
        }
        say("ended")
    }

    private var options: GraphDatabaseOptions {
        var options = GraphDatabaseOptions()
        options.initialMapSizeBytes = 1 << 20
        options.growthHeadroomBytes = 0
        return options
    }

    private mutating func fail(_ error: any Error) {
        failures += 1
        guard let error = error as? GraphStoreError else { return say("untyped \(error)") }
        say("failed \(error.code): \(error.message)")
    }

    private mutating func goOn(_ db: GraphDatabase) throws {
        let reached = try db.read { try $0.position() }
        if reached < history.graph.position { say("lost \(history.graph.position)") }
        // A commit whose end was uncertain may have been completed.
        while history.graph.position < reached { _ = history.advance() }
        while history.graph.position < commits {
            var next = history
            let operations = next.advance()
            do {
                try db.write { txn in
                    for operation in operations { try operation.apply(to: &txn) }
                }
            } catch let error as GraphStoreError {
                if error.code == .writesStopped || failures > 6 { throw error }
                fail(error)
                let position = try db.read { try $0.position() }
                if position != history.graph.position { say("half \(position)") }
                continue
            }
            history = next
            say(history.digest)
            if history.graph.position % 5 == 0 {
                _ = try db.projection(Projection(), publish: .always)
            }
        }
    }
}

func suffer(_ path: String, _ seed: UInt64, _ commits: UInt64) {
    var sufferer = Sufferer(path: path, seed: seed, commits: commits)
    sufferer.live()
}
