import GraphStore
import PropertyGraph
import Testing

@testable import Cypher

/// Nodes in a chain with branches, and an index over their numbers and names.
private func graph() throws -> GraphDatabase {
    let db = try GraphDatabase.temporary()
    _ = try db.query("UNWIND range(0, 199) AS i CREATE (:N {i: i, name: 'n' + i})")
    _ = try db.query("CREATE INDEX FOR (n:N) ON (n.i)")
    _ = try db.query("CREATE INDEX FOR (n:N) ON (n.name)")
    _ = try db.query("MATCH (a:N), (b:N {i: a.i + 1}) CREATE (a)-[:R {w: a.i}]->(b)")
    _ = try db.query("MATCH (a:N), (b:N {i: a.i + 2}) CREATE (a)-[:R]->(b)")
    _ = try db.query("MATCH (a:N {i: 199}), (b:N {i: 190}) CREATE (a)-[:S]->(b)")
    return db
}

@Suite struct `Plans` {
    private static let db = Result { try graph() }

    /// The rows of a query in an order of their own.
    private func rows(_ query: String, isNaive: Bool) throws -> [String] {
        var options = QueryOptions()
        options.isNaive = isNaive
        return try Self.db.get().query(query, options: options).rows.map { "\($0)" }.sorted()
    }

    @Test(arguments: [
        ("MATCH (n:N) WHERE n.i = 7 RETURN n.name", "NodeIndexSeek"),
        ("MATCH (n:N) WHERE n.i IN [1, 2, 2, 900] RETURN n.i", "NodeIndexSeek"),
        ("MATCH (n:N) WHERE n.i > 190 RETURN n.i", "NodeIndexRangeSeek"),
        ("MATCH (n:N) WHERE 20 < n.i AND n.i <= 25 RETURN n.i", "NodeIndexRangeSeek"),
        ("MATCH (n:N) WHERE 20 < n.i <= 25 RETURN n.i", "NodeIndexRangeSeek"),
        ("MATCH (n:N) WHERE n.name STARTS WITH 'n19' RETURN n.i", "NodeIndexPrefixSeek"),
        ("MATCH (n) WHERE id(n) = 3 RETURN n.i", "NodeByIdSeek"),
        ("MATCH (n:N)-[r]->(m:N) RETURN count(r)", "NodeByLabelScan"),
        ("MATCH (a:N {i: 190})-[:R*]->(b) RETURN DISTINCT b.i", "Reach"),
        ("MATCH (a:N {i: 190})-[:R*0..3]->(b) RETURN count(DISTINCT b)", "ReachCount"),
        ("MATCH (a:N {i: 190})-[:R*]->(b) WHERE b <> a RETURN count(DISTINCT b)", "ReachCount"),
        ("MATCH (a:N {i: 190})-[:R*]->(b) RETURN count(DISTINCT b), count(DISTINCT b.i)", "Reach"),
        ("MATCH (n:N) WHERE n.name STARTS WITH 'n19' RETURN count(*)", "IndexCount"),
        ("MATCH (a:N {i: 190})-[*..4]-(b) RETURN DISTINCT b.i", "Reach"),
        ("MATCH (a:N {i: 190})-[:R|S*]->(b) RETURN size(collect(DISTINCT b.i))", "Reach"),
        ("MATCH (a:N {i: 5}), (b:N {i: 9}) WHERE (a)-[:R*]->(b) RETURN a.i", "Filter"),
        ("MATCH (a:N {i: 198})-[:R*]->(b) RETURN b.i", "VarLengthExpand"),
        ("MATCH p = (a:N {i: 196})-[:R*]->(b) RETURN DISTINCT length(p)", "VarLengthExpand"),
        ("MATCH (a:N {i: 196})-[r:R*]->(b) RETURN DISTINCT size(r)", "VarLengthExpand"),
        ("MATCH (n:N) RETURN n.i ORDER BY n.i LIMIT 3", "NodeIndexOrderedScan"),
        ("MATCH (n:N) RETURN n.i AS x ORDER BY x DESC SKIP 2 LIMIT 3", "NodeIndexOrderedScan"),
        ("MATCH (n:N) WHERE n.i < 9 RETURN n.i ORDER BY n.i DESC LIMIT 3", "NodeIndexOrderedScan"),
        ("MATCH (n:N) RETURN n.i ORDER BY n.i % 7, n.i LIMIT 3", "Top"),
        ("MATCH (n:N) RETURN n.i % 2 AS k, count(*) AS c", "Aggregation"),
        ("MATCH (n:N) RETURN sum(n.i), avg(n.i), min(n.name), count(*)", "ScanAggregation"),
        ("MATCH (n:N) WITH n.name AS k, count(*) AS c RETURN max(c)", "ScanAggregation"),
    ])
    func `the plan is the one that its kind of query needs`(
        query: String, wanted: String
    ) throws {
        let plan = try Self.db.get().explain(query)
        #expect(plan.names.contains(wanted), "\(plan)")
        #expect(try rows(query, isNaive: false) == rows(query, isNaive: true))
    }

    @Test func `ORDER BY and LIMIT keep no more rows than they give, or twice`() throws {
        let db = try GraphDatabase.temporary()
        var options = QueryOptions()
        options.limits.memoryBytes = 8 << 20
        let result = try db.query(
            "UNWIND range(1, 100000) AS i WITH i ORDER BY (i * 7919) % 100003 LIMIT 5 RETURN i",
            options: options)
        #expect(result.rows.count == 5)
    }

    @Test func `PROFILE counts rows, store hits, time and memory of each operator`() throws {
        let db = try Self.db.get()
        let result = try db.profile("MATCH (n:N) WHERE n.i < 10 RETURN n.i % 2 AS k, count(*) AS c")
        #expect(result.rows.count == 2)
        let plan = try #require(result.plan)
        #expect(plan.name == "ProduceResults" && plan.profile?.rows == 2)
        let seek = try #require(plan.all.first { $0.name == "NodeIndexRangeSeek" })
        #expect(seek.profile?.rows == 10)
        #expect(seek.profile?.storeHits == 10)
        let group = try #require(plan.all.first { $0.name == "Aggregation" })
        #expect(group.profile?.rows == 2)
        #expect(group.profile?.memoryBytes ?? 0 > 0)
        #expect(plan.description.contains("gave 10"))
    }

    @Test func `EXPLAIN gives the plan as rows, and runs nothing`() throws {
        let db = try GraphDatabase.temporary()
        let result = try db.query("EXPLAIN CREATE (n:N) RETURN n")
        #expect(result.columns == ["operator", "details", "estimatedRows"])
        #expect(result.plan?.names.contains("Create") == true)
        #expect(try db.read { try $0.nodeCount() } == 0)
        let profiled = try db.query("PROFILE CREATE (n:N) RETURN n")
        #expect(profiled.columns.count == 7)
        #expect(try db.read { try $0.nodeCount() } == 1)
    }

    @Test func `a plan is kept for its text, and made anew when the schema changes`() throws {
        let db = try GraphDatabase.temporary()
        _ = try db.query("UNWIND range(1, 50) AS i CREATE (:N {i: i})")
        let text = "MATCH (n:N) WHERE n.i = $i RETURN n.i"
        let first = try db.prepare(text)
        #expect(try db.prepare(text + " ;\n") === first)
        #expect(try db.query(first, parameters: ["i": .integer(3)]).rows.count == 1)
        #expect(try db.explain(text).names.contains("NodeByLabelScan"))
        _ = try db.query("CREATE INDEX FOR (n:N) ON (n.i)")
        #expect(try db.explain(text).names.contains("NodeIndexSeek"))
        #expect(try db.query(first, parameters: ["i": .integer(3)]).rows.count == 1)
    }

    @Test func `commits leave a plan as it is until counts are of another order`() throws {
        let db = try GraphDatabase.temporary()
        _ = try db.query("UNWIND range(1, 50) AS i CREATE (:N {i: i})")
        let query = try db.prepare("MATCH (n:N), (m:Late) WHERE n.i = m.i RETURN n.i")
        func plan() throws -> CompiledPlan {
            try db.read { try query.compiled(QueryOptions(), $0) }
        }
        let first = try plan()
        _ = try db.query("CREATE (:N {i: 51})")
        #expect(try plan() === first)
        _ = try db.query("CREATE (:Late:Other {z: 1})")
        #expect(try plan() === first)
        #expect(
            try db.write { try query.compiled(QueryOptions(), $0, isWriting: true) } === first)
        // The label was not there when the plan was made, and is now of many nodes.
        _ = try db.query("UNWIND range(1, 140) AS i CREATE (:Late {i: i})")
        let second = try plan()
        #expect(second !== first)
        #expect(try plan() === second)
    }

    @Test func `a plan that a transaction made for a schema it gave up is not kept`() throws {
        struct GivenUp: Error {}
        let db = try GraphDatabase.temporary()
        _ = try db.query("UNWIND range(1, 50) AS i CREATE (:N {i: i})")
        let text = "MATCH (n:N) WHERE n.i = 3 RETURN n.i"
        let query = try db.prepare(text)
        #expect(throws: GivenUp.self) {
            try db.write { txn in
                try txn.createIndex(label: "N", properties: ["i"])
                _ = try query.compiled(QueryOptions(), txn, isWriting: true)
                throw GivenUp()
            }
        }
        // As many changes of the catalog as the index was.
        _ = try db.query("CREATE (:Fresh)")
        #expect(try db.explain(text).names.contains("NodeByLabelScan"))
        #expect(try db.query(text).rows.count == 1)
    }
}
