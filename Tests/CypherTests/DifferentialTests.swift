import Foundation
import GraphStore
import PropertyGraph
import TestSupport
import Testing

@testable import Cypher

/// `CAIRN_CYPHER_QUERIES=10000` runs so many queries; `CAIRN_CYPHER_SEED` begins at another seed.
private func setting(_ name: String, orElse standard: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? standard
}

@Suite struct `The plan of a query` {
    private static let queriesPerGraph = 20

    private func rows(_ query: String, _ db: GraphDatabase, isNaive: Bool) -> String {
        var options = QueryOptions()
        options.isNaive = isNaive
        options.limits.time = .seconds(20)
        options.limits.expansions = 3_000_000
        do {
            return try db.query(query, options: options).rows.map { "\($0)" }.sorted()
                .joined(separator: "\n")
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
                    expected.append(rows(query, db, isNaive: true))
                    check(query, db, expected.last ?? "", seed, "without indexes")
                }
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
        let found = rows(query, db, isNaive: false)
        if found == "limit" || expected == "limit" { return }
        if found != expected {
            let plan = (try? db.explain(query).description) ?? ""
            Issue.record(
                "seed \(seed), \(when): \(query)\nnaive:\n\(expected)\nplanned:\n\(found)\n\(plan)")
        }
    }
}
