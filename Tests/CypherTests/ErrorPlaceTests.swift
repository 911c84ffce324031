import GraphStore
import PropertyGraph
import Testing

@testable import Cypher

@Suite struct `Places of errors` {
    private static let db = Result {
        let db = try GraphDatabase.temporary()
        _ = try db.query("CREATE CONSTRAINT FOR (n:N) REQUIRE n.i IS UNIQUE")
        _ = try db.query("UNWIND range(1, 60) AS i CREATE (:N {i: i})-[:R]->(:M)")
        return db
    }

    /// What the error of a query points at.
    private func place(_ query: String, _ change: (inout QueryOptions) -> Void) throws -> String? {
        var options = QueryOptions()
        change(&options)
        var range: Range<Int>?
        do {
            _ = try Self.db.get().query(query, options: options)
            Issue.record("It has no error: \(query)")
        } catch let error as CypherError {
            range = error.range.map { $0.start..<$0.end }
            #expect(error.rendered(in: query).contains("^"))
        } catch let error as GraphStoreError {
            range = error.textRange
            #expect(error.rendered(in: query).contains("^"))
        }
        return range.map { String(decoding: Array(query.utf8)[$0], as: UTF8.self) }
    }

    @Test(arguments: [
        ("MATCH (a), (b)\nMATCH (c) RETURN a.x", ["(c)", "a.x"]),
        ("MATCH (a:N) MATCH (b:N)-[s:R]->(c) RETURN s", ["(b:N)", "[s:R]", "s"]),
        ("UNWIND range(1, 100000) AS i RETURN i % 2 AS k, count(*)", ["range(1, 100000)"]),
        ("UNWIND range(1, 99) AS i MATCH (a) WHERE a.i + i > 0 RETURN 1", ["(a)", "a.i + i"]),
    ])
    func `too many steps are told where they were taken`(
        query: String, wanted: [String]
    ) throws {
        let found = try place(query) { $0.limits.expansions = 3_000 }
        #expect(wanted.contains(found ?? ""), "\(found ?? "nowhere")")
    }

    @Test(arguments: [
        ("UNWIND range(1, 30000) AS i RETURN collect(i)", "RETURN"),
        ("UNWIND range(1, 30000) AS i WITH DISTINCT i RETURN count(i)", "WITH"),
        ("UNWIND range(1, 30000) AS i WITH i ORDER BY -i RETURN count(i)", "WITH"),
        ("UNWIND range(1, 30000) AS i RETURN i", "RETURN"),
        ("UNWIND range(1, 30000) AS i CREATE (:Big {i: i})", "CREATE"),
    ])
    func `memory is told at the clause that needs it`(query: String, wanted: String) throws {
        #expect(try place(query) { $0.limits.memoryBytes = 1 << 21 } == wanted)
    }

    @Test func `too many rows are told at the clause that gives them`() throws {
        let query = "UNWIND [1, 2, 3] AS i\nRETURN i"
        #expect(try place(query) { $0.limits.rows = 2 } == "RETURN")
    }

    @Test func `a query that is stopped tells where it was`() throws {
        let query = "MATCH (a), (b), (c) RETURN count(*)"
        #expect(try place(query) { $0.limits.isCancelled = { true } } != nil)
    }

    @Test(arguments: [
        ("MATCH (n:N {i: 3}) CREATE (:N {i: 4})", "CREATE"),
        ("MATCH (n:N {i: 3}) SET n.i = 4", "SET"),
        ("MATCH (n:N {i: 3}) DELETE n", "n"),
    ])
    func `what the store refuses is told at the clause that asked`(
        query: String, wanted: String
    ) throws {
        #expect(try place(query) { _ in } == wanted)
    }

    @Test func `a change where only reading is allowed is told at its clause`() throws {
        let query = "MATCH (n:N {i: 3}) SET n.x = 4"
        #expect(try place(query) { $0.isReadOnly = true } == "SET")
    }
}
