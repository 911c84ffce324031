import Dispatch
import GraphStore
import PropertyGraph
import Synchronization
import Testing

@testable import Cypher

private func count(_ db: GraphDatabase) throws -> Int { try db.read { try $0.nodeCount() } }

@Suite struct `Running queries` {
    @Test func `a running query is listed and can be stopped`() throws {
        let db = try GraphDatabase.temporary()
        let text = "UNWIND range(1, 9000000) AS a UNWIND range(1, 9000000) AS b RETURN sum(a + b)"
        let found = Mutex<(any Error)?>(nil)
        let group = DispatchGroup()
        DispatchQueue.global().async(group: group) {
            do { _ = try db.query(text) } catch { found.withLock { $0 = error } }
        }
        var running: [RunningQuery] = []
        while running.isEmpty { running = db.runningQueries }
        #expect(running[0].text == text)
        #expect(db.stopQuery(running[0].id))
        group.wait()
        let error = found.withLock { $0 } as? CypherError
        #expect(error?.detail.rawValue == "QueryCancelled")
        #expect(db.runningQueries.isEmpty)
        #expect(!db.stopQuery(running[0].id))
        #expect(try db.query("SHOW TRANSACTIONS").rows.count == 1)
    }

    @Test func `slow queries are kept and told`() throws {
        let db = try GraphDatabase.temporary()
        let told = Mutex<[String]>([])
        _ = try db.query("RETURN 1")
        #expect(db.slowQueries.isEmpty)
        db.logSlowQueries(atLeast: .zero) { slow in told.withLock { $0.append(slow.text) } }
        _ = try db.query("RETURN 2")
        #expect(db.slowQueries.map(\.text) == ["RETURN 2"])
        #expect(told.withLock { $0 } == ["RETURN 2"])
        db.logSlowQueries(atLeast: nil)
        _ = try db.query("RETURN 3")
        #expect(db.slowQueries.count == 1)
    }

    @Test func `a transaction sees its own changes, and ends as it is told`() throws {
        let db = try GraphDatabase.temporary()
        let first = db.beginTransaction()
        _ = try first.query("CREATE (:N {i: 1})")
        #expect(try first.query("MATCH (n:N) RETURN n").rows.count == 1)
        #expect(try count(db) == 0)
        first.rollBack()
        #expect(try count(db) == 0)
        let second = db.beginTransaction()
        _ = try second.query("CREATE (:N {i: 1})")
        try second.commit()
        #expect(try count(db) == 1)
        #expect(throws: GraphStoreError.self) { try second.query("RETURN 1") }
        let third = db.beginTransaction()
        _ = try third.query("CREATE (:N {i: 2})")
        #expect(throws: CypherError.self) { try third.query("RETURN 1 / 0") }
        #expect(try count(db) == 1)
    }

    @Test func `a closure may run several queries in one transaction`() throws {
        let db = try GraphDatabase.temporary()
        try db.write { txn in
            _ = try txn.query("CREATE (:N {i: 1})")
            _ = try txn.query("MATCH (n:N) SET n.i = n.i + 1")
        }
        let rows = try db.read { txn in
            var rows = 0
            try txn.forEachRow(of: "MATCH (n:N {i: 2}) RETURN n") { _ in
                rows += 1
                return true
            }
            return rows
        }
        #expect(rows == 1)
        #expect(throws: CypherError.self) { try db.read { try $0.query("CREATE (:N)") } }
    }

    @Test func `a query can read an earlier moment, and not change it`() throws {
        let db = try GraphDatabase.temporary()
        try db.setHistory(HistoryRetention())
        _ = try db.query("CREATE (:N {i: 1})")
        let position = try db.read { try $0.position() }
        _ = try db.query("MATCH (n:N) SET n.i = 2 CREATE (:N {i: 3})")
        let text = "MATCH (n:N) RETURN n.i"
        #expect(try db.query(text).rows.count == 2)
        let past = try db.query("USE AT \(position) " + text)
        #expect(past.rows.map { "\($0[0])" } == ["integer(1)"])
        let given = try db.query(
            "USE graph AT $p " + text, parameters: ["p": .integer(Int64(position))])
        #expect(given.rows.count == 1)
        var options = QueryOptions()
        options.asOf = .position(position)
        #expect(try db.query(text, options: options).rows.count == 1)
        #expect(throws: CypherError.self) { try db.query("USE AT \(position) CREATE (:N)") }
        #expect(throws: CypherError.self) { try db.query("USE AT 'yesterday' RETURN 1") }
    }

    @Test func `a subquery in transactions keeps the batches that were committed`() throws {
        let db = try GraphDatabase.temporary()
        let result = try db.query(
            """
            UNWIND range(1, 10) AS i
            CALL (i) { CREATE (:N {i: 12 / (7 - i)}) } IN TRANSACTIONS OF 3 ROWS
            ON ERROR CONTINUE REPORT STATUS AS s
            RETURN i, s.committed AS committed
            """)
        #expect(result.rows.count == 10)
        #expect(result.rows.count { "\($0[1])" == "boolean(true)" } == 7)
        #expect(try count(db) == 7)
        #expect(throws: CypherError.self) {
            try db.query(
                """
                UNWIND range(1, 10) AS i
                CALL (i) { CREATE (:M {i: 12 / (7 - i)}) } IN TRANSACTIONS OF 3 ROWS
                """)
        }
        #expect(try count(db) == 13)
    }

    @Test(arguments: [
        ("CREATE CONSTRAINT c FOR (n:N) REQUIRE n.i IS UNIQUE", "CREATE (:N {i: 1})"),
        ("CREATE CONSTRAINT c FOR (n:N) REQUIRE n.k IS NOT NULL", "CREATE (:N {i: 2})"),
        ("CREATE CONSTRAINT c FOR (n:N) REQUIRE (n.i, n.k) IS NODE KEY", "CREATE (:N {i: 2})"),
        ("CREATE CONSTRAINT c FOR (n:N) REQUIRE n.i IS :: INTEGER", "CREATE (:N {i: 'x'})"),
        (
            "CREATE CONSTRAINT c FOR ()-[r:R]-() REQUIRE r.w IS NOT NULL",
            "MATCH (n:N) CREATE (n)-[:R]->(n)"
        ),
        (
            "CREATE CONSTRAINT c FOR ()-[r:R]-() REQUIRE r.w IS UNIQUE",
            "MATCH (n:N) CREATE (n)-[:R {w: 1}]->(n)-[:R {w: 1}]->(n)"
        ),
    ])
    func `every kind of constraint is made, holds, and is dropped`(
        command: String, breaking: String
    ) throws {
        let db = try GraphDatabase.temporary()
        _ = try db.query("CREATE (:N {i: 1, k: 'a'})")
        _ = try db.query(command)
        #expect(try db.query("SHOW CONSTRAINTS").rows.count == 1)
        #expect(throws: (any Error).self) { try db.query(command) }
        _ = try db.query(command.replacing("CONSTRAINT c", with: "CONSTRAINT c IF NOT EXISTS"))
        #expect(throws: (any Error).self) { try db.query(breaking) }
        #expect(throws: CypherError.self) { try db.query("DROP INDEX c") }
        _ = try db.query("DROP CONSTRAINT c")
        _ = try db.query("DROP CONSTRAINT c IF EXISTS")
        _ = try db.query(breaking)
    }
}

@Suite struct `Loading CSV` {
    private struct NotAllowed: Error {}

    private func rows(_ query: String) throws -> [String] {
        var options = QueryOptions()
        options.limits.openCSV = { name in
            guard name == "a.csv" else { throw NotAllowed() }
            return Array("\u{FEFF}id,name\r\n1,\"Ada, \"\"A\"\"\"\n2,\n3,\"\"".utf8)
        }
        let db = try GraphDatabase.temporary()
        return try db.query(query, options: options).rows.map { "\($0)" }
    }

    @Test func `each record is a row`() throws {
        let found = try rows(
            "LOAD CSV WITH HEADERS FROM 'a.csv' AS row RETURN toInteger(row.id), row.name")
        #expect(
            found == [
                "[Cypher.CypherValue.integer(1), Cypher.CypherValue.string(\"Ada, \\\"A\\\"\")]",
                "[Cypher.CypherValue.integer(2), Cypher.CypherValue.null]",
                "[Cypher.CypherValue.integer(3), Cypher.CypherValue.string(\"\")]",
            ])
        #expect(try rows("LOAD CSV FROM 'a.csv' AS row RETURN size(row)").count == 4)
        #expect(
            try rows("LOAD CSV FROM 'a.csv' AS row FIELDTERMINATOR 'x' RETURN size(row)").count == 4
        )
    }

    @Test func `no file is read that was not allowed`() throws {
        #expect(throws: NotAllowed.self) { try rows("LOAD CSV FROM '/etc/passwd' AS r RETURN r") }
        let db = try GraphDatabase.temporary()
        let error = #expect(throws: CypherError.self) {
            try db.query("LOAD CSV FROM 'a.csv' AS r RETURN r")
        }
        #expect(error?.detail.rawValue == "FileNotAllowed")
    }
}
