import GraphStore
import Testing

@testable import Cypher

private let notAggregated = "SyntaxError at compile time: InvalidAggregation"
private let undefined = "SyntaxError at compile time: UndefinedVariable"

@Suite struct `What the language forbids` {
    @Test func `an aggregate in WHERE, also behind one in WITH`() throws {
        let rows = "UNWIND [1, 1, 2] AS x "
        try LanguageTable(cases: [
            ("\(rows)WITH x, count(*) AS c WHERE c > 1 RETURN x", "1"),
            ("\(rows)WITH x, count(*) AS c WHERE count(*) > 1 RETURN x", notAggregated),
            ("\(rows)WITH x, count(*) AS c WHERE max(x) > 1 RETURN x", notAggregated),
            ("\(rows)WITH x, count(*) AS c WHERE NOT max(x) > 1 RETURN x", notAggregated),
            ("\(rows)WITH DISTINCT x WHERE count(x) > 1 RETURN x", notAggregated),
            ("\(rows)WITH x WHERE count(x) > 1 RETURN x", notAggregated),
            ("\(rows)WITH x + 1 AS y, count(*) AS c WHERE x + 1 > 2 RETURN y", "3"),
        ]).check()
    }

    @Test func `an aggregate in ORDER BY that is no column`() throws {
        let rows = "UNWIND [{g: 1, v: 5}, {g: 2, v: 3}, {g: 2, v: 4}] AS x "
        try LanguageTable(cases: [
            ("\(rows)RETURN x.g AS g, count(*) AS c ORDER BY count(*) DESC", "2, 2 | 1, 1"),
            ("\(rows)RETURN x.g AS g, count(*) AS c ORDER BY -count(*)", "2, 2 | 1, 1"),
            ("\(rows)RETURN x.g AS g, sum(x.v) AS s ORDER BY x.g - sum(x.v)", "2, 7 | 1, 5"),
            ("\(rows)RETURN x.g AS g, sum(x.v) AS s ORDER BY count(*)", notAggregated),
            ("\(rows)RETURN x.g AS g, sum(x.v) AS s ORDER BY max(g)", notAggregated),
            ("\(rows)RETURN x.g AS g, sum(x.v) AS s ORDER BY [y IN collect(g) | y]", notAggregated),
            ("\(rows)RETURN x.g AS g, sum(x.v) AS s ORDER BY max(x.v)", undefined),
            ("\(rows)RETURN x.g AS g ORDER BY count(*)", notAggregated),
        ]).check()
    }

    @Test func `a quantifier without a condition, and exists of what is no property`() throws {
        let wrongType = "SyntaxError at compile time: InvalidArgumentType"
        let syntax = "SyntaxError at compile time: UnexpectedSyntax"
        try LanguageTable(
            setup: "CREATE (:A {k: 1})-[:R]->(:B)",
            cases: [
                ("RETURN all(x IN [true])", syntax),
                ("RETURN any(x IN [])", syntax),
                ("MATCH (n) RETURN exists(n)", wrongType),
                ("MATCH (n) RETURN exists(n.k + 1)", wrongType),
                ("RETURN exists(1)", wrongType),
                ("MATCH (n) RETURN exists(n.k), exists(n['k']), exists((n)-->())", answers),
            ]
        ).check()
    }

    private var answers: String { "true, true, true | false, false, false" }

    @Test func `names what a WITH left behind, and how to mend it`() throws {
        let cases = [
            (
                "UNWIND [1] AS x WITH x AS y, count(*) AS c WHERE count(*) > 1 RETURN y",
                "WHERE cannot aggregate. Write `c`, which is its column.", "count(*)"
            ),
            (
                "UNWIND [1] AS x WITH x AS y RETURN x",
                "Variable `x` is not defined. It was there before, and is not among the columns "
                    + "that are left. Project it too.", "x"
            ),
            (
                "MATCH (n) RETURN n.g, count(*) ORDER BY n.k",
                "Variable `n` is not defined. It was there before, and is not among the columns "
                    + "that are left. Project it too.", "n"
            ),
            (
                "MATCH (n) CALL { RETURN n.x AS y } RETURN y",
                "Variable `n` is not defined. It is outside of this CALL. Hand it in: "
                    + "CALL (n) { … }.", "n"
            ),
            (
                "RETURN date.truncate('yaer', date())",
                "A date cannot be truncated to 'yaer' here. Did you mean 'year'?",
                "date.truncate('yaer', date())"
            ),
            (
                "MATCH (n) RETURN m",
                "Variable `m` is not defined. Bind it first, with MATCH, UNWIND or WITH … AS.", "m"
            ),
            (
                "RETURN 1 = NOT true",
                "Expected the end of the query, but there is `true` here. An operand that begins "
                    + "with NOT stands in parentheses: (NOT …).", "true"
            ),
            (
                "RETURN date({year: 2020, moth: 1})",
                "A date cannot be made so. It has no field `moth`. Did you mean `month`?",
                "date({year: 2020, moth: 1})"
            ),
            (
                "RETURN localtime({hour: 1, second: 1})",
                "A localtime cannot be made so. A `second` needs the `minute` before it.",
                "localtime({hour: 1, second: 1})"
            ),
        ]
        let db = try GraphDatabase.temporary()
        defer { db.close() }
        for (query, message, place) in cases {
            let error = #expect(throws: CypherError.self) { try db.query(query) }
            #expect(error?.message == message, "\(query)")
            let range = try #require(error?.range)
            let text = Array(query.utf8)[range.start..<range.end]
            #expect(String(decoding: text, as: UTF8.self) == place, "\(query)")
        }
    }
}

@Suite struct `Texts of floats` {
    @Test func `are numbers of the language`() throws {
        try LanguageTable(cases: [
            ("RETURN toString(1.0), toString(-0.25), toString(1e15)", "'1.0', '-0.25', '\(big)'"),
            ("RETURN toString(1e100), toString(1.5e-10)", "'1.0E100', '1.5E-10'"),
            ("RETURN 'a' + 1e-5, toString(-2.5e20)", "'a1.0E-5', '-2.5E20'"),
            (
                "UNWIND [1e100, 5e-324, 1.7976931348623157e308, 1e16, 123456.789] AS x "
                    + "RETURN all(y IN [x, -x] WHERE toFloat(toString(y)) = y)",
                "true | true | true | true | true"
            ),
        ]).check()
    }

    private var big: String { "1000000000000000.0" }
}
