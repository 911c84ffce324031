import GraphStore
import PropertyGraph

@testable import Cypher

/// Texts of queries: every one is planned, or refused with a place inside of it.
enum Queries {
    static func feed(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        do {
            let query = try PreparedQuery(text, QueryOptions())
            for isNaive in [true, false] { _ = try query.planned(isNaive: isNaive) }
        } catch let error as CypherError {
            if error.message.isEmpty { broken("an error says what is wrong") }
            if let range = error.range, range.start < 0 || range.end > text.utf8.count {
                broken("an error is inside of its query")
            }
            _ = error.rendered(in: text)
        } catch {
            broken("a query is refused by an error of its own: \(error)")
        }
        _ = try? CypherScript.statements(of: text)
    }

    static let seeds: [[UInt8]] = [
        "MATCH (n:A&!B {k: 1})-[r:R|S*1..3]->(m) WHERE n.k IN [1, 2.5, 'x'] RETURN n, count(*) AS c",
        "OPTIONAL MATCH p = shortestPath((a)-[:R*..5]-(b)) WITH p, [x IN nodes(p) | x.k] AS l SKIP 1",
        "MERGE (a:A {k: $p}) ON CREATE SET a.t = datetime() ON MATCH SET a += {x: null} RETURN a",
        "UNWIND range(1, 10) AS i CALL (i) { CREATE (:N {i: i}) } IN TRANSACTIONS OF 2 ROWS",
        "MATCH ((a)-[r:R]->(b) WHERE r.w > 0){1,5} RETURN DISTINCT size(r) ORDER BY 1 DESC LIMIT 3",
        "RETURN CASE WHEN 1 < 2 <= 3 THEN 'a' ELSE \"b\" END, all(x IN [1] WHERE x > 0), -2 ^ 0x1F",
        "MATCH (a) WHERE EXISTS { (a)-->(b) WHERE b.k = a.k } RETURN a {.*, n: COUNT { (a)--() }}",
        "CREATE CONSTRAINT c IF NOT EXISTS FOR (n:N) REQUIRE (n.a, n.b) IS NODE KEY;",
        "EXPLAIN USE AT 3 MATCH (a)-[*]-(b) RETURN a UNION ALL MATCH (a) RETURN a // end",
        "CALL algo.pageRank({labels: ['A']}) YIELD node AS n WHERE n.k > 0 RETURN n /* end */",
        "FOREACH (x IN [1, 2] | CREATE (:N {x: x})-[:R]->(:`a b`)) REMOVE n:A",
    ].map { Array($0.utf8) }
}
