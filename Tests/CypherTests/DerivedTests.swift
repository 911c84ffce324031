import Foundation
import GraphStore
import PropertyGraph
import Testing

@testable import Cypher

@Suite struct `Rows and columns that queries share` {
    private static let queries = [
        "MATCH (n:N) RETURN sum(n.i), avg(n.i), min(n.i), max(n.i), count(n.i), count(*)",
        "MATCH (n:N) RETURN n.domain AS d, count(*), sum(n.i), max(n.weight) ORDER BY d",
        "MATCH (n:N) RETURN n.domain AS d, n.flag AS f, count(n.mixed), min(n.mixed) ORDER BY d, f",
        "MATCH (n) RETURN n.mixed AS m, count(*) ORDER BY m",
        "MATCH (n:N) RETURN count(DISTINCT n.i), sum(n.weight), avg(n.weight)",
        "MATCH (n:Nobody) RETURN count(n.i), sum(n.i), min(n.i)",
        "MATCH (n:N) RETURN n.i AS i ORDER BY n.i DESC LIMIT 4",
        "MATCH (n:N) RETURN n.rare AS r ORDER BY n.rare SKIP 1 LIMIT 6",
        "MATCH (n:N) RETURN n.rare AS r ORDER BY n.rare DESC SKIP 380 LIMIT 30",
        "MATCH (n:N) WHERE n.rare > 2 RETURN n.rare AS r ORDER BY n.rare DESC LIMIT 3",
        "MATCH (n:N) WHERE n.i < 60 AND n.weight > 2 AND n.rare IS NULL AND n.flag "
            + "RETURN n.domain, n.weight, n.flag, n.mixed, n.none, n.i ORDER BY n.i",
        "MATCH (n:N) RETURN n.domain AS n ORDER BY n LIMIT 3",
        "MATCH (n:N) WITH {i: -n.i} AS n, n.i AS was ORDER BY n.i LIMIT 3 RETURN n.i, was",
        "MATCH (a:N {i: 3})-[:R*]->(b) RETURN count(DISTINCT b)",
        "MATCH (a:N {i: 300})<-[:R|S*1..6]-(b) RETURN count(DISTINCT b.i)",
        "MATCH (a:N {i: 3})-[:S*0..]->(b) RETURN count(DISTINCT b)",
        "MATCH (a:N {i: 3})-[:R*]->(b) WHERE b <> a RETURN count(DISTINCT b)",
        "MATCH (a:N) WHERE a.i IN [3, 5, 20, 395] MATCH (a)-[:R*1..40]->(b) WHERE a <> b "
            + "RETURN count(DISTINCT b)",
        "MATCH (a:N) WHERE a.i < 12 MATCH (a)-[:R|S*1..3]->(b) WHERE a <> b RETURN count(DISTINCT b)",
        "MATCH (a:N) WHERE a.i < 12 MATCH (a)<-[:R*0..3]-(b) WHERE b.i > 2 AND a <> b "
            + "RETURN count(DISTINCT b)",
        "MATCH (a:N) WHERE a.i IN [3, 15] MATCH (a)-[:R*1..3]-(b) WHERE b.flag AND b <> a "
            + "RETURN count(DISTINCT b)",
        "MATCH (u:N {i: 9}), (a:N {i: 3}) MATCH (a)-[:R*]->(b) WHERE NOT (u)-[:S]->(b) "
            + "RETURN count(DISTINCT b)",
        "OPTIONAL MATCH (a:N {i: -1}) OPTIONAL MATCH (a)-[:R*]->(b) RETURN count(DISTINCT b)",
        "MATCH (a:N {i: -1})-[:R*]->(b) RETURN count(DISTINCT b)",
        "MATCH (a:N {i: 3})-[:R*1..3]->(b) WHERE 1 / (b.i - 5) > 0 RETURN count(DISTINCT b)",
        "MATCH (a:N {i: 3})-[:R*1..9]->(b) WITH DISTINCT b RETURN b.i ORDER BY b.weight DESC, b.i LIMIT 4",
        "MATCH (a:N {i: 3})-[:R*1..9]->(b) WHERE b.i < 9 AND b <> a AND 2.0 <= b.weight "
            + "WITH DISTINCT b RETURN b.i, b.weight ORDER BY b.i",
        "MATCH (a:N) WHERE a.i < 6 MATCH (a)-[:R|S*1..4]->(b) WHERE a <> b AND b.weight >= 2 "
            + "AND b.i = 9 RETURN DISTINCT b.i, b.flag ORDER BY b.i",
        "MATCH (a:N {i: 3})-[:R*0..90]->(b) WHERE b.rare <> 1 AND b.rare < 3 "
            + "RETURN DISTINCT b.i ORDER BY b.i",
        "MATCH (a:N {i: 3})-[:R*1..9]->(b) WHERE 8 > b.i AND b.mixed = 1 AND b.weight < 9 "
            + "RETURN DISTINCT b.i, b.mixed ORDER BY b.i",
        "MATCH (a:N {i: 3})-[:R*1..9]->(b) WHERE b.i < 'x' OR b.i > 9.5 "
            + "RETURN DISTINCT b.i ORDER BY b.i",
        "MATCH (a:N {i: 3})-[:R*1..9]->(b) WHERE b.i > 9.5 AND b.domain < 'b' "
            + "RETURN DISTINCT b.i ORDER BY b.i",
        "MATCH (a:N {i: 3})-[:R*1..1]->(b) RETURN count(DISTINCT b)",
        "MATCH (a:N {i: 3})-[:R*1..1]->(b) WHERE b <> a RETURN count(DISTINCT b)",
        "MATCH (a:N {i: 15})<-[:R*1..1]-(b) RETURN count(DISTINCT b)",
        "MATCH (a:N) WHERE a.i < 17 MATCH (a)-[:R*1..1]->(b) RETURN count(DISTINCT b)",
        "MATCH (a:N) WHERE a.i < 17 MATCH (a)-[:R*1..1]->(b) WHERE a <> b RETURN count(DISTINCT b)",
        "MATCH (n:N) WHERE n.domain STARTS WITH 'e' RETURN count(*)",
        "MATCH (n:N) WHERE n.domain STARTS WITH null RETURN count(n)",
        "MATCH (n:N) WHERE n.domain STARTS WITH 7 RETURN count(*) AS c",
        "UNWIND ['a', 'b', ''] AS t MATCH (n:N) WHERE n.domain STARTS WITH t RETURN t, count(n)",
        "UNWIND [3, 3.0, 3.5, 0.0 / 0.0, 'a', null, true] AS v MATCH (n:N {i: v}) RETURN v, n.i",
        "MATCH (a:N {i: 3}), (b:N {i: 390}) RETURN EXISTS { (a)-[:R*]->(b) }",
        "MATCH (a:N {i: 3}), (b:N {i: 390}) MATCH p = shortestPath((a)-[:R|S*]->(b)) "
            + "RETURN length(p), [n IN nodes(p) | n.i][0], size(relationships(p))",
        "MATCH (a:N {i: 390}), (b:N {i: 3}) MATCH p = shortestPath((a)<-[*..200]-(b)) "
            + "RETURN length(p), all(r IN relationships(p) WHERE type(r) IN ['R', 'S'])",
        "MATCH (a:N {i: 390}), (b:N {i: 3}) MATCH p = shortestPath((a)-[:R*]->(b)) RETURN p",
    ]

    private static let changes = [
        "MATCH (n:N) WHERE n.i % 50 = 7 SET n.i = n.i + 1000",
        "MATCH (n:N {i: 20}) DETACH DELETE n",
        "CREATE (:N {i: 7777, domain: 'new', mixed: date('2020-01-01')})",
        "MATCH (n:N) WHERE n.i % 3 = 0 REMOVE n.flag SET n.weight = 2, n.mixed = n.i",
        "MATCH (a:N {i: 5}), (b:N {i: 385}) CREATE (a)-[:R]->(b)",
        "MATCH (:N {i: 5})-[r:R]->() DELETE r",
        "MATCH (a:N {i: 3}), (b:N {i: 15}) CREATE (a)-[:R]->(a), (a)-[:R]->(b), (a)-[:R]->(b)",
    ]

    private func graph(at path: String) throws -> GraphDatabase {
        let db = try GraphDatabase(path: path)
        _ = try db.query("CREATE INDEX FOR (n:N) ON (n.i)")
        _ = try db.query("CREATE INDEX FOR (n:N) ON (n.rare)")
        _ = try db.query("CREATE INDEX FOR (n:N) ON (n.domain)")
        _ = try db.query(
            """
            UNWIND range(0, 399) AS i
            CREATE (:N {i: i, domain: ['a', 'é', 'e\u{301}', 'b'][i % 4], weight: i / 4.0,
              flag: i % 3 = 0, rare: CASE WHEN i % 40 = 0 THEN i / 40 END,
              mixed: CASE i % 5 WHEN 0 THEN 1 WHEN 1 THEN 1.0 WHEN 2 THEN '1' WHEN 3 THEN true END})
            """)
        _ = try db.query("MATCH (a:N), (b:N {i: a.i + 1}) CREATE (a)-[:R]->(b)")
        _ = try db.query("MATCH (a:N {i: 15}), (b:N {i: 3}) CREATE (a)-[:R]->(b)")
        _ = try db.query("MATCH (a:N), (b:N {i: a.i + 9}) WHERE a.i % 2 = 0 CREATE (a)-[:S]->(b)")
        return db
    }

    private func rows(_ query: String, _ db: GraphDatabase, _ options: QueryOptions) -> String {
        do { return "\(try db.query(query, options: options).rows)" } catch { return "\(error)" }
    }

    private func compare(_ db: GraphDatabase, _ when: String) throws {
        var naive = QueryOptions()
        naive.isNaive = true
        for query in Self.queries {
            let expected = rows(query, db, naive)
            for making in [DerivedGraphs.Making.never, .whenItPays, .always] {
                var options = QueryOptions()
                options.making = making
                let found = rows(query, db, options)
                #expect(found == expected, "\(when), \(making): \(query)")
            }
        }
    }

    @Test func `absent, held, stale, in files and damaged, they give what records give`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "cairn-derived-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "db").path
        do {
            let db = try graph(at: path)
            defer { db.close() }
            try compare(db, "new")
            for change in Self.changes {
                _ = try db.query(change)
                try compare(db, "after \(change)")
            }
            // Files of the columns, for whoever opens the database next.
            for key in ["i", "domain", "mixed"] as [PropertyKey] {
                _ = try db.nodeColumns([key], label: "N", publish: .always)
            }
            _ = try db.projection(
                Projection(types: ["R"], includesEdgeIDs: true), publish: .always)
        }
        do {
            let db = try GraphDatabase(path: path)
            defer { db.close() }
            try compare(db, "in files")
            _ = try db.query("MATCH (n:N {i: 9}) SET n.i = 'text'")
            try compare(db, "stale in files")
        }
        let files = try FileManager.default.contentsOfDirectory(
            atPath: path + "/derived"
        ).filter { $0.hasSuffix(".csr") }
        #expect(!files.isEmpty)
        for name in files {
            let file = path + "/derived/" + name
            var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
            bytes[bytes.count / 2] ^= 0xFF
            try bytes.write(to: URL(fileURLWithPath: file))
        }
        let db = try GraphDatabase(path: path)
        defer { db.close() }
        try compare(db, "damaged files")
    }

    @Test func `a search that is asked often gets rows, and a commit takes them away`() throws {
        let db = try GraphDatabase.temporary()
        _ = try db.query("UNWIND range(0, 99) AS i CREATE (:N {i: i})")
        _ = try db.query("MATCH (a:N), (b:N {i: a.i + 1}) CREATE (a)-[:R]->(b)")
        let part = DerivedGraphs.Part.relationships(["R"])
        func held() throws -> Bool {
            try db.read { try db.queries.derived.graph(part, of: db, .whenItPays, $0) != nil }
        }
        let query = "MATCH (a:N)-[:R*]->(b) RETURN a.i, count(DISTINCT b)"
        #expect(try !held())
        for _ in 0..<5 { _ = try db.query(query) }
        #expect(try held())
        _ = try db.query("CREATE (:N)")
        #expect(try !held())
    }

    @Test func `a property that queries read once each gets a column`() throws {
        let db = try GraphDatabase.temporary()
        _ = try db.query("CREATE CONSTRAINT FOR (n:N) REQUIRE n.i IS UNIQUE")
        _ = try db.query("UNWIND range(0, 99) AS i CREATE (:N {i: i, w: i * 2})")
        let part = DerivedGraphs.Part.column("w", nil)
        func isHeld() throws -> Bool {
            try db.read {
                if case .held = try db.queries.derived.known(part, $0) { true } else { false }
            }
        }
        func readAll() throws {
            for i in 0..<100 {
                let found = try db.query(
                    "MATCH (n:N {i: $i}) RETURN n.w", parameters: ["i": .integer(Int64(i))])
                #expect(found.rows.map { "\($0)" } == ["[Cypher.CypherValue.integer(\(i * 2))]"])
            }
        }
        try readAll()
        #expect(try !isHeld())
        for _ in 0..<21 { try readAll() }
        #expect(try isHeld())
        _ = try db.query("CREATE (:N {i: 100})")
        #expect(try !isHeld())
        try readAll()
    }

    @Test func `a query that changes the graph counts what it made itself`() throws {
        let db = try GraphDatabase.temporary()
        _ = try db.query("CREATE INDEX FOR (n:N) ON (n.name)")
        let made = try db.query(
            """
            CREATE (a:N {name: 'ab'})-[:R]->(b:N {name: 'abc'})-[:R]->(c:N {name: 'b'})-[:R]->(a)
            WITH a MATCH (a)-[:R*]->(x) WHERE x <> a
            WITH count(DISTINCT x) AS reached
            CALL () { MATCH (n:N) WHERE n.name STARTS WITH 'ab' RETURN count(*) AS found }
            CREATE (:Done)
            RETURN reached, found
            """)
        #expect(
            made.rows.map { "\($0)" } == [
                "[Cypher.CypherValue.integer(2), Cypher.CypherValue.integer(2)]"
            ])
    }

    private static let numbers: [[Int64]] = [
        Array(repeating: 3, count: 70), [.max, .min, 1, -1],
        [35_184_372_088_832, -35_184_372_088_832, 17_592_186_044_416],
        [4_503_599_627_370_496, 1], [-5], Array(-1_500...1_500),
    ]

    @Test(arguments: numbers)
    func `whole numbers add up in columns as one by one`(numbers: [Int64]) throws {
        let total = IntegerTotals(sumOf: numbers.span)
        var expected = IntegerTotals()
        let fits = numbers.reduce(true) { expected.add($1) && $0 }
        guard let total else { return }
        #expect(fits)
        #expect(total.sum == expected.sum && total.count == expected.count)
        #expect(total.floats == expected.floats)
    }

    @Test func `an overflow of a sum is the same error from columns`() throws {
        let db = try GraphDatabase.temporary()
        _ = try db.query("UNWIND [9223372036854775807, 1, -5] AS i CREATE (:N {i: i})")
        var errors: [String] = []
        for making in [DerivedGraphs.Making.never, .always] {
            var options = QueryOptions()
            options.making = making
            do {
                _ = try db.query("MATCH (n:N) RETURN sum(n.i)", options: options)
            } catch let error as CypherError { errors.append(error.detail.rawValue) }
        }
        #expect(errors == ["IntegerOverflow", "IntegerOverflow"])
    }

    @Test func `nodes come in the order of an index as they are sorted`() throws {
        let db = try GraphDatabase.temporary()
        let values = [
            "null", "1", "2.5", "0.0 / 0.0", "'b'", "'a'", "true", "false", "[1, 2]", "['a']",
            "date('2020-01-01')", "datetime('2020-01-01T00:00Z')", "duration('P1D')",
            "-7", "1.0e300", "9007199254740993", "localtime('10:00')", "point({x: 1, y: 2})",
            "'\(String(repeating: "long", count: 200))a'",
            "'\(String(repeating: "long", count: 200))'",
            "time('12:00+01:00')", "time('11:00Z')", "duration({months: 1})",
            "duration({days: 30, seconds: 37746})", "duration({days: 200, nanoseconds: 2})",
            "duration({days: 200, nanoseconds: 1})",
        ]
        for value in values { _ = try db.query("CREATE (:N {v: \(value)})") }
        try db.write { transaction in
            for vector: [Float] in [[9], [1, 2]] {
                try transaction.createNode(labels: ["N"], properties: ["v": .vector(vector)])
            }
        }
        _ = try db.query("CREATE INDEX FOR (n:N) ON (n.v)")
        for order in ["", " DESC"] {
            for limit in [0, 1, 3, 7, 100] {
                let query = "MATCH (n:N) RETURN n.v AS v ORDER BY v\(order) LIMIT \(limit)"
                #expect(try db.explain(query).names.contains("NodeIndexOrderedScan"))
                var naive = QueryOptions()
                naive.isNaive = true
                let (found, expected) = (
                    try db.query(query).rows, try db.query(query, options: naive).rows
                )
                #expect("\(found)" == "\(expected)", "\(query)")
            }
        }
        let all = "MATCH (n:N) RETURN n.v AS v ORDER BY v SKIP 1 LIMIT 9223372036854775807"
        #expect(try db.query(all).rows.count == values.count + 1)
    }

    @Test func `a variable of a list does not stand for the one that it shadows`() throws {
        let db = try GraphDatabase.temporary()
        _ = try db.query("CREATE (a:P {x: 1, k: 2})-[:R]->(:P {x: 5})")
        _ = try db.query("CREATE (a:P {x: 1, k: 1})-[:R]->(:P {x: 4})")
        let found = try db.query(
            """
            MATCH p = (n:P)-[:R]->() RETURN n.x AS y, n.k AS k ORDER BY [n IN nodes(p) | n.x]
            """
        ).rows.map { $0[1] }
        #expect("\(found)" == "\([CypherValue.integer(1), .integer(2)])")
        let grouped = try db.query(
            """
            MATCH p = (n:P)-[:R]->()
            RETURN n.x AS x, count(*) AS c, reduce(s = 0, n IN [{x: 7}] | s + n.x) AS s
            """)
        #expect(
            grouped.rows.map { "\($0)" } == [
                "\([CypherValue.integer(1), .integer(2), .integer(7)])"
            ])
    }
}
