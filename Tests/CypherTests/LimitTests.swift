import Foundation
import GraphStore
import PropertyGraph
import Testing

@testable import Cypher

/// A graph in which every two of so many nodes are joined.
private func denseGraph(_ count: Int) throws -> GraphDatabase {
    let db = try GraphDatabase.temporary()
    _ = try db.query(
        "UNWIND range(1, \(count)) AS i CREATE (:N {i: i})")
    _ = try db.query("MATCH (a:N), (b:N) WHERE a.i < b.i CREATE (a)-[:R]->(b)")
    return db
}

@Suite struct `Limits of queries` {
    private func error(_ query: String, _ db: GraphDatabase, _ options: QueryOptions)
        -> CypherError?
    {
        do {
            _ = try db.query(query, options: options)
            return nil
        } catch {
            return error as? CypherError
        }
    }

    @Test(arguments: [
        "MATCH (a), (b), (c), (d) RETURN count(*)",
        "MATCH (a)-[*]-(b) RETURN count(*)",
        "MATCH p = (a)-[*]-(b) RETURN collect(p)",
        "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN sum(a * b)",
        "RETURN reduce(a = 0, x IN range(1, 9000000) | a + size(range(1, 1000)))",
        "MATCH (a:N) WHERE all(x IN range(1, 9000000) WHERE x > 0) CREATE (:M)",
    ])
    func `a query that would run away stops at its time, and changes nothing`(query: String) throws
    {
        let db = try denseGraph(40)
        var options = QueryOptions()
        options.limits.time = .milliseconds(200)
        #expect(error(query, db, options)?.kind == .limitExceeded)
        #expect(try db.read { try $0.nodeCount() } == 40)
    }

    @Test(arguments: [
        "UNWIND range(1, 1000000) AS a RETURN collect([a, a, a])",
        "UNWIND range(1, 1000000) AS a WITH DISTINCT a RETURN count(a)",
        "UNWIND range(1, 1000000) AS a WITH a ORDER BY a DESC RETURN a",
        "MATCH (a), (b), (c) RETURN a, b, c",
    ])
    func `rows that need more memory than allowed are refused`(query: String) throws {
        let db = try denseGraph(120)
        var options = QueryOptions()
        options.limits.memoryBytes = 8 << 20
        #expect(error(query, db, options)?.kind == .limitExceeded)
    }

    @Test func `a projection that needs more memory than allowed is refused before it is made`()
        throws
    {
        let db = try denseGraph(120)
        var options = QueryOptions()
        let call = "CALL algo.pageRank({types: ['R']}) YIELD node RETURN count(*)"
        options.limits.memoryBytes = 100_000
        let refused = try #require(error(call, db, options))
        #expect(refused.kind == .limitExceeded)
        #expect(refused.message.contains("The projection of algo."))
        // Nodes that no relationship of the type leaves.
        let small = "CALL algo.pageRank({labels: ['M'], types: ['R']}) YIELD node RETURN count(*)"
        #expect(error(small, db, options) == nil)
        options.limits.memoryBytes = 1 << 20
        #expect(error(call, db, options) == nil)
    }

    @Test func `a query gives no more rows than allowed`() throws {
        let db = try GraphDatabase.temporary()
        var options = QueryOptions()
        options.limits.rows = 10
        #expect(error("UNWIND range(1, 11) AS a RETURN a", db, options)?.kind == .limitExceeded)
        #expect(error("UNWIND range(1, 10) AS a RETURN a", db, options) == nil)
    }

    @Test func `a query can be stopped from outside`() throws {
        let db = try GraphDatabase.temporary()
        var options = QueryOptions()
        options.limits.isCancelled = { true }
        let found = error("UNWIND range(1, 9000000) AS a RETURN sum(a)", db, options)
        #expect(found?.detail.rawValue == "QueryCancelled")
    }

    @Test(arguments: [
        ("(", ")"), ("[", "]"), ("{a: ", "}"), ("NOT ", ""), ("-", ""), ("size(", ")"),
        ("CASE WHEN true THEN ", " END"), ("[x IN [1] | ", "]"), ("EXISTS { RETURN ", "}"),
    ])
    func `what is nested ten thousand deep is refused`(open: String, close: String) throws {
        let db = try GraphDatabase.temporary()
        let text =
            String(repeating: open, count: 10_000) + "1"
            + String(repeating: close, count: 10_000)
        #expect(error("RETURN " + text, db, QueryOptions()) != nil)
    }

    @Test func `a list nested a hundred deep is no trouble`() throws {
        let db = try GraphDatabase.temporary()
        let text = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(try db.query("RETURN \(text) AS list").rows.count == 1)
    }

    @Test(arguments: ["1 + ", "a.b = 1 OR ", "'x' + ", "NOT "])
    func `a million characters are refused or answered`(part: String) throws {
        let db = try GraphDatabase.temporary()
        let text = String(repeating: part, count: 1_100_000 / part.utf8.count)
        #expect(error("RETURN " + text + "1", db, QueryOptions()) != nil)
    }

    @Test func `a list of a hundred thousand numbers is answered`() throws {
        let db = try GraphDatabase.temporary()
        let text = (0..<100_000).map(String.init).joined(separator: ",")
        let result = try db.query("RETURN size([\(text)]) AS size")
        guard case .integer(100_000)? = result.rows.first?.first else {
            Issue.record("\(result.rows)")
            return
        }
    }
}

@Suite struct `Memory of queries` {
    @Test(arguments: [
        "MATCH p = (a)-[*]-(b) RETURN collect(p)",
        "MATCH p = (a)-[*]-(b) WITH p ORDER BY length(p) RETURN p",
        "MATCH (a), (b), (c) WITH a, b, c, count(*) AS n RETURN sum(n)",
        "RETURN size(reduce(s = 'x', i IN range(1, 60) | s + s))",
        "RETURN size(reduce(s = [1], i IN range(1, 60) | s + s))",
        "RETURN size(range(1, 9000000))",
        "RETURN size([x IN range(1, 100000) | range(1, 90)])",
        "RETURN size(replace(replace('aaaaaaaaaa', 'a', $long), 'b', $long))",
        "UNWIND range(1, 100000) AS i RETURN i, $long + i",
        "MATCH (a) RETURN [(a)--(b)--(c)--(d) | [a, b, c, d]]",
    ])
    func `no operator takes more than the limit`(query: String) throws {
        let db = try denseGraph(60)
        var options = QueryOptions()
        options.limits.memoryBytes = 4 << 20
        let long = String(repeating: "b", count: 4_000)
        let error = #expect(throws: CypherError.self) {
            try db.query(query, parameters: ["long": .string(long)], options: options)
        }
        #expect(error?.kind == .limitExceeded)
        #expect(error?.message.contains("memoryBytes") == true)
    }
}

@Suite struct `Memory of keys` {
    /// So many documents with texts of 10 kB, no two alike.
    private func documents(_ count: Int) throws -> GraphDatabase {
        let db = try GraphDatabase.temporary()
        _ = try db.query(
            "UNWIND range(1, $count) AS i CREATE (:Doc {i: i, text: $long + i})",
            parameters: [
                "count": .integer(Int64(count)),
                "long": .string(String(repeating: "b", count: 10_000)),
            ])
        return db
    }

    @Test(arguments: [
        "MATCH (n:Doc) WITH DISTINCT n.text AS t RETURN count(t)",
        "MATCH (n:Doc) WITH n.text AS t, count(*) AS c RETURN count(c)",
        "MATCH (n:Doc) WHERE n.i > 0 WITH n.text AS t, count(*) AS c RETURN count(c)",
        "MATCH (n:Doc) RETURN n.text AS t UNION MATCH (n:Doc) RETURN n.text AS t",
        "MATCH (n:Doc) WITH DISTINCT n.text AS t CREATE (:Word {size: size(t)})",
    ])
    func `the texts that rows are told apart by count`(query: String) throws {
        let db = try documents(200)
        for making in [DerivedGraphs.Making.never, .always] {
            var options = QueryOptions()
            options.making = making
            options.limits.memoryBytes = 1 << 20
            let error = #expect(throws: CypherError.self, "\(making.moment)") {
                try db.query(query, options: options)
            }
            #expect(error?.kind == .limitExceeded)
            options.limits.memoryBytes = 16 << 20
            _ = try db.query(query, options: options)
        }
    }

    @Test func `what a DISTINCT in a subquery has seen is let go after each outer row`() throws {
        let db = try GraphDatabase.temporary()
        var options = QueryOptions()
        options.limits.memoryBytes = 1 << 20
        let result = try db.query(
            "UNWIND range(1, 100) AS x "
                + "CALL (x) { UNWIND range(1, 1000) AS y RETURN DISTINCT y } RETURN sum(y) AS sum",
            options: options)
        #expect("\(result.rows)".contains("50050000"))
    }

    @Test func `a query that may only read says how to let it write`() throws {
        let db = try GraphDatabase.temporary()
        var options = QueryOptions()
        options.isReadOnly = true
        let error = #expect(throws: CypherError.self) {
            try db.query("CREATE (:N)", options: options)
        }
        #expect(error?.message.contains("isReadOnly") == true)
    }
}
