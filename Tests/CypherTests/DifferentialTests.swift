import Foundation
import GraphStore
import PropertyGraph
import Synchronization
import TestSupport
import Testing

@testable import Cypher

/// `CAIRN_CYPHER_QUERIES=10000` runs so many queries; `CAIRN_CYPHER_SEED` begins at another seed.
private func setting(_ name: String, orElse standard: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? standard
}

@Suite struct `The plan of a query` {
    private static let queriesPerGraph = 20

    /// How a query is run.
    private enum Way: CaseIterable {
        /// As it is written.
        case naive
        case planned
        /// With all rows and columns that can help, made before.
        case derived
    }

    private func options(_ way: Way) -> QueryOptions {
        var options = QueryOptions()
        options.isNaive = way == .naive
        options.making = way == .derived ? .always : .whenItPays
        options.limits.time = .seconds(20)
        options.limits.expansions = 3_000_000
        return options
    }

    private func rows(_ query: String, _ db: GraphDatabase, _ way: Way) -> String {
        rows { try db.query(query, options: options(way)) }
    }

    private func rows(_ run: () throws -> QueryResult) -> String {
        do {
            return try run().rows.map { "\($0)" }.sorted().joined(separator: "\n")
        } catch let error as CypherError {
            // How far a query comes before its limit is a matter of its plan.
            return error.kind == .limitExceeded ? "limit" : "error \(error.detail.rawValue)"
        } catch {
            return "\(error)"
        }
    }

    @Test func `changes nothing of its rows, with indexes and without, reopened or not`() throws {
        let wanted = setting("CAIRN_CYPHER_QUERIES", orElse: 200)
        let first = setting("CAIRN_CYPHER_SEED", orElse: 1)
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "cairn-differential-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var (compared, limited) = (0, 0)
        var seed = first
        while compared < wanted {
            var generator = QueryGenerator(seed: UInt64(seed))
            let path = folder.appending(path: "\(seed)").path
            try FileManager.default.createDirectory(
                atPath: folder.path, withIntermediateDirectories: true)
            var options = GraphDatabaseOptions()
            options.durability = .relaxed
            let statements = generator.graph()
            let queries = (0..<Self.queriesPerGraph).map { _ in generator.query() }
            var expected: [String] = []
            do {
                let db = try GraphDatabase(path: path, options: options)
                defer { db.close() }
                try db.write { txn in for text in statements { _ = try txn.query(text) } }
                for query in queries {
                    expected.append(rows(query, db, .naive))
                    check(query, db, expected.last ?? "", seed, "without indexes")
                }
                for query in queries { checkChanged(query, db, seed) }
                for command in QueryGenerator.indexes { _ = try db.query(command) }
                for (query, rows) in zip(queries, expected) {
                    check(query, db, rows, seed, "with indexes")
                }
            }
            let db = try GraphDatabase(path: path, options: options)
            defer { db.close() }
            for (query, rows) in zip(queries, expected) { check(query, db, rows, seed, "reopened") }
            try FileManager.default.removeItem(atPath: path)
            compared += queries.count
            limited += expected.count { $0 == "limit" }
            seed += 1
        }
        if wanted > 1_000 { print("\(compared) queries compared, \(limited) at a limit") }
    }

    private func check(
        _ query: String, _ db: GraphDatabase, _ expected: String, _ seed: Int, _ when: Comment
    ) {
        for way in [Way.planned, .derived] {
            let found = rows(query, db, way)
            if found == "limit" || expected == "limit" { continue }
            if found != expected {
                let plan = (try? db.explain(query).description) ?? ""
                Issue.record(
                    """
                    seed \(seed), \(when), \(way): \(query)
                    naive:
                    \(expected)
                    found:
                    \(found)
                    \(plan)
                    """)
            }
        }
    }

    /// The same inside of a transaction that has deleted and changed nodes, and as one query that
    /// deletes some first.
    private func checkChanged(_ query: String, _ db: GraphDatabase, _ seed: Int) {
        struct Undone: Error {}
        let deleting = "OPTIONAL MATCH (gone {id: 2}) DETACH DELETE gone WITH count(*) AS was "
        for text in [query, deleting + query] {
            var found: [String] = []
            for way in [Way.naive, .planned] {
                let options = options(way)
                let answer = Mutex("")
                do {
                    try db.write { txn in
                        _ = try txn.query("MATCH (n {id: 1}) DETACH DELETE n")
                        _ = try txn.query("MATCH (n {id: 3}) SET n:A, n.k = 9 REMOVE n.s")
                        let rows = rows { try txn.query(text, options: options) }
                        answer.withLock { $0 = rows }
                        throw Undone()
                    }
                } catch {}
                found.append(answer.withLock { $0 })
            }
            if found[0] == found[1] || found.contains("limit") { continue }
            Issue.record(
                "seed \(seed), changed: \(text)\nnaive:\n\(found[0])\nfound:\n\(found[1])")
        }
    }
}
