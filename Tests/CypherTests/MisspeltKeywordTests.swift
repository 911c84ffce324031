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
