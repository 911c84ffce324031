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
        // Endless for a test, in lists so short that no limit of memory comes before the stop.
        let text =
            "UNWIND range(1, 9000) AS a UNWIND range(1, 9000) AS b UNWIND range(1, 9000) AS c "
            + "UNWIND range(1, 9000) AS d RETURN sum(a + b + c + d)"
        var options = QueryOptions()
        options.limits.time = nil
        options.limits.expansions = nil
        let found = Mutex<(any Error)?>(nil)
        let group = DispatchGroup()
        DispatchQueue.global().async(group: group) { [options] in
            do { _ = try db.query(text, options: options) } catch { found.withLock { $0 = error } }
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

    @Test func `texts that only look the same are different queries`() throws {
        let db = try GraphDatabase.temporary()
        for _ in 0..<2 {
            for letter in ["\u{e9}", "e\u{301}"] {
                let rows = try db.query("RETURN '\(letter)' AS x").rows
                guard case .string(let text) = rows[0][0] else {
                    Issue.record("\(rows)")
                    continue
                }
                #expect(Array(text.utf8) == Array(letter.utf8))
            }
        }
    }

    @Test func `a query finds its parameters, however many there are`() throws {
        let db = try GraphDatabase.temporary()
        for count in [1, 8, 9, 40] {
            let names = (0..<count).map { "p\($0)" }
            var given: [String: CypherValue] = ["unused": .integer(-1)]
            for (number, name) in names.enumerated() { given[name] = .integer(Int64(number)) }
            let text = "RETURN " + names.map { "$\($0)" }.joined(separator: " + ") + " AS sum"
            let rows = try db.query(text, parameters: given).rows
            #expect("\(rows)" == "[[Cypher.CypherValue.integer(\(count * (count - 1) / 2))]]")
            given["p\(count - 1)"] = nil
            let error = #expect(throws: CypherError.self) {
                try db.query(text, parameters: given)
            }
            #expect(error?.detail.rawValue == "MissingParameter")
        }
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

    @Test func `a prepared query may be asked of another database`() throws {
        let first = try GraphDatabase.temporary()
        let second = try GraphDatabase.temporary()
        // As many changes of the schema, in another order.
        for (db, keys) in [(first, ["i", "j"]), (second, ["j", "i"])] {
            for key in keys {
                _ = try db.query("CREATE CONSTRAINT FOR (n:N) REQUIRE n.\(key) IS UNIQUE")
            }
        }
        _ = try first.query("CREATE (:N {i: 1, j: 2, of: 'first'})")
        _ = try second.query("CREATE (:N {i: 1, j: 7, of: 'a'}), (:N {i: 7, j: 1, of: 'b'})")
        let query = try first.prepare("MATCH (n:N {i: $i}) RETURN n.of")
        func found(_ i: Int64, _ db: GraphDatabase) throws -> [String] {
            try db.query(query, parameters: ["i": .integer(i)]).rows.map { "\($0[0])" }
        }
        for _ in 0..<2 {
            #expect(try found(1, first) == ["string(\"first\")"])
            #expect(try found(1, second) == ["string(\"a\")"])
            #expect(try found(7, second) == ["string(\"b\")"])
            #expect(try found(7, first).isEmpty)
        }
        _ = try second.query("DROP CONSTRAINT \(try name(ofConstraintOn: "i", second))")
        _ = try second.query("CREATE (:N {i: 1, j: 8, of: 'c'})")
        #expect(try found(1, second).sorted() == ["string(\"a\")", "string(\"c\")"])
    }

    private func name(ofConstraintOn key: PropertyKey, _ db: GraphDatabase) throws -> String {
        try #require(
            db.read { try $0.schemaObjects() }.first { $0.properties == [key] }?.name)
    }

    @Test func `a transaction finds all that share a key as yet`() throws {
        let db = try GraphDatabase.temporary()
        _ = try db.query("CREATE CONSTRAINT FOR (n:N) REQUIRE n.i IS UNIQUE")
        _ = try db.query("CREATE (:N {i: 1, of: 'before'})")
        let text = "MATCH (n:N {i: $i}) RETURN n.of ORDER BY n.of"
        let open = db.beginTransaction()
        func found(_ i: Int64) throws -> [String] {
            try open.query(text, parameters: ["i": .integer(i)]).rows.map { "\($0[0])" }
        }
        #expect(try found(1) == ["string(\"before\")"])
        _ = try open.query("CREATE (:N {i: 1, of: 'now'}), (:N {i: 2, of: 'now'})")
        #expect(try found(1) == ["string(\"before\")", "string(\"now\")"])
        #expect(try found(2) == ["string(\"now\")"])
        _ = try open.query("MATCH (n:N {i: 1}) WHERE n.of = 'before' DELETE n")
        #expect(try found(1) == ["string(\"now\")"])
        #expect(try found(3).isEmpty)
        try open.commit()
        #expect(try db.query(text, parameters: ["i": .integer(1)]).rows.count == 1)
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

    @Test func `a subquery in transactions may only read`() throws {
        let db = try GraphDatabase.temporary()
        let query =
            "UNWIND [1, 2, 3] AS x CALL (x) { RETURN x * 2 AS y } IN TRANSACTIONS OF 2 ROWS "
            + "RETURN y"
        let rows = try db.query(query).rows
        #expect(rows.map { "\($0[0])" } == ["integer(2)", "integer(4)", "integer(6)"])
        #expect(throws: CypherError.self) {
            try db.query("CALL { RETURN 1 AS y } IN TRANSACTIONS OF 0 ROWS RETURN y")
        }
    }

    @Test(arguments: [
        "CALL { CALL { CREATE (:N) RETURN 1 AS a } IN TRANSACTIONS RETURN a } RETURN a",
        "RETURN EXISTS { CALL { RETURN 1 AS a } IN TRANSACTIONS RETURN a } AS e",
        "CALL { CREATE (:N) RETURN 1 AS a } IN TRANSACTIONS RETURN a UNION RETURN 1 AS a",
    ])
    func `a subquery in transactions stands in the query itself alone`(query: String) throws {
        let db = try GraphDatabase.temporary()
        let error = #expect(throws: CypherError.self) { try db.query(query) }
        #expect(error?.detail == .invalidClauseComposition)
        #expect(try count(db) == 0)
    }

    @Test(arguments: ["0", "-1", "'two'", "1.5", "null", "$none"])
    func `a number of rows that no transaction can take stops a query before it commits`(
        size: String
    ) throws {
        let db = try GraphDatabase.temporary()
        #expect(throws: CypherError.self) {
            try db.query(
                """
                CREATE (:Before) WITH 1 AS one UNWIND range(1, 10) AS i
                CALL (i) { CREATE (:N {i: i}) } IN TRANSACTIONS OF \(size) ROWS
                """, parameters: ["none": .integer(0)])
        }
        #expect(try count(db) == 0)
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
