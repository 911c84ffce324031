import Testing

@testable import Cypher

@Suite struct `A misspelt keyword` {
    @Test(arguments: [
        ("RETRUN 1", "RETURN"), ("MTACH (n) RETURN n", "MATCH"), ("MATCH (n) RETRUN n", "RETURN"),
        ("MACH (n) RETURN n", "MATCH"), ("CRAETE (n)", "CREATE"), ("MATHC (n) RETURN n", "MATCH"),
        ("MATCH (n) WEHRE n.a = 1 RETURN n", "WHERE"), ("MATCH (n) RETURN n LIMT 5", "LIMIT"),
        ("MATCH (n) RETURN n ODER BY n", "ORDER BY"), ("MATCH (n) RETURN n ORDER YB n", "ORDER BY"),
        ("OPTIONAL MTACH (n) RETURN n", "OPTIONAL MATCH"), ("UNWND [1] AS x RETURN x", "UNWIND"),
        ("MATCH (n) DETACH DELTE n", "DETACH DELETE"), ("MERG (n)", "MERGE"),
        ("MATCH (n) WHERE n.a STARTS WIHT 'a' RETURN n", "STARTS WITH"),
        ("MATCH (n:A WHER n.a = 1) RETURN n", "WHERE"),
        ("LAOD CSV FROM 'a' AS r RETURN r", "LOAD CSV"),
        ("RETURN 1 SA one", "AS"), ("MATCH (n) WHERE n.a = 1 ADN n.b = 2 RETURN n", "AND"),
        ("SHWO INDEXES", "SHOW INDEXES"), ("EXPLIAN RETURN 1", "EXPLAIN"),
        ("CALL db.labels() YEILD label RETURN label", "YIELD"),
        ("RETURN 1 AS a UNOIN RETURN 2 AS a", "UNION"),
    ])
    func `is told with the one it is like, and its place`(query: String, meant: String) throws {
        do {
            _ = try Parser.statement(query)
            Issue.record("It was parsed")
        } catch {
            #expect(error.message.contains("Did you mean \(meant)?"), "\(error.message)")
            #expect(error.detail == .unexpectedSyntax && error.range != nil)
        }
    }

    @Test(arguments: [
        "RETURN 1 x", "RETURN 1 2", "MATCH (n) RETURN n banana", "banana", "RETURN (", "MATCH",
        "RETURN 1 AS a RETURN", "",
    ])
    func `is not seen in words that are like none`(query: String) {
        do {
            _ = try Parser.statement(query)
            Issue.record("It was parsed")
        } catch {
            #expect(!error.message.contains("Did you mean"), "\(error.message)")
        }
    }

    @Test func `costs little in a text of a million letters`() {
        let query = "RETURN 1 " + String(repeating: "x", count: 1_000_000)
        #expect(throws: CypherError.self) { _ = try Parser.statement(query) }
    }
}

@Suite struct `A slip that people often make` {
    @Test(arguments: [
        ("RETURN 1 == 1", "Equal is written =.", "="),
        ("RETURN 1 != 2", "Unequal is written <>.", "!"),
        ("MATCH (n) WHERE n.a => 3 RETURN n", "Write >=, the equals sign last.", ">"),
        ("MATCH (n) WHERE n.a =< 3 RETURN n", "Write <=, the equals sign last.", "<"),
        ("RETURN 1 = NOT true", "stands in parentheses: (NOT …).", "true"),
        ("RETURN {'a': 1}", "Keys are written without quotes", "'a'"),
        ("CREATE (n {a = 1})", "A key and its value have a colon between.", "="),
        ("MATCH n RETURN n", "A node stands in parentheses: (n).", "n"),
        ("SELECT * FROM t", "A query begins with MATCH", "SELECT"),
        ("MATCH (n) WHERE n.a LIKE 'x%' RETURN n", "Write STARTS WITH", "LIKE"),
        ("MATCH (n) WHERE n.a BETWEEN 1 AND 2 RETURN n", "1 <= x <= 2", "BETWEEN"),
        ("MATCH (n) GROUP BY n.a RETURN n", "Rows are grouped by", "GROUP"),
        ("RETURN count(*) HAVING count(*) > 1", "Aggregate in WITH", "HAVING"),
        ("MATCH (n) RETURN n WHERE n.a = 1", "before RETURN", "WHERE"),
    ])
    func `is told how to mend, at its place`(query: String, advice: String, place: String) throws {
        let error = #expect(throws: CypherError.self) { _ = try Parser.statement(query) }
        #expect(error?.message.contains(advice) ?? false, "\(error?.message ?? "")")
        let range = try #require(error?.range)
        let text = Array(query.utf8)[range.start..<range.end]
        #expect(String(decoding: text, as: UTF8.self) == place)
    }

    @Test(arguments: ["RETURN not", "MATCH RETURN 1", "RETURN n IS NOT x", "RETURN [x WHERE x]"])
    func `is not seen where there is another`(query: String) {
        let error = #expect(throws: CypherError.self) { _ = try Parser.statement(query) }
        #expect(error?.message.hasSuffix("here.") ?? false, "\(error?.message ?? "")")
    }
}
