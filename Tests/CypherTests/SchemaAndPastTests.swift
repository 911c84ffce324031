import Cypher
import GraphStore
import PropertyGraph
import Testing

@Suite struct `Indexes and constraints in openCypher` {
    @Test func `every kind is created, held to and listed`() throws {
        let db = try GraphDatabase.temporary()
        for statement in [
            "CREATE INDEX FOR (p:Person) ON (p.name, p.age)",
            "CREATE INDEX since FOR ()-[k:KNOWS]-() ON (k.since)",
            "CREATE CONSTRAINT FOR (p:Person) REQUIRE p.id IS UNIQUE",
            "CREATE CONSTRAINT FOR (p:Person) REQUIRE (p.id, p.name) IS NODE KEY",
            "CREATE CONSTRAINT FOR (p:Person) REQUIRE p.name IS NOT NULL",
            "CREATE CONSTRAINT ages FOR (p:Person) REQUIRE p.age IS :: INTEGER | LIST<STRING NOT NULL>",
            "CREATE CONSTRAINT FOR ()-[k:KNOWS]-() REQUIRE k.id IS RELATIONSHIP KEY",
            "CREATE CONSTRAINT FOR ()-[k:KNOWS]-() REQUIRE k.since IS TYPED ZONED DATETIME",
        ] {
            _ = try db.query(statement)
            // The same again is an error, unless it may be there.
            #expect(throws: CypherError.self) { try db.query(statement) }
            let head = statement.hasPrefix("CREATE INDEX") ? "INDEX " : "CONSTRAINT "
            if let range = statement.firstRange(of: head + "FOR") {
                _ = try db.query(
                    statement.replacingCharacters(range, with: head + "IF NOT EXISTS FOR"))
            }
        }
        let objects = try db.read { try $0.schemaObjects() }
        #expect(objects.count == 8)
        #expect(
            objects.first { $0.name == "ages" }?.type?.description == "INTEGER | LIST<STRING>")
        for (query, code) in [
            ("CREATE (:Person {id: 1, age: 7})", GraphStoreError.Code.existenceViolation),
            ("CREATE (:Person {id: 1, name: 'a', age: 1.5})", .typeViolation),
            ("CREATE (:Person {id: 1, name: 'a'}), (:Person {id: 1, name: 'b'})", .uniqueViolation),
            ("CREATE (n)-[:KNOWS]->(n)", .existenceViolation),
        ] {
            let error = #expect(throws: GraphStoreError.self) { try db.query(query) }
            #expect(error?.code == code, "\(query)")
        }
        _ = try db.query("DROP CONSTRAINT ages")
        _ = try db.query("CREATE (:Person {id: 1, name: 'a', age: 1.5})")
    }

    @Test(arguments: [
        ("CREATE CONSTRAINT FOR (p:P) REQUIRE p.a IS :: NUMBER", "no type"),
        ("CREATE CONSTRAINT FOR (p:P) REQUIRE p.a IS :: 5", "a type such as"),
        ("CREATE CONSTRAINT FOR (p:P) REQUIRE (p.a, p.b) IS NOT NULL", "one property at a time"),
        ("CREATE CONSTRAINT FOR (p:P) REQUIRE (p.a, p.b) IS :: INTEGER", "one property at a time"),
    ])
    func `what is none is told with its place`(statement: String, told: String) throws {
        let db = try GraphDatabase.temporary()
        let error = #expect(throws: CypherError.self) { try db.query(statement) }
        #expect(error?.message.contains(told) == true, "\(error as Any)")
        #expect(error?.range != nil)
    }
}

@Suite struct `Queries about the past` {
    @Test func `are answered as of a position or time, and change nothing`() throws {
        let db = try GraphDatabase.temporary()
        try db.setHistory(HistoryRetention())
        for number in 1...5 { _ = try db.query("CREATE (:N {n: \(number)})") }
        func count(_ query: String, _ options: QueryOptions = QueryOptions()) throws -> Int64? {
            let result = try db.query(query, parameters: ["p": .integer(2)], options: options)
            guard case .integer(let count)? = result.rows.first?.first else { return nil }
            return count
        }
        let position = try Int64(db.position())
        #expect(try count("MATCH (n:N) RETURN count(n)") == 5)
        #expect(try count("USE AT \(position - 2) MATCH (n:N) RETURN count(n)") == 3)
        #expect(try count("USE AT $p MATCH (n:N) RETURN count(n)") == 2)
        #expect(try count("USE AT datetime('2300-01-01T00:00Z') MATCH (n) RETURN count(n)") == 5)
        var options = QueryOptions()
        options.asOf = .position(4)
        #expect(try count("MATCH (n:N) WHERE n.n > 0 RETURN count(n)", options) == 4)
        #expect(try count("USE AT 1 MATCH (n:N) RETURN count(n)", options) == 1)
        for query in [
            "USE AT 2 CREATE (n)", "USE AT 2 SHOW INDEXES", "USE AT 'soon' RETURN 1",
            "USE AT 1.5 RETURN 1", "USE AT n RETURN 1", "USE AT -1 RETURN 1",
        ] {
            let error = #expect(throws: CypherError.self, "\(query)") { try db.query(query) }
            #expect(error?.range != nil)
        }
        #expect(throws: CypherError.self) { try db.query("CREATE (n)", options: options) }
        let later = #expect(throws: GraphStoreError.self) { try db.query("USE AT 99 RETURN 1") }
        #expect(later?.code == .historyUnavailable)
        let transaction = db.beginTransaction()
        let within = #expect(throws: CypherError.self) {
            try transaction.query("USE AT 2 MATCH (n) RETURN n")
        }
        #expect(within?.message.contains("outside of it") == true)
        #expect(try count("MATCH (n:N) RETURN count(n)") == 5)
    }
}

extension String {
    fileprivate func replacingCharacters(_ range: Range<Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
