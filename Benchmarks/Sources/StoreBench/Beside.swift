import Foundation
import GraphStore
import PropertyGraph
import Synchronization

/// How long small commits wait while something large is written: a change in slices, and a bulk
/// load, which is one transaction.
struct Beside {
    let path: String
    private let clients = 8
    private let items = 50_000

    func run() throws {
        let db = try GraphDatabase(path: path)
        defer { db.close() }
        let concepts = try db.read { try $0.nodeIDs(label: "Concept") }
        try measure("slices", db) { try writeInSlices(db, concepts) }
        try measure("bulk", db) { try load(db, concepts) }
    }

    /// Runs small commits for as long as `job` takes; reports their latencies and the job's rate.
    private func measure(
        _ name: String, _ db: GraphDatabase, _ job: @escaping @Sendable () throws -> Int
    ) throws {
        let isRunning = Atomic<Bool>(true)
        let rows = Mutex<Result<(rows: Int, seconds: Double), any Error>?>(nil)
        let thread = Thread {
            // The clients are at work when it begins.
            Thread.sleep(forTimeInterval: 0.05)
            let watch = Stopwatch()
            let result = Result { (rows: try job(), seconds: watch.wall) }
            rows.withLock { $0 = result }
            isRunning.store(false, ordering: .relaxed)
        }
        thread.start()
        let commits = try Commits(db, seconds: 600)
        let (spent, latencies, _) = commits.commit(clients: clients) {
            isRunning.load(ordering: .relaxed)
        }
        let measure = "commit_node2_beside_\(name)_\(clients)"
        let count = latencies.count
        report(measure, Double(count) / spent.wall, "tx/s", spent, operations: count)
        for (label, share) in [("p50", 0.5), ("p99", 0.99), ("max", 1)] where count > 0 {
            let value = latencies[min(count - 1, Int(Double(count) * share))]
            report("\(measure)_\(label)", value * 1e6, "us", spent, operations: count)
        }
        guard let (written, seconds) = try rows.withLock({ $0 })?.get() else { return }
        report(
            "write_\(name)", Double(written) / seconds, "rows/s", (seconds, spent.cpu),
            operations: written, rows: written)
    }

    /// Nodes with two edges each.
    private func writeInSlices(_ db: GraphDatabase, _ concepts: [NodeID]) throws -> Int {
        try 3
            * db.writeInSlices(of: 0..<items) { txn, item in
                let node = try txn.createNode(
                    labels: ["Note"], properties: ["number": .integer(Int64(item))])
                let first = concepts[item * 7 % concepts.count]
                let second = concepts[item * 13 % concepts.count]
                try txn.createEdge("ABOUT", from: node, to: first)
                try txn.createEdge("ABOUT", from: node, to: second)
            }
    }

    private func load(_ db: GraphDatabase, _ concepts: [NodeID]) throws -> Int {
        var loader = try BulkLoader(into: db)
        let note = try loader.nodeLayout(labels: ["Note"], keys: ["number"])
        let about = try loader.edgeLayout(type: "ABOUT", keys: [])
        for item in 0..<items {
            let node = try loader.addNode(note, values: [.integer(Int64(item))])
            for factor in [7, 13] {
                try loader.addEdge(
                    about, source: node, target: concepts[item * factor % concepts.count],
                    values: [])
            }
        }
        let summary = try loader.finish()
        return summary.nodes + summary.edges
    }
}
